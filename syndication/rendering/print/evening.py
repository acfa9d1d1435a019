"""Evens out the last two pages of a chapter, where the last would bear next to nothing.

A designer lets the page before give something away: no small card stands alone behind a full page,
and where rows can be shared out, both pages end alike. Cards move and keep their size, so that
none is set again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from .gaps import gaps
from .hand import Hand
from .planning import ChapterPlan, Leaf
from .sheet import UNITS

HALF = UNITS // 2  # rows: a last page that ends higher looks left over
SMALL = UNITS * UNITS // 4  # units of a card that is lost on a page of its own


def lay_evenly(sections: Iterable, *, first: int, hand: Hand, run_on: bool) -> list[Leaf]:
    """Return the pages of a chapter from page `first` on, as many as it takes, the last two evened.

    What was placed by hand stays so; so do spreads, and a product that goes on from pages before.
    """
    sections = list(sections)
    leaves = ChapterPlan(first=first, hand=hand, run_on=run_on).lay(sections)
    if len(leaves) < 2 or not (_lonely(leaves[-1]) or _depth(leaves[-1]) < HALF):
        return leaves
    kept, now = leaves[:-2], leaves[-2:]
    rest, begun = _rest(sections, now)
    hand = replace(hand, pins={name: page - len(kept) for name, page in hand.pins.items()})
    # The two pages are laid by themselves: where that is not what they are, they hang together
    # with pages before or with places chosen by hand.
    if _laid(rest, begun, now[0].page, hand, run_on) != now:
        return leaves
    trials = [_laid(rest, begun, now[0].page, other, run_on) for other in _broken(now[0], hand)]
    best = min([now, *(trial for trial in trials if len(trial) == 2)], key=_flaws)
    return [*kept, *best]


def _rest(sections: list, leaves: list[Leaf]) -> tuple[list, bool]:
    """Return the sections with the products that begin on pages alone, in the order in which they
    stand there, and whether the first of the sections has begun before."""
    slots = [slot for leaf in leaves for slot in leaf.cards if slot.part == 0]
    place = {slot.entry.identifier: n for n, slot in enumerate(slots)}
    known = [[e for e in s.entries if e.identifier in place] for s in sections]
    left = [sorted(entries, key=lambda e: place[e.identifier]) for entries in known]
    rest = [replace(s, entries=e) for s, e in zip(sections, left, strict=True) if e]
    begun = next((len(e) < len(s.entries) for s, e in zip(sections, left, strict=True) if e), False)
    return rest, begun


def _laid(sections: list, begun: bool, first: int, hand: Hand, run_on: bool) -> list[Leaf]:
    return ChapterPlan(first=first, hand=hand, run_on=run_on).lay(sections, begun=begun)


def _broken(leaf: Leaf, hand: Hand) -> Iterator[Hand]:
    """Yield what begins the last page with a card of the page before, that moves fewest first."""
    for slot in reversed(leaf.cards[1:]):
        yield replace(hand, breaks=hand.breaks | {slot.entry.identifier})


def _flaws(leaves: list[Leaf]) -> tuple[int, int, int, int]:
    """Return what is wrong with two pages, worst first: cards alone, rows with holes, a last page
    deeper than the one before, and how unlike they end."""
    before, last = map(_depth, leaves)
    holes = sum(cell.column > 0 for leaf in leaves for cell in gaps(leaf))
    return sum(map(_lonely, leaves)), holes, max(0, last - before), abs(before - last)


def _depth(leaf: Leaf) -> int:
    return max((slot.cell.row + slot.cell.rows for slot in leaf.cards), default=0)


def _lonely(leaf: Leaf) -> bool:
    """Say whether a page bears nothing but one small card."""
    return len(leaf.cards) == 1 and leaf.cards[0].cell.columns * leaf.cards[0].cell.rows <= SMALL
