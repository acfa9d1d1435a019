"""What parent and child tell each other: files of lines, frames and one JSON document each way.

A unit is a line `{"id", "reads", "listings": {locale: [[product id, digest, body, facts]]}}`
whose bodies are pasted as stored. A made fragment is a header line and its payload. A piece
is a frame: four sizes, then the bytes.
"""

import struct
from collections.abc import Generator, Iterable, Iterator
from itertools import groupby
from typing import IO, NamedTuple

import orjson

from syndication.contract import (
    Facts,
    Labels,
    Listing,
    Piece,
    Refusal,
    RenderContext,
    Unit,
)

CHUNK = 1 << 22
FRAME = struct.Struct("<qIII")


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


def frame(unit: int, identifier: str, payload: bytes, summary: str) -> bytes:
    """Return a piece as assembly reads it: sizes, then identifier, summary and payload."""
    name, about = identifier.encode(), summary.encode()
    return b"".join((FRAME.pack(unit, len(name), len(about), len(payload)), name, about, payload))


def read_pieces(segments: Iterable[tuple[str, int, int]]) -> Iterator[Piece]:
    """Yield the pieces of segments (path, offset, size) of whole frames, one after another."""
    for path, group in groupby(segments, key=lambda segment: segment[0]):
        with open(path, "rb", buffering=0) as stream:
            for _, offset, size in group:
                yield from _segment(stream, offset, size)


def _segment(stream: IO[bytes], offset: int, size: int) -> Iterator[Piece]:
    stream.seek(offset)
    rest = b""
    while size:
        data = stream.read(min(size, CHUNK))
        if not data:
            raise EOFError("the pieces are cut short")
        size -= len(data)
        data = rest + data if rest else data
        used = yield from _frames(data)
        rest = data[used:]
    if rest:
        raise EOFError("a piece is cut short")


def _frames(data: bytes) -> Generator[Piece, None, int]:
    """Yield the whole frames at the beginning of `data`; return how many bytes they took."""
    at, end, head, unpack = 0, len(data), FRAME.size, FRAME.unpack_from
    while at + head <= end:
        unit, name, about, payload = unpack(data, at)
        first = at + head + name
        second = first + about
        third = second + payload
        if third > end:
            break
        summary = orjson.loads(data[first:second]) if about > 2 else {}
        yield Piece(unit, data[at + head : first].decode(), data[second:third], summary)
        at = third
    return at


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
