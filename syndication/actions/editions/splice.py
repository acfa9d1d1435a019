"""Writing files of pieces: what was rendered, what is merged, what is written into one again."""

import itertools
import os
from bisect import bisect_left
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

from syndication.models import Edition
from syndication.supervise import wire
from syndication.supervise.wire import bodies_of, heads_of

from .pieces import ARRAYS, Pieces, Run
from .rows import fragment_pages

COPIED = 1 << 24  # bytes at a time between two beats


class Writer:
    """Writes pieces one behind another into a new pair of files."""

    def __init__(self, stem: Path):
        self.pieces = Pieces(stem)
        self.streams = [of(stem).open("wb", buffering=1 << 20) for of in (heads_of, bodies_of)]

    def add(self, unit: int, identifier: str, payload: bytes, summary: str, *, price, codes: str):
        """Write one piece."""
        head = wire.head(unit, identifier, summary, len(payload))
        self.streams[0].write(head)
        self.streams[1].write(payload)
        self.pieces.add(unit, len(head), len(payload), price=price, codes=codes)

    def close(self) -> Pieces:
        """Return what was written."""
        for stream in self.streams:
            stream.close()
        pieces = self.pieces
        pieces.runs = [Run(str(pieces.stem), len(pieces.units), 0, 0)] if pieces.units else []
        return pieces


class Spool:
    """What was just rendered, in the order in which parts came back."""

    def __init__(self, stem: Path):
        self.writer = Writer(stem)
        self.pieces = self.writer.pieces
        self.touched: set[int] = set()

    def add(self, entry, result: wire.Result):
        """Take in one result; what was left out has no piece."""
        self.touched.add(result.unit)
        if not result.left_out:
            self.writer.add(
                result.unit, entry.identifier, result.payload, result.summary,
                price=result.price, codes=result.codes,
            )  # fmt: skip

    def close(self):
        self.writer.close()


def from_database(edition: Edition, *, stem: Path, beat: Callable) -> Pieces:
    """Write all pieces of an output and locale from the fragments in the database."""
    writer = Writer(stem)
    for page in fragment_pages(edition, beat):
        for unit, identifier, payload, summary, price, left_out, codes in page:
            if not left_out:
                writer.add(unit, identifier, payload, summary, price=price, codes=codes)
    return writer.close()


def merged(old: Pieces | None, spool: Spool, *, dropped: Iterable[int]) -> Pieces:
    """Return the old pieces but for `dropped` units, with those of the spool in their places."""
    fresh = spool.pieces
    if old is None:
        return _in_order(fresh)
    pieces = Pieces(fresh.stem, names=list(old.names))
    places = {unit: place for place, unit in enumerate(fresh.units)}
    at = 0
    for unit in sorted({*dropped, *spool.touched}):
        end = bisect_left(old.units, unit, at)
        pieces.take(old, at, end)
        at = end + (end < len(old.units) and old.units[end] == unit)
        place = places.get(unit)
        if place is not None:
            pieces.take(fresh, place, place + 1)
    pieces.take(old, at, len(old.units))
    return pieces


def _in_order(fresh: Pieces) -> Pieces:
    """Return a spool's pieces in order of units: parts came in any order, each in its own."""
    pieces = Pieces(fresh.stem, names=list(fresh.names))
    breaks = [n for n in range(1, len(fresh.units)) if fresh.units[n] < fresh.units[n - 1]]
    starts = [0, *breaks]
    runs = zip(starts, [*breaks, len(fresh.units)], strict=True)
    runs = sorted((run for run in runs if run[0] < run[1]), key=lambda run: fresh.units[run[0]])
    if any(fresh.units[a[1] - 1] > fresh.units[b[0]] for a, b in itertools.pairwise(runs)):
        places = sorted(range(len(fresh.units)), key=fresh.units.__getitem__)
        runs = [(place, place + 1) for place in places]
    for start, end in runs:
        pieces.take(fresh, start, end)
    return pieces


def composed(pieces: Pieces, *, stem: Path, beat: Callable) -> Pieces:
    """Return the same pieces, written into one new pair of files."""
    copy = Pieces(stem, names=list(pieces.names))
    for name, _ in ARRAYS:
        setattr(copy, name, getattr(pieces, name))
    segments = pieces.segments()
    _compose(heads_of, [(s.stem, s.head_at, s.heads) for s in segments], stem, beat)
    _compose(bodies_of, [(s.stem, s.body_at, s.bodies) for s in segments], stem, beat)
    copy.runs = [Run(str(stem), len(copy.units), 0, 0)] if copy.units else []
    return copy


def _compose(of: Callable, segments: list[tuple[str, int, int]], stem: Path, beat: Callable):
    with of(stem).open("wb") as target:
        for name, parts in itertools.groupby(segments, key=lambda segment: segment[0]):
            with of(name).open("rb") as source:
                for _, at, size in parts:
                    _copy(source, target, at, at + size, beat)


def _copy(source: BinaryIO, target: BinaryIO, at: int, end: int, beat: Callable):
    while at < end:
        sent = os.sendfile(target.fileno(), source.fileno(), at, min(end - at, COPIED))
        if not sent:
            raise OSError(f"{source.name} is cut short")
        at += sent
        if sent > 1 << 20:
            beat()
