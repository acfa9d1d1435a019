"""Where an import comes from: one file, a folder, or a zip, with its tables and its media."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from pim.content.refusals import _

from .foreign.files import ForeignFile
from .jsonlines import ENDINGS as JSON_ENDINGS
from .jsonlines import json_table
from .refusals import FileRefused, UnsafeArchive
from .sheets import sheet_tables
from .tables import CHUNK, CappedReader, Table, delimited_table, unzipped

TEXT_ENDINGS = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz")
XML_ENDINGS = (".xml", ".xml.gz")
SHEET_ENDINGS = (".xlsx", ".xlsm", ".xls", ".ods")
MAX_ENTRIES = 200_000
MAX_UNPACKED = 16 * 1024**3
MAX_RATIO = 300
RATIO_FREE = 64 * 1024 * 1024
MEDIA_FOLDERS = ("", "images/", "files/", "media/", "assets/")


Found = Table | ForeignFile | tuple[str, FileRefused]


class Source:
    """Files by their path within a folder or an archive; paths use slashes.

    Where it `opens_anew`, a file opened by a forked process has a place of its own.
    """

    opens_anew = True

    def __init__(self, names: list[str]):
        self._names = set(names)
        self._folded = {name.casefold(): name for name in names}
        self._by_basename: dict[str, list[str]] = {}
        self._found: dict[tuple[str, str], str | None] = {}
        for name in names:
            base = name.rsplit("/", 1)[-1].casefold()
            self._by_basename.setdefault(base, []).append(name)

    def open(self, name: str):
        """Return a binary stream of the file."""
        raise NotImplementedError

    def size(self, name: str) -> int:
        """Return the packed size of the file in bytes."""
        raise NotImplementedError

    def stamp(self, name: str) -> str:
        """Return what changes when the file changes, without reading it."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of the archive."""

    def tables(self) -> Iterator[Found]:
        """Yield every table or foreign file, or the name of a file and why it cannot be read."""
        for name in sorted(self._names):
            lower = name.casefold()
            if "/." in f"/{name}" or "__macosx/" in lower or name.endswith("/"):
                continue
            yield from self._stamped(name, lower)

    def _stamped(self, name: str, lower: str) -> Iterator[Found]:
        if lower.endswith(XML_ENDINGS):
            opener = self._opener(name, packed=lower.endswith(".gz"))
            folder = name.rpartition("/")[0]
            yield ForeignFile(name, PurePosixPath(name).stem, opener, folder, self.stamp(name))
            return
        try:
            for table in self._tables_of(name, lower):
                table.stamp = self.stamp(name)
                yield table
        except FileRefused as refusal:
            yield name, refusal

    def _tables_of(self, name: str, lower: str) -> Iterator[Table]:
        folder = name.rpartition("/")[0]
        if lower.endswith(TEXT_ENDINGS):
            stem = PurePosixPath(name).name.split(".", 1)[0]
            opener = self._opener(name, packed=lower.endswith(".gz"))
            yield delimited_table(name, stem=stem, opener=opener, folder=folder)
        elif lower.endswith(JSON_ENDINGS):
            stem = PurePosixPath(name).name.split(".", 1)[0]
            opener = self._opener(name, packed=lower.endswith(".gz"))
            yield json_table(name, stem=stem, opener=opener, folder=folder)
        elif lower.endswith(SHEET_ENDINGS):
            with self.open(name) as stream:
                yield from sheet_tables(name, data=stream.read(), folder=folder)

    def _opener(self, name: str, *, packed: bool):
        if packed:
            return lambda: unzipped(self.open(name), packed=self.size(name))
        return lambda: self.open(name)

    def find(self, path: str, *, folder: str = "") -> str | None:
        """Return the file that a media cell names, or None.

        Tried in turn: the path as it stands, below the table's folder, below the usual media
        folders, without regard to case, and at last a file name that occurs only once.
        """
        asked = (path, folder)
        if asked not in self._found:
            self._found[asked] = self._find(_clean_path(path), folder)
        return self._found[asked]

    def _find(self, wanted: str, folder: str) -> str | None:
        if not wanted:
            return None
        roots = [f"{folder}/", ""] if folder else [""]
        for root in roots:
            for media in MEDIA_FOLDERS:
                found = self._folded.get(f"{root}{media}{wanted}".casefold())
                if found:
                    return found
        if "/" in wanted:
            return None
        same = self._by_basename.get(wanted.casefold(), [])
        return same[0] if len(same) == 1 else None


