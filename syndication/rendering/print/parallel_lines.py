"""Lines that refer to products, fitted into their places on cards.

Where several languages stand side by side each has a column and at most two lines of it, else
each has a line of its own. What has no room in the smallest type is shortened, and counted.
"""

from typing import Any

from ..formats import cldr_locale
from .furniture import Furniture
from .headlines import PLAIN, RUNNING
from .sheet import LINE_HIGH, MM, TWO_LINES

Line = tuple[str, ...]  # what is said in each language, in the order of the book
NUMBER = 9 * MM  # for the number of the page, at the end
PAGE_WORD = 1.5 * MM  # more, where it stands behind “p.”
GUTTER = 2.5 * MM
SIZES = (6.6, 5.2)  # points, as designed and the least
TWO = 5.6  # the largest in two lines
SLACK, MORE = 1.0, 14.0  # points: free at the foot, and on the page above the place


class Parallels:
    """Fits the lines of one sort (a "name" or the "label" above them) that are of one size."""

    def __init__(self, furniture: Furniture, kind: str, size: tuple[float, float]):
        self.lines, self.locales = furniture.lines, furniture.context.locales
        self.kind, self.size = kind, size
        self.face = RUNNING if kind == "label" else PLAIN
        several = len(self.locales) > 1
        self.beside = several and size[1] <= TWO_LINES + 0.5
        self.page = "" if several else furniture.words["page_short"]
        self.room = size[0] - NUMBER - (PAGE_WORD if self.page else 0)
        if self.beside:
            self.room = (self.room + GUTTER) / len(self.locales) - GUTTER

    def fitted(self, line: Line) -> tuple[list[dict[str, Any]], bool]:
        """Return what the template shows of a line, and whether a text lost words."""
        fits = [self._fit(text) for text in line]
        shown = [
            {
                "text": text,
                "locale": code,
                "dir": cldr_locale(code).text_direction,
                "size": f"{size:.2f}",
            }
            for code, (text, size, _cut) in zip(self.locales, fits, strict=True)
        ]
        return shown, any(cut for _text, _size, cut in fits)

    def measures(self) -> dict[str, Any]:
        """Return what the template must know of their places, in points.

        All stands on the foot of its page, which is higher than its place: lines of some scripts
        are.
        """
        wide, high = self.size
        line = LINE_HIGH if not self.beside else 0
        lengths = {"wide": wide, "high": high + MORE, "stand": high + MORE - SLACK}
        lengths |= {"room": self.room, "gutter": GUTTER, "line": line}
        return {
            "beside": self.beside,
            "page": self.page,
            **{name: f"{n:.2f}" for name, n in lengths.items()},
        }

    def _fit(self, text: str) -> tuple[str, float, bool]:
        """Return a text, its size, and whether it had to be shortened."""
        designed, least = SIZES
        width = max(self._width(text), 0.01)
        size = min(designed, self.room / width)
        if size >= (TWO if self.beside else least):
            return text, size, False
        if self.beside and (size := self._in_two(text)):
            return text, size, False
        # Of two lines the first may end early.
        share = 1.7 if self.beside else 1.0
        return self.lines.cut_to(text, self.face, room=self.room / least * share), least, True

    def _in_two(self, text: str) -> float:
        """Return the size in which two lines hold a text, 0 where none does."""
        size = TWO
        while size >= SIZES[1]:
            if self._rows(text, self.room / size) <= 2:
                return size
            size -= 0.2
        return 0.0

    def _width(self, text: str) -> float:
        """Return how wide a text is in its size."""
        return self.lines.joined(text, self.face)

    def _rows(self, text: str, room: float) -> int:
        rows, used, space = 1, 0.0, self._width(" ")
        for word in text.split():
            width = self._width(word)
            if width > room:
                return 3  # a word that breaks looks bad, smaller type does not
            if used and used + space + width > room:
                rows, used = rows + 1, width
            else:
                used += width + (space if used else 0)
        return rows
