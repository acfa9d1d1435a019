"""How high the rows of a price list will be, before any of them is laid out.

A text that surely has room in one line takes one: fonts tell how wide it is. What is estimated
is rather too high, so that a page holds the rows that were cut for it.
"""

import math
import re
from typing import Any

from .. import tokens as design
from ..fonts import set_width
from ..print.sheet import MM
from .columns import Columns

SIZE, SIZE_RTL, LEADING = 7.2, 7.9, 1.25  # of the text in points
HEAD_SIZE = 0.95  # of column heads, in the size of the text
CHAPTER, CHAPTER_LEADING = 13.0, 1.2
SIDE = 1.2 * MM  # left and right of a text in its cell
CODE_START = 3 * MM  # before a GTIN
RULE, GROUP_RULE, CHAPTER_RULE = 0.3, 0.7, 0.9
PAD, HEAD_PAD = 1.24 * MM, 2.2 * MM  # above and below a text, both together
GROUP_PAD, CHAPTER_PAD, CHAPTER_NEXT = 3.3 * MM, 2.2 * MM, 5.2 * MM
SAFE = 1.003  # of a width, for roundings
# Fonts of other scripts make lines higher.
PLAIN = re.compile(r"[\u0000-\u05ff\u1e00-\u20cf\u2100-\u22ff\u2066-\u2069]*")
TALLER = 1.14


class Heights:
    """The heights of one list; `css` gives the style sheet what they reckon with."""

    def __init__(self, columns: Columns, tokens: dict[str, Any], *, rtl: bool):
        fonts = design.merged(tokens)["fonts"]
        self.columns, self.size = columns, SIZE_RTL if rtl else SIZE
        self.families = {r: [*fonts[r], *fonts["last"]] for r in ("sans", "display")}

    def css(self) -> dict[str, str]:
        lengths = {"pad": PAD / 2, "head_pad": HEAD_PAD / 2, "side": SIDE, "code_start": CODE_START}
        found = {name: f"{length:.4f}pt" for name, length in lengths.items()}
        return found | {"size": f"{self.size:g}pt", "leading": f"{LEADING:g}"}

    def heads(self, heads: dict[str, Any]) -> float:
        """Return the height of the heads of the columns."""
        columns = self.columns
        named = [(heads["sku"], columns.sku), (heads["pack"], columns.pack)]
        named += [(cell, columns.name) for cell in heads["names"]]
        named += [(cell, columns.price) for cell in heads["prices"]]
        size = self.size * HEAD_SIZE
        lines = (
            sum(self._lines(t["text"], width - 2 * SIDE, size, bold=True) for t in cell)
            for cell, width in named
        )
        return max(lines) * size * LEADING + HEAD_PAD

    def of(self, row: dict[str, Any]) -> float:
        """Return the height of an article's row, with the titles above it."""
        return self._row(row) + self._chapter(row) + self._group(row)

    def _row(self, row: dict[str, Any]) -> float:
        columns, size = self.columns, self.size
        cells = [
            self._lines(row["sku"], columns.sku - 2 * SIDE, size),
            self._lines(row["pack"], columns.pack - 2 * SIDE, size),
            self._lines(row["gtin"], columns.gtin - SIDE - CODE_START, size),
            *(len(lines) for lines in row["prices"]),
        ]
        named = [self._lines(name, columns.name - 2 * SIDE, size) for name in row["names"]]
        cells += named if columns.names > 1 else [sum(named)]
        return max(1.0, *cells) * size * LEADING + PAD + RULE

    def _chapter(self, row: dict[str, Any]) -> float:
        if not row["chapter"]:
            return 0.0
        text = " ".join(t["text"] for t in row["chapter"])
        wide = self.columns.page[0] - 24 * MM
        lines = self._lines(text, wide, CHAPTER, bold=True, role="display")
        pad = CHAPTER_NEXT if row["next"] else CHAPTER_PAD
        return lines * CHAPTER * CHAPTER_LEADING + pad + CHAPTER_RULE

    def _group(self, row: dict[str, Any]) -> float:
        if not row["title"]:
            return 0.0
        text = " ".join(t["text"] for t in row["title"])
        wide = self.columns.page[0] - 24 * MM - 2 * SIDE
        lines = self._lines(text, wide, self.size, bold=True)
        return lines * self.size * LEADING + GROUP_PAD + GROUP_RULE

    def _lines(
        self, text: str, room: float, size: float, *, bold: bool = False, role: str = "sans"
    ) -> float:
        """Return how many lines of ordinary height a text takes at most."""
        if not text or room <= 0:
            return 0.0
        style, families = "Bold" if bold else "Regular", self.families[role]
        room = room / size / SAFE
        lines = 1
        if set_width(text, families, style=style) > room:
            lines = self._wrapped(text, room, families, style)
        return lines * (1.0 if PLAIN.fullmatch(text) else TALLER)

    def _wrapped(self, text: str, room: float, families: list[str], style: str) -> int:
        space = set_width(" ", families, style=style)
        lines, used = 1, 0.0
        for word in text.split(" "):  # a tied space breaks no line
            width = set_width(word, families, style=style)
            if used and used + space + width <= room:
                used += space + width
                continue
            rows = max(1, math.ceil(width / room))
            lines += rows - (0 if used else 1)
            used = width - (rows - 1) * room
        return lines
