"""The price of a card: that of an article, or from the lowest of a model's variants."""

from decimal import Decimal
from functools import cached_property

from syndication.contract import RenderContext

from ..offers import currency_of
from ..tongues import Text, distinct, in_all, texts
from ..view import View
from ..words import words


def wanted_currency(context: RenderContext) -> str:
    """Return the currency of an output's prices, "" where it shows none."""
    if context.options.get("prices") is False:
        return ""
    channel = context.labels[context.locale].body["channel"]
    chosen = context.options.get("currency") or ""
    return currency_of(channel, locale=context.locale, chosen=chosen)


class Prices:
    """What a product and its variants cost in the currency of an output."""

    def __init__(self, main: View, variants: list[View], context: RenderContext):
        self.main, self.variants, self.context = main, variants, context

    @cached_property
    def _currency(self) -> str:
        return wanted_currency(self.context)

    def _of(self, view: View):
        """Return the price of a view in the output's currency, or None."""
        return view.price(self._currency) if self._currency else None

    @cached_property
    def _all(self) -> list:
        found = [self._of(view) for view in self.variants or [self.main]]
        found = [price for price in found if price] or [self._of(self.main)]
        return sorted((p for p in found if p), key=lambda p: Decimal(p.amount))

    @property
    def known(self) -> bool:
        """Say whether anything of the product has a price."""
        return bool(self._currency) and any(map(self._of, [self.main, *self.variants]))

    @cached_property
    def shown(self) -> dict[str, str]:
        """The price as the card shows it, with the list price."""
        if not self._all:
            return {"price": "", "from": "", "regular": ""}
        lowest, locales, since = self._all[0], self.context.locales, ""
        text = self.main.format.price(lowest.amount, lowest.currency)
        if lowest.amount != self._all[-1].amount:
            if locales[1:]:  # before the amount, that stands once
                since = in_all(locales, lambda code: (words(code)["from"] % "").strip())
            else:
                text = self.main.format.words["from"] % text
        regular = lowest.regular and self.main.format.price(lowest.regular, lowest.currency)
        return {"price": text, "from": since, "regular": regular or ""}

    @property
    def tax(self) -> list[Text]:
        """What is said of tax in each language, where there is a price."""
        if not self.shown["price"]:
            return []
        note = "incl_tax" if self._all[0].tax_included else "excl_tax"
        return distinct(texts(self.context.locales, lambda code: words(code)[note]))

    @property
    def differ(self) -> bool:
        return bool(self.shown["price"]) and len({price.amount for price in self._all}) > 1

    def row(self, view: View) -> str:
        """Return the price of a variant where prices differ, else ""."""
        price = self._of(view) if self.differ else None
        return view.format.price(price.amount, price.currency) if price else ""
