"""What parent and child tell each other: files of lines, frames and one JSON document each way.

A unit is a line `{"id", "reads", "listings": {locale: [[product id, digest, body, facts]]}}`
whose bodies are pasted as stored. A made fragment is a header line and its payload. The pieces
of an edition lie in pairs of files: heads (what they are, their sizes), and bodies alone, so that
an output that is its payloads one behind another copies runs of them.
"""

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import IO, NamedTuple

import orjson

from syndication.contract import (
    Facts,
    Labels,
    Listing,
    Piece,
    Pieces,
    Refusal,
    RenderContext,
    Unit,
)

CHUNK = 1 << 20
HEAD = struct.Struct("<qIII")


class Result(NamedTuple):
    """One fragment as a child made it; `same` means that what the kind reads has not changed."""

    unit: int
    same: bool
    reads: str
    price: float | None
    left_out: bool
    summary: str
    codes: str
    refusals: str
    payload: bytes


def read_units(stream: IO[bytes]) -> Iterator[tuple[Unit, str]]:
    """Yield every unit with the digest of what the kind read of it last time ("" if never)."""
    for line in stream:
        document = orjson.loads(line)
        yield _unit(document), document["reads"]


def _unit(document: dict) -> Unit:
    facts: dict[str, Facts] = {}
    listings = {
        locale: tuple(_listing(row, facts) for row in rows)
        for locale, rows in document["listings"].items()
    }
    return Unit(document["id"], listings, facts)


def _listing(row: list, facts: dict[str, Facts]) -> Listing:
    product_id, digest, body, fact = row
    if fact:
        facts[body["identifier"]] = Facts(tuple(fact.get("prices", ())), fact.get("availability"))
    return Listing(product_id, digest, body)


def write_result(stream: IO[bytes], result: Result):
    header = [*result[:8], len(result.payload)]
    stream.write(orjson.dumps(header) + b"\n" + result.payload)


def read_results(stream: IO[bytes]) -> Iterator[Result]:
    """Yield what `write_result` wrote; EOFError when the last one is cut short."""
    while line := stream.readline():
        *fields, length = orjson.loads(line)
        payload = stream.read(length)
        if len(payload) != length:
            raise EOFError("a fragment is cut short")
        yield Result(*fields, payload)


def refusal_row(refusal: Refusal, *, severity: str = "") -> list:
    """Return [identifier, field, code, message, severity, params], plain enough for JSON."""
    texts = (refusal.identifier, refusal.field, refusal.code, refusal.message)
    params = {
        str(name): value if isinstance(value, int | float) else str(value)
        for name, value in refusal.params.items()
    }
    return [*map(str, texts), severity or str(refusal.severity), params]


def head(unit: int, identifier: str, summary: str, size: int) -> bytes:
    """Return what stands before a piece of `size` bytes: sizes, then identifier and summary."""
    name, about = identifier.encode(), summary.encode()
    return b"".join((HEAD.pack(unit, len(name), len(about), size), name, about))


def heads_of(stem: str | Path) -> Path:
    """Return the file of heads of that stem."""
    return Path(f"{stem}.heads")


def bodies_of(stem: str | Path) -> Path:
    """Return the file of bodies of that stem, in the order of the heads."""
    return Path(f"{stem}.bodies")


class Segment(NamedTuple):
    """A run of whole pieces: where their heads and bodies begin in two files, how many bytes."""

    stem: str
    head_at: int
    heads: int
    body_at: int
    bodies: int


class StoredPieces(Pieces):
    """The pieces of segments, one after another; EOFError where a file is cut short."""

    def __init__(self, segments: Iterable[Sequence]):
        self.segments = [Segment(*segment) for segment in segments]

    def __iter__(self) -> Iterator[Piece]:
        with _Files() as files:
            for segment in self.segments:
                bodies = files(bodies_of(segment.stem))
                bodies.seek(segment.body_at)
                for piece, size in self._heads(segment, files):
                    yield piece._replace(payload=_read(bodies, size))

    def apart(self) -> Iterator[tuple[Piece, Callable[[], bytes]]]:
        with _Files() as files:
            for segment in self.segments:
                path, at = bodies_of(segment.stem), segment.body_at
                for piece, size in self._heads(segment, files):
                    yield piece, partial(_read_at, path, at, size)
                    at += size

    def _heads(self, segment: Segment, files: "_Files") -> Iterator[tuple[Piece, int]]:
        """Yield the pieces of a segment with empty payloads, and the sizes of these."""
        heads = files(heads_of(segment.stem))
        heads.seek(segment.head_at)
        return _pieces(heads, segment.head_at + segment.heads)

    def copy_to(self, target: IO[bytes]) -> None:
        with _Files() as files:
            for segment in self.segments:
                bodies = files(bodies_of(segment.stem))
                bodies.seek(segment.body_at)
                _copy(bodies, target, segment.bodies)


class _Files(ExitStack):
    """Files opened once each, closed together."""

    def __init__(self):
        super().__init__()
        self.found: dict[Path, IO[bytes]] = {}

    def __call__(self, path: Path) -> IO[bytes]:
        if path not in self.found:
            self.found[path] = self.enter_context(path.open("rb", buffering=CHUNK))
        return self.found[path]


def _pieces(heads: IO[bytes], end: int) -> Iterator[tuple[Piece, int]]:
    at, unpack = heads.tell(), HEAD.unpack
    while at < end:
        unit, name, about, size = unpack(_read(heads, HEAD.size))
        text = _read(heads, name + about)
        summary = orjson.loads(text[name:]) if about > 2 else {}
        yield Piece(unit, text[:name].decode(), b"", summary), size
        at += HEAD.size + name + about


def _read_at(path: Path, at: int, size: int) -> bytes:
    with path.open("rb") as stream:
        stream.seek(at)
        return _read(stream, size)


def _read(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        raise EOFError("the pieces are cut short")
    return data


def _copy(source: IO[bytes], target: IO[bytes], size: int):
    while size:
        data = _read(source, min(size, CHUNK))
        target.write(data)
        size -= len(data)


def read_context(document: dict, *, assets, scratch, memo=None) -> RenderContext:
    """Return the context of a render from its JSON form."""
    labels = {
        locale: Labels(entry["digest"], entry["body"])
        for locale, entry in document["labels"].items()
    }
    plain = {name: document[name] for name in ("output", "kind", "channel", "audience")}
    return RenderContext(
        **plain,
        locales=tuple(document["locales"]),
        labels=labels,
        options=document["options"],
        tokens=document["tokens"],
        public_url=document["public_url"],
        assets=assets,
        scratch=scratch,
        memo=memo,
    )