class FolderSource(Source):
    """A folder on disk; links that lead out of it are not followed."""

    def __init__(self, root: Path, names: list[str] | None = None):
        self._root = root.resolve()
        super().__init__(names if names is not None else list(self._walk()))

    def _walk(self) -> Iterator[str]:
        for path in self._root.rglob("*"):
            if path.is_file() and path.resolve().is_relative_to(self._root):
                yield path.relative_to(self._root).as_posix()

    def open(self, name: str):
        return (self._root / name).open("rb")

    def size(self, name: str) -> int:
        return (self._root / name).stat().st_size

    def stamp(self, name: str) -> str:
        stat = (self._root / name).stat()
        return f"{stat.st_size}:{stat.st_mtime_ns}"


class FileSource(FolderSource):
    """One file of a folder; its media lie beside it, unless it is `alone`."""

    def __init__(self, path: Path, *, alone: bool):
        super().__init__(path.resolve().parent, [path.name] if alone else None)
        self._only = path.name

    def _walk(self) -> Iterator[str]:
        # A lone file must not make the import read a whole disk: media folders only.
        yield from (p.name for p in self._root.iterdir() if p.is_file())
        for folder in filter(None, MEDIA_FOLDERS):
            below = self._root / folder
            for path in below.rglob("*") if below.is_dir() else ():
                if path.is_file() and path.resolve().is_relative_to(self._root):
                    yield path.relative_to(self._root).as_posix()

    def tables(self) -> Iterator[Found]:
        yield from self._stamped(self._only, self._only.casefold())


class ZipSource(Source):
    """An archive, read in place; nothing is unpacked to disk."""

    opens_anew = False

    def __init__(self, path: Path):
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError) as fault:
            raise FileRefused(
                _("“%(name)s” is not a zip file that can be read."),
                code="damaged_file",
                name=path.name,
            ) from fault
        self._infos = {i.filename: i for i in self._zip.infolist() if not i.is_dir()}
        _check_archive(self._infos.values())
        super().__init__(list(self._infos))

    def open(self, name: str):
        info = self._infos[name]
        capped = CappedReader(self._zip.open(info), packed=info.compress_size)
        return io.BufferedReader(capped, CHUNK)

    def size(self, name: str) -> int:
        return self._infos[name].file_size

    def stamp(self, name: str) -> str:
        info = self._infos[name]
        return f"{info.file_size}:{info.CRC}"

    def close(self) -> None:
        self._zip.close()


def _check_archive(infos) -> None:
    if len(infos) > MAX_ENTRIES:
        raise UnsafeArchive(
            _("The archive has more than %(limit)s files."),
            code="too_many_files",
            limit=MAX_ENTRIES,
        )
    for info in infos:
        path = info.filename
        parts = PurePosixPath(path.replace("\\", "/")).parts
        if path.startswith(("/", "\\")) or ".." in parts or ":" in path.split("/")[0]:
            raise UnsafeArchive(
                _("The archive has a file outside itself: “%(path)s”."),
                code="path_traversal",
                path=path,
            )
        if info.flag_bits & 0x1:
            raise UnsafeArchive(
                _("“%(path)s” is encrypted; save the archive without a password."),
                code="encrypted",
                path=path,
            )
        ratio = info.file_size / max(info.compress_size, 1)
        if info.file_size > RATIO_FREE and ratio > MAX_RATIO:
            raise UnsafeArchive(
                _("“%(path)s” unpacks to %(times)s times its size: it looks like a bomb."),
                code="archive_bomb",
                path=path,
                times=int(ratio),
            )
    if sum(i.file_size for i in infos) > MAX_UNPACKED:
        raise UnsafeArchive(
            _("The archive unpacks to more than %(limit)s GB."),
            code="unpacks_too_large",
            limit=MAX_UNPACKED // 1024**3,
        )


def _clean_path(path: str) -> str:
    parts = [p for p in path.strip().replace("\\", "/").split("/") if p not in ("", ".")]
    return "" if ".." in parts else "/".join(parts)


@contextmanager
def open_source(path: str | Path, *, alone: bool = False):
    """Give the source at `path`, and let go of it afterwards; FileRefused says what is wrong.

    A single file that is `alone` sees nothing of the folder it lies in: an upload must not
    reach the uploads of others.
    """
    path = Path(path)
    if not path.exists():
        raise FileRefused(_("There is no file at “%(path)s”."), code="not_found", path=str(path))
    source = _source(path, alone=alone)
    try:
        yield source
    finally:
        source.close()


def _source(path: Path, *, alone: bool) -> Source:
    if path.is_dir():
        return FolderSource(path)
    lower = path.name.casefold()
    if lower.endswith(".zip"):
        return ZipSource(path)
    if lower.endswith(TEXT_ENDINGS + SHEET_ENDINGS + JSON_ENDINGS + XML_ENDINGS):
        return FileSource(path, alone=alone)
    raise FileRefused(
        _("“%(name)s” is of no kind that is read: CSV, XLSX, ODS, JSON lines, XML, zip, folder."),
        code="unknown_file",
        name=path.name,
    )
