"""Which page goes where on the sheets of a saddle-stitched booklet."""

from collections.abc import Iterator
from typing import NamedTuple

BLANK = 0
BEFORE_LAST, AT_END = "before_last", "end"


class Spread(NamedTuple):
    """One side of a sheet: its left and its right page (from 1, BLANK for none).

    `depth` counts sheets from the outside of the signature: what lies further in creeps out.
    """

    left: int
    right: int
    depth: int


def padded(count: int, *, blanks: str = BEFORE_LAST) -> list[int]:
    """Return the pages 1 to `count` with blanks up to a multiple of four.

    Blanks stand before the last page, so that a back cover stays outside, or at the end.
    """
    pages, missing = list(range(1, count + 1)), -count % 4
    at = count - 1 if blanks == BEFORE_LAST and count > 1 else count
    return [*pages[:at], *[BLANK] * missing, *pages[at:]]


def spreads(
    count: int, *, sheets: int = 0, rtl: bool = False, blanks: str = BEFORE_LAST
) -> Iterator[Spread]:
    """Yield the sides of all sheets, front and back in turn, to be turned over the short edge.

    `sheets` is how many make a signature, 0: all of them lie in one another. A booklet that is
    read from the right has its spine on the right of its front cover.
    """
    pages = padded(count, blanks=blanks)
    length = sheets * 4 if sheets > 0 else len(pages)
    for start in range(0, len(pages), length or 1):
        yield from _signature(pages[start : start + length], rtl=rtl)


def _signature(pages: list[int], *, rtl: bool) -> Iterator[Spread]:
    """Yield one signature; a shorter last one is a signature of its own."""
    last = len(pages) - 1
    for depth in range(len(pages) // 4):
        near = 2 * depth
        front = pages[last - near], pages[near]
        back = pages[near + 1], pages[last - near - 1]
        for left, right in (front, back):
            yield Spread(right, left, depth) if rtl else Spread(left, right, depth)
