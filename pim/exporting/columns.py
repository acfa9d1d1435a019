"""The columns of an export: their titles, and the cell of each for one product."""

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any

from pim.content.address import Address, check_address
from pim.content.locales import to_posix
from pim.content.refusals import Refused
from pim.content.structure import AttributeDef, Structure

from .cells import exact_cell, people_cell
from .packaging import in_order, packaging_cell
from .settings import PLACES, ROLE, ExportSettings


@dataclass(frozen=True, slots=True)
class Row:
    """One product on its way into a file; `above` are the values of its ancestors.

    `shows` tells whether the reader may see an address; `names` is {uuid: identifier}.
    """

    snapshot: dict
    above: tuple[dict, ...] = ()
    shows: Callable[[AttributeDef, Address], bool] = lambda attribute, address: True
    names: dict[str, str] | None = None

    def data(self, attribute: AttributeDef, address: Address, *, inherited: bool) -> Any:
        """Return the data at an address, None where there is none or it must not be shown."""
        if not self.shows(attribute, address):
            return None
        for tree in (self.snapshot["values"], *(self.above if inherited else ())):
            held = tree.get(address.locale, {}).get(address.attribute, {}).get(address.channel)
            if held is not None:
                return held
        return None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `cell` gives the content of a row."""

    title: str
    cell: Callable[[Row], Any]


def columns_of(
    settings: ExportSettings,
    addresses: Iterable[Address],
    structure: Structure,
    *,
    models: bool,
    packed: Mapping[Address, Set[str]] | None = None,
) -> list[Column]:
    """Return the columns of a table; `addresses` are those that occur.

    `packed` names the columns in use of the packaging at an address, where people read them.
    """
    main = structure.identifier_attribute
    title = "code" if models else main.code if main else "sku"
    wanted = settings.columns or (*PLACES, *_in_order(structure))
    found = [Column(title, lambda row: row.snapshot["identifier"])]
    by_attribute: dict[str, list[Address]] = {}
    for address in sorted(addresses, key=lambda a: (a.locale, a.channel)):
        by_attribute.setdefault(address.attribute, []).append(address)
    for name in wanted:
        if name in (*PLACES, ROLE):
            found += _place(name, settings, structure, models=models)
        else:
            for address in by_attribute.get(name, ()):
                if packed and address in packed:
                    title = _title(structure.attributes[name], address, settings)
                    found += _packaging(title, address, in_order(packed[address]), structure)
                    continue
                found += _value(structure.attributes[name], address, settings, structure)
    return found + (_ties(settings, structure) if settings.associations else [])


def expected_addresses(settings: ExportSettings, structure: Structure) -> set[Address]:
    """Return every address of the columns that were named."""
    found = set()
    locales, channels = structure.locales, structure.channels
    for code in settings.columns:
        attribute = structure.attributes.get(code)
        if attribute is None or attribute == structure.identifier_attribute:
            continue
        for locale in (settings.locales or locales) if attribute.localizable else ("",):
            for channel in (settings.channels or channels) if attribute.scopable else ("",):
                address = Address(code, channel, locale)
                if _exists(address, structure):
                    found.add(address)
    return found


def wanted_address(address: Address, settings: ExportSettings, structure: Structure) -> bool:
    """Return whether an address that occurs belongs into the export."""
    if settings.columns and address.attribute not in settings.columns:
        return False
    if address.locale and settings.locales and address.locale not in settings.locales:
        return False
    if address.channel and settings.channels and address.channel not in settings.channels:
        return False
    return _exists(address, structure)


def _exists(address: Address, structure: Structure) -> bool:
    try:
        return check_address(address, structure) != structure.identifier_attribute
    except Refused:
        return False


def _in_order(structure: Structure) -> list[str]:
    return sorted(structure.attributes, key=lambda c: (structure.attributes[c].sort, c))


def _place(
    name: str, settings: ExportSettings, structure: Structure, *, models: bool
) -> list[Column]:
    if name == "family_variant" and not models and settings.exact:
        return []
    if name == ROLE and settings.exact:
        return []  # the table says it

    def cell(row: Row) -> Any:
        held = row.snapshot[name]
        if name in ("categories", "groups"):
            return ",".join(held)
        if name == "enabled":
            return "1" if held else "0"
        return held or ""

    return [Column(name, cell)]


def _value(
    attribute: AttributeDef, address: Address, settings: ExportSettings, structure: Structure
) -> list[Column]:
    title = _title(attribute, address, settings)
    inherited = not settings.exact
    if attribute.kind == "measurement":
        return [
            Column(title, lambda row: _part(row, attribute, address, settings, "amount")),
            Column(f"{title}-unit", lambda row: _part(row, attribute, address, settings, "unit")),
        ]

    def cell(row: Row) -> Any:
        data = row.data(attribute, address, inherited=inherited)
        if settings.exact:
            return exact_cell(data, attribute)
        return people_cell(data, attribute, settings, structure, row.names or {})

    return [Column(title, cell)]


def _packaging(
    title: str, address: Address, columns: list[str], structure: Structure
) -> list[Column]:
    attribute = structure.attributes[address.attribute]

    def cell(column: str) -> Callable[[Row], Any]:
        return lambda row: packaging_cell(row.data(attribute, address, inherited=True), column)

    return [Column(f"{title}-{column}", cell(column)) for column in columns]


def _part(
    row: Row, attribute: AttributeDef, address: Address, settings: ExportSettings, part: str
) -> Any:
    data = row.data(attribute, address, inherited=not settings.exact)
    if data is None or part not in data:
        return exact_cell(data, attribute) if data and part == "amount" else ""
    if part == "amount" and not settings.exact:
        return float(data[part])
    return data[part]


def _title(attribute: AttributeDef, address: Address, settings: ExportSettings) -> str:
    if settings.exact or not settings.header_locale:
        code = attribute.code
    else:
        code = attribute.labels.get(settings.header_locale) or attribute.code
    parts = (code, to_posix(address.locale) if address.locale else "", address.channel)
    return "-".join(part for part in parts if part)


def _ties(settings: ExportSettings, structure: Structure) -> list[Column]:
    found = []
    for code, definition in structure.association_types.items():
        found.append(Column(f"{code}-product_uuids", _uuids(code, settings)))
        if definition.quantified:
            found.append(Column(f"{code}-product_uuids-quantity", _quantities(code)))
        found.append(Column(f"{code}-groups", _groups(code)))
    return found if settings.exact else _without_quantities(found)


def _without_quantities(columns: list[Column]) -> list[Column]:
    return [Column(c.title.replace("-product_uuids", "-products"), c.cell) for c in columns]


def _uuids(code: str, settings: ExportSettings) -> Callable[[Row], str]:
    def cell(row: Row) -> str:
        held = row.snapshot["associations"].get(code, {}).get("products", ())
        names = row.names or {}
        return ",".join(u if settings.exact else names.get(u, u) for u, _quantity in held)

    return cell


def _quantities(code: str) -> Callable[[Row], str]:
    def cell(row: Row) -> str:
        held = row.snapshot["associations"].get(code, {}).get("products", ())
        return ",".join(str(quantity or 1) for _uuid, quantity in held)

    return cell


def _groups(code: str) -> Callable[[Row], str]:
    return lambda row: ",".join(row.snapshot["associations"].get(code, {}).get("groups", ()))
