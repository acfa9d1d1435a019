"""Products and pages put elsewhere on the flat plan of an edition: it holds from the next one on.

What is chosen is kept in the options of the output: in a catalogue as placing rules, in a leaflet
as the list of what comes first. The edition itself stays as it is.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pim.published import InvalidValue
from syndication.models import AuditEntry, Edition, EditionPage, Output
from syndication.queries.proof import page_in_chapter, placed_on
from syndication.refusals import NotFound
from syndication.registry import output_kind
from syndication.rendering.leaflet import order as leaflet_order
from syndication.rendering.leaflet.order import PARTED
from syndication.rendering.print.rules import AFTER, BEFORE, BESIDE, PIN, PRODUCT

from .output_options import MOST_ROWS

MOST_AT_ONCE = 100
RULES, LIST = "placing", "order"  # the options that hold it, by `OutputKind.arranged_by`


class Arranger:
    """Arranges what follows an edition, as it stands in one of its files."""

    def __init__(self, edition: Edition, *, file: str, actor: str, at: datetime):
        self.edition, self.actor, self.at = edition, actor, at
        self.pages = list(edition.pages.filter(file=file))
        self.by = output_kind(edition.settings["kind"]).arranged_by
        if not self.by:
            raise InvalidValue(
                _("The order of this kind of output is not chosen by hand."), code="not_arranged"
            )

    def beside(self, identifiers: Iterable[str], *, anchor: str, behind: bool) -> Output:
        """Put products right before another one of their chapter, or behind it, in this order.

        Pins that they had are let go; beside a pinned product they are pinned to its page.
        """
        names = list(dict.fromkeys(identifiers))
        for name in (anchor, *names):
            self._refuse_unlisted(name)
        if not names or anchor in names or len(names) > MOST_AT_ONCE:
            raise InvalidValue(
                _("Choose between one and %(limit)d products, and another one to put them beside."),
                code="nothing_moved",
                field="anchor",
                limit=MOST_AT_ONCE,
            )
        there = self._page_of(anchor)
        for name in names:
            self._same_chapter(self._page_of(name), there)
        return self._write(lambda held: self._beside(held, names, anchor=anchor, behind=behind))

    def page(self, number: int, *, to: int) -> Output:
        """Put all products of a page before those of an earlier one, or behind those of a later."""
        names = [name for name, _box in placed_on(self._numbered(number))]
        target = self._numbered(to)
        others = [name for name, _box in placed_on(target) if name not in names]
        if not names or not others:
            raise InvalidValue(
                _("Choose two pages with products."), code="no_products", field="page"
            )
        behind = to > number
        return self.beside(names, anchor=others[-1 if behind else 0], behind=behind)

    def pin(self, identifier: str, *, page: int) -> Output:
        """Keep a product on a page of its chapter; refuses pages of another one, or without any."""
        self._refuse_unlisted(identifier)
        target, home = self._numbered(page), self._page_of(identifier)
        place = page_in_chapter(self.pages, page)
        if not place:
            raise _elsewhere(home)
        self._same_chapter(home, target)
        if self.by != RULES:
            others = [name for name, _box in placed_on(target) if name != identifier]
            return self.beside([identifier], anchor=others[-1], behind=True) if others else None
        row = _row([identifier], PIN, page=place)
        return self._write(lambda held: [*_without(held, [identifier]), row])

    def let_go(self, identifiers: Iterable[str]) -> Output:
        """Let products stand where the order of the output puts them."""
        names = list(identifiers)
        if self.by == LIST:
            return self._write(lambda held: [name for name in held if name not in names])
        return self._write(lambda held: _without(held, names, referred=False))

    def _beside(self, held: list, names: list[str], *, anchor: str, behind: bool) -> list:
        if self.by == LIST:
            return self._listed(held, names, anchor=anchor, behind=behind)
        rows = _without(held, names)
        rows.append(_row(names, AFTER if behind else BEFORE, value=anchor))
        if page := _pins(held).get(anchor):
            rows += [_row([name], PIN, page=page) for name in names]
        return rows

    def _listed(self, held: list[str], names: list[str], *, anchor: str, behind: bool) -> list[str]:
        shown = list(dict.fromkeys(n for page in self.pages for n, _box in placed_on(page)))
        kept = [name for name in shown if name not in names]
        at = kept.index(anchor) + behind
        order = [*kept[:at], *names, *kept[at:]]
        # What stands behind the last place that was ever chosen keeps following its category.
        chosen = {*held, *names, anchor}
        last = max(n for n, name in enumerate(order) if name in chosen)
        return order[: last + 1]

    def _numbered(self, number: int) -> EditionPage:
        found = next((page for page in self.pages if page.number == number), None)
        if found is None:
            raise NotFound(what="page", name=str(number), field="page")
        return found

    def _page_of(self, identifier: str) -> EditionPage:
        found = next((p for p in self.pages if identifier in dict(placed_on(p))), None)
        if found is None:
            raise NotFound(what="product", name=identifier, field="identifier")
        return found

    def _same_chapter(self, home: EditionPage, target: EditionPage) -> None:
        if target.title != home.title:
            raise _elsewhere(home)

    def _refuse_unlisted(self, identifier: str) -> None:
        if _names(f"{identifier},", by=self.by) != [identifier]:
            raise InvalidValue(
                _("“%(name)s” holds a sign that parts identifiers: it cannot be placed by hand."),
                code="identifier_not_listed",
                field="identifier",
                name=identifier[:100],
            )

    def _write(self, change) -> Output:
        with transaction.atomic():
            output = Output.objects.select_for_update().get(pk=self.edition.output_id)
            held = rows_of(output) if self.by == RULES else listed(output)
            chosen = change(held)
            if chosen == held:
                return output
            if len(chosen) > MOST_ROWS:
                raise InvalidValue(
                    _("There are at most %(limit)d places by hand: let some of them go first."),
                    code="too_many_rules",
                    limit=MOST_ROWS,
                )
            value = chosen if self.by == RULES else leaflet_order.written(chosen)
            output.options = {**(output.options or {}), self.by: value}
            output.row_version += 1
            output.save(update_fields=["options", "row_version"])
            AuditEntry.objects.create(
                output=output, actor=self.actor, action="options", note=self.by, at=self.at
            )
        return output


def rows_of(output: Output) -> list[Any]:
    """Return the placing rules of an output."""
    rows = (output.options or {}).get(RULES)
    return list(rows) if isinstance(rows, list) else []


def listed(output: Output) -> list[str]:
    """Return what comes first of all in an output whose order is a list."""
    return _names((output.options or {}).get(LIST), by=LIST)


def pins_of(output: Output) -> dict[str, int]:
    """Return {identifier: page of its chapter} of what is pinned."""
    return _pins(rows_of(output))


def places_by_hand(output: Output, *, seen: set[str] | None = None) -> list[dict[str, Any]]:
    """Return what was placed on a flat plan: {"identifiers", "then", "anchor", "page"} each.

    Of products that are not `seen` (None: all are) nothing is told.
    """
    by = output_kind(output.kind).arranged_by
    if by == LIST:
        found = [(listed(output), "first", "", 0)]
    else:
        rows = [row for row in rows_of(output) if _by_plan(row)]
        found = [
            (_names(row.get("of")), row["then"], str(row.get("value") or ""), row.get("page") or 0)
            for row in rows
        ]
    told = [
        {
            "identifiers": [name for name in names if seen is None or name in seen],
            "then": then,
            "anchor": anchor,
            "page": page,
        }
        for names, then, anchor, page in found
        if seen is None or not anchor or anchor in seen
    ]
    return [row for row in told if row["identifiers"]]


def _pins(rows: list[Any]) -> dict[str, int]:
    pinned = [row for row in rows if _by_plan(row) and row["then"] == PIN]
    return {name: row.get("page") or 0 for row in pinned for name in _names(row.get("of"))}


def _without(rows: list[Any], names: list[str], *, referred: bool = True) -> list[Any]:
    """Return the rules without the places of these products.

    A place that a later rule has `referred` to stays: what stands beside it would lose its own.
    """
    kept: list[Any] = []
    anchors: set[str] = set()
    for row in reversed(rows):
        if _by_plan(row):
            old = _names(row.get("of"))
            gone = {n for n in names if n not in anchors or row["then"] == PIN}
            if referred and row["then"] in BESIDE:
                anchors.add(str(row.get("value") or ""))
            rest = [name for name in old if name not in gone]
            if not rest:
                continue
            row = row if rest == old else {**row, "of": ", ".join(rest)}
        kept.append(row)
    return kept[::-1]


def _row(names: list[str], then: str, *, value: str = "", page: int = 0) -> dict[str, Any]:
    row = {"when": PRODUCT, "of": ", ".join(names), "value": value, "then": then}
    return {**row, "page": page} if page else row


def _by_plan(row: Any) -> bool:
    chosen = isinstance(row, dict) and row.get("when") == PRODUCT
    return chosen and row.get("then") in (PIN, *BESIDE)


def _names(text: Any, *, by: str = RULES) -> list[str]:
    if by == LIST:
        return leaflet_order.listed(str(text or ""))
    return [name for part in PARTED.split(str(text or "")) if (name := part.strip())]


def _elsewhere(home: EditionPage) -> InvalidValue:
    return InvalidValue(
        _("A product stays in its chapter: choose a page of products of “%(chapter)s”."),
        code="other_chapter",
        field="page",
        chapter=home.title,
    )
