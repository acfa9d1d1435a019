"""Operators that put forms and codes in their places on a page; the same places come again."""

from collections.abc import Sequence
from functools import lru_cache

from .sheet import Box


@lru_cache(maxsize=1_000)
def around(box: Box, across: int) -> tuple[bytes, bytes]:
    """Return what stands before the path of a code whose y runs down into a box, black on white;
    and the corners of the link on it.
    """
    unit, top = box.width / across, box.y + box.height
    drawn = b"q %.5f 0 0 %.5f %.3f %.3f cm 1 g 0 0 %d %d re f 0 g\n"
    return drawn % (unit, -unit, box.x, top, across, across), corners(box.link())


def corners(rectangle: Sequence[float]) -> bytes:
    """Return the rectangle of a link as it is written."""
    return b" ".join(b"%.2f" % number for number in rectangle)


@lru_cache(maxsize=10_000)
def place(name: str, x: float, y: float) -> bytes:
    """Return what draws a form with its origin at (x, y)."""
    return f"q 1 0 0 1 {x:.3f} {y:.3f} cm /{name} Do Q\n".encode()
