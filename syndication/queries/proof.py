"""The proof of an edition: what changed against the one before, and what stands on which page."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import orjson
from django.db.models import Q, QuerySet
from django.utils.translation import gettext, gettext_lazy

from pim.published import EVERYTHING, Rights, structure, visible_identifiers
from syndication.contract import Labels
from syndication.models import ContextDocument, Edition, EditionChange, EditionPage
from syndication.rendering.formats import Formatter

KINDS = ("added", "changed", "removed", "moved")
WORDS = {
    "@name": gettext_lazy("Name"),
    "@image": gettext_lazy("Main picture"),
    "@categories": gettext_lazy("Categories"),
    "@packaging": gettext_lazy("Packaging"),
    "@prices": gettext_lazy("Prices"),
    "@variant": gettext_lazy("Variant"),
}
TIE = "@tie:"


class Moved(NamedTuple):
    """A product that stands on another page than in the edition before."""

    identifier: str
    before: str
    after: str


@dataclass
class Row:
    """One changed text or value, in words of the edition's language."""

    what: str
    identifier: str
    locale: str
    before: str
    after: str
    code: str = field(default="", repr=False)

    @property
    def said(self) -> tuple[str, str, str]:
        """What it says of the change, of whatever it says it."""
        return self.locale, self.before, self.after


class Proof:
    """What a person with these rights may read of an edition's changes and pages."""

    def __init__(self, edition: Edition, *, rights: Rights = EVERYTHING):
        self.edition, self.rights = edition, rights

    @cached_property
    def before(self) -> Edition | None:
        """The edition that it is compared with; None for the first."""
        number = self.edition.counts.get("compared_with")
        rows = Edition.objects.filter(output_id=self.edition.output_id, number=number)
        return rows.first() if number else None

    def changes(self, *, kind: str = "", words: str = "") -> QuerySet[EditionChange]:
        """Return the changes of products that may be seen."""
        rows = self.edition.changes.all()
        if not self.rights.unlimited:
            rows = rows.filter(identifier__in=visible_identifiers(self.rights))
        if kind:
            rows = rows.filter(kind=kind)
        if words:
            rows = rows.filter(Q(identifier__icontains=words) | Q(name__icontains=words))
        return rows

    def counts(self) -> dict[str, int]:
        """Return {kind of change: number of products}."""
        found = Counter(self.changes().values_list("kind", flat=True))
        return {kind: found[kind] for kind in KINDS[:3]} | {"moved": len(self.moved)}

    def rows_of(self, change: EditionChange) -> list[Row]:
        """Return what differs, without what the roles hide: each text once, not again as the name
        of the product, nor for every variant that takes it from its model."""
        found = (self._row(*detail) for detail in orjson.loads(change.details))
        rows = [row for row in found if self._shown(row)]
        named = {(row.identifier, row.said) for row in rows if not row.code.startswith("@")}
        own = {(row.code, row.said) for row in rows if row.identifier == change.identifier}
        return [
            row
            for row in rows
            if not (row.code == "@name" and (row.identifier, row.said) in named)
            and (row.identifier == change.identifier or (row.code, row.said) not in own)
        ]

    def pages(self) -> list[EditionPage]:
        """Return the pages in order; products that may not be seen are left out."""
        pages = list(self.edition.pages.all())
        for page in pages if self.seen is not None else ():
            kept = [pair for pair in placed_on(page) if pair[0] in self.seen]
            page.products = orjson.dumps(kept).decode()
        return pages

    @cached_property
    def seen(self) -> set[str] | None:
        """The identifiers of products that may be seen; None: all of them."""
        if self.rights.unlimited:
            return None
        return set(visible_identifiers(self.rights).values_list("identifier", flat=True))

    @cached_property
    def moved(self) -> list[Moved]:
        """What stands on another page than before, in the order of the pages."""
        if self.before is None:
            return []
        old, new = (folios(e.pages.all()) for e in (self.before, self.edition))
        found = [Moved(n, old[n], page) for n, page in new.items() if old.get(n, page) != page]
        return [moved for moved in found if self.seen is None or moved.identifier in self.seen]

    def _row(self, locale: str, identifier: str, what: str, before: Any, after: Any) -> Row:
        form = self._formatter(locale)
        told = (self._told(form, what, data) for data in (before, after))
        return Row(self._named(form, what), identifier, locale, *told, code=what)

    def _shown(self, row: Row) -> bool:
        if self.rights.unlimited or row.code.startswith("@"):
            return True
        attribute = structure().attributes.get(row.code)
        channel = self.edition.settings["channel"] if attribute and attribute.scopable else ""
        locale = row.locale if attribute and attribute.localizable else ""
        return bool(self.rights.value(attribute, channel, locale))

    def _named(self, form: Formatter, what: str) -> str:
        if what.startswith(TIE):
            code = what.removeprefix(TIE)
            return form.body.get("associations", {}).get(code, {}).get("label") or code
        return str(WORDS[what]) if what in WORDS else form.label(what)

    def _told(self, form: Formatter, what: str, data: Any) -> str:
        if data is None or data == []:
            return ""
        if what == "@prices":
            return ", ".join(_price(form, price) for price in data)
        if what == "@categories":
            return ", ".join(form.category(code) for code in data)
        if what.startswith("@"):
            return ", ".join(map(_plain, data)) if isinstance(data, list) else _plain(data)
        if data == {"$state": "empty"}:
            return gettext("(empty on purpose)")
        return form.value(what, data) or _plain(data)

    def _formatter(self, locale: str) -> Formatter:
        if locale not in self._formatters:
            self._formatters[locale] = Formatter(self._labels(locale), locale=locale)
        return self._formatters[locale]

    @cached_property
    def _formatters(self) -> dict[str, Formatter]:
        return {}

    def _labels(self, locale: str) -> Labels:
        channel = self.edition.settings["channel"]
        row = ContextDocument.objects.filter(channel=channel, locale=locale).first()
        body = orjson.loads(row.body) if row else {"roles": {}}
        return Labels(row.digest if row else "", body)


