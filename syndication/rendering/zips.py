"""ZIP archives whose bytes depend on nothing but their contents."""

import zipfile

EPOCH = (1980, 1, 1, 0, 0, 0)


class StableZip:
    """A ZIP being written: times, attributes and the system are fixed."""

    def __init__(self, target):
        self.archive = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6)

    def add(self, name: str, data: bytes | str) -> None:
        """Add one file."""
        self._write(name, data, zipfile.ZIP_DEFLATED)

    def store(self, name: str, data: bytes) -> None:
        """Add a file that is compressed already, as it is."""
        self._write(name, data, zipfile.ZIP_STORED)

    def _write(self, name: str, data: bytes | str, compression: int) -> None:
        entry = zipfile.ZipInfo(name, date_time=EPOCH)
        entry.compress_type = compression
        entry.external_attr = 0o644 << 16
        entry.create_system = 3
        self.archive.writestr(entry, data)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.archive.close()


def check_zip(path, name: str) -> None:
    """Raise ValueError when the file is no whole ZIP archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            broken = archive.testzip()
    except zipfile.BadZipFile as error:
        raise ValueError(f"{name}: {error}") from error
    if broken:
        raise ValueError(f"{name}: {broken} is damaged.")
