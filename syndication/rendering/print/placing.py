"""Placing rules of an output: which layout a product gets, and what editors place by hand.

A rule is a row {"when", "of", "value", "then", "page"}. Rows that name products win over those
with a condition; among each kind, the first that fits.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_noop as _

from syndication.contract import Labels, Listing, Refusal, RenderContext, Unit

from .hand import Hand, Move
from .layouts.folders import PLAIN, Layout, shelf
from .rules import (
    AFTER,
    ATTRIBUTE,
    BESIDE,
    BREAK,
    BY_HAND,
    CATEGORY,
    CONDITIONS,
    FAMILY,
    FIRST,
    LAYOUT,
    PIN,
    PRODUCT,
    TOGETHER,
    VARIANTS,
)

COMPARED = re.compile(r"(>=|<=|>|<)\s*(-?\d+(?:\.\d+)?)\Z")


@dataclass(frozen=True)
class Rule:
    """One row; `of` are codes or identifiers, `n` its number as people count."""

    n: int
    when: str
    of: tuple[str, ...]
    value: str
    then: str
    page: int = 0

    @property
    def layout(self) -> str:
        return self.then.removeprefix(LAYOUT) if self.then.startswith(LAYOUT) else ""


@dataclass(frozen=True)
class Choice:
    """The layout of one product, and what must be told of the choice: (code, message, params)."""

    layout: Layout
    told: list[tuple[str, str, dict]] = field(default_factory=list)

    @property
    def summary(self) -> dict:
        """What is known of the card before it is set: its cells are the smallest it may take."""
        manifest = self.layout.manifest
        cells = [list(manifest.cells[0])] * manifest.pages
        return {"layout": self.layout.code, "cells": cells, "facing": manifest.pages == 2}


def rules_of(options: dict[str, Any]) -> list[Rule]:
    """Return the rules of an output's options; what is not a row of texts is left out."""
    rows = options.get("placing")
    found = (_rule(n, row) for n, row in enumerate(rows if isinstance(rows, list) else [], 1))
    return [rule for rule in found if rule]


def _rule(n: int, row: Any) -> Rule | None:
    if not isinstance(row, dict):
        return None
    when, then, value = (str(row.get(key) or "").strip() for key in ("when", "then", "value"))
    of = tuple(part.strip() for part in re.split(r"[,;\n]", str(row.get("of") or "")))
    page = row.get("page")
    page = page if isinstance(page, int) and not isinstance(page, bool) else 0
    return Rule(n, when, tuple(filter(None, of)), value, then, max(0, page))


def base_layout(options: dict[str, Any]) -> str:
    """Return the code of the layout of whatever no rule speaks of."""
    return options.get("layout") or PLAIN


def hand_of(options: dict[str, Any]) -> Hand:
    """Return what is placed by hand."""
    rules = [rule for rule in rules_of(options) if rule.when == PRODUCT]
    named = {then: [rule for rule in rules if rule.then == then] for then in BY_HAND}
    first = dict.fromkeys(name for rule in named[FIRST] for name in rule.of)
    return Hand(
        breaks=frozenset(name for rule in named[BREAK] for name in rule.of),
        together=tuple(rule.of for rule in named[TOGETHER]),
        order={name: n for n, name in enumerate(first)},
        pins={name: rule.page for rule in named[PIN] for name in rule.of if rule.page},
        moves=tuple(
            Move(rule.of, rule.value, rule.then == AFTER)
            for rule in rules
            if rule.then in BESIDE and rule.of and rule.value not in ("", *rule.of)
        ),
    )


class Placing:
    """Chooses layouts for the products of an output."""

    def __init__(self, context: RenderContext):
        self.context, self.labels = context, context.labels[context.locale]
        self.layouts = shelf().layouts

    @cached_property
    def _rules(self) -> list[Rule]:
        with_layout = [rule for rule in rules_of(self.context.options) if rule.layout]
        return sorted(with_layout, key=lambda rule: rule.when != PRODUCT)

    def choose(self, unit: Unit) -> Choice:
        """Return the layout of a unit: that of the first rule that fits, else the output's."""
        listings = unit.listings[self.context.locale]
        code = next(
            (rule.layout for rule in self._rules if matches(rule, listings, self.labels)),
            base_layout(self.context.options),
        )
        layout = self.layouts.get(code) or self.layouts[PLAIN]
        role = "model" if len(listings) > 1 else "item"
        if role in layout.manifest.takes:
            return Choice(layout)
        message = _("On page %(page)s, the layout “%(layout)s” is not for this kind of product.")
        told = [("layout_not_for_product", message, {"layout": layout.code})]
        return Choice(self._other(role), told)

    def _other(self, role: str) -> Layout:
        base = self.layouts.get(base_layout(self.context.options))
        return base if base and role in base.manifest.takes else self.layouts[PLAIN]


