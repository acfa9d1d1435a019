"""Shopify's product CSV: a product is the rows of one handle, a variant or a picture each."""

import re
from collections.abc import Iterator

from ..tables import Table
from .shop import Article, Shop, paths_of
from .target import Target
from .words import code_of

# The titles of exports so far, and those of today.
NAMES = {
    "url handle": "handle", "body (html)": "description", "product category": "category",
    "published on online store": "published", "variant sku": "sku", "variant barcode": "barcode",
    "variant price": "price", "variant compare at price": "compare-at price",
    "variant inventory qty": "inventory quantity", "variant inventory tracker": "inventory tracker",
    "variant inventory policy": "continue selling when out of stock",
    "variant grams": "weight value (grams)", "image src": "product image url",
    "variant image": "variant image url",
}  # fmt: skip
TEXTS = {
    "title": "name", "description": "description", "vendor": "brand", "tags": "keywords",
    "seo title": "meta_title", "seo description": "meta_description",
    "google shopping / google product category": "google_category",
    "google shopping / gender": "gender", "google shopping / age group": "age_group",
    "google shopping / condition": "condition",
}  # fmt: skip
METAFIELD = re.compile(r"(?P<label>.*?)\s*\((?P<place>(product\.)?metafields\.[\w.\-]+)\)")
OFF = {"draft", "archived", "false", "0"}


def is_shopify(columns: set[str]) -> bool:
    """Return whether a header is that of Shopify's export."""
    names = {NAMES.get(name.casefold(), name.casefold()) for name in columns}
    return {"handle", "title"} <= names and bool(names & {"option1 name", "sku", "vendor"})


def shopify_tables(table: Table, target: Target) -> Iterator[Table]:
    """Yield the tables of an export."""
    return _Export(table, target).shop.tables()


class _Export:
    def __init__(self, table: Table, target: Target):
        self._table = table
        self._head = [NAMES.get(t.casefold(), t.casefold()) for t in table.header]
        self._meta = {
            place: (code_of(found["place"].split("metafields.", 1)[1]), found["label"])
            for place, title in enumerate(table.header)
            if (found := METAFIELD.fullmatch(title))
        }
        self.shop = Shop(table, target, root="shopify", read=self._articles)
        for code, label in self._meta.values():
            self.shop.name_other(code, label, kind="textarea")

    def _articles(self) -> Iterator[Article]:
        group: list[tuple[int, dict[str, str], list[str]]] = []
        for line, cells in self._table.read():
            row = dict(zip(self._head, (cell.strip() for cell in cells), strict=False))
            if group and row.get("handle") != group[0][1].get("handle"):
                yield from self._product(group)
                group = []
            group.append((line, row, cells))
        if group:
            yield from self._product(group)

    def _product(self, group: list) -> Iterator[Article]:
        line, first, cells = group[0]
        names = self._axis_names(first)
        main = Article(line, first.get("handle", ""))
        main.family_label = first.get("type") or "Shopify"
        main.family = code_of(main.family_label)
        main.enabled = self._enabled(first)
        main.texts = {mine: first[t] for t, mine in TEXTS.items() if first.get(t)}
        main.categories = list(paths_of(first.get("category", ""), apart=""))
        main.images = self._images(group)
        for place, (code, label) in self._meta.items():
            if place < len(cells) and cells[place].strip():
                main.others[code] = (label, [cells[place].strip()])
        if not names:
            self._sell(main, first, sku=first.get("sku") or main.id)
            yield main
            return
        main.kind, main.axis_names = "model", tuple(names.values())
        yield main
        for number, (at, row, _cells) in enumerate(group, start=1):
            if row.get("option1 value"):
                yield self._variant(main, at, row, names, number)

    def _axis_names(self, first: dict[str, str]) -> dict[int, str]:
        """Return {number of the option: attribute}; a lone default is no option."""
        found = {}
        for number in (1, 2, 3):
            label = first.get(f"option{number} name", "")
            if not label or first.get(f"option{number} value") == "Default Title":
                continue
            found[number] = code_of(label)
            self.shop.name_axis(found[number], label)
        return found

    def _variant(self, main: Article, line: int, row: dict, names: dict, number: int) -> Article:
        values = {code: row.get(f"option{n} value", "") for n, code in names.items()}
        made = Article(line, "", kind="variant", parent=main.id, family=main.family)
        made.family_label, made.enabled = main.family_label, main.enabled
        made.axes, made.axis_names = values, tuple(names.values())
        if row.get("variant image url"):
            made.images = [row["variant image url"]]
        code = code_of(" ".join(values.values()))
        self._sell(made, row, sku=row.get("sku") or f"{main.id}-{code or number}")
        return made

    def _sell(self, article: Article, row: dict[str, str], *, sku: str) -> None:
        article.id = sku.lstrip("'")
        if barcode := row.get("barcode", "").lstrip("'"):
            article.texts["gtin"] = barcode
        if mpn := row.get("google shopping / mpn"):
            article.texts["mpn"] = mpn
        grams = row.get("weight value (grams)", "")
        if grams and grams.strip("0."):
            article.measures["weight"] = (grams, "GRAM")
        for name, title in (("shopify", "price"), ("shopify_compare_at", "compare-at price")):
            if row.get(title):
                article.prices[name] = row[title]
        if row.get("inventory quantity") and row.get("inventory tracker"):
            article.stock = self._stock(row)

    def _stock(self, row: dict[str, str]) -> tuple[str, str]:
        quantity = row["inventory quantity"]
        there = quantity.lstrip("-").isdigit() and int(quantity) > 0
        ordered = row.get("continue selling when out of stock", "").lower() in ("continue", "true")
        state = "in_stock" if there else "backorder" if ordered else "out_of_stock"
        return state, quantity if there else "0"

    def _enabled(self, row: dict[str, str]) -> bool:
        return not {row.get("status", "").lower(), row.get("published", "").lower()} & OFF

    def _images(self, group: list) -> list[str]:
        found = [
            (int(place) if (place := row.get("image position", "")).isdigit() else 999, row[at])
            for _line, row, _cells in group
            if row.get(at := "product image url")
        ]
        return list(dict.fromkeys(address for _place, address in sorted(found, key=lambda f: f[0])))
