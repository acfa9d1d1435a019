"""One formatter for every output: raw values become the reader's text, by CLDR (Babel).

Digits are Latin in every locale, Arabic included: article numbers, sizes and prices on a page
must be comparable with the label on the box, whichever language is around them.
"""

import re
from decimal import Decimal, InvalidOperation
from functools import cached_property, lru_cache
from html import escape
from typing import Any

from babel import Locale, UnknownLocaleError, dates, lists, numbers, units

from syndication.contract import Labels, Listing

from .packing import packing_lines, packing_table
from .richtext import clean_html, plain_text
from .words import words

STATE = "$state"
# What `content.kinds` keeps of a number: no sign, no exponent, no zeros at the end.
PLAIN = re.compile(r"(?:0|[1-9]\d*)(?:\.\d*[1-9])?")


@lru_cache(maxsize=256)
def cldr_locale(code: str) -> Locale:
    """Return the CLDR locale for a BCP 47 code; an unknown one falls back to its language."""
    for candidate in (code, code.split("-")[0], "en"):
        try:
            return Locale.parse(candidate, sep="-")
        except (ValueError, UnknownLocaleError):
            continue
    return Locale("en")


@lru_cache(maxsize=4096)
def _unit_pattern(locale: str, unit: str) -> dict[str, str]:
    """Return {plural form: pattern} of a CLDR unit, {} where the locale has none."""
    found = units._find_unit_pattern(unit, locale=cldr_locale(locale)) if unit else None
    patterns = cldr_locale(locale)._data["unit_patterns"].get(found, {}) if found else {}
    short = patterns.get("short") or {}
    # A number never parts from its unit at the end of a line.
    return {f: t.replace(" ", "\N{NO-BREAK SPACE}") for f, t in short.items() if isinstance(t, str)}


@lru_cache(maxsize=64)
def _decimal_pattern(locale: str) -> numbers.NumberPattern:
    return cldr_locale(locale).decimal_formats[None]


@lru_cache(maxsize=64)
def _marks(locale: str) -> tuple[str, str] | None:
    """Return the marks of thousands and decimals where the locale has the plain pattern.

    Most do; putting them in ourselves takes a twentieth of what the general way takes.
    """
    pattern = _decimal_pattern(locale)
    plain = pattern.grouping == (3, 3) and pattern.prefix[0] == pattern.suffix[0] == ""
    code = cldr_locale(locale)
    return (numbers.get_group_symbol(code), numbers.get_decimal_symbol(code)) if plain else None


@lru_cache(maxsize=50_000)
def format_number(data: str, *, locale: str) -> str:
    """Return a decimal in the locale's notation, all its digits kept but zeros at the end."""
    marks = _marks(locale)
    if marks and PLAIN.fullmatch(data):
        whole, point, fraction = data.partition(".")
        return f"{int(whole):,}".replace(",", marks[0]) + (marks[1] + fraction if point else "")
    try:
        value = Decimal(data)
        value = value.quantize(1) if value == value.to_integral_value() else value.normalize()
    except InvalidOperation:
        return data
    pattern = _decimal_pattern(locale)
    return pattern.apply(value, cldr_locale(locale), decimal_quantization=False)


@lru_cache(maxsize=50_000)
def format_price(amount: str, currency: str, *, locale: str) -> str:
    """Return an amount of money, rounded to the digits of its currency."""
    try:
        return numbers.format_currency(Decimal(amount), currency, locale=cldr_locale(locale))
    except InvalidOperation:
        return f"{amount} {currency}"


@lru_cache(maxsize=10_000)
def format_date(data: str, *, locale: str) -> str:
    """Return an ISO date in the locale's medium form."""
    try:
        day = dates.datetime.date.fromisoformat(data[:10])
    except ValueError:
        return data
    return dates.format_date(day, format="medium", locale=cldr_locale(locale))


@lru_cache(maxsize=50_000)
def format_amount(amount: str, unit: str, symbol: str, label: str, *, locale: str) -> str:
    """Return a quantity with its unit: CLDR's pattern, else the symbol or label, never an id."""
    number = format_number(amount, locale=locale)
    patterns = _unit_pattern(locale, unit)
    if patterns:
        form = cldr_locale(locale).plural_form(Decimal(amount))
        return (patterns.get(form) or patterns.get("other") or "{0}").format(number)
    return f"{number}\N{NO-BREAK SPACE}{symbol or label}".rstrip()


