"""ZIP archives whose bytes depend on nothing but their contents."""

import zipfile
from collections.abc import Iterable

EPOCH = (1980, 1, 1, 0, 0, 0)


def write_zip(target, files: Iterable[tuple[str, bytes]]) -> int:
    """Write `files` (name, bytes) to the binary file `target`; return how many there were.

    Times, attributes and the system are fixed, so that the same files give the same bytes.
    """
    count = 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, data in files:
            entry = zipfile.ZipInfo(name, date_time=EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, data)
            count += 1
    return count
