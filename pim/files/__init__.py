"""Where files lie: in folders of this machine, or in a bucket that all hosts share.

A *shelf* is a collection of files with names of our making ("ab/cd/<sha256>"): `assets()`,
`artefacts()`. Code that opens a file asks `local(name)` for a path to it; code that
sends one to a reader takes `open(name)`. What is on a shelf is whole: it was put there complete.
"""

import re
from pathlib import Path

from django.conf import settings

from .folder import FolderShelf, Stored, sync_file

ROOTS = {"assets": "ASSET_ROOT", "artefacts": "ARTEFACT_ROOT", "media": "MEDIA_ROOT"}
DIGEST = re.compile(r"[0-9a-f]{64}")


class FilesUnreachable(OSError):
    """The bucket does not answer, or not as it should; trying later may help."""


def assets() -> FolderShelf:
    """Return the shelf of ingested files and their thumbnails."""
    return shelf("assets")


def artefacts() -> FolderShelf:
    """Return the shelf of what was issued, and of what editions keep for the next ones."""
    return shelf("artefacts")


def shelf(area: str) -> FolderShelf:
    """Return a shelf by the name of its folder: "assets", "artefacts" or "media"."""
    root = Path(getattr(settings, ROOTS[area]))
    if not in_bucket():
        return FolderShelf(root)
    from .bucket import BucketShelf

    return BucketShelf(root, area=area)


def name_of(sha256: str) -> str:
    """Return the name of a file that is named by its digest; ValueError for anything else."""
    if not DIGEST.fullmatch(sha256):
        raise ValueError(f"not a digest: {sha256!r}")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def in_bucket() -> bool:
    """Return whether files are kept in a bucket, and folders are only caches of it."""
    return "files" in settings.STORAGES


__all__ = [
    "FilesUnreachable",
    "FolderShelf",
    "Stored",
    "artefacts",
    "assets",
    "in_bucket",
    "name_of",
    "shelf",
    "sync_file",
]
