"""Extras of a page: its tab of the thumb index, references to other pages, notes at its foot.

All of them depend on where things stand in this book, so they are made when it is bound; what
they are made of is remembered by what it says.
"""

import hashlib
from functools import cached_property

from django.utils.translation import gettext_noop as _

from syndication.contract import Refusal

from .binding import TARGET, Binder, Extra
from .chapters import Chapter
from .indexes import printed
from .planning import Entry, Leaf
from .sheet import MM, NOTES_HEIGHT, PAGE
from .signs import TAB_FIRST, TAB_MOST, TAB_OVER, TAB_WIDTH, Signs, tab_step
from .trimmings import LINES

TOGETHER = 32  # names that are set in one go: a new one among them sets these again
NUMBER, MARK = 6.6, 5.6  # sizes of type in points
Target = tuple[Leaf, Entry]


class Extras:
    """Makes the extras of one book after another page; `chapter` is the one being bound."""

    chapter: Chapter

    def __init__(self, book, binder: Binder):
        self.book, self.binder, self.sheet = book, binder, book.sheet
        self.signs, self.options = Signs(book.furniture), book.context.options
        self.refusals: list[Refusal] = []
        self.strips: dict[str, int] = {}
        self.labels: dict[str, int] = {}

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
            found += self._references(slot.entry, slot.key, known)
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
        return [Extra(placed.form, x, self.sheet.bottom - NOTES_HEIGHT - 1.2 * MM)]

    def _report_cut(self, leaf: Leaf) -> None:
        message = _("The notes on page %(page)s had to be shortened: %(products)s.")
        noted = [entry.identifier for entry in leaf.entries if entry.more.note]
        told = {"page": leaf.folio or str(leaf.page), "products": ", ".join(noted)}
        for identifier in noted[:1]:
            self.refusals.append(
                Refusal(identifier, "note_shortened", message, "note", "warning", told)
            )

    def _references(self, entry: Entry, key: str, known: dict[str, list[float]]) -> list[Extra]:
        """Return the lines for products of the book that a product goes with, under a heading."""
        found = self._others(entry)
        places = [known.get(f"ref{n}@{key}") for n in range(LINES + 1)]
        if not found or not places[0]:
            return []
        kinds = dict.fromkeys(kind for kind, _target in found)
        lines = [Extra(self._label(self._heading(kinds)), *places[0][:2])]
        for place, (_kind, target) in zip(places[1:], found, strict=False):
            if place:
                lines += self._line(place, *target)
        return lines

    def _line(self, place: list[float], leaf: Leaf, entry: Entry) -> list[Extra]:
        x0, y0, x1, _y1 = place
        x, part = (x0, 0.0) if self.sheet.rtl else (x1, 1.0)
        number = leaf.folio or str(leaf.page)
        stamp = self.binder.stamp(number, x=x, y=y0 + 1.05 * MM, size=NUMBER, part=part)
        link = ([round(n, 2) for n in place], f"{TARGET}{leaf.page}")
        said = f"{entry.name}, {number}"
        return [Extra(self._strip(entry.name), x0, y0, stamp=stamp, link=link, said=said)]

    def _others(self, entry: Entry) -> list[tuple[str, Target]]:
        found, seen = [], {entry.identifier}
        for kind, identifier in entry.more.others:
            target = self._targets.get(identifier)
            if target and target[1].identifier not in seen:
                seen.add(target[1].identifier)
                found.append((kind, target))
        return found[:LINES]

    @cached_property
    def _targets(self) -> dict[str, Target]:
        """Every product and article of the book with the page that it is printed on."""
        return {
            name: (leaf, entry)
            for leaf, entry in printed(self.book.chapters)
            for name in (entry.identifier, *entry.more.numbers)
        }

    def _heading(self, kinds) -> str:
        labels = self.book.context.labels[self.book.context.locale].body.get("associations", {})
        return " · ".join(labels.get(kind, {}).get("label") or kind for kind in kinds)

    def _strip(self, name: str) -> int:
        """Return the form of the line for a product by its name."""
        if name not in self.strips:
            lot = next(lot for lot in self._lots if name in lot)
            forms = self.binder.forms(self.signs.references(lot, kind="name"))
            self.strips |= dict(zip(lot, forms, strict=True))
        return self._once(self.strips, name)

    @cached_property
    def _lots(self) -> list[list[str]]:
        """All names that are referred to, in lots that a name belongs to whatever the others are:
        a new one changes its own lot."""
        listed = list(printed(self.book.chapters))
        found = {target[1].name for _leaf, entry in listed for _k, target in self._others(entry)}
        return _lots(sorted(found))

    def _label(self, text: str) -> int:
        if text not in self.labels:
            (self.labels[text],) = self.binder.forms(self.signs.references([text], kind="label"))
        return self._once(self.labels, text)

    def _once(self, forms: dict[str, int], text: str) -> int:
        """Return a form; one that is read is written again for the next place that it stands at,
        since marked content belongs to one place of the structure (ISO 32000-1, 14.7.4.2)."""
        return forms.pop(text) if self.binder.stage.tagged else forms[text]


def _lots(names: list[str]) -> list[list[str]]:
    count = 1
    while count * TOGETHER < len(names):
        count *= 2
    lots: list[list[str]] = [[] for _ in range(count)]
    for name in names:
        lots[int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) % count].append(name)
    return [lot for lot in lots if lot]
