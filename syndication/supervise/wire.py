"""What parent and child tell each other: files of lines, frames and one JSON document each way.

A unit is a line `{"id", "reads", "listings": {locale: [[product id, digest, body, facts]]}}`
whose bodies are pasted as stored. A made fragment is a header line and its payload. Pieces
go to assembly in blocks: a length, then frames of lengths and bytes.
"""

import struct
from collections.abc import Iterable, Iterator
from typing import IO, NamedTuple

import orjson

from syndication.contract import (
    Facts,
    Labels,
    Listing,
    Piece,
    RenderContext,
    Unit,
)

BLOCK = struct.Struct("<I")
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


def piece_block(rows: Iterable[tuple[int, str, bytes, str]]) -> bytes:
    """Return a block of pieces from rows of (unit, identifier, payload, summary JSON)."""
    parts = [b""]
    for unit, identifier, payload, summary in rows:
        name, about = identifier.encode(), summary.encode()
        parts.append(FRAME.pack(unit, len(name), len(about), len(payload)))
        parts += (name, about, payload)
    parts[0] = BLOCK.pack(sum(map(len, parts)))
    return b"".join(parts)


def read_pieces(stream: IO[bytes]) -> Iterator[Piece]:
    """Yield the pieces of every block; EOFError when the writer went away in between."""
    while head := stream.read(BLOCK.size):
        (size,) = BLOCK.unpack(head)
        if not size:
            return
        block = stream.read(size)
        if len(block) != size:
            raise EOFError("the pieces are cut short")
        yield from _pieces(block)
    raise EOFError("the pieces do not end")


END = BLOCK.pack(0)


def _pieces(block: bytes) -> Iterator[Piece]:
    at, end, head = 0, len(block), FRAME.size
    while at < end:
        unit, name, about, payload = FRAME.unpack_from(block, at)
        at += head
        identifier = block[at : at + name].decode()
        at += name
        summary = orjson.loads(block[at : at + about]) if about > 2 else {}
        at += about
        yield Piece(unit, identifier, block[at : at + payload], summary)
        at += payload


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
