"""Solid black: text that overprints what lies below it, areas that other inks make deeper.

A hairline of paper shows beside black text on a coloured ground where the plates do not lie
exactly; text that overprints leaves no hole to show. Black ink alone is a dark grey on a large
area; other inks under it make it black. Small things are never printed with several inks.
"""

from collections.abc import Iterator

import pikepdf

from ..print.sheet import MM
from .inks import BLACK, Inks

BUILDS = ("m", "l", "c", "v", "y", "h", "re", "W", "W*")
FILLS = ("f", "F", "f*")
TEXTS = ("Tj", "TJ", "'", '"')
LEAST = 5 * MM  # a black area is at least as wide and as high
RICH = {"cool": (0.5, 0.0, 0.0, 1.0), "deep": (0.4, 0.3, 0.3, 1.0)}
RICH_BLACK = (-1,)  # no colour of light: the key of what is weighed as one of its own
OVER, OUT = "/BlackOver", "/BlackOut"


class Blacks:
    """Follows one stream: what is painted black in it, and whether that overprints."""

    def __init__(self, resources, inks: Inks):
        self.resources, self.inks = resources, inks
        self.black = self.over = False
        self.saved: list[tuple[bool, bool]] = []
        self.path: list[tuple] = []

    def follow(self, found: list, scale: tuple[float, float]) -> Iterator[tuple]:
        """Yield instructions anew; `scale` is how wide and high a unit is, in points."""
        for instruction in found:
            name = str(instruction[1])
            if name in BUILDS:
                self.path.append(instruction)
                continue
            yield from self._painted(name, instruction, scale)
            self._note(name, list(instruction[0]))

    def _painted(self, name: str, instruction: tuple, scale: tuple[float, float]) -> Iterator:
        path, self.path = self.path, []
        if name in TEXTS:
            yield from self._overprints(self.inks.overprint and self.black)
        elif path or name in ("sh", "Do"):
            yield from self._overprints(False)
        area = name in FILLS and self.black and self.inks.rich != BLACK and _is_area(path, scale)
        if area:
            yield _op(self.inks.rich, "k")
            self.inks.used[RICH_BLACK] = self.inks.rich
        yield from (*path, instruction)
        if area:
            yield _op(BLACK, "k")

    def _overprints(self, wanted: bool) -> Iterator[tuple]:
        if wanted == self.over:
            return
        self.over = wanted
        if "/ExtGState" not in self.resources:
            self.resources["/ExtGState"] = pikepdf.Dictionary()
        name = OVER if wanted else OUT
        # OPM 1: inks that are not named are left as they are (ISO 32000-1, 8.6.7).
        self.resources["/ExtGState"][name] = pikepdf.Dictionary(op=wanted, OP=wanted, OPM=1)
        yield _op([pikepdf.Name(name)], "gs")

    def _note(self, name: str, operands: list) -> None:
        if name == "q":
            self.saved.append((self.black, self.over))
        elif name == "Q" and self.saved:
            self.black, self.over = self.saved.pop()
        elif name == "k":
            self.black = tuple(float(n) for n in operands) == BLACK
        elif name in ("g", "cs", "rg"):
            self.black = False


def _is_area(path: list, scale: tuple[float, float]) -> bool:
    """Say whether what a path encloses is large both ways."""
    xs, ys = [], []
    for operands, operator in path:
        numbers = [float(n) for n in operands]
        if str(operator) == "re":
            x, y, wide, high = numbers
            numbers = [x, y, x + wide, y + high]
        xs += numbers[0::2]
        ys += numbers[1::2]
    wide, high = ((max(n) - min(n) if n else 0.0) for n in (xs, ys))
    return wide * scale[0] >= LEAST and high * scale[1] >= LEAST


def _op(operands, name: str) -> tuple:
    return (list(operands), pikepdf.Operator(name))
