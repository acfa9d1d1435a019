"""Where the pages of a price list end: at places that the rows around them choose.

Of the rows with which a page could well end, the one decides whose words have the least digest,
a title before any other. So a row that comes, goes or grows moves the ends of its own page and
perhaps of the next ones, until one of them falls where it was; all pages behind it stay. What a
page keeps free is shared out between its rows.
"""

from typing import NamedTuple

SHARE = 0.12  # of a page that may stay free for the sake of a good end
CHAPTER, GROUP, ROW, LONELY = range(4)  # how good it is to begin a page with a row


class Block(NamedTuple):
    """A row with the titles above it: its height, whether it begins a chapter or a group, and a
    number that its words give."""

    height: float
    begins: int  # CHAPTER, GROUP or ROW
    mark: int


class Cut(NamedTuple):
    """The rows of a page (from, up to) and how much of it they leave free, of the `last` one
    nothing that could be shared out."""

    first: int
    end: int
    free: float
    last: bool = False


def cuts(blocks: list[Block], *, room: float) -> list[Cut]:
    """Return the pages of rows that follow one another; the last one takes what is left."""
    found, at = [], 0
    while at < len(blocks):
        cut = _cut(blocks, at, room)
        found.append(cut)
        at = cut.end
    return found


def _cut(blocks: list[Block], at: int, room: float) -> Cut:
    used, ends = 0.0, []
    for n in range(at, len(blocks)):
        if used + blocks[n].height > room and n > at:
            break
        used += blocks[n].height
        ends.append((n + 1, used))
    else:
        return Cut(at, len(blocks), 0.0, last=True)  # the last page ends where it ends
    good = [pair for pair in ends if pair[1] >= room * (1 - SHARE)] or ends[-1:]
    end, height = min(good, key=lambda pair: (_rank(blocks, pair[0]), blocks[pair[0]].mark))
    return Cut(at, end, max(room - height, 0.0))


def _rank(blocks: list[Block], n: int) -> int:
    """Return how good it is that a page begins with the n-th block."""
    begins = blocks[n].begins
    if begins != ROW:
        return begins
    alone_before = blocks[n - 1].begins != ROW
    alone_behind = n + 1 == len(blocks) or blocks[n + 1].begins != ROW
    return LONELY if alone_before or alone_behind else ROW
