"""The pieces of an edition in files, in order of units, so that a re-issue adds and skips.

Fragments live in the database; these files hold the same bytes as assembly wants them. A re-issue
adds a pair of files with what it rendered; the index says which runs of which files make up the
whole. It is a cache: where it is missing or does not fit, it is written anew from the database.
"""

import itertools
import json
import math
import os
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import IO, NamedTuple
from uuid import uuid4

from pim import files
from syndication.supervise.wire import Segment, bodies_of, heads_of

AREA = "pieces"
ARRAYS = (("units", "q"), ("heads", "I"), ("bodies", "I"), ("prices", "d"), ("groups", "H"))
MOST_FILES, MOST_RUNS = 16, 20_000  # more than these are written into one
SPARED = 1 << 24  # bytes that may lie about in any case


class Run(NamedTuple):
    """Pieces that lie one behind another in the files of one stem."""

    stem: str
    count: int
    head_at: int
    body_at: int


@dataclass
class Pieces:
    """What is known of every piece: unit, sizes of its head and body, price (NaN: none), warnings.

    `groups` are places in `names`, the codes of warnings joined as fragments have them. `runs`
    says where they lie. `stem` is where the index is, and the files that are its own.
    """

    stem: Path
    units: array = field(default_factory=lambda: array("q"))
    heads: array = field(default_factory=lambda: array("I"))
    bodies: array = field(default_factory=lambda: array("I"))
    prices: array = field(default_factory=lambda: array("d"))
    groups: array = field(default_factory=lambda: array("H"))
    names: list[str] = field(default_factory=lambda: [""])
    runs: list[Run] = field(default_factory=list)
    _end: tuple[int, int] = (0, 0)  # of the last run

    def add(self, unit: int, head: int, body: int, *, price: float | None, codes: str):
        """Note a piece that was written behind the last one."""
        self.units.append(unit)
        self.heads.append(head)
        self.bodies.append(body)
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
        """Note a run of pieces of another set; they stay in its files."""
        for name, _ in ARRAYS[:-1]:
            getattr(self, name).extend(getattr(other, name)[start:end])
        groups = other.groups[start:end]
        if other.names != self.names:
            places = [self.group(codes) for codes in other.names]
            groups = array("H", (places[group] for group in groups))
        self.groups += groups
        for run, size in other.places.between(start, end):
            self._join(run, size)

    def _join(self, run: Run, size: tuple[int, int]):
        last = self.runs[-1] if self.runs else None
        if last and last.stem == run.stem and self._end == (run.head_at, run.body_at):
            self.runs[-1] = last._replace(count=last.count + run.count)
        else:
            self.runs.append(run)
        self._end = run.head_at + size[0], run.body_at + size[1]

    @cached_property
    def places(self) -> "Places":
        """Return where each piece lies; ask when no more are added."""
        return Places(self)

    def segments(self) -> list[Segment]:
        """Return the runs as assembly reads them."""
        return [
            Segment(run.stem, run.head_at, size[0], run.body_at, size[1])
            for run, size in self.places.between(0, len(self.units))
        ]

    @property
    def stems(self) -> set[str]:
        return {run.stem for run in self.runs}

    @property
    def known_prices(self) -> list[float]:
        return [price for price in self.prices if price == price]

    @property
    def scattered(self) -> bool:
        """Return whether so much lies about that it should be written into one."""
        held = sum(bodies_of(stem).stat().st_size for stem in self.stems)
        many = len(self.stems) > MOST_FILES or len(self.runs) > MOST_RUNS
        return many or held > 2 * sum(self.bodies) + SPARED

    def write_index(self):
        """Write what is known beside the files, once what is new of them is on the disk."""
        _sync(heads_of(self.stem), bodies_of(self.stem))
        known = {
            "count": len(self.units),
            "names": self.names,
            "runs": [(Path(stem).name, *rest) for stem, *rest in self.runs],
            "sizes": {Path(stem).name: _sizes(stem) for stem in sorted(self.stems)},
        }
        index = Path(f"{self.stem}.index")
        with index.open("wb") as stream:
            stream.write(json.dumps(known).encode() + b"\n")
            stream.writelines(getattr(self, name).tobytes() for name, _ in ARRAYS)
        _sync(index)
        for path in _files_of(self.stem):
            if path.exists():
                files.artefacts().share(_name(path))


