"""Extras of a page: its tab of the thumb index, references to other pages, notes at its foot.

All of them depend on where things stand in this book, so they are made when it is bound; what
they are made of is remembered by what it says.
"""

from functools import cached_property

from django.utils.translation import gettext_noop as _

from syndication.contract import Refusal

from .binding import Binder, Extra
from .chapters import Chapter
from .planning import Leaf
from .references import References
from .sheet import MM, PAGE
from .signs import TAB_FIRST, TAB_MOST, TAB_OVER, TAB_WIDTH, Signs, tab_step

MARK = 5.6  # points


class Extras:
    """Makes the extras of one book after another page; `chapter` is the one being bound."""

    chapter: Chapter

    def __init__(self, book, binder: Binder):
        self.book, self.binder, self.sheet = book, binder, book.sheet
        self.signs, self.options = Signs(book.furniture), book.context.options
        self.refusals: list[Refusal] = []
        self.references = References(book, binder, self.signs, self.refusals)

    def tab(self, place: int) -> list[Extra]:
        """Return the tab of the current chapter for the page at `place`."""
        if self.options.get("thumb_index") is not True:
            return []
        n = self.book.chapters.index(self.chapter)
        left = self.sheet.is_left(place)
        step = tab_step(len(self.book.chapters))
        y = PAGE[1] - TAB_FIRST - (n % TAB_MOST + 1) * step
        x = -TAB_OVER if left else PAGE[0] - TAB_WIDTH
        return [Extra(self._tabs[2 * n + (0 if left else 1)], x, y, quiet=True)]

    @cached_property
    def _tabs(self) -> list[int]:
        return self.binder.forms(self.signs.tabs(self.book.chapters))

    def filled(self, leaf: Leaf, holes: list[list]) -> list[Extra]:
        """Return what fills the holes of a page and stands at its foot."""
        if not holes:
            return []
        known = {hole[4]: hole[:4] for hole in holes}
        found: list[Extra] = []
        notes: dict[str, int] = {}
        for slot in leaf.cards:
            found += self.references.lines(leaf, slot, known)
            if place := known.get(f"note@{slot.key}"):
                number = notes.setdefault(slot.entry.more.note, len(notes) + 1)
                found.append(self._mark(number, place))
        return found + (self._footnotes(leaf, list(notes)) if notes else [])

    def _mark(self, number: int, place: list[float]) -> Extra:
        x0, y0, x1, y1 = place
        stamp = self.binder.stamp(
            str(number), x=(x0 + x1) / 2, y=y1 - (y1 - y0) * 0.28, size=MARK, part=0.5
        )
        return Extra(stamp=stamp)

    def _footnotes(self, leaf: Leaf, texts: list[str]) -> list[Extra]:
        payload = self.signs.footnotes(texts)
        (placed,) = self.binder.placed(payload)
        if self.binder.counts_of(payload)[0]:
            self._report_cut(leaf)
        x = self.sheet.margin_left(leaf.page)
        return [Extra(placed.form, x, self.sheet.bottom - self.sheet.notes - 1.2 * MM)]

    def _report_cut(self, leaf: Leaf) -> None:
        message = _("The notes on page %(page)s had to be shortened: %(products)s.")
        noted = [entry.identifier for entry in leaf.entries if entry.more.note]
        told = {"page": leaf.folio or str(leaf.page), "products": ", ".join(noted)}
        for identifier in noted[:1]:
            self.refusals.append(
                Refusal(identifier, "note_shortened", message, "note", "warning", told)
            )
