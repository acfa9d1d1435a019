"""Pages that were supplied ready-made: adverts, fixed pages, and the rules for their places."""

from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any, NamedTuple

from django.utils.translation import gettext_noop as _

from syndication.contract import Refusal, RenderContext

from .fixed import FixedRefused, fixed_pages, fixed_sizes
from .gaps import CutIn
from .parts import Pack
from .sheet import MM

EVERYWHERE = {"before_chapter", "after_chapter"}  # without a chapter: at every one


class Supplied(NamedTuple):
    """One page of a supplied document: its asset, and which page of it."""

    asset: str
    page: int


@dataclass
class Row:
    """A rule: the pages of one asset, where they stand, and the chapter or number it goes by."""

    place: str
    pages: list[Supplied]
    of: str = ""
    n: int = 0


@dataclass
class Inserts:
    """The rules of one book; `packs` has the pages of each asset as forms of the sheet's size."""

    rows: list[Row] = field(default_factory=list)
    packs: dict[str, bytes] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    cutins: list[CutIn] = field(default_factory=list)  # for gaps between cards

    def begun(self) -> "Inserts":
        """Return the same rules with nothing placed yet: counting begins anew."""
        fresh = Inserts(self.rows, self.packs, self.refusals, self.cutins)
        fresh.fillers = _endless("filler", self.rows)
        fresh.turns = [(row.n, cycle(row.pages)) for row in self.rows if row.place == "every"]
        fresh.products = 0
        return fresh

    def at(self, place: str, of: str = "") -> list[Supplied]:
        """Return the pages for a place; `of` is the code of the chapter there."""
        found = [row for row in self.rows if row.place == place]
        if place in EVERYWHERE:
            found = [row for row in found if row.of in ("", of)]
        return [page for row in found for page in row.pages]

    def after(self, folio: str, *, products: bool) -> list[Supplied]:
        """Return the pages that follow a page with this number; `products` may trigger more."""
        chosen = (row for row in self.rows if row.place == "after_page" and str(row.n) == folio)
        found = [page for row in chosen for page in row.pages]
        if not products:
            return found
        self.products += 1
        return found + [next(pages) for n, pages in self.turns if self.products % n == 0]

    def filler(self) -> Supplied | None:
        """Return the next page for a place that would stay empty, None without any."""
        return next(self.fillers, None)


def _endless(place: str, rows: list[Row]):
    return cycle([page for row in rows if row.place == place for page in row.pages])


NONE = Inserts()


def inserts_of(context: RenderContext) -> Inserts:
    """Return the rules that options set; documents that cannot be used are refused."""
    found = Inserts()
    for row in context.options.get("inserts") or []:
        if isinstance(row, dict):
            _take(found, row, context)
    return found


def _take(found: Inserts, row: dict[str, Any], context: RenderContext) -> None:
    asset, place = row.get("asset") or {}, str(row.get("place") or "")
    name = str(asset.get("code") or "")
    if (place in ("after_page", "every")) and not _positive(row.get("n")):
        message = _("The document has no place: its rule needs a number of pages.")
        found.refusals.append(_refusal(name, message))
        return
    fit = str(row.get("fit") or "exact")
    key = f"{name}|{fit}"
    try:
        if place == "gap":
            sizes = enumerate(fixed_sizes(asset, context))
            found.cutins += [CutIn(asset, n, fit, tuple(size)) for n, size in sizes]
            return
        if key not in found.packs:
            found.packs[key] = fixed_pages(asset, context, fit=fit)
    except FixedRefused as refused:
        found.refusals.append(_refusal(name, refused.message, **refused.params))
        return
    count = len(Pack.from_bytes(found.packs[key]).forms)
    pages = [Supplied(key, n) for n in range(count)]
    found.rows.append(Row(place, pages, str(row.get("of") or ""), _positive(row.get("n"))))


def never_placed(inserts: Inserts, used: Collection[CutIn]) -> list[Refusal]:
    """Return a warning for each page that suited no gap between the cards."""
    message = _("Page %(page)d of it, %(size)s, suits no gap between the cards.")
    return [
        _refusal(str(advert.asset.get("code") or ""), message, page=advert.page + 1, size=size)
        for advert in inserts.cutins
        if advert not in used
        for size in [" × ".join(f"{n / MM:.0f}" for n in advert.size) + " mm"]
    ]


def _positive(said: Any) -> int:
    return said if isinstance(said, int) and said > 0 else 0


def _refusal(asset: str, message: str, **params) -> Refusal:
    return Refusal(asset, "insert_refused", message, "inserts", "warning", params)
