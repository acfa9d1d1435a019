"""A shelf that is a folder: a file has its name when it is complete and on the disk."""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, NamedTuple


class Stored(NamedTuple):
    """A file on a shelf: its name, its bytes, and when it came (seconds since 1970)."""

    name: str
    size: int
    modified: float


class FolderShelf:
    """Files below one folder. Every method may raise OSError where the disk does not obey."""

    def __init__(self, root: Path):
        self.root = root

    def place(self, name: str) -> Path:
        """Return where a file lies on this machine, if it does."""
        return self.root / name

    def look(self, name: str) -> Stored | None:
        """Return what is known of a file, None where there is none."""
        try:
            found = self.place(name).stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return Stored(name, found.st_size, found.st_mtime)

    def glance(self, name: str) -> Stored | None:
        """Return what is known of a file that never changes; a copy here is proof enough.

        For readers only: what is about to be put or removed is looked at where it is kept.
        """
        return self.look(name)

    def local(self, name: str) -> Path:
        """Return a path at which this machine can open the file; FileNotFoundError for none."""
        if not self.place(name).exists():
            raise FileNotFoundError(f"{name} is not in the store")
        return self.place(name)

    def open(self, name: str, *, first: int = 0, last: int | None = None) -> IO[bytes]:
        """Return a stream of the file from byte `first`; to `last` for shelves that can stop."""
        stream = self.local(name).open("rb")
        stream.seek(first)
        return stream

    def put(self, path: Path, name: str) -> Path:
        """Move a finished file to the shelf, durably; return where it lies on this machine.

        A file of the same size that is there already is the same file: it counts as new again.
        """
        target = self.place(name)
        there = self.look(name)
        if there and there.size == path.stat().st_size:
            os.utime(target)
            path.unlink()
            return target
        return self._move(path, target)

    def _move(self, path: Path, target: Path) -> Path:
        target.parent.mkdir(parents=True, exist_ok=True)
        sync_file(path)
        path.replace(target)
        sync_folder(target.parent)
        return target

    def share(self, name: str) -> None:
        """Give all hosts what was written straight to its local place; nothing to do here."""

    def write(self, name: str, chunks: Iterable[bytes], *, mode: int = 0o640) -> None:
        """Write a file; a reader sees the old one or the new one, never a part."""
        target = self.place(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, made = tempfile.mkstemp(dir=target.parent, prefix=".incoming-")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.writelines(chunks)
                stream.flush()
                os.fsync(stream.fileno())
            os.chmod(made, mode)
            os.replace(made, target)
        except BaseException:
            Path(made).unlink(missing_ok=True)
            raise

    def read(self, name: str) -> bytes:
        """Return a small file that may change, as it is now; FileNotFoundError for none."""
        return self.place(name).read_bytes()

    def listed(self, prefix: str = "") -> Iterator[Stored]:
        """Yield every file whose name begins with a folder's `prefix`, "" for all."""
        for folder, _folders, names in os.walk(self.root / prefix):
            for name in names:
                path = Path(folder) / name
                if found := self.look(str(path.relative_to(self.root))):
                    yield found

    def remove(self, names: Iterable[str]) -> None:
        """Remove files; they need not exist."""
        for name in names:
            self.place(name).unlink(missing_ok=True)

    def digest(self, name: str) -> str:
        """Return the sha256 of the bytes on the shelf, whatever copies there are."""
        with self.open(name) as stream:
            return digest_of(stream)

    def link(self, name: str, *, headers: dict[str, str]) -> str:
        """Return a signed address to fetch the file from, "" where readers come to us."""
        return ""

    def fault(self) -> str:
        """Return why the shelf cannot be used now, "" where it can."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
        except OSError:
            return "The folder cannot be made."
        return ""


def digest_of(stream: IO[bytes]) -> str:
    """Return the sha256 of what is left of a stream."""
    sha = hashlib.sha256()
    while chunk := stream.read(1 << 20):
        sha.update(chunk)
    return sha.hexdigest()


def sync_file(path: Path) -> None:
    """Return when the bytes of a file are on the disk."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Return when the names in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