def _plain(data: Any) -> str:
    if isinstance(data, dict):
        return ", ".join(f"{name} {_plain(value)}" for name, value in data.items())
    return str(data)


def _price(form: Formatter, price: dict) -> str:
    text = form.price(price["amount"], price["currency"])
    many = price.get("min_quantity") or 1
    return f"{text} ({form.number(many)}+)" if many != 1 else text


def placed_on(page: EditionPage) -> list[tuple[str, list[float]]]:
    """Return [(identifier, [x, y, width, height])] of a page."""
    return [(identifier, box) for identifier, box in orjson.loads(page.products)]


def folios(pages: Iterable[EditionPage]) -> dict[str, str]:
    """Return {identifier: number of the page on which it begins}, in the order of the pages."""
    found: dict[str, str] = {}
    for page in pages:
        for identifier, _box in placed_on(page):
            found.setdefault(identifier, page.folio or str(page.number))
    return found


def page_in_chapter(pages: Iterable[EditionPage], number: int) -> int:
    """Return which page of products of its chapter a page is, counted from 1; 0 for any other."""
    count, chapter = 0, None
    for page in pages:
        has = page.products != "[]"
        count = (count if page.title == chapter else 0) + has
        chapter = page.title
        if page.number == number:
            return count if has else 0
    return 0


def marks_of(proof: Proof) -> dict[str, str]:
    """Return {identifier: "added" or "changed"} of what is to be marked on pages."""
    rows = proof.changes().exclude(kind="removed")
    return dict(rows.values_list("identifier", "kind"))


def comment_counts(edition: Edition) -> dict[tuple[str, int], int]:
    """Return {(file, page): comments that are open}."""
    found: dict[tuple[str, int], int] = defaultdict(int)
    for place in edition.comments.filter(settled_at=None).values_list("file", "page"):
        found[place] += 1
    return dict(found)
