"""References to other pages: the lines on a card that name what a product goes with, each as large
as the place that the card left for it.
"""

import hashlib
from functools import cached_property
from typing import NamedTuple

from django.utils.translation import gettext_noop as _

from syndication.contract import Refusal

from .binding import TARGET, Binder, Extra
from .indexes import name_of, printed
from .parallel_lines import Line
from .planning import Entry, Leaf, Slot
from .sheet import MM
from .signs import Signs
from .trimmings import LINES

TOGETHER = 32  # names that are set in one go: a new one among them sets these again
NUMBER = 6.6  # size of type in points
BASELINE = 0.73 * MM  # on which names stand above the foot of their line
Target = tuple[Leaf, Entry]


class Sort(NamedTuple):
    """Lines that are set alike: names or labels, and their width and height."""

    kind: str
    size: tuple[float, float]


class References:
    """Makes the references of one book; what lost words is added to `refusals`."""

    def __init__(self, book, binder: Binder, signs: Signs, refusals: list[Refusal]):
        self.book, self.binder, self.signs, self.refusals = book, binder, signs, refusals
        self.rtl, self.locales = book.sheet.rtl, book.context.locales
        self.forms: dict[tuple[Sort, Line], int] = {}
        self.cut: set[Line] = set()
        self.told: set[str] = set()

    def lines(self, leaf: Leaf, slot: Slot, known: dict[str, list[float]]) -> list[Extra]:
        """Return the lines for products of the book that a product goes with, under a heading."""
        found = self._others(slot.entry)
        places = [known.get(f"ref{n}@{slot.key}") for n in range(LINES + 1)]
        if not found or not places[0]:
            return []
        kinds = dict.fromkeys(kind for kind, _target in found)
        heading = tuple(self._heading(kinds, code) for code in self.locales)
        lines = [Extra(self._form("label", places[0], heading), *places[0][:2])]
        for place, (_kind, target) in zip(places[1:], found, strict=False):
            if place:
                lines += self._line(place, *target)
                self._tell_cut(leaf, target[1])
        return lines

    def _line(self, place: list[float], leaf: Leaf, entry: Entry) -> list[Extra]:
        x0, y0, x1, _y1 = place
        x, part = (x0, 0.0) if self.rtl else (x1, 1.0)
        number = leaf.folio or str(leaf.page)
        stamp = self.binder.stamp(number, x=x, y=y0 + BASELINE, size=NUMBER, part=part)
        link = ([round(n, 2) for n in place], f"{TARGET}{leaf.page}")
        said = f"{entry.name}, {number}"
        form = self._form("name", place, self._names(entry))
        return [Extra(form, x0, y0, stamp=stamp, link=link, said=said)]

    def _names(self, entry: Entry) -> Line:
        return tuple(name_of(entry, code) for code in self.locales)

    def _tell_cut(self, leaf: Leaf, entry: Entry) -> None:
        if self._names(entry) in self.cut and entry.identifier not in self.told:
            self.told.add(entry.identifier)
            message = _("A reference to it had to be shortened on page %(page)s.")
            told = {"page": leaf.folio or str(leaf.page)}
            self.refusals.append(
                Refusal(entry.identifier, "reference_shortened", message, "name", "warning", told)
            )

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

    def _heading(self, kinds, locale: str) -> str:
        labels = self.book.context.labels[locale].body.get("associations", {})
        return " · ".join(labels.get(kind, {}).get("label") or kind for kind in kinds)

    def _form(self, kind: str, place: list[float], line: Line) -> int:
        """Return the form of a line; one that is read is written again for the next place that
        it stands at, since marked content belongs to one place of the structure (ISO 32000-1,
        14.7.4.2)."""
        x0, y0, x1, y1 = place
        sort = Sort(kind, (round(x1 - x0, 1), round(y1 - y0, 1)))
        if (sort, line) not in self.forms:
            lot = [line] if kind == "label" else next(lot for lot in self._lots if line in lot)
            made = self.binder.forms(self._set(sort, lot))
            self.forms |= {(sort, each): form for each, form in zip(lot, made, strict=True)}
        if self.binder.stage.tagged:
            return self.forms.pop((sort, line))
        return self.forms[sort, line]

    def _set(self, sort: Sort, lot: list[Line]) -> bytes:
        payload, cut = self.signs.references(lot, kind=sort.kind, size=sort.size)
        self.cut |= {line for line, is_cut in zip(lot, cut, strict=True) if is_cut}
        return payload

    @cached_property
    def _lots(self) -> list[list[Line]]:
        """All names that are referred to, in lots that a name belongs to whatever the others are:
        a new one changes its own lot."""
        listed = list(printed(self.book.chapters))
        found = {self._names(target[1]) for _leaf, e in listed for _k, target in self._others(e)}
        return _lots(sorted(found))


def _lots(lines: list[Line]) -> list[list[Line]]:
    count = 1
    while count * TOGETHER < len(lines):
        count *= 2
    lots: list[list[Line]] = [[] for _ in range(count)]
    for line in lines:
        named = "\n".join(line).encode()
        lots[int(hashlib.sha256(named).hexdigest()[:8], 16) % count].append(line)
    return [lot for lot in lots if lot]