class Places:
    """Where the pieces of a set lie: sums of what stands before each, and where runs begin."""

    def __init__(self, pieces: Pieces):
        self.runs = pieces.runs
        self.first = list(itertools.accumulate((run.count for run in pieces.runs), initial=0))
        self.heads = list(itertools.accumulate(pieces.heads, initial=0))
        self.bodies = list(itertools.accumulate(pieces.bodies, initial=0))

    def between(self, start: int, end: int) -> Iterator[tuple[Run, tuple[int, int]]]:
        """Yield the (parts of) runs that hold these pieces, each with its bytes in both files."""
        at = bisect_right(self.first, start) - 1
        while start < end:
            run, first = self.runs[at], self.first[at]
            until = min(end, self.first[at + 1])
            head_at = run.head_at + self.heads[start] - self.heads[first]
            body_at = run.body_at + self.bodies[start] - self.bodies[first]
            size = self.heads[until] - self.heads[start], self.bodies[until] - self.bodies[start]
            yield Run(run.stem, until - start, head_at, body_at), size
            start, at = until, at + 1


def _sync(*paths: Path):
    for path in paths:
        if path.exists():
            with path.open("rb") as stream:
                os.fsync(stream.fileno())


def _sizes(stem: str | Path) -> list[int]:
    return [of(stem).stat().st_size for of in (heads_of, bodies_of)]


def folder() -> Path:
    return files.artefacts().place(AREA)


def _name(path: Path) -> str:
    return f"{AREA}/{path.name}"


def _files_of(stem: str | Path) -> list[Path]:
    return [heads_of(stem), bodies_of(stem), Path(f"{stem}.index")]


def new_stem() -> Path:
    """Return a new path for files of pieces, without their suffixes."""
    folder().mkdir(parents=True, exist_ok=True)
    return folder() / uuid4().hex


def load(name: str) -> Pieces | None:
    """Return the pieces stored under a name; None where they are missing or do not fit.

    Their files are marked as used, so that a collection lets them be.
    """
    here = folder()
    try:
        with _index(name) as stream:
            known = json.loads(stream.readline())
            runs = [Run(str(here / stem), *rest) for stem, *rest in known["runs"]]
            pieces = Pieces(here / name, names=known["names"], runs=runs)
            for attribute, kind in ARRAYS:
                values = array(kind)
                values.fromfile(stream, known["count"])
                setattr(pieces, attribute, values)
        bring(pieces.stems)
        fits = all(_sizes(here / stem) == sizes for stem, sizes in known["sizes"].items())
        return pieces if fits else None
    except files.FilesUnreachable:
        raise
    except (OSError, ValueError, KeyError, TypeError, EOFError):
        return None


def bring(stems: Iterable[str]):
    """Have the files of these stems on this machine, marked as used: children open them by path."""
    for stem in stems:
        for path in (heads_of(stem), bodies_of(stem)):
            os.utime(files.artefacts().local(_name(path)))


def _index(name: str) -> IO[bytes]:
    """Return the index of that name; ValueError where nothing is kept under none."""
    if not name:
        raise ValueError("no pieces are kept")
    return files.artefacts().local(f"{AREA}/{name}.index").open("rb")


def stems_of(name: str) -> set[str]:
    """Return the stems that belong to the pieces stored under a name, its own among them."""
    here = folder()
    try:
        with _index(name) as stream:
            known = json.loads(stream.readline())["sizes"]
    except files.FilesUnreachable:
        raise
    except (OSError, ValueError, KeyError, TypeError):
        known = ()
    return {str(here / stem) for stem in (name, *known)} if name else set()


def drop(stems: Iterable[str]):
    """Remove the files of these stems and the indexes of that name."""
    files.artefacts().remove(_name(path) for stem in stems for path in _files_of(stem))
