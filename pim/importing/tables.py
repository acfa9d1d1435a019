"""Tables of text: delimited files of any usual encoding and delimiter, row by row."""

import codecs
import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pim.content.refusals import Refused, _

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

    `read` yields (line of the file, cells); `notices` are about the whole file.
    `folder` is where the table lies within the source, "" at its top. `rows` is about how many
    there are, `stamp` changes when the file does. A table of `documents` (JSON lines) has no
    header: its cells are one document. `kind` says what it holds where that is known, and
    `origin` is the table as it stands in the file where this one was made of it; `titles` are
    what its columns are called there, `forms` an example of the dates that those with another
    form than ours hold.
    """

    name: str
    stem: str
    header: list[str]
    read: Callable[[], Iterator[Row]]
    folder: str = ""
    notices: list[Refused] = field(default_factory=list)
    rows: int = 0
    stamp: str = ""
    kind: str = ""
    documents: bool = False
    origin: "Table | None" = None
    titles: dict[str, str] = field(default_factory=dict)
    forms: dict[str, str] = field(default_factory=dict)


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
    encoding, notices, lines = scan(opener)
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
    rows = max(lines - 1, 0)
    return Table(name, stem, header, lambda: _after_first(read()), folder, notices, rows)


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


def scan(opener) -> tuple[str, list[Refused], int]:
    """Return the encoding of a text stream, the notices about it, and about how many lines it has.

    The whole of it is looked at, once.
    """
    with opener() as raw:
        head = raw.read(4096)
        encoding = _by_first_bytes(head)
        decoder = None if encoding else codecs.getincrementaldecoder("utf-8")()
        lines, chunk, last = 0, head, b""
        while chunk:
            lines, last = lines + chunk.count(b"\n"), chunk
            decoder = _decoded(decoder, chunk)
            chunk = raw.read(CHUNK)
        lines += bool(last) and not last.endswith((b"\n", b"\n\0"))
        if encoding or _decoded(decoder, b"", final=True):
            return encoding or "utf-8", [], lines
    sentence = _("The file is not UTF-8; it was read as Windows-1252.")
    return "cp1252", [Refused(sentence, code="encoding")], lines


def _by_first_bytes(head: bytes) -> str:
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head and head[1::2].count(0) > len(head) // 4:
        return "utf-16-le"
    if head and head[0::2].count(0) > len(head) // 4:
        return "utf-16-be"
    return ""


def _decoded(decoder, chunk: bytes, *, final: bool = False):
    """Return the decoder while all so far is UTF-8, None from where it is not."""
    try:
        if decoder is not None:
            decoder.decode(chunk, final=final)
    except UnicodeDecodeError:
        return None
    return decoder


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
