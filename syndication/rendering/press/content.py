"""Rewrites content streams so that nothing in them is painted with RGB (ISO 32000-1, 8.6)."""

import math
from collections.abc import Callable
from typing import Any

import pikepdf

from .blacks import Blacks
from .inks import BLACK, Inks
from .spaces import Spaces

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
GOES = {"rg": "k", "RG": "K"}


def times(inner: Matrix, outer: Matrix) -> Matrix:
    """Return the matrix that maps by `inner` first, then by `outer`."""
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return (
        *(a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j),
        *(e * g + f * i + k, e * h + f * j + m),
    )


def sides(matrix: Matrix) -> tuple[float, float]:
    """Return how wide and high the unit square is in points: the size a picture is printed at."""
    a, b, c, d = matrix[:4]
    return math.hypot(a, b), math.hypot(c, d)


class Rewriting:
    """One stream: `placed(name, matrix)` is told of everything that it places by `Do`."""

    def __init__(self, inks: Inks, spaces: Spaces, placed: Callable[[str, Matrix], None]):
        self.inks, self.spaces, self.placed = inks, spaces, placed
        self.matrix, self.saved = IDENTITY, []
        self.kinds: dict[str, Any] = {"cs": None, "CS": None}
        self.blacks = None
        if inks.overprint or inks.rich != BLACK:
            self.blacks = Blacks(spaces.resources, inks)

    def run(self, stream, matrix: Matrix) -> bytes:
        """Return the stream's operators anew; `matrix` is how it lies on the page."""
        self.matrix = matrix
        found: list = []
        for operands, operator in pikepdf.parse_content_stream(stream):
            turned = self._turned(list(operands), str(operator), operator)
            found += self.blacks.follow(turned, sides(self.matrix)) if self.blacks else turned
        return pikepdf.unparse_content_stream(found)

    def _turned(self, operands: list, name: str, operator) -> list:
        if name in GOES:
            return self._painted(_rgb(operands), fill=name == "rg")
        if name in ("cs", "CS"):
            return self._space(operands, name)
        if name in ("sc", "scn", "SC", "SCN"):
            return self._in_space(operands, name, operator)
        self._follow(operands, name)
        return [(operands, operator)]

    def _follow(self, operands: list, name: str) -> None:
        if name == "q":
            self.saved.append((self.matrix, dict(self.kinds)))
        elif name == "Q" and self.saved:
            self.matrix, self.kinds = self.saved.pop()
        elif name == "cm":
            self.matrix = times(tuple(float(n) for n in operands), self.matrix)
        elif name == "Do":
            self.placed(str(operands[0]), self.matrix)

    def _painted(self, rgb: tuple[int, int, int], *, fill: bool) -> list:
        """Return the operators that set a colour: of a spot ink, else of the four."""
        spot = self.inks.spots.get(rgb)
        if not spot:
            self.inks.cmyk(rgb)
            return [self._op(self.inks.cmyk(rgb), "k" if fill else "K")]
        space = pikepdf.Name(self.spaces.spot(spot))
        chosen = self._op([space], "cs" if fill else "CS")
        return [chosen, self._op([1], "scn" if fill else "SCN")]

    def _space(self, operands: list, name: str) -> list:
        kind, space = self.spaces.turned(str(operands[0]))
        self.kinds[name] = kind
        return [self._op([pikepdf.Name(space)], name)]

    def _in_space(self, operands: list, name: str, operator) -> list:
        which = "cs" if name.islower() else "CS"
        if self.kinds[which] != "rgb" or len(operands) != 3:
            return [(operands, operator)]
        return [self._op(self.inks.cmyk(_rgb(operands)), name)]

    def _op(self, operands, name: str) -> tuple:
        return (list(operands), pikepdf.Operator(name))


def _rgb(operands: list) -> tuple[int, int, int]:
    return tuple(round(min(max(float(n), 0.0), 1.0) * 255) for n in operands)
