"""Adverts between the cards: what supplied pages stand in the gaps that cards leave on a page.

No card moves for an advert: gaps are what the plan of a chapter left over, beside the last card
of a row and below the last row. Adverts take turns, each in the next gap that suits its size.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from .planning import Leaf
from .sheet import MM, UNITS, Cell, Sheet

TOLERANCE = 1 * MM
SHAPES = 1.2  # how far proportions may be apart where a page is scaled: the rest is cut off
SCALES = (0.5, 2.0)


@dataclass(frozen=True)
class CutIn:
    """One page of a document for gaps: its asset, how it is fitted, its size in points."""

    asset: dict
    page: int
    fit: str
    size: tuple[float, float]

    def suits(self, area: tuple[float, float]) -> bool:
        """Say whether the page can stand in a gap of that size."""
        pairs = list(zip(self.size, area, strict=True))
        if self.fit == "exact":
            return all(abs(have - want) <= TOLERANCE for have, want in pairs)
        if self.fit == "crop":
            return all(have >= want - TOLERANCE for have, want in pairs)
        across, up = (want / have for have, want in pairs)
        alike = max(across, up) / min(across, up) <= SHAPES
        return alike and SCALES[0] <= max(across, up) <= SCALES[1]


class Filled(NamedTuple):
    """A gap and the page that stands in it."""

    cell: Cell
    advert: CutIn


def gaps(leaf: Leaf) -> Iterator[Cell]:
    """Yield the free places of a page of products, in reading order."""
    if not leaf.cards:
        return
    cells = [slot.cell for slot in leaf.cards]
    bands = sorted({(cell.row, cell.rows) for cell in cells})
    for row, rows in bands:
        beside = [c for c in cells if c.row < row + rows and row < c.row + c.rows]
        end = max(cell.column + cell.columns for cell in beside)
        same = all((c.row, c.rows) == (row, rows) for c in beside)
        if end < UNITS and same:
            yield Cell(end, row, UNITS - end, rows)
    below = max(cell.row + cell.rows for cell in cells)
    if below < UNITS:
        yield Cell(0, below, UNITS, UNITS - below)


def filled(leaves: Iterable[Leaf], adverts: list[CutIn], sheet: Sheet) -> dict[int, list[Filled]]:
    """Return what stands in the gaps of each page, by its place in the book."""
    found: dict[int, list[Filled]] = {}
    turn = list(adverts)
    for leaf in leaves:
        for cell in gaps(leaf) if turn else ():
            area = sheet.extent(cell.columns, cell.rows)
            chosen = next((advert for advert in turn if advert.suits(area)), None)
            if chosen:
                found.setdefault(leaf.page, []).append(Filled(cell, chosen))
                turn.remove(chosen)
                turn.append(chosen)
    return found
