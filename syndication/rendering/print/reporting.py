"""What a book reports of its cards and rules, each with the page it is on."""

from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from syndication.contract import Refusal, RenderContext

from ..offers import unpriced
from .chapters import Chapter
from .hand import Hand
from .placing import faults_of
from .planning import Entry, Leaf
from .prices import wanted_currency


def findings(
    chapters: list[Chapter], entries: list[Entry], context: RenderContext, hand: Hand
) -> Iterator[Refusal]:
    """Yield the warnings of cards with their pages, of rules, of places by hand, of prices."""
    pages = _pages(chapters)
    for entry in entries:
        for code, message, field, params in entry.told:
            told = {"page": pages[entry.identifier], **params}
            yield Refusal(entry.identifier, code, message, field, "warning", told)
    yield from faults_of(context, set(pages))
    currency = wanted_currency(context)
    if currency and entries and not any(entry.more.priced for entry in entries):
        yield unpriced(currency)
    yield from _places(chapters, hand)
    yield from _moves(chapters, hand)


def folio_of(leaf: Leaf) -> str:
    """Return the number of a page as it is printed, its place in the book where none is."""
    return leaf.folio or str(leaf.page)


def _pages(chapters: list[Chapter]) -> dict[str, str]:
    """Return {identifier: the first page that a product is on}."""
    found: dict[str, str] = {}
    for chapter in chapters:
        for leaf in chapter.leaves:
            for slot in leaf.cards:
                found.setdefault(slot.entry.identifier, folio_of(leaf))
    return found


def _places(chapters: list[Chapter], hand: Hand) -> Iterator[Refusal]:
    for chapter in chapters:
        for page in (folio_of(leaf) for leaf in chapter.leaves if not leaf.cards):
            message = _("Page %(page)s is empty: nothing could be placed before the spread.")
            yield Refusal("", "page_empty", message, "placing", "warning", {"page": page})
        for entry in chapter.entries:
            wanted = hand.pins.get(entry.identifier, 0)
            if wanted > len(chapter.leaves) or (wanted and entry.facing):
                message = _("It cannot be pinned to page %(page)s of its chapter.")
                told = {"page": wanted}
                yield Refusal(
                    entry.identifier, "pin_impossible", message, "placing", "warning", told
                )


def _moves(chapters: list[Chapter], hand: Hand) -> Iterator[Refusal]:
    """Yield what cannot stand where it was put: the other product is in another chapter."""
    home = {e.identifier: n for n, c in enumerate(chapters) for e in c.entries}
    for move in hand.moves:
        for name in move.names:
            if {name, move.anchor} <= home.keys() and home[name] != home[move.anchor]:
                message = _("It cannot stand beside “%(name)s”, which is in another chapter.")
                told = {"name": move.anchor}
                yield Refusal(name, "move_impossible", message, "placing", "warning", told)
