"""What one label says, and the code it bears."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from babel.units import format_unit
from django.utils.translation import gettext_noop as _

from syndication.contract import ItemRefused, Refusal, RenderContext, Unit

from .. import barcodes
from ..addresses import digital_link_path
from ..barcodes import Symbol
from ..formats import cldr_locale
from ..offers import currency_of, money
from ..printable import printable
from ..tongues import Text, distinct, in_all, joined, texts
from ..view import View, views
from ..words import words
from .packs import LEVELS, pack_of, pack_texts

# A unit of CLDR as (what goods are compared by, how many of it make one of these).
COMPARED = {
    "mass-milligram": ("mass-kilogram", 1_000_000),
    "mass-gram": ("mass-kilogram", 1_000),
    "mass-kilogram": ("mass-kilogram", 1),
    "volume-milliliter": ("volume-liter", 1_000),
    "volume-centiliter": ("volume-liter", 100),
    "volume-deciliter": ("volume-liter", 10),
    "volume-liter": ("volume-liter", 1),
    "length-millimeter": ("length-meter", 1_000),
    "length-centimeter": ("length-meter", 100),
    "length-meter": ("length-meter", 1),
    "area-square-centimeter": ("area-square-meter", 10_000),
    "area-square-meter": ("area-square-meter", 1),
}
BETWEEN = "\N{NO-BREAK SPACE}· "  # no line begins with the dot
NO_GTIN = _("There is no valid GTIN for the code: %(value)s")
NO_PACK = _("It has no such level of packaging with a GTIN: %(level)s")
NOT_EAN = _("The GTIN %(value)s stands for a trade unit and has no EAN-13.")
NO_CODE = _("The article number cannot be coded: %(value)s")


@dataclass
class Label:
    """One article's label in one locale; `warnings` grow while it is read."""

    unit: Unit
    context: RenderContext

    def __post_init__(self):
        self.warnings: list[Refusal] = []

    @cached_property
    def view(self) -> View:
        return self._views[0]

    @cached_property
    def _views(self) -> list[View]:
        """The article in every language of the edition."""
        labels = self.context.labels
        return [views(self.unit, labels[code], locale=code)[0] for code in self.context.locales]

    @property
    def options(self) -> dict[str, Any]:
        return self.context.options

    def warn(self, code: str, message: str, *, field: str = "", **params) -> None:
        told = Refusal(self.view.identifier, code, message, field, "warning", params)
        if told not in self.warnings:
            self.warnings.append(told)

    def refused(self, code: str, message: str, *, field: str = "", **params) -> ItemRefused:
        return ItemRefused(Refusal(self.view.identifier, code, message, field, params=params))

    def reads(self) -> list:
        """Return all that the label depends on, as it was published."""
        raw = self.view.role("gtin")
        return [self.names, self.details, self.gtin, raw, self.view.identifier, self.copies]

    @property
    def level(self) -> str:
        """The level of packaging that is asked for, "" for the article itself."""
        chosen = self.options.get("pack")
        return chosen if chosen in LEVELS else ""

    @cached_property
    def pack(self) -> Mapping[str, Any] | None:
        """The level of packaging that the label is for; None for the article itself."""
        return pack_of(self.view, self.level) if self.level else None

    def refuse_unpacked(self) -> None:
        """Raise ItemRefused where the label is for a level that the article is not packed in."""
        if self.level and not (self.pack and self.pack.get("gtin")):
            raise self.refused("pack_missing", NO_PACK, field="packaging", level=self.level)

    @property
    def gtin(self) -> str:
        """The GTIN of what the label is for, or ""."""
        return self.pack.get("gtin", "") if self.pack else self.view.gtin

    @property
    def name(self) -> str:
        return self.names[0]["text"]

    @cached_property
    def names(self) -> list[Text]:
        """The name in every language, what they share once."""
        known = {view.locale: self._name(view) for view in self._views}
        return distinct(texts(self.context.locales, known.__getitem__))

    def _name(self, view: View) -> str:
        plain, complete = printable(view.name)
        if not complete:
            message = _("Emoji or control characters were left out.")
            self.warn("characters_left_out", message, field="name")
        axes = BETWEEN.join(printable(text)[0] for _code, _label, text in view.axis_texts())
        return f"{plain}{BETWEEN}{axes}" if axes and axes not in plain else plain

    @cached_property
    def details(self) -> dict[str, str]:
        """Return article number, price, unit price and tax note; "" where there is none."""
        price = None if self.pack else self._price
        told = {"sku": printable(self.view.identifier)[0]}
        told |= {"price": "", "regular": "", "tax": "", "unit_price": ""}
        if self.pack:
            found = [pack_texts(view, self.pack) for view in self._views]
            told |= {k: joined((each[k] for each in found), between=" / ") for k in found[0]}
        if price:
            show = self.view.format.price
            told["price"] = show(price.amount, price.currency)
            told["regular"] = show(price.regular, price.currency) if price.regular else ""
            note = "incl_tax" if price.tax_included else "excl_tax"
            told["tax"] = in_all(self.context.locales, lambda code: words(code)[note])
            told["unit_price"] = self._unit_price(price)
        return told

    @cached_property
    def _price(self):
        if self.options.get("prices") is False:
            return None
        channel = self.view.labels.body["channel"]
        chosen = self.options.get("currency") or ""
        currency = currency_of(channel, locale=self.context.locale, chosen=chosen)
        found = self.view.price(currency) if currency else None
        if not found:
            message = _("There is no price in %(lists)s.")
            self.warn("price_missing", message, field="price", lists=currency or "–")
        return found

    def _unit_price(self, price) -> str:
        """Return what one kilogram, litre or metre costs, by the attribute of contents."""
        code = self.options.get("contents") or ""
        data = self.view.listing.value(code) if code else None
        if not isinstance(data, dict) or "unit" not in data:
            return ""
        body = self.view.labels.body
        family = body["attributes"].get(code, {}).get("measurement_family", "")
        unit = body["units"].get(family, {}).get(data["unit"], {}).get("cldr") or ""
        if unit not in COMPARED:
            return ""
        return self._compared(price, data.get("amount"), *COMPARED[unit])

    def _compared(self, price, amount, unit: str, many: int) -> str:
        try:
            contents = Decimal(str(amount)) / many
            each = money(Decimal(price.amount) / contents, price.currency) if contents > 0 else ""
        except (InvalidOperation, ZeroDivisionError):
            return ""
        one = format_unit(1, unit, "short", locale=cldr_locale(self.context.locale))
        return f"{one} = {self.view.format.price(each, price.currency)}" if each else ""

    @cached_property
    def copies(self) -> int:
        """How many of the label: by its attribute, else as many as the option says."""
        code = self.options.get("copies_by") or ""
        data = self.view.listing.value(code) if code else None
        for value in (data, self.options.get("copies")):
            try:
                if int(str(value)) > 0:
                    return min(int(str(value)), 1000)
            except ValueError:
                continue
        return 1

    @cached_property
    def symbol(self) -> Symbol | None:
        """The code of the label, None without one and for codes of an edition.

        Raises ItemRefused where the article cannot bear the code that is wanted.
        """
        self.refuse_unpacked()
        wanted = self.options.get("code") or "ean"
        if wanted in ("none", "qr"):
            return None
        if wanted == "code128":
            return self._own_number()
        gtin = self.gtin
        if not gtin:
            if self.options.get("fallback"):
                return self._own_number()
            raw = str(self.view.role("gtin") or "–")[:40]
            known = "gtin_invalid" if self.view.role("gtin") else "gtin_missing"
            raise self.refused(known, NO_GTIN, field="gtin", value=raw)
        return self._of_gtin(wanted, gtin)

    def _of_gtin(self, wanted: str, gtin: str) -> Symbol:
        if wanted == "link":
            return barcodes.qr(self.context.public_url + digital_link_path(gtin))
        make = {"ean": barcodes.ean, "itf14": barcodes.itf14, "datamatrix": barcodes.data_matrix}
        try:
            return make[wanted](gtin)
        except barcodes.Unfit as unfit:
            # Cases and pallets have numbers of 14 digits, which ITF-14 was made for.
            if self.pack:
                return barcodes.itf14(gtin)
            if self.options.get("fallback"):
                return self._own_number()
            raise self.refused("gtin_not_ean", NOT_EAN, field="gtin", value=gtin) from unfit

    def _own_number(self) -> Symbol:
        try:
            return barcodes.code128(self.view.identifier)
        except barcodes.Unfit as unfit:
            value = self.view.identifier[:40]
            raise self.refused("number_not_coded", NO_CODE, value=value) from unfit
