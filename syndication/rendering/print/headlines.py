"""How titles and running heads keep to their strips: set smaller, what other languages say on a
line below, at last with fewer words, which is told.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from ..fonts import set_width, width_of
from ..printable import shortened
from .parallel import Text

BESIDE, GAP = 0.58, 0.7  # other languages behind a title: their size, the space before each
BELOW, BELOW_LEAST = 7.2, 5.6  # the same on a line of their own, in points
BETWEEN = 1.6  # between them, in their size
SAFE = 0.98  # of a width: kerning and slanted letters may need a little more


class Face(NamedTuple):
    """Families, and the style of them that a line is set in."""

    role: str
    style: str


TITLE, HEAD, RUNNING = Face("serif", "Bold"), Face("display", "Bold"), Face("serif", "Italic")
PLAIN, LABEL = Face("sans", "Regular"), Face("sans", "Bold")
FACES = (TITLE, HEAD, RUNNING, PLAIN, LABEL)


@dataclass
class Headlines:
    """Fits lines into widths (in points); `cut` says whether one had to lose words."""

    fonts: dict[str, list[str]]
    cut: bool = False

    def width(self, text: str, face: Face) -> float:
        """Return the width of a text in its size."""
        families = [*self.fonts[face.role], *self.fonts["last"]]
        return width_of(text, families, style=face.style) / SAFE

    def joined(self, text: str, face: Face) -> float:
        """Return the width of a text in its size, its letters joined where they are."""
        families = [*self.fonts[face.role], *self.fonts["last"]]
        return set_width(text, families, style=face.style) / SAFE

    def line(self, text: str, face: Face, *, room: float, sizes: tuple[float, float]) -> dict:
        """Return a text and the size between the two (points, designed and least) that fits."""
        designed, least = sizes
        size = min(designed, room / max(self.width(text, face), 0.01))
        if size >= least:
            return {"text": text, "size": f"{size:.2f}"}
        return {"text": self._shortened(text, face, room=room / least), "size": f"{least:.2f}"}

    def _shortened(self, text: str, face: Face, *, room: float) -> str:
        self.cut = True
        return self.cut_to(text, face, room=room)

    def cut_to(self, text: str, face: Face, *, room: float) -> str:
        """Return as much of a text as has room (in its size), whole words and an ellipsis."""
        letters = len(text) - 1
        while letters > 1 and self.width(shortened(text, room=letters), face) > room:
            letters -= 1
        return shortened(text, room=letters)

    def titled(
        self,
        text: str,
        others: Iterable[Text],
        face: Face,
        *,
        room: float,
        sizes: tuple[float, float],
    ) -> dict[str, Any]:
        """Return a title with what other languages say: behind it where all fits as designed,
        else `below` it on a line of their own."""
        others = list(others)
        if others and self.fits_behind(text, others, face, room=room, size=sizes[0]):
            return {"text": text, "size": f"{sizes[0]:.2f}", "others": others, "below": ""}
        main = self.line(text, face, room=room, sizes=sizes)
        return {**main, **self.below(others, face, room)}

    def fits_behind(
        self, text: str, others: Iterable[Text], face: Face, *, room: float, size: float
    ) -> bool:
        """Say whether a title and the other languages have room in one line."""
        behind = sum(self.width(o["text"], face) + GAP for o in others) * BESIDE
        return (self.width(text, face) + behind) * size <= room

    def below(self, others: list[Text], face: Face, room: float) -> dict[str, Any]:
        """Return the other languages on one line, each with its share of it if that is short."""
        if not others:
            return {"below": "", "others": []}
        gaps = BETWEEN * (len(others) - 1)
        widths = [self.width(other["text"], face) for other in others]
        size = min(BELOW, room / (sum(widths) + gaps))
        if size < BELOW_LEAST:
            size = BELOW_LEAST
            share = (room / size - gaps) / len(others)
            others = [
                {**other, "text": self._shortened(other["text"], face, room=share)}
                if width > share
                else other
                for other, width in zip(others, widths, strict=True)
            ]
        return {"below": f"{size:.2f}", "others": others}
