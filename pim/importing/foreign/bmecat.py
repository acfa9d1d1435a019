"""BMEcat 1.2 and 2005 (and ETIM's profile of it) as tables of the field's layout.

The names of 1.2 (ARTICLE, SUPPLIER_AID) and of 2005 (PRODUCT, SUPPLIER_PID) mean the same. The
file is read once for the structure, then once for each table; nothing of it stays in memory but
the structure and which product is in which group.
"""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from ..tables import Table
from .bmecat_item import PRODUCTS, Item, read_item
from .book import Book, Wanted
from .book_tables import structure_tables
from .features import Features
from .fields import FIELDS
from .files import ForeignFile
from .target import Target
from .words import code_of
from .xml import child, children, elements, local, text

HEADERS = ("HEADER",)
GROUPS = ("CATALOG_STRUCTURE",)
MAPS = ("ARTICLE_TO_CATALOGGROUP_MAP", "PRODUCT_TO_CATALOGGROUP_MAP")
DEFAULT_FAMILY = "bmecat"
PLAIN = ("gtin", "mpn", "remarks", "order_unit", "customs_tariff", "country_of_origin")


def bmecat_tables(file: ForeignFile, target: Target) -> Iterator[Table]:
    """Yield the tables of a BMEcat file."""
    catalogue = Catalogue(file, target)
    catalogue.look()
    yield from structure_tables(catalogue.book)
    count = catalogue.counts
    yield catalogue.book.content("products", catalogue.products, count["products"])
    yield catalogue.book.content("prices", catalogue.prices, count["prices"])


