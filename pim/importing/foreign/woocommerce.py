"""WooCommerce's product CSV: simple and variable products, variations in rows of their own."""

import re
from collections.abc import Iterator

from ..tables import Table
from .shop import Article, Shop, paths_of
from .target import Target
from .words import code_of

TEXTS = {
    "Name": "name", "Short description": "short_description", "Description": "description",
    "Tags": "keywords", "GTIN, UPC, EAN, or ISBN": "gtin", "Brands": "brand",
}  # fmt: skip
HTML = ("Short description", "Description")
TIES = {"Upsells": "UPSELL", "Cross-sells": "X_SELL", "Grouped products": "GROUPED"}
UNITS = {
    "kg": "KILOGRAM", "g": "GRAM", "lbs": "POUND", "oz": "OUNCE", "m": "METER", "cm": "CENTIMETER",
    "mm": "MILLIMETER", "in": "INCH", "yd": "YARD",
}  # fmt: skip
MEASURE = re.compile(r"(Weight|Length|Width|Height) \((\w+)\)")
VARIABLE, VARIATION = "variable", "variation"
BACKORDERS = ("1", "notify", "yes")


def is_woocommerce(columns: set[str]) -> bool:
    """Return whether a header is that of WooCommerce's export (in English)."""
    return {"Type", "SKU", "Name"} <= columns and bool({"Parent", "Published"} & columns)


def woocommerce_tables(table: Table, target: Target) -> Iterator[Table]:
    """Yield the tables of an export."""
    return _Export(table, target).shop.tables()


class _Export:
    def __init__(self, table: Table, target: Target):
        self._table = table
        self.shop = Shop(table, target, root="woocommerce", read=self._articles)
        self._measures = {
            title: (found[1], UNITS.get(found[2], ""))
            for title in table.header
            if (found := MEASURE.fullmatch(title))
        }
        numbers = [re.fullmatch(r"Attribute (\d+) name", title) for title in table.header]
        self._numbers = [found[1] for found in numbers if found]
        self._identifiers: dict[str, str] = {}
        self._axes: dict[str, dict[str, str]] = {}
        self._families: dict[str, str] = {}
        self._look()

    def _rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        for line, cells in self._table.read():
            yield line, dict(zip(self._table.header, (c.strip() for c in cells), strict=False))

    def _look(self) -> None:
        """Learn what parents are called, and which attributes set their variations apart."""
        for _line, row in self._rows():
            if row.get("ID"):
                self._identifiers[f"id:{row['ID']}"] = _identifier(row)
        for _line, row in self._rows():
            parent = self._named(row.get("Parent", ""))
            for name, values, _global in self._attributes(row):
                if self._type(row) == VARIATION and values:
                    held = self._axes.setdefault(parent, {})
                    held[code_of(name)] = name
                    self.shop.name_axis(code_of(name), name)
        for _line, row in self._rows():
            if self._type(row) != VARIATION:
                self._families[_identifier(row)] = self._family(row)
            for name, values, shared in self._attributes(row):
                kind = "multiselect" if shared else "text"
                self.shop.name_other(code_of(name), name, kind=kind if values else "text")

    def _type(self, row: dict[str, str]) -> str:
        return row.get("Type", "").split(",")[0].strip()

    def _named(self, name: str) -> str:
        return self._identifiers.get(name, name)

    def _family(self, row: dict[str, str]) -> str:
        """Return the family of a product: its first category, as far as there is one."""
        first = next(iter(paths_of(row.get("Categories", ""))), ["WooCommerce"])
        return first[0]

    def _attributes(self, row: dict[str, str]) -> Iterator[tuple[str, list[str], bool]]:
        for number in self._numbers:
            name = row.get(f"Attribute {number} name", "")
            if name:
                values = _listed(row.get(f"Attribute {number} value(s)", ""))
                yield name, values, row.get(f"Attribute {number} global") == "1"

    def _articles(self) -> Iterator[Article]:
        for line, row in self._rows():
            if self._type(row) == VARIATION:
                yield self._variation(line, row)
            else:
                yield self._product(line, row)

    def _product(self, line: int, row: dict[str, str]) -> Article:
        made = self._article(line, row)
        axes = self._axes.get(made.id, {}) if self._type(row) == VARIABLE else {}
        if axes:
            made.kind, made.axis_names = "model", tuple(axes)
        for name, values, _shared in self._attributes(row):
            if values and code_of(name) not in axes:
                made.others[code_of(name)] = (name, values)
        made.categories = list(paths_of(row.get("Categories", "")))
        made.enabled = row.get("Published", "1") == "1"
        for title, code in TIES.items():
            if row.get(title):
                made.ties[code] = [self._named(n) for n in _listed(row[title])]
        if not axes:
            self._sell(made, row)
        return made

    def _variation(self, line: int, row: dict[str, str]) -> Article:
        parent = self._named(row.get("Parent", ""))
        made = self._article(line, row)
        made.kind, made.parent = "variant", parent
        axes = self._axes.get(parent, {})
        made.axis_names = tuple(axes)
        for name, values, _shared in self._attributes(row):
            if values:
                made.axes[code_of(name)] = values[0]
        # The name of a variation is its parent's with its choices behind it.
        made.texts.pop("name", None)
        made.enabled = row.get("Published", "1") == "1"
        self._sell(made, row)
        return made

    def _article(self, line: int, row: dict[str, str]) -> Article:
        made = Article(line, _identifier(row))
        of = self._named(row.get("Parent", "")) if self._type(row) == VARIATION else made.id
        made.family_label = self._families.get(of, "WooCommerce")
        made.family = code_of(made.family_label)
        for title, name in TEXTS.items():
            if text := row.get(title, ""):
                made.texts[name] = _html(text) if title in HTML else text
        made.images = _listed(row.get("Images", ""))
        for title, (name, unit) in self._measures.items():
            if row.get(title) and unit:
                made.measures[name.lower()] = (row[title], unit)
        return made

    def _sell(self, made: Article, row: dict[str, str]) -> None:
        for name, title in (("woocommerce", "Regular price"), ("woocommerce_sale", "Sale price")):
            if row.get(title):
                made.prices[name] = row[title]
        if row.get("In stock?"):
            made.stock = _stock(row)


def _identifier(row: dict[str, str]) -> str:
    return row.get("SKU") or f"woo-{row.get('ID', '')}"


def _stock(row: dict[str, str]) -> tuple[str, str]:
    quantity = row.get("Stock", "").split(".")[0]
    if row["In stock?"] == "1":
        return "in_stock", quantity if quantity.isdigit() else ""
    if row["In stock?"] == "backorder" or row.get("Backorders allowed?") in BACKORDERS:
        return "backorder", ""
    return "out_of_stock", ""


def _listed(text: str) -> list[str]:
    """Return the values of a list; a comma that is part of one has a backslash before it."""
    parts = re.split(r"(?<!\\),", text)
    return [part.strip().replace("\\,", ",") for part in parts if part.strip()]


def _html(text: str) -> str:
    return text.replace("\\n", "\n")
