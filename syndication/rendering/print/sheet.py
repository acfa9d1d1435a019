"""The geometry of a catalogue's pages, in points, mirrored for facing pages and for Arabic.

The text area of a page is a grid of 12 by 12 units with gaps between them; a card takes a cell of
whole units: half the width and a third of the height is a cell of 6 by 4.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

MM = 72 / 25.4
PAGE = (210 * MM, 297 * MM)
NOTES_HEIGHT = 9.4 * MM  # at the foot of a page
LINE_HIGH, TWO_LINES = 2.8 * MM, 4.9 * MM  # of a line that refers to another product
HANG, CLEAR = 0.6 * MM, 0.6 * MM
MODULE = 0.396  # millimetres: the least of the GS1 General Specifications for a QR code
GROWTH = 1.35  # of a code over the side that its layout reckons with
UNITS = 12  # columns and rows: they can be divided by 2, 3, 4 and 6
GAP_X, GAP_Y = 8 * MM, 8 * MM


def reference_height(languages: int, *, beside: bool) -> float:
    """Return how high a line is that refers to a product: for languages side by side two lines of
    small type, else a line for each."""
    return TWO_LINES if beside else languages * LINE_HIGH + 0.6 * MM


class Cell(NamedTuple):
    """A place on a page in units of the grid, counted from the start of reading and the top."""

    column: int
    row: int
    columns: int
    rows: int


class Box(NamedTuple):
    """A rectangle on a page, its origin at the bottom left as in PDF."""

    x: float
    y: float
    width: float
    height: float

    def holds(self, other: "Box") -> bool:
        """Say whether the middle of another box lies in this one."""
        x, y = other.x + other.width / 2, other.y + other.height / 2
        return 0 <= x - self.x <= self.width and 0 <= y - self.y <= self.height

    def link(self) -> list[float]:
        """Return the rectangle of an annotation."""
        numbers = (self.x, self.y, self.x + self.width, self.y + self.height)
        return [round(n, 2) for n in numbers]


class CodePlace(NamedTuple):
    """Where the QR code stands in a card, in millimetres, and the words at it.

    `across` counts from the start of reading and `down` from the top. The words stand beside the
    code, or `above` it where that is narrow.
    """

    side: float
    across: float
    down: float
    words: tuple[float, float]
    above: bool = False


@dataclass(frozen=True)
class Sheet:
    """One page format, and which way it is read."""

    rtl: bool = False
    inner: float = 19 * MM
    outer: float = 15 * MM
    top: float = 25 * MM
    bottom: float = 19 * MM
    notes: float = NOTES_HEIGHT

    @cached_property
    def unit(self) -> tuple[float, float]:
        """Width and height of one unit of the grid."""
        width = PAGE[0] - self.inner - self.outer - GAP_X * (UNITS - 1)
        height = PAGE[1] - self.top - self.bottom - GAP_Y * (UNITS - 1)
        return width / UNITS, height / UNITS

    @property
    def text_width(self) -> float:
        return PAGE[0] - self.inner - self.outer

    def extent(self, columns: int, rows: int) -> tuple[float, float]:
        """Return the width and height of a cell of so many units."""
        width, height = self.unit
        return columns * (width + GAP_X) - GAP_X, rows * (height + GAP_Y) - GAP_Y

    def is_left(self, page: int) -> bool:
        """Say whether the page (counted from 1) lies left when the catalogue is open."""
        return (page % 2 == 0) != self.rtl

    def margin_left(self, page: int) -> float:
        return self.outer if self.is_left(page) else self.inner

    def box(self, cell: Cell, *, page: int) -> Box:
        """Return the place of a cell on a page."""
        key = (cell, page % 2)
        if key not in self._boxes:
            self._boxes[key] = self._box(cell, page)
        return self._boxes[key]

    @cached_property
    def _boxes(self) -> dict[tuple[Cell, int], Box]:
        return {}

    def _box(self, cell: Cell, page: int) -> Box:
        column = UNITS - cell.column - cell.columns if self.rtl else cell.column
        width, height = self.extent(cell.columns, cell.rows)
        x = self.margin_left(page) + column * (self.unit[0] + GAP_X)
        return Box(x, self.row_top(cell.row) - height, width, height)

    def row_top(self, row: int) -> float:
        """Return the upper edge of a row of units."""
        return PAGE[1] - self.top - row * (self.unit[1] + GAP_Y)

    def code(self, place: CodePlace, card: Box, *, modules: int) -> Box:
        """Return the place of a QR code in a card, its quiet zone hanging out a little.

        A code of more modules (quiet zone included) grows up and to the end of reading until one
        has the size that readers need, or until there is no more room.
        """
        side = min(max(place.side, modules * MODULE), place.side * GROWTH) * MM
        across = place.across * MM
        x = card.x + card.width - across - side if self.rtl else card.x + across
        # It may hang out of a card by a part of its quiet zone, and no further.
        y = max(card.y + card.height - (place.down + place.side) * MM, card.y - HANG)
        return Box(x, y, side, side)

    def caption(self, place: CodePlace, code: Box) -> Box:
        """Return the place of the words beside a code, or above it."""
        width, height = (n * MM for n in place.words)
        if place.above:
            hang = 1.8 * MM
            x = code.x + code.width - hang - width if self.rtl else code.x + hang
            return Box(x, code.y + code.height - 0.5 * MM, width, height)
        # Slanted letters reach out of their box: the quiet zone stays clear of them.
        x = code.x - width - CLEAR if self.rtl else code.x + code.width + CLEAR
        return Box(x, code.y + (code.height - height) / 2, width, height)
