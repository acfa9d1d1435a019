"""The structure that a foreign file asks for, gathered while it is read once."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from pim.content.locales import to_posix
from pim.content.structure import AttributeDef, FamilyDef

from ..tables import Row, Table
from .coding import coded, new_codes
from .target import Target
from .units import fitted
from .words import code_of

CHOICES = ("select", "multiselect")
CHANNEL = "default"
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
        self._options: dict[str, dict[str, str]] = {}
        self._records: dict[str, dict[str, str]] = {}
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
        held = self._options.setdefault(attribute.code, self._known_options(attribute))
        return coded(held, label)

    def record(self, attribute: Wanted, label: str) -> str:
        """Return the code of a reference record by its label; a new one is noted down."""
        entity = attribute.known.reference_entity if attribute.known else attribute.code
        return coded(self._records.setdefault(entity, {}), label)

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
        amount, unit = fitted(amount, unit, self._units(attribute))
        self.fill(cells, attribute, amount)
        cells[f"{attribute.code}-unit"] = unit
        self.note_title(f"{attribute.code}-unit")

    def _units(self, attribute: Wanted) -> dict | None:
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

    def tables(self) -> Iterator[Table]:
        """Yield the tables of the structure; call it when the whole file has been read once."""
        for kind, header, rows in self._structure():
            if rows:
                yield self._table(kind, header, lambda rows=rows: enumerate(rows, 2), len(rows))

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

        return self._table(kind, header, read, count)

    def _table(self, kind: str, header: list[str], read, count: int) -> Table:
        name = f"{self.file}[{kind}]"
        return Table(
            name, kind, list(header), read, self.folder, rows=count, stamp=self.stamp, kind=kind
        )

    def _structure(self) -> Iterator[tuple[str, list[str], list[list[str]]]]:
        structure = self.target.structure
        label = f"label-{to_posix(self.locale)}"
        spoken = self.locales or {self.locale: None}
        new = [code for code in spoken if code not in structure.locales]
        yield "locales", ["code", "enabled"], [[to_posix(code), "1"] for code in new]
        currencies = [code for code in self.currencies if code not in structure.currencies]
        yield "currencies", ["code", "activated"], [[code, "1"] for code in currencies]
        yield from self._categories()
        yield (
            "price_lists",
            ["code", label, "currency"],
            [[code, *held] for code, held in self.price_lists.items()],
        )
        if not structure.channels:
            yield from self._channel(spoken)
        yield from self._attributes(label)
        yield from self._families(label)
        yield (
            "association_types",
            ["code", label],
            [
                [code, name]
                for code, name in self.ties.items()
                if code not in structure.association_types
            ],
        )
        yield (
            "reference_records",
            ["code", "reference_entity", label],
            [
                [code, entity, name]
                for entity, held in self._records.items()
                for name, code in new_codes(held, {})
            ],
        )

    def _categories(self) -> Iterator[tuple[str, list[str], list[list[str]]]]:
        locales = dict.fromkeys(
            locale for _parent, labels in self.categories.values() for locale in labels
        )
        head = ["code", "parent", *(f"label-{to_posix(locale)}" for locale in locales)]
        yield (
            "categories",
            head,
            [
                [code, parent, *(labels.get(locale, "") for locale in locales)]
                for code, (parent, labels) in self.categories.items()
            ],
        )

    def _channel(self, spoken: Iterable[str]) -> Iterator[tuple[str, list[str], list[list[str]]]]:
        tree = next((code for code, (parent, _l) in self.categories.items() if not parent), "")
        locales = ",".join(to_posix(code) for code in spoken)
        currencies = ",".join(self.currencies or [self.target.currency])
        head = ["code", "label-en", "locales", "currencies", "tree", "price_lists"]
        lists = ",".join(self.price_lists)
        yield "channels", head, [[CHANNEL, "Default", locales, currencies, tree, lists]]

    def _attributes(self, label: str) -> Iterator[tuple[str, list[str], list[list[str]]]]:
        main = self.target.structure.identifier_attribute
        rows = [] if main else [["sku", "identifier", "SKU", "0", "", "", "", "", ""]]
        rows += [
            [
                a.code, a.kind, a.label or a.code, str(int(a.localizable)), a.role,
                a.rules.get("metric_family", ""), self._default_unit(a),
                a.rules.get("max_items", ""), a.rules.get("unique", ""),
            ]
            for a in self.attributes.values()
            if a.known is None
        ]  # fmt: skip
        head = ["code", "type", label, "localizable", "role", "metric_family"]
        yield "attributes", [*head, "default_metric_unit", "max_items", "unique"], rows
        yield (
            "options",
            ["code", "attribute", label],
            [
                [code, attribute, name]
                for attribute, held in self._options.items()
                for name, code in new_codes(held, self.target.structure.options.get(attribute, {}))
            ],
        )

    def _default_unit(self, attribute: Wanted) -> str:
        unit = attribute.rules.get("default_metric_unit", "")
        return fitted("1", unit, self._units(attribute))[1] if unit else ""

    def _families(self, label: str) -> Iterator[tuple[str, list[str], list[list[str]]]]:
        structure = self.target.structure
        rows = []
        main = structure.identifier_attribute
        for code, attributes in self.families.items():
            there = structure.families.get(code)
            held = there.attributes if there else ()
            codes = dict.fromkeys([*held, main.code if main else "sku", *attributes])
            name = self.target.by_role("name")
            shown = name.code if name else "name" if "name" in codes else ""
            rows.append([code, self._family_label(code, there), ",".join(codes), shown])
        yield "families", ["code", label, "attributes", "attribute_as_label"], rows
        yield (
            "family_variants",
            ["code", "family", "variant-axes_1", "variant-attributes_1"],
            [
                [code, family, ",".join(axes), ",".join(own)]
                for code, (family, axes, own) in self.variants.items()
                if code not in structure.family_variants
            ],
        )

    def _family_label(self, code: str, there: FamilyDef | None) -> str:
        """Return the label of a family: what it is called already is not written over."""
        if there is not None and there.labels:
            return there.labels.get(self.locale, "")
        return self.family_labels[code]


PRICE_HEAD = ["product", "price_list", "amount", "min_quantity", "valid_from", "valid_to"]
AVAILABILITY_HEAD = ["product", "state", "quantity"]