def is_shown(data: Any) -> bool:
    """Say whether there is something to show: absent, empty and special states are not."""
    if data:
        return not isinstance(data, dict) or STATE not in data
    return isinstance(data, int | float)  # nought and "no" are something


class Formatter:
    """Formats the values of one context document's attributes for the reader of `locale`."""

    def __init__(self, labels: Labels, *, locale: str):
        self.body = labels.body
        self.attributes = labels.body.get("attributes", {})
        self.locale = locale
        self.words = words(locale)

    @cached_property
    def direction(self) -> str:
        """Return "ltr" or "rtl"."""
        return cldr_locale(self.locale).text_direction

    def label(self, attribute: str) -> str:
        """Return the attribute's name in the reader's language."""
        return self._attribute(attribute).get("label") or attribute

    def option(self, attribute: str, code: str) -> str:
        """Return the name of an option, its code where it has none."""
        found = self.body.get("options", {}).get(attribute, {}).get(code)
        return (found or {}).get("label") or str(code)

    def category(self, code: str) -> str:
        """Return the name of a category."""
        return self.body.get("categories", {}).get(code, {}).get("label") or code

    def number(self, data: Any) -> str:
        return format_number(str(data), locale=self.locale)

    def date(self, data: str) -> str:
        return format_date(str(data), locale=self.locale)

    def price(self, amount: Any, currency: str) -> str:
        return format_price(str(amount), currency, locale=self.locale)

    def boolean(self, data: Any) -> str:
        return self.words["yes" if data else "no"]

    def join(self, texts: list[str]) -> str:
        """Join texts as the language lists things: "red, blue and green"."""
        return lists.format_list([t for t in texts if t], "standard", cldr_locale(self.locale))

    def measurement(self, attribute: str, data: dict) -> str:
        """Return amount and unit of a {"amount", "unit"}."""
        family = self._attribute(attribute).get("measurement_family", "")
        return self._quantity(family, data)

    def value(self, attribute: str, data: Any, *, listing: Listing | None = None) -> str:
        """Return any value as plain text, "" where there is nothing to show.

        References, products and media are named by what `listing` carries about them.
        """
        if not is_shown(data):
            return ""
        kind = self._attribute(attribute).get("kind", "text")
        show = getattr(self, f"_show_{kind}", self._show_text)
        return show(attribute, data, listing)

    def html(self, attribute: str, data: Any, *, listing: Listing | None = None) -> str:
        """Return any value as safe HTML; rich text keeps its allowed mark-up."""
        if not is_shown(data):
            return ""
        if self._attribute(attribute).get("kind") == "richtext":
            return clean_html(str(data))
        text = self.value(attribute, data, listing=listing)
        return escape(text).replace("\n", "<br>")

    def _attribute(self, code: str) -> dict:
        return self.attributes.get(code) or {}

    def _quantity(self, family: str, data: dict) -> str:
        code = str(data.get("unit") or "")
        unit = self.body.get("units", {}).get(family, {}).get(code, {})
        label = unit.get("label") or code.replace("_", " ").lower()
        symbol = unit.get("symbol") or ""
        amount = str(data.get("amount", ""))
        return format_amount(amount, unit.get("cldr") or "", symbol, label, locale=self.locale)

    def _show_text(self, attribute: str, data: Any, listing: Listing | None) -> str:
        if isinstance(data, list):
            return self.join([str(item) for item in data])
        return str(data)

    def _show_richtext(self, attribute: str, data: Any, listing: Listing | None) -> str:
        return plain_text(str(data))

    def _show_number(self, attribute: str, data: Any, listing: Listing | None) -> str:
        return self.number(data)

    def _show_measurement(self, attribute: str, data: Any, listing: Listing | None) -> str:
        return self.measurement(attribute, data) if isinstance(data, dict) else str(data)

    def _show_price(self, attribute: str, data: Any, listing: Listing | None) -> str:
        order = self.body.get("channel", {}).get("currencies") or sorted(data)
        known = [c for c in order if is_shown(data.get(c))]
        return " / ".join(self.price(data[c], c) for c in known)

    def _show_boolean(self, attribute: str, data: Any, listing: Listing | None) -> str:
        return self.boolean(data)

    def _show_date(self, attribute: str, data: Any, listing: Listing | None) -> str:
        return self.date(data)

    def _show_select(self, attribute: str, data: Any, listing: Listing | None) -> str:
        return self.option(attribute, data)

    def _show_multiselect(self, attribute: str, data: Any, listing: Listing | None) -> str:
        options = self.body.get("options", {}).get(attribute, {})
        ordered = sorted(data, key=lambda c: (options.get(c, {}).get("sort", 0), c))
        return self.join([self.option(attribute, code) for code in ordered])

    def _show_media(self, attribute: str, data: Any, listing: Listing | None) -> str:
        assets = listing.body.get("assets", {}) if listing else {}
        found = [assets.get(code, {}) for code in data]
        return self.join([a.get("caption") or a.get("filename") or "" for a in found])

    def _show_product(self, attribute: str, data: Any, listing: Listing | None) -> str:
        groups = listing.body.get("associations", {}).values() if listing else ()
        names = {p["uuid"]: p.get("name") for group in groups for p in group}
        return self.join([names.get(uuid) or "" for uuid in data])

    def _show_reference(self, attribute: str, data: Any, listing: Listing | None) -> str:
        entities = listing.body.get("records", {}).values() if listing else ()
        records = {code: r for entity in entities for code, r in entity.items()}
        codes = data if isinstance(data, list) else [data]
        return self.join([records.get(code, {}).get("label") or str(code) for code in codes])

    def _show_table(self, attribute: str, data: Any, listing: Listing | None) -> str:
        rows = self.rows(attribute, data)
        return "\n".join(" · ".join(cell for cell in row if cell) for row in rows)

    def _show_packaging(self, attribute: str, data: Any, listing: Listing | None) -> str:
        how = {"locale": self.locale, "number": self.number, "amount": self.amount}
        return packing_lines(data, **how)

    def amount(self, data: dict) -> str:
        """Return a measurement whose family is not told: the first that has its unit."""
        units = self.body.get("units", {})
        found = (family for family in sorted(units) if data.get("unit") in units[family])
        return self._quantity(next(found, ""), data)

    def table(self, attribute: str, data: list[dict]) -> tuple[list[str], list[list[str]]]:
        """Return (headings, rows) of a table or a packaging."""
        if self._attribute(attribute).get("kind") == "packaging":
            how = {"locale": self.locale, "number": self.number, "amount": self.amount}
            return packing_table(data, **how)
        heads = [column["label"] or column["code"] for column in self.columns(attribute)]
        return heads, self.rows(attribute, data)

    def columns(self, attribute: str) -> list[dict]:
        """Return the columns of a table attribute, each with "code", "label" and "kind"."""
        columns = self._attribute(attribute).get("columns") or []
        if isinstance(columns, dict):
            columns = [{"code": code, **column} for code, column in columns.items()]
        return [{"label": c["code"], "kind": "text", **c} for c in columns]

    def rows(self, attribute: str, data: list[dict]) -> list[list[str]]:
        """Return the formatted cells of a table value, in column order."""
        columns = self.columns(attribute)
        if not columns:
            columns = [{"code": code, "kind": "text"} for code in (data[0] if data else ())]
        return [[self._cell(column, row.get(column["code"])) for column in columns] for row in data]

    def _cell(self, column: dict, data: Any) -> str:
        if not is_shown(data):
            return ""
        kind = column.get("kind", "text")
        if kind == "measurement" and isinstance(data, dict):
            return self._quantity(column.get("measurement_family", ""), data)
        if kind == "select":
            options = column.get("options") or {}
            found = options.get(data, {}) if isinstance(options, dict) else {}
            return (found.get("label") if isinstance(found, dict) else found) or str(data)
        simple = {"number": self.number, "boolean": self.boolean, "date": self.date}
        return simple.get(kind, str)(data)
