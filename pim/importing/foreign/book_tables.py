"""The tables that make what a foreign file asks for: attributes, families, categories and more."""

from collections.abc import Iterable, Iterator

from pim.content.locales import to_posix
from pim.content.structure import FamilyDef

from ..tables import Table
from .book import Book, Wanted
from .coding import new_codes
from .units import fitted

CHANNEL = "default"

Rows = tuple[str, list[str], list[list[str]]]  # the kind of a table, its header and its rows


def structure_tables(book: Book) -> Iterator[Table]:
    """Yield the tables of the structure; call it when the whole file has been read once."""
    for kind, header, rows in _tables(book):
        if rows:
            yield book.table(kind, header, lambda rows=rows: enumerate(rows, 2), len(rows))


def _tables(book: Book) -> Iterator[Rows]:
    structure = book.target.structure
    label = f"label-{to_posix(book.locale)}"
    spoken = book.locales or {book.locale: None}
    new = [code for code in spoken if code not in structure.locales]
    yield "locales", ["code", "enabled"], [[to_posix(code), "1"] for code in new]
    currencies = [code for code in book.currencies if code not in structure.currencies]
    yield "currencies", ["code", "activated"], [[code, "1"] for code in currencies]
    yield from _categories(book)
    yield (
        "price_lists",
        ["code", label, "currency"],
        [[code, *held] for code, held in book.price_lists.items()],
    )
    if not structure.channels:
        yield from _channel(book, spoken)
    yield from _attributes(book, label)
    yield from _families(book, label)
    yield (
        "association_types",
        ["code", label],
        [
            [code, name]
            for code, name in book.ties.items()
            if code not in structure.association_types
        ],
    )
    yield (
        "reference_records",
        ["code", "reference_entity", label],
        [
            [code, entity, name]
            for entity, held in book.records.items()
            for name, code in new_codes(held, {})
        ],
    )


def _categories(book: Book) -> Iterator[Rows]:
    locales = dict.fromkeys(
        locale for _parent, labels in book.categories.values() for locale in labels
    )
    head = ["code", "parent", *(f"label-{to_posix(locale)}" for locale in locales)]
    yield (
        "categories",
        head,
        [
            [code, parent, *(labels.get(locale, "") for locale in locales)]
            for code, (parent, labels) in book.categories.items()
        ],
    )


def _channel(book: Book, spoken: Iterable[str]) -> Iterator[Rows]:
    tree = next((code for code, (parent, _l) in book.categories.items() if not parent), "")
    locales = ",".join(to_posix(code) for code in spoken)
    currencies = ",".join(book.currencies or [book.target.currency])
    head = ["code", "label-en", "locales", "currencies", "tree", "price_lists"]
    lists = ",".join(book.price_lists)
    yield "channels", head, [[CHANNEL, "Default", locales, currencies, tree, lists]]


def _attributes(book: Book, label: str) -> Iterator[Rows]:
    main = book.target.structure.identifier_attribute
    rows = [] if main else [["sku", "identifier", "SKU", "0", "", "", "", "", ""]]
    rows += [
        [
            a.code, a.kind, a.label or a.code, str(int(a.localizable)), a.role,
            a.rules.get("metric_family", ""), _default_unit(book, a),
            a.rules.get("max_items", ""), a.rules.get("unique", ""),
        ]
        for a in book.attributes.values()
        if a.known is None
    ]  # fmt: skip
    head = ["code", "type", label, "localizable", "role", "metric_family"]
    yield "attributes", [*head, "default_metric_unit", "max_items", "unique"], rows
    yield (
        "options",
        ["code", "attribute", label],
        [
            [code, attribute, name]
            for attribute, held in book.options.items()
            for name, code in new_codes(held, book.target.structure.options.get(attribute, {}))
        ],
    )


def _default_unit(book: Book, attribute: Wanted) -> str:
    unit = attribute.rules.get("default_metric_unit", "")
    return fitted("1", unit, book.units_of(attribute))[1] if unit else ""


def _families(book: Book, label: str) -> Iterator[Rows]:
    structure = book.target.structure
    rows = []
    main = structure.identifier_attribute
    for code, attributes in book.families.items():
        there = structure.families.get(code)
        held = there.attributes if there else ()
        codes = dict.fromkeys([*held, main.code if main else "sku", *attributes])
        name = book.target.by_role("name")
        shown = name.code if name else "name" if "name" in codes else ""
        rows.append([code, _family_label(book, code, there), ",".join(codes), shown])
    yield "families", ["code", label, "attributes", "attribute_as_label"], rows
    yield (
        "family_variants",
        ["code", "family", "variant-axes_1", "variant-attributes_1"],
        [
            [code, family, ",".join(axes), ",".join(own)]
            for code, (family, axes, own) in book.variants.items()
            if code not in structure.family_variants
        ],
    )


def _family_label(book: Book, code: str, there: FamilyDef | None) -> str:
    """Return the label of a family: what it is called already is not written over."""
    if there is not None and there.labels:
        return there.labels.get(book.locale, "")
    return book.family_labels[code]
