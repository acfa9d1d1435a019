"""The pieces of an edition in one file, in order of units, so that a re-issue copies and patches.

Fragments live in the database; this file holds the same bytes as assembly wants them. It is a
cache: where it is missing or does not fit, it is written anew from the database.
"""

import itertools
import json
import math
import os
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from django.conf import settings

from syndication.models import Edition
from syndication.supervise import wire

from .rows import fragment_pages

COPIED = 1 << 24  # bytes at a time between two beats
ARRAYS = (("units", "q"), ("sizes", "I"), ("prices", "d"), ("groups", "H"))


class Segment(NamedTuple):
    """A run of whole frames in a file."""

    path: str
    offset: int
    size: int


@dataclass
class Pieces:
    """What is known of every piece: unit, size of its frame, price (NaN: none), warning codes.

    `groups` are places in `names`, the codes of warnings joined as fragments have them.
    """

    path: Path
    units: array = field(default_factory=lambda: array("q"))
    sizes: array = field(default_factory=lambda: array("I"))
    prices: array = field(default_factory=lambda: array("d"))
    groups: array = field(default_factory=lambda: array("H"))
    names: list[str] = field(default_factory=lambda: [""])

    def add(self, unit: int, size: int, *, price: float | None, codes: str):
        """Note a piece whose frame was written behind the last one."""
        self.units.append(unit)
        self.sizes.append(size)
        self.prices.append(math.nan if price is None else price)
        self.groups.append(self.group(codes))

    def group(self, codes: str) -> int:
        """Return the place of joined codes; the table stays small, for it has few kinds."""
        if codes not in self.names:
            # More than a table holds is told apart no further.
            codes = codes if len(self.names) < 60_000 else ""
            self.names += [codes] if codes else []
        return self.names.index(codes)

    def take(self, other: "Pieces", start: int, end: int):
        """Note a run of pieces of another file."""
        self.units += other.units[start:end]
        self.sizes += other.sizes[start:end]
        self.prices += other.prices[start:end]
        groups = other.groups[start:end]
        if other.names != self.names:
            places = [self.group(codes) for codes in other.names]
            groups = array("H", (places[group] for group in groups))
        self.groups += groups

    def offsets(self) -> list[int]:
        """Return where each frame begins, and where the last one ends."""
        return list(itertools.accumulate(self.sizes, initial=0))

    @property
    def known_prices(self) -> list[float]:
        return [price for price in self.prices if price == price]

    def write_index(self):
        """Write what is known beside the file."""
        head = json.dumps({"count": len(self.units), "names": self.names}).encode() + b"\n"
        index = self.path.with_suffix(".index")
        index.write_bytes(head + b"".join(getattr(self, name).tobytes() for name, _ in ARRAYS))


def folder() -> Path:
    return Path(settings.ARTEFACT_ROOT) / "pieces"


def new_path() -> Path:
    """Return a path for a new file of pieces."""
    folder().mkdir(parents=True, exist_ok=True)
    return folder() / f"{uuid4().hex}.frames"


def load(name: str) -> Pieces | None:
    """Return the pieces stored under a name; None where they are missing or do not fit."""
    path = folder() / name
    try:
        with path.with_suffix(".index").open("rb") as stream:
            head = json.loads(stream.readline())
            pieces = Pieces(path, names=head["names"])
            for attribute, kind in ARRAYS:
                values = array(kind)
                values.fromfile(stream, head["count"])
                setattr(pieces, attribute, values)
        return pieces if sum(pieces.sizes) == path.stat().st_size else None
    except (OSError, ValueError, EOFError):
        return None


def forget(name: str):
    """Remove a file of pieces and its index."""
    if name:
        for path in (folder() / name, (folder() / name).with_suffix(".index")):
            path.unlink(missing_ok=True)


class Spool:
    """The frames of what was just rendered, in the order in which parts came back."""

    def __init__(self, path: Path):
        self.pieces = Pieces(path)
        self.touched: set[int] = set()
        self.stream = path.open("wb", buffering=1 << 20)

    def add(self, entry, result: wire.Result):
        """Take in one result; what was left out has no frame."""
        self.touched.add(result.unit)
        if result.left_out:
            return
        frame = wire.frame(result.unit, entry.identifier, result.payload, result.summary)
        self.stream.write(frame)
        self.pieces.add(result.unit, len(frame), price=result.price, codes=result.codes)

    def close(self):
        self.stream.close()


