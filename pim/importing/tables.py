"""Tables of text: delimited files of any usual encoding and delimiter, row by row."""

import codecs
import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pim.content.refusals import _

from .refusals import FileRefused

FIELD_LIMIT = 8 * 1024 * 1024
UNPACKED_LIMIT = 8 * 1024**3
RATIO_LIMIT = 300
RATIO_FREE = 64 * 1024 * 1024
CHUNK = 1024 * 1024
DELIMITERS = ";,\t|"

csv.field_size_limit(FIELD_LIMIT)

Row = tuple[int, list[str]]


@dataclass
class Table:
    """One table of a source: a header and rows that can be read more than once.

    `read` yields (line of the file, cells); `notices` are sentences about the whole file.
    `folder` is where the table lies within the source, "" at its top.
    """

    name: str
    stem: str
    header: list[str]
    read: Callable[[], Iterator[Row]]
    folder: str = ""
    notices: list[str] = field(default_factory=list)


class CappedReader(io.RawIOBase):
    """A stream that refuses to unpack far more than its packed size warrants."""

    def __init__(self, stream, *, packed: int):
        self._stream, self._read = stream, 0
        self._limit = min(UNPACKED_LIMIT, max(packed * RATIO_LIMIT, RATIO_FREE))

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        try:
            data = self._stream.read(len(buffer))
        except (EOFError, OSError, zlib.error, zipfile.BadZipFile) as fault:
            raise _damaged(fault) from fault
        self._read += len(data)
        if self._read > self._limit:
            raise FileRefused(
                _("The file unpacks to more than %(limit)s MB: it looks like a bomb."),
                code="unpacks_too_large",
                limit=self._limit // 1024**2,
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


def unzipped(stream, *, packed: int):
    """Return the plain stream of a gzip stream, capped."""
    return io.BufferedReader(CappedReader(gzip.GzipFile(fileobj=stream), packed=packed), CHUNK)


def delimited_table(name: str, *, stem: str, opener, folder: str = "") -> Table:
    """Return the table of a delimited file; `opener()` gives a fresh binary stream of it."""
    encoding, notices = detect_encoding(opener)
    delimiter = detect_delimiter(opener, encoding=encoding)

    def read() -> Iterator[Row]:
        with opener() as raw:
            text = io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="")
            yield from _rows(text, delimiter=delimiter, name=name)

    header, body = [], read()
    first = next(body, None)
    body.close()
    if first:
        header = [cell.strip() for cell in first[1]]
    return Table(name, stem, header, lambda: _after_first(read()), folder, notices)


def _after_first(rows: Iterator[Row]) -> Iterator[Row]:
    next(rows, None)
    yield from rows


def _rows(text, *, delimiter: str, name: str) -> Iterator[Row]:
    reader = csv.reader(text, delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            if cells and any(cells):
                yield line, cells
            line = reader.line_num + 1
    except (csv.Error, EOFError, OSError) as fault:
        raise FileRefused(
            _("“%(name)s” is damaged at line %(line)s: %(fault)s."),
            code="damaged_file",
            name=name,
            line=line,
            fault=str(fault),
        ) from fault


def detect_encoding(opener) -> tuple[str, list[str]]:
    """Return the encoding of a text stream and the notices about it; the whole is looked at."""
    with opener() as raw:
        head = raw.read(4096)
        if head.startswith(codecs.BOM_UTF8):
            return "utf-8-sig", []
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16", []
        if head and head[1::2].count(0) > len(head) // 4:
            return "utf-16-le", []
        if head and head[0::2].count(0) > len(head) // 4:
            return "utf-16-be", []
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            decoder.decode(head)
            while chunk := raw.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252", [_("The file is not UTF-8; it was read as Windows-1252.")]
    return "utf-8", []


def _damaged(fault: Exception) -> FileRefused:
    return FileRefused(_("The file is damaged: %(fault)s."), code="damaged_file", fault=str(fault))


def detect_delimiter(opener, *, encoding: str) -> str:
    """Return the delimiter that parts the first line the most; a semicolon where in doubt."""
    with opener() as raw:
        text = io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="")
        line = text.readline(FIELD_LIMIT)
    outside = "".join(line.split('"')[::2])
    counts = {mark: outside.count(mark) for mark in DELIMITERS}
    best = max(counts, key=counts.get)
    return best if counts[best] else ";"
