"""The geometry of a catalogue's pages, in points, mirrored for facing pages and for Arabic."""

from dataclasses import dataclass
from functools import cached_property

MM = 72 / 25.4
PAGE = (210 * MM, 297 * MM)
GRIDS = {6: (2, 3), 4: (2, 2), 2: (1, 2)}  # products a page: columns, rows
# Products a page: side of the QR code, its place from the start of reading and from the top.
CODE = {
    6: (15 * MM, -1.6 * MM, 64.6 * MM),
    4: (18 * MM, 56.2 * MM, 48.2 * MM),
    2: (19 * MM, -2 * MM, 104.5 * MM),
}
# Products a page: width and height of the words beside the code.
CAPTION = {6: (18 * MM, 10 * MM), 4: (25 * MM, 8 * MM), 2: (45 * MM, 10 * MM)}
GAP_X, GAP_Y = 8 * MM, 8 * MM


@dataclass(frozen=True)
class Box:
    """A rectangle on a page, its origin at the bottom left as in PDF."""

    x: float
    y: float
    width: float
    height: float

    def link(self) -> list[float]:
        """Return the rectangle of an annotation."""
        numbers = (self.x, self.y, self.x + self.width, self.y + self.height)
        return [round(n, 2) for n in numbers]


@dataclass(frozen=True)
class Sheet:
    """One page format: how many products a page and which way it is read."""

    per_page: int
    rtl: bool = False
    inner: float = 19 * MM
    outer: float = 15 * MM
    top: float = 25 * MM
    bottom: float = 19 * MM

    @property
    def grid(self) -> tuple[int, int]:
        """Columns and rows of cards."""
        return GRIDS[self.per_page]

    @cached_property
    def card(self) -> tuple[float, float]:
        """Width and height of a product card."""
        columns, rows = self.grid
        width = PAGE[0] - self.inner - self.outer - GAP_X * (columns - 1)
        height = PAGE[1] - self.top - self.bottom - GAP_Y * (rows - 1)
        return width / columns, height / rows

    def is_left(self, page: int) -> bool:
        """Say whether the page (counted from 1) lies left when the catalogue is open."""
        return (page % 2 == 0) != self.rtl

    def margin_left(self, page: int) -> float:
        return self.outer if self.is_left(page) else self.inner

    def slot(self, n: int, *, page: int) -> Box:
        """Return the place of the n-th card of a page, in reading order."""
        columns, _ = self.grid
        row, column = divmod(n, columns)
        if self.rtl:
            column = columns - 1 - column
        width, height = self.card
        x = self.margin_left(page) + column * (width + GAP_X)
        return Box(x, self.row_top(row) - height, width, height)

    def row_top(self, row: int) -> float:
        """Return the upper edge of a row of cards."""
        return PAGE[1] - self.top - row * (self.card[1] + GAP_Y)

    def code(self, slot: Box) -> Box:
        """Return the place of the QR code in a card, its quiet zone hanging out a little."""
        side, across, up = CODE[self.per_page]
        x = slot.x + slot.width - across - side if self.rtl else slot.x + across
        return Box(x, slot.y + slot.height - up - side, side, side)

    def caption(self, code: Box) -> Box:
        """Return the place of the words beside a code; above it where four share a page."""
        width, height = CAPTION[self.per_page]
        if self.per_page == 4:
            hang = 1.8 * MM
            x = code.x + code.width - hang - width if self.rtl else code.x + hang
            return Box(x, code.y + code.height - 0.5 * MM, width, height)
        x = code.x - width if self.rtl else code.x + code.width
        return Box(x, code.y + (code.height - height) / 2, width, height)