def from_database(edition: Edition, *, path: Path, beat: Callable) -> Pieces:
    """Write all pieces of an output and locale from the fragments in the database."""
    pieces = Pieces(path)
    with path.open("wb", buffering=1 << 20) as stream:
        for page in fragment_pages(edition, beat):
            for unit, identifier, payload, summary, price, left_out, codes in page:
                if not left_out:
                    frame = wire.frame(unit, identifier, payload, summary)
                    stream.write(frame)
                    pieces.add(unit, len(frame), price=price, codes=codes)
    return pieces


def merged(old: Pieces | None, spool: Spool, *, dropped: Iterable[int], path: Path):
    """Return the pieces to be at `path`, and the segments they consist of.

    Old ones are kept but for `dropped` units and those in the spool.
    """
    if old is None:
        return _in_order(spool.pieces, path)
    fresh = spool.pieces
    pieces, segments = Pieces(path, names=list(old.names)), _Segments()
    old_at, fresh_at = old.offsets(), fresh.offsets()
    places = {unit: place for place, unit in enumerate(fresh.units)}
    at = 0
    for unit in sorted({*dropped, *spool.touched}):
        end = bisect_left(old.units, unit, at)
        pieces.take(old, at, end)
        segments.add(old.path, old_at[at], old_at[end] - old_at[at])
        at = end + (end < len(old.units) and old.units[end] == unit)
        place = places.get(unit)
        if place is not None:
            pieces.take(fresh, place, place + 1)
            segments.add(fresh.path, fresh_at[place], fresh.sizes[place])
    pieces.take(old, at, len(old.units))
    segments.add(old.path, old_at[at], old_at[-1] - old_at[at])
    return pieces, segments.found


def _in_order(fresh: Pieces, path: Path):
    """Return a spool's pieces in order of units: parts came in any order, each in its own."""
    pieces, segments, at = Pieces(path, names=list(fresh.names)), _Segments(), fresh.offsets()
    breaks = [n for n in range(1, len(fresh.units)) if fresh.units[n] < fresh.units[n - 1]]
    starts = [0, *breaks]
    runs = zip(starts, [*breaks, len(fresh.units)], strict=True)
    runs = sorted((run for run in runs if run[0] < run[1]), key=lambda run: fresh.units[run[0]])
    if any(fresh.units[a[1] - 1] > fresh.units[b[0]] for a, b in itertools.pairwise(runs)):
        places = sorted(range(len(fresh.units)), key=fresh.units.__getitem__)
        runs = [(place, place + 1) for place in places]
    for start, end in runs:
        pieces.take(fresh, start, end)
        segments.add(fresh.path, at[start], at[end] - at[start])
    return pieces, segments.found


class _Segments:
    """Joins segments that lie one behind the other."""

    def __init__(self):
        self.found: list[Segment] = []

    def add(self, path: Path, offset: int, size: int):
        if not size:
            return
        last = self.found[-1] if self.found else None
        if last and last.path == str(path) and last.offset + last.size == offset:
            self.found[-1] = last._replace(size=last.size + size)
        else:
            self.found.append(Segment(str(path), offset, size))


def compose(pieces: Pieces, segments: list[Segment], *, beat: Callable):
    """Write the file that `merged` planned, with its index."""
    with pieces.path.open("wb") as target:
        for path, parts in itertools.groupby(segments, key=lambda segment: segment.path):
            with open(path, "rb") as source:
                for segment in parts:
                    _copy(source.fileno(), target.fileno(), segment, beat)
    pieces.write_index()


def _copy(source: int, target: int, segment: Segment, beat: Callable):
    at, end = segment.offset, segment.offset + segment.size
    while at < end:
        sent = os.sendfile(target, source, at, min(end - at, COPIED))
        if not sent:
            raise OSError(f"{segment.path} is cut short")
        at += sent
        if sent > 1 << 20:
            beat()