def placing_of(context: RenderContext) -> Placing:
    """Return the placing of an output, with the layouts as they were when it was first asked for.

    It is asked for again and again for every product, and looks at every file of every layout.
    """
    found = _last.get("placing")
    if found is None or found.context is not context:
        found = _last["placing"] = Placing(context)
    return found


_last: dict[str, Placing] = {}  # that of the output at work: there are not two at a time in a child


def matches(rule: Rule, listings: tuple[Listing, ...], labels: Labels) -> bool:
    """Say whether a product (a model with its variants) meets a rule's condition."""
    main = listings[0].body
    if rule.when == PRODUCT:
        return main["identifier"] in rule.of
    if rule.when == FAMILY:
        return main.get("family") in rule.of
    if rule.when == CATEGORY:
        return bool(set(rule.of) & set(_above(main.get("categories") or (), labels)))
    if rule.when == ATTRIBUTE:
        return any(
            _has(listing.value(code), rule.value) for code in rule.of for listing in listings
        )
    if rule.when == VARIANTS:
        least = int(rule.value) if rule.value.isdecimal() else 1
        return len(listings) > least
    return False


def _above(categories: Iterable[str], labels: Labels) -> Iterator[str]:
    """Yield categories and all above them."""
    for code in categories:
        yield code
        yield from labels.body["categories"].get(code, {}).get("path") or ()


def _has(data: Any, wanted: str) -> bool:
    """Say whether raw data is the wanted value: any at all, equal, or larger or smaller."""
    if data is None or data == "" or data == [] or (isinstance(data, dict) and "$state" in data):
        return False
    if not wanted:
        return True
    values = data if isinstance(data, list) else [data]
    return any(_equals(value, wanted) for value in values)


def _equals(value: Any, wanted: str) -> bool:
    if isinstance(value, bool):
        return wanted.lower() in (("yes", "true", "1") if value else ("no", "false", "0"))
    text = str(value.get("amount", "")) if isinstance(value, dict) else str(value)
    if found := COMPARED.match(wanted):
        return _compares(text, found[1], found[2])
    return text.casefold() == wanted.casefold() or _compares(text, "=", wanted)


def _compares(text: str, sign: str, other: str) -> bool:
    try:
        one, two = Decimal(text), Decimal(other)
    except InvalidOperation:
        return False
    if not (one.is_finite() and two.is_finite()):
        return False
    return {">": one > two, "<": one < two, ">=": one >= two, "<=": one <= two}.get(
        sign, one == two
    )


def faults_of(context: RenderContext, known: set[str]) -> Iterator[Refusal]:
    """Yield what is wrong with the rules of an output; `known` are the products of the edition."""
    labels, options = context.labels[context.locale].body, context.options
    there = {
        PRODUCT: known,
        FAMILY: labels.get("families", {}).keys(),
        CATEGORY: labels["categories"].keys(),
        ATTRIBUTE: labels["attributes"].keys(),
    }
    for rule in rules_of(options):
        yield from _faults(rule, there)
    base = base_layout(options)
    for code in dict.fromkeys([base, *(r.layout for r in rules_of(options) if r.layout)]):
        if code not in shelf().layouts:
            message = _("There is no layout “%(layout)s”, or it has a fault; “%(plain)s” was used.")
            params = {"layout": code, "plain": PLAIN}
            yield Refusal("", "layout_missing", message, "layout", "warning", params)


def _faults(rule: Rule, there: dict[str, Any]) -> Iterator[Refusal]:
    if rule.when not in CONDITIONS or not (rule.layout or rule.then in BY_HAND):
        yield _fault(
            "placing_rule_unclear", _("Placing rule %(rule)d does not say what to do."), rule
        )
    elif rule.then in BY_HAND and rule.when != PRODUCT:
        message = _("Placing rule %(rule)d works with products only, not with a condition.")
        yield _fault("placing_rule_unclear", message, rule)
    elif rule.then == PIN and not rule.page:
        message = _("Placing rule %(rule)d does not say to which page of its chapter.")
        yield _fault("placing_rule_unclear", message, rule)
    elif rule.then in BESIDE and rule.value in ("", *rule.of):
        message = _("Placing rule %(rule)d does not say beside which product.")
        yield _fault("placing_rule_unclear", message, rule)
    elif rule.when != VARIANTS and not rule.of:
        yield _fault("placing_rule_unclear", _("Placing rule %(rule)d names nothing."), rule)
    named = (*rule.of, rule.value) if rule.then in BESIDE and rule.value else rule.of
    for name in named if rule.when in there else ():
        if name not in there[rule.when]:
            message = _("Placing rule %(rule)d names “%(name)s”, which is not in this edition.")
            yield _fault("placing_rule_unknown", message, rule, name=name)


def _fault(code: str, message: str, rule: Rule, **params) -> Refusal:
    identifier = str(params.get("name", "")) if rule.when == PRODUCT else ""
    return Refusal(identifier, code, message, "placing", "warning", {"rule": rule.n, **params})
