"""Names of files by their digest, and the fault of a place that does not answer."""

import re

DIGEST = re.compile(r"[0-9a-f]{64}")


class FilesUnreachable(OSError):
    """The bucket does not answer, or not as it should; trying later may help."""


def name_of(sha256: str) -> str:
    """Return the name of a file that is named by its digest; ValueError for anything else."""
    if not DIGEST.fullmatch(sha256):
        raise ValueError(f"not a digest: {sha256!r}")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"
