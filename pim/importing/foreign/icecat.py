"""Icecat: product XML, and the index of the open catalogue, as tables of the field's layout."""

from collections import Counter
from collections.abc import Iterator

from ..tables import Table
from .book import Book, Wanted
from .book_tables import structure_tables
from .features import Features
from .fields import FIELDS
from .files import ForeignFile
from .icecat_item import Item, index_item, product_item
from .target import Target
from .words import code_of
from .xml import elements, local

TEXTS = ("name", "short_description", "description", "warranty")
PLAIN = ("gtin", "mpn", "released")
MEDIA = ("image", "gallery", "document")


def icecat_tables(file: ForeignFile, target: Target) -> Iterator[Table]:
    """Yield the tables of an Icecat file: of full products, or of the index."""
    sheet = Sheet(file, target)
    sheet.look()
    yield from structure_tables(sheet.book)
    yield sheet.book.content("products", sheet.products, sheet.counts["products"])


class Sheet:
    """One file of products."""

    def __init__(self, file: ForeignFile, target: Target):
        self.file, self.target = file, target
        self.book = Book(file.name, target, root="icecat", folder=file.folder, stamp=file.stamp)
        self.features = Features(self.book)
        self.counts: Counter[str] = Counter()
        self._fields: dict[str, Wanted] = {}

    def look(self) -> None:
        """Read the file once for the structure that its products need."""
        for item in self._items():
            self.counts["products"] += 1
            if self.counts["products"] == 1:
                self.book.locale = self.target.locale_of(item.language)
            attributes = [wanted.code for wanted, _v, _l in self._values(item, {})]
            for feature in item.features:
                code = self.features.look(
                    feature.name, feature.values, feature.unit, label=feature.label
                )
                attributes.append(code)
            self._category(item)
            self.book.family(self._family(item), item.category or "Icecat", attributes)
        self.features.settle()

    def _items(self) -> Iterator[Item]:
        for element in elements(self.file, "Product", "file"):
            read = index_item if local(element) == "file" else product_item
            item = read(element)
            if item.id:
                yield item

    def _family(self, item: Item) -> str:
        return code_of(f"icecat {item.category_id or item.category}")

    def _category(self, item: Item) -> str:
        if not item.category_id:
            return ""
        locale = self.book.speak(self.target.locale_of(item.language))
        code = code_of(f"icecat {item.category_id}")
        root = self.book.category((), locale)
        self.book.categories.setdefault(code, (root, {locale: item.category or item.category_id}))
        return code

    def _values(self, item: Item, cells: dict) -> Iterator[tuple[Wanted, str, str]]:
        """Fill the row with everything but features; yield what was filled."""
        for name in TEXTS:
            for language, value in getattr(item, name).items():
                locale = self.target.locale_of(language)
                self.book.fill(cells, self._field(name), value, locale)
                yield self._field(name), value, locale
        for name in PLAIN:
            if getattr(item, name):
                self.book.fill(cells, self._field(name), getattr(item, name))
                yield self._field(name), getattr(item, name), ""
        if item.brand:
            self.book.choose(cells, self._field("brand"), item.brand)
            yield self._field("brand"), item.brand, ""
        for name in MEDIA:
            if sources := getattr(item, name):
                self.book.fill(cells, self._field(name), ",".join(sources))
                yield self._field(name), sources[0], ""

    def _field(self, name: str) -> Wanted:
        if name not in self._fields:
            kind, options = FIELDS[name]
            self._fields[name] = self.book.want(name, kind, **options)
        return self._fields[name]

    def products(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield (number of the product, its cells)."""
        for number, item in enumerate(self._items(), start=2):
            cells = {"identifier": item.id, "family": self._family(item)}
            cells["categories"] = self._category(item)
            for _filled in self._values(item, cells):
                pass
            for feature in item.features:
                self.features.fill(cells, feature.name, feature.values, feature.unit)
            yield number, cells