class Catalogue:
    """One file: what its header says, its groups, its products one after the other."""

    def __init__(self, file: ForeignFile, target: Target):
        self.file, self.target = file, target
        self.book = Book(file.name, target, root="bmecat", folder=file.folder, stamp=file.stamp)
        self.features = Features(self.book)
        self.counts: Counter[str] = Counter()
        self.language, self.currency, self.mime_root = "", "", ""
        self._groups: dict[str, tuple[str, dict[str, str]]] = {}
        self._group_of: dict[str, list[str]] = {}
        self._fields: dict[str, Wanted] = {}
        self._udx: dict[str, Wanted] = {}

    def look(self) -> None:
        """Read the file once for everything but the products' content."""
        for element in elements(self.file, *HEADERS, *GROUPS, *MAPS, *PRODUCTS):
            name = local(element)
            if name in HEADERS:
                self._look_header(element)
            elif name in GROUPS:
                self._look_group(element)
            elif name in MAPS:
                self._look_map(element)
            else:
                self._look_item(self._item(element))
        self.features.settle()
        self._note_groups()

    def _item(self, element) -> Item:
        return read_item(element, language=self.language, mime_root=self.mime_root)

    def _look_header(self, header) -> None:
        catalog = child(header, "CATALOG")
        if catalog is None:
            return
        self.language = text(catalog, "LANGUAGE")
        self.currency = text(catalog, "CURRENCY")
        self.book.locale = self._locale
        self.mime_root = text(catalog, "MIME_ROOT")

    def _look_group(self, group) -> None:
        names = {
            self.target.locale_of(name.get("lang") or self.language): (name.text or "").strip()
            for name in children(group, "GROUP_NAME")
        }
        # The root of the file's tree is no group of products: its place takes our root.
        parent = text(group, "PARENT_ID")
        root = group.get("type") == "root"
        self._groups[text(group, "GROUP_ID")] = ("" if root else parent, names)

    def _look_map(self, mapped) -> None:
        product = text(mapped, "ART_ID") or text(mapped, "PROD_ID")
        self._group_of.setdefault(product, []).append(text(mapped, "CATALOG_GROUP_ID"))

    def _note_groups(self) -> None:
        roots = {code for code, (parent, _names) in self._groups.items() if not parent}
        for group, (parent, names) in self._groups.items():
            labels = {self.book.speak(locale): label for locale, label in names.items() if label}
            code = self._category(group)
            above = self._category(parent) if parent else ""
            if group in roots and len(roots) == 1:
                self.book.categories[code] = ("", labels)
            else:
                self.book.categories[code] = (above or self.book.category((), self._locale), labels)

    def _category(self, group: str) -> str:
        return code_of(f"{self.book.root} {group}")

    @property
    def _locale(self) -> str:
        return self.target.locale_of(self.language)

    def _look_item(self, item: Item) -> None:
        for price in item.prices:
            self.counts["prices"] += 1
            self.book.price_list(price.kind, price.currency or self.currency or "EUR")
        if item.only_prices:
            return
        self.counts["products"] += 1
        if item.mode != "delete":
            self._look_content(item)

    def _look_content(self, item: Item) -> None:
        attributes = []
        for name, value, locale in self._texts(item):
            wanted = self._field(name)
            attributes.append(wanted.code)
            self.book.fill({}, wanted, value, locale)
        for name in self._names(item):
            self.book.choose({}, self._field(name), getattr(item, name))
            attributes.append(self._field(name).code)
        for role in ("image", "gallery", "document"):
            if item.media(role):
                self.book.fill({}, self._field(role), "x")
                attributes.append(self._field(role).code)
        attributes += self._measure(item, {})
        attributes += [self._udx_field(name).code for name, _value in item.udx]
        for feature in item.features:
            attributes.append(self.features.look(feature.name, feature.plain, feature.unit))
        for kind, _other in item.references:
            self.book.ties.setdefault(kind.upper(), kind.replace("_", " ").title())
        label = item.family or "BMEcat"
        self.book.family(code_of(item.family or DEFAULT_FAMILY), label, attributes)

    def _texts(self, item: Item) -> Iterator[tuple[str, str, str]]:
        for name in ("name", "description", "keywords"):
            for language, value in getattr(item, name).items():
                yield name, value, self.target.locale_of(language)
        for name in PLAIN:
            if getattr(item, name):
                yield name, getattr(item, name), ""

    def _measure(self, item: Item, cells: dict[str, str]) -> list[str]:
        """Put weight and size into a row; return the codes of their attributes."""
        for name, (amount, unit) in item.measures.items():
            self.book.measure(cells, self._field(name), amount, unit)
        return [self._field(name).code for name in item.measures]

    def _names(self, item: Item) -> Iterator[str]:
        if item.brand:
            yield "brand"

    def _field(self, name: str) -> Wanted:
        if name not in self._fields:
            kind, options = FIELDS[name]
            self._fields[name] = self.book.want(name, kind, **options)
        return self._fields[name]

    def _udx_field(self, name: str) -> Wanted:
        if name not in self._udx:
            self._udx[name] = self.book.want(code_of(name), "textarea", label=name)
            self.book.fill({}, self._udx[name], "x")
        return self._udx[name]

    def products(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield (number of the product, its cells)."""
        for number, element in enumerate(elements(self.file, *PRODUCTS), start=2):
            item = self._item(element)
            if not item.only_prices:
                yield number, self._cells(item)

    def _cells(self, item: Item) -> dict[str, str]:
        if item.mode == "delete":
            return {"identifier": item.id, "#delete": "1"}
        cells = {
            "identifier": item.id,
            "family": code_of(item.family or DEFAULT_FAMILY),
            "categories": ",".join(
                self._category(group)
                for group in self._group_of.get(item.id, ())
                if group in self._groups
            ),
        }
        for name, value, locale in self._texts(item):
            self.book.fill(cells, self._field(name), value, locale)
        for name in self._names(item):
            self.book.choose(cells, self._field(name), getattr(item, name))
        for role in ("image", "gallery", "document"):
            if item.media(role):
                self.book.fill(cells, self._field(role), ",".join(item.media(role)))
        self._measure(item, cells)
        for name, value in item.udx:
            self.book.fill(cells, self._udx_field(name), value)
        for feature in item.features:
            if feature.values:
                self.features.fill(cells, feature.name, feature.values, feature.unit)
        for kind, other in item.references:
            title = f"{kind.upper()}-products"
            cells[title] = f"{cells[title]},{other}" if title in cells else other
        return cells

    def prices(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield (number, cells) of every price of every product."""
        number = 1
        for element in elements(self.file, *PRODUCTS):
            item = self._item(element)
            for price in item.prices:
                number += 1
                currency = price.currency or self.currency or "EUR"
                yield (
                    number,
                    {
                        "product": item.id,
                        "price_list": self.book.price_list(price.kind, currency),
                        "amount": _per_piece(price.amount, price.per or item.price_quantity),
                        "min_quantity": price.from_quantity or "1",
                        "valid_from": price.valid_from,
                        "valid_to": price.valid_to,
                    },
                )


def _per_piece(amount: str, per: str) -> str:
    """Return the price of one unit where it is stated for several."""
    try:
        found = Decimal(amount) / Decimal(per or "1")
        return format(found.quantize(Decimal("0.0001")).normalize(), "f")
    except (InvalidOperation, ZeroDivisionError):
        return amount
