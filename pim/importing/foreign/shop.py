"""What the exports of shops have in common: variants below a model, prices, stock, pictures."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ..tables import Table
from .book import Book, Wanted
from .book_tables import structure_tables
from .fields import FIELDS
from .target import Target
from .words import address_cell, number_of


@dataclass
class Article:
    """A simple product, a model or a variant of one, as a shop's export has it."""

    line: int
    id: str
    kind: str = "simple"
    parent: str = ""
    family: str = ""
    family_label: str = ""
    enabled: bool | None = None
    texts: dict[str, str] = field(default_factory=dict)
    axes: dict[str, str] = field(default_factory=dict)
    others: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    categories: list[list[str]] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    measures: dict[str, tuple[str, str]] = field(default_factory=dict)
    prices: dict[str, str] = field(default_factory=dict)
    stock: tuple[str, str] | None = None
    ties: dict[str, list[str]] = field(default_factory=dict)
    axis_names: tuple[str, ...] = ()


class Shop:
    """The tables of an export whose articles `read` gives, in the order of the file."""

    def __init__(self, table: Table, target: Target, *, root: str, read):
        self.table, self.target, self._read = table, target, read
        self.book = Book(table.name, target, root=root, folder=table.folder, stamp=table.stamp)
        self.counts = {"models": 0, "products": 0, "prices": 0, "stock": 0}
        self._fields: dict[str, Wanted] = {}
        self._own: dict[str, dict[str, None]] = {}
        self._shared: dict[str, dict[str, None]] = {}

    def tables(self) -> Iterator[Table]:
        """Yield the tables; the file is read once for its structure and once for each."""
        for article in self._read():
            self._look(article)
        for code, held in self._own.items():
            # What models have too lives with them; a variant may have another all the same.
            own = tuple(name for name in held if name not in self._shared.get(code, ()))
            self.book.variants[code] = (*self.book.variants[code][:2], own)
        yield from structure_tables(self.book)
        yield self._part("product_models", self.models, "models")
        yield self._part("products", self.products, "products")
        yield self._part("prices", self.prices, "prices")
        yield self._part("availability", self.availability, "stock")

    def _part(self, kind: str, rows, count: str) -> Table:
        return self.book.content(kind, rows, self.counts[count])

    def _look(self, article: Article) -> None:
        self.counts["models" if article.kind == "model" else "products"] += 1
        self.counts["prices"] += len(article.prices)
        self.counts["stock"] += article.stock is not None
        for name in article.prices:
            self.book.price_list(name, self.target.currency)
        for code in article.ties:
            self.book.ties.setdefault(code, code.replace("_", " ").title())
        cells: dict[str, str] = {}
        self._fill(article, cells)
        self._note_family(article)

    def _note_family(self, article: Article) -> None:
        wanted = [*article.texts, *article.measures]
        codes = [self._field(name).code for name in wanted]
        codes += [self._axis(code).code for code in article.axis_names]
        codes += [self._other(code, several).code for code, several in _kinds(article)]
        codes += [self._field(name).code for name in ("image", "gallery") if article.images]
        self.book.family(article.family, article.family_label, codes)
        if article.axis_names:
            axes = tuple(self._axis(code).code for code in article.axis_names)
            variant = self.book.variant(article.family, axes, ())
            held = self._own if article.kind == "variant" else self._shared
            held.setdefault(variant, {}).update(dict.fromkeys(self._codes(article)))

    def _codes(self, article: Article) -> Iterator[str]:
        for name in (*article.texts, *article.measures):
            yield self._field(name).code
        if article.images:
            yield self._field("image").code

    def _fill(self, article: Article, cells: dict[str, str]) -> None:
        for name, text in article.texts.items():
            if name == "brand":
                self.book.choose(cells, self._field(name), text)
            else:
                self.book.fill(cells, self._field(name), text)
        for code, label in article.axes.items():
            self.book.choose(cells, self._axis(code), label)
        for code, (_label, values) in article.others.items():
            self._fill_other(cells, code, values)
        for name, (amount, unit) in article.measures.items():
            self.book.measure(cells, self._field(name), number_of(amount) or amount, unit)
        images = [address_cell(image) for image in article.images]
        for name, few in (("image", images[:1]), ("gallery", images[1:])):
            self.book.fill(cells, self._field(name), ",".join(few))
        cells["categories"] = ",".join(
            dict.fromkeys(self.book.category(p, self.target.locale) for p in article.categories)
        )

    def _fill_other(self, cells: dict[str, str], code: str, values: list[str]) -> None:
        wanted = self._other(code, len(values) > 1)
        if wanted.kind == "multiselect":
            codes = [self.book.option(wanted, value) for value in values]
            self.book.fill(cells, wanted, ",".join(codes))
        elif wanted.kind == "select":
            self.book.choose(cells, wanted, values[0])
        else:
            self.book.fill(cells, wanted, ", ".join(values))

    def _field(self, name: str) -> Wanted:
        if name not in self._fields:
            kind, options = FIELDS[name]
            self._fields[name] = self.book.want(name, kind, **options)
        return self._fields[name]

    def name_axis(self, code: str, label: str) -> None:
        """Have an attribute that sets variants apart."""
        self._fields.setdefault(f"axis {code}", self.book.want(code, "select", label=label))

    def name_other(self, code: str, label: str, *, kind: str) -> None:
        """Have an attribute of the shop's own."""
        if f"axis {code}" not in self._fields:
            self._fields.setdefault(f"other {code}", self.book.want(code, kind, label=label))

    def _axis(self, code: str) -> Wanted:
        return self._fields[f"axis {code}"]

    def _other(self, code: str, _several: bool) -> Wanted:
        return self._fields.get(f"axis {code}") or self._fields[f"other {code}"]

    def _place(self, article: Article) -> dict[str, str]:
        cells = {"family": article.family}
        if article.enabled is not None:
            cells["enabled"] = str(int(article.enabled))
        self._fill(article, cells)
        for code, others in article.ties.items():
            cells[f"{code}-products"] = ",".join(others)
        return cells

    def models(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield (line, cells) of every model."""
        for article in self._read():
            if article.kind == "model":
                axes = tuple(self._axis(code).code for code in article.axis_names)
                variant = self.book.variant(article.family, axes, ())
                cells = {"code": article.id, "family_variant": variant}
                yield article.line, {**cells, **self._place(article)}

    def products(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield (line, cells) of every simple product and variant."""
        for article in self._read():
            if article.kind != "model":
                cells = {"identifier": article.id, "parent": article.parent}
                yield article.line, {**cells, **self._place(article)}

    def prices(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield (line, cells) of every price."""
        for article in self._read():
            for name, amount in article.prices.items():
                price_list = self.book.price_list(name, self.target.currency)
                amount = number_of(amount) or amount
                yield (
                    article.line,
                    {"product": article.id, "price_list": price_list, "amount": amount},
                )

    def availability(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield (line, cells) of every stock."""
        for article in self._read():
            if article.stock is not None:
                state, quantity = article.stock
                yield (
                    article.line,
                    {"product": article.id, "state": state, "quantity": quantity},
                )


def _kinds(article: Article) -> Iterator[tuple[str, bool]]:
    for code, (_label, values) in article.others.items():
        yield code, len(values) > 1


def paths_of(text: str, *, apart: str = ",") -> Iterable[list[str]]:
    """Return the category paths of a cell: `A > B, C`."""
    for path in text.split(apart) if apart else [text]:
        steps = [step.strip() for step in path.split(">") if step.strip()]
        if steps:
            yield steps
