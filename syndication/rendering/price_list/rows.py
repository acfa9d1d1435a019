"""One article as a row of the list: plain texts, a list of price lines per column."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from syndication.contract import Facts, Refusal, RenderContext, Unit

from ..labels.sheets import place_of
from ..offers import currency_of, money
from ..print_words import print_words
from ..printable import printable, shortened, tied
from ..tongues import Text, distinct, joined, texts
from ..view import View, views
from ..words import words

NAME_ROOM = 160
NO_PRICE = _("There is no price in %(lists)s.")


def columns_of(options: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the price columns, {"price_list", "heading"} each; none: the channel's own price."""
    chosen = options.get("columns")
    rows = [row for row in chosen if isinstance(row, dict)] if isinstance(chosen, list) else []
    named = [
        {key: str(row.get(key) or "").strip() for key in ("price_list", "heading")} for row in rows
    ]
    return [row for row in named if row["price_list"]]


class Row:
    """An article in one locale as the list shows it; `warnings` grow while it is read."""

    def __init__(self, unit: Unit, context: RenderContext):
        self.context, self.locale = context, context.locale
        self.views = [views(unit, context.labels[code], locale=code)[0] for code in context.locales]
        self.view: View = self.views[0]
        self.warnings: list[Refusal] = []

    def warn(self, code: str, message: str, *, field: str = "", **params) -> None:
        told = Refusal(self.view.identifier, code, message, field, "warning", params)
        if told not in self.warnings:
            self.warnings.append(told)

    def says(self) -> dict[str, Any]:
        """Return the cells: article number, name in every language, pack, GTIN, prices by
        column."""
        return {
            "sku": shortened(printable(self.view.identifier)[0], room=60),
            "names": [self._name(view) for view in self.views],
            "pack": self._shown("pack"),
            "gtin": self.view.gtin if self.context.options.get("gtins") is not False else "",
            "prices": self._prices(),
        }

    def _shown(self, option: str) -> str:
        code = self.context.options.get(option) or ""
        said = (printable(view.show(code))[0][:40] for view in self.views if code)
        return joined(said, between=" / ")

    def _name(self, view: View) -> str:
        plain, complete = printable(view.name)
        if not complete:
            message = _("Emoji or control characters were left out.")
            self.warn("characters_left_out", message, field="name")
        axes = " · ".join(text for _code, _label, text in view.axis_texts())
        whole = f"{plain} · {axes}" if axes and axes not in plain else plain
        if len(whole) > NAME_ROOM:
            message = _("Shortened to fit: %(beginning)s…")
            self.warn("text_shortened", message, field="name", beginning=whole[:60])
        return shortened(tied(whole), room=NAME_ROOM)

    def _prices(self) -> list[list[list[str]]]:
        """Return for each column the lines [from quantity or "", price]."""
        columns = columns_of(self.context.options)
        found = [self._listed(column["price_list"]) for column in columns] or [self._standing()]
        if not any(found):
            lists = ", ".join(column["price_list"] for column in columns) or self._currency
            self.warn("price_missing", NO_PRICE, field="price", lists=lists)
        return found

    @property
    def _currency(self) -> str:
        channel = self.view.labels.body["channel"]
        chosen = self.context.options.get("currency") or ""
        return currency_of(channel, locale=self.locale, chosen=chosen)

    def _standing(self) -> list[list[str]]:
        currency = self._currency
        price = self.view.price(currency) if currency else None
        lines = [["", self._money(price.amount, currency)]] if price else []
        return lines + self._breaks(self.view.facts, currency=currency)

    def _breaks(self, facts: Facts, *, currency: str) -> list[list[str]]:
        """Return the quantity prices of the first list that has any."""
        several = [p for p in facts.prices if p["currency"] == currency and _least(p) > 1]
        first = several[0]["price_list"] if several else ""
        return self._lines(p for p in several if p["price_list"] == first)

    def _listed(self, price_list: str) -> list[list[str]]:
        return self._lines(p for p in self.view.facts.prices if p["price_list"] == price_list)

    def _lines(self, prices) -> list[list[str]]:
        """Return rising quantities, the best price of each: the one that ends, if any does."""
        best: dict[int, dict] = {}
        for price in prices:
            known = best.get(_least(price))
            if not known or (price.get("valid_to") and not known.get("valid_to")):
                best[_least(price)] = price
        lines = []
        for least, price in sorted(best.items()):
            amount = money(price["amount"], price["currency"])
            if amount:
                start = self._from(least) if least > 1 else ""
                lines.append([start, self._money(amount, price["currency"])])
        return lines

    def _from(self, least: int) -> str:
        number = self.view.format.number(str(least))
        if self.views[1:]:
            return f"≥ {number}"  # a sign for all languages
        return print_words(self.locale)["from_quantity"] % number

    def _money(self, amount: str, currency: str) -> str:
        return self.view.format.price(amount, currency)


def _least(price: dict) -> int:
    return int(price.get("min_quantity") or 1)


def summarise(unit: Unit, context: RenderContext) -> dict:
    """Return what order and notes must know of an article."""
    labels = context.labels[context.locale]
    view = views(unit, labels, locale=context.locale)[0]
    listed = {column["price_list"] for column in columns_of(context.options)}
    shown = [p for p in view.facts.prices if not listed or p["price_list"] in listed]
    taxes = sorted({bool(p.get("tax_included", True)) for p in shown})
    codes = view.body.get("categories") or []
    return {"name": view.name, "home": home_of(codes, context), "taxes": taxes}


def home_of(codes: list[str], context: RenderContext) -> str:
    """Return the category an article is listed under: of several, the first of the tree."""
    labels = context.labels[context.locale]
    known = labels.body["categories"]
    placed = [(place_of([code], labels), code) for code in codes if code in known]
    return min(placed, default=(None, ""))[1]


def headings(context: RenderContext, *, filled: set[str]) -> dict[str, Any]:
    """Return the heads of the columns, texts in the readers' languages each; one that no row
    fills is left out."""

    def said(key: str) -> list[Text]:
        return texts(context.locales, lambda code: (words(code) | print_words(code))[key])

    def chosen(column: dict[str, str]) -> list[Text]:
        text = column["heading"] or column["price_list"]
        return texts([context.locale], lambda _code: text)

    return {
        "sku": distinct(said("article")),
        "names": said("name"),
        "pack": distinct(said("pack")) if "pack" in filled else [],
        "gtin": "GTIN" if "gtin" in filled else "",
        "prices": [chosen(column) for column in columns_of(context.options)]
        or [distinct(said("price"))],
    }
