"""The structure that a foreign file asks for, gathered while it is read once."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from pim.content.structure import AttributeDef

from ..tables import Row, Table
from .coding import coded
from .target import Target
from .units import fitted
from .words import code_of

CHOICES = ("select", "multiselect")
Read = Callable[[], Iterator[Row]]
FIELDS = ("family", "family_variant", "parent", "categories", "enabled", "#delete")


@dataclass
class Wanted:
    """An attribute: as it is there already, or as it shall be made."""

    code: str
    kind: str
    label: str = ""
    localizable: bool = False
    role: str = ""
    rules: dict[str, str] = field(default_factory=dict)
    known: AttributeDef | None = None


class Book:
    """Attributes, options, families and categories that the products of a file need.

    What the installation has is used as it is: an attribute by its semantic role, an option by
    its label. Only what is missing is made.
    """

    def __init__(self, file: str, target: Target, *, root: str, folder: str = "", stamp: str = ""):
        self.file, self.target, self.root = file, target, root
        self.folder, self.stamp = folder, stamp
        self.locale = target.locale  # of labels
        self.attributes: dict[str, Wanted] = {}
        self.families: dict[str, dict[str, None]] = {}
        self.family_labels: dict[str, str] = {}
        self.variants: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {}
        self.categories: dict[str, tuple[str, dict[str, str]]] = {}
        self.locales: dict[str, None] = {}
        self.currencies: dict[str, None] = {}
        self.price_lists: dict[str, tuple[str, str]] = {}
        self.ties: dict[str, str] = {}
        self.options: dict[str, dict[str, str]] = {}
        self.records: dict[str, dict[str, str]] = {}
        self._titles: dict[str, None] = {}

    def want(self, code: str, kind: str, *, role: str = "", **more) -> Wanted:
        """Return the attribute of a role or code, noted down to be made where it is missing."""
        known = self.target.by_role(role) or self.target.structure.attributes.get(code)
        if known:
            code = known.code
            more |= {"localizable": known.localizable, "known": known}
        if code not in self.attributes:
            kind = known.kind if known else kind
            self.attributes[code] = Wanted(code, kind, role=role, **more)
        return self.attributes[code]

    def option(self, attribute: Wanted, label: str) -> str:
        """Return the code of an option by its label; a new one is noted down."""
        held = self.options.setdefault(attribute.code, self._known_options(attribute))
        return coded(held, label)

    def record(self, attribute: Wanted, label: str) -> str:
        """Return the code of a reference record by its label; a new one is noted down."""
        entity = attribute.known.reference_entity if attribute.known else attribute.code
        return coded(self.records.setdefault(entity, {}), label)

    def _known_options(self, attribute: Wanted) -> dict[str, str]:
        found = {}
        for option in self.target.structure.options.get(attribute.code, {}).values():
            for label in (option.code, *option.labels.values()):
                found.setdefault(label.casefold(), option.code)
        return found

    def family(self, code: str, label: str, attributes: Iterable[str] = ()) -> str:
        """Note that a family has these attributes too."""
        held = self.families.setdefault(code, {})
        held.update(dict.fromkeys(attributes))
        self.family_labels.setdefault(code, label)
        return code

    def variant(self, family: str, axes: tuple[str, ...], own: Iterable[str]) -> str:
        """Note a family variant by its axes; return its code."""
        code = code_of("_".join([family, *axes]))
        self.variants.setdefault(code, (family, axes, tuple(own)))
        return code

    def category(self, path: Iterable[str], locale: str) -> str:
        """Note the categories of a path of labels; return the code of the last."""
        code = self._root(locale)
        for label in path:
            parent, code = code, code_of(f"{code} {label}")
            self.categories.setdefault(code, (parent, {locale: label}))
        return code

    def _root(self, locale: str) -> str:
        self.categories.setdefault(self.root, ("", {locale: self.root.replace("_", " ").title()}))
        return self.root

    def speak(self, locale: str) -> str:
        """Note that texts of a locale occur; return it."""
        self.locales.setdefault(locale)
        return locale

    def price_list(self, name: str, currency: str) -> str:
        """Note a price list; return its code."""
        self.currencies.setdefault(currency)
        code = code_of(f"{name} {currency}")
        self.price_lists.setdefault(code, (name.replace("_", " "), currency))
        return code

    def fill(self, cells: dict[str, str], attribute: Wanted, text: str, locale: str = "") -> None:
        """Put a text into a row, at every address that the attribute has for it."""
        if text == "":
            return
        local = self.speak(locale or self.target.locale) if attribute.localizable else ""
        for title in self.target.titles(attribute.code, local, localizable=attribute.localizable):
            cells[title] = text
            self._titles.setdefault(title)

    def measure(self, cells: dict[str, str], attribute: Wanted, amount: str, unit: str) -> None:
        """Put an amount into a row, in the unit that it has or another one that is known here."""
        amount, unit = fitted(amount, unit, self.units_of(attribute))
        self.fill(cells, attribute, amount)
        cells[f"{attribute.code}-unit"] = unit
        self.note_title(f"{attribute.code}-unit")

    def units_of(self, attribute: Wanted) -> dict | None:
        """Return the units of the attribute's family, None where it is not there yet."""
        known, asked = attribute.known, attribute.rules.get("metric_family", "")
        family = self.target.structure.measurements.get(
            known.measurement_family if known else asked
        )
        return family.units if family else None

    def note_title(self, title: str) -> None:
        """Have a further column in the tables of products."""
        self._titles.setdefault(title)

    def choose(self, cells: dict[str, str], attribute: Wanted, label: str) -> None:
        """Put a name into a row, whether the attribute is a text, a choice or a reference."""
        if not label:
            return
        if attribute.kind in CHOICES:
            label = self.option(attribute, label)
        elif attribute.kind == "reference":
            label = self.record(attribute, label)
        self.fill(cells, attribute, label)

    def content(
        self, kind: str, rows: Callable[[], Iterator[tuple[int, dict]]], count: int
    ) -> Table:
        """Return a table of products or facts out of rows that name their cells."""
        keys = ("code",) if kind == "product_models" else ("identifier",)
        header = [*keys, *FIELDS, *self._titles, *(f"{code}-products" for code in self.ties)]
        if kind == "prices":
            header = PRICE_HEAD
        if kind == "availability":
            header = AVAILABILITY_HEAD

        def read() -> Iterator[Row]:
            for line, cells in rows():
                yield line, [cells.get(title, "") for title in header]

        return self.table(kind, header, read, count)

    def table(self, kind: str, header: list[str], read: Read, count: int) -> Table:
        """Return a table of so many rows that was made of the file."""
        name = f"{self.file}[{kind}]"
        return Table(
            name, kind, list(header), read, self.folder, rows=count, stamp=self.stamp, kind=kind
        )


PRICE_HEAD = ["product", "price_list", "amount", "min_quantity", "valid_from", "valid_to"]
AVAILABILITY_HEAD = ["product", "state", "quantity"]
