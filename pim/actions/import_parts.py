"""Tables that name parts of a value: the parts that they do not name stay as they are."""

from collections.abc import Set
from typing import Any

from pim.content.address import Address
from pim.content.states import state_of
from pim.importing.packaging_cells import with_other_parts
from pim.importing.rows import RowContent, RowReader
from pim.models import Draft


def keep_other_parts(reader: RowReader, rows: list[RowContent]) -> None:
    """Let `price-EUR` alone leave other currencies, `packaging-case-gtin` alone other cells."""
    partial = reader.partial if rows else {}
    if not partial:
        return
    held = _held(rows, partial)
    for row in rows:
        for address, parts in partial.items():
            values = held.get((row.identifier, address.locale), {})
            data = values.get(address.attribute, {}).get(address.channel)
            if data is not None:
                _keep(row, address, data, parts, reader)


def _held(rows: list[RowContent], partial: dict[Address, Set[str]]) -> dict[tuple, dict]:
    drafts = Draft.objects.filter(
        product__identifier__in=[row.identifier for row in rows],
        locale__in={address.locale for address in partial},
    )
    names = ("product__identifier", "locale", "values")
    return {(who, locale): values for who, locale, values in drafts.values_list(*names)}


def _keep(row: RowContent, address: Address, data: Any, parts: Set[str], reader: RowReader) -> None:
    given = row.write["values"].get(address)
    if isinstance(data, list):
        if reader.keeps_blank:
            parts = {f"{lv}-{p}" for lv, filled in (given or {}).items() for p in filled}
        merged = with_other_parts(data, given, parts)
        if merged != given:
            row.write["values"][address] = merged
        return
    others = {c: a for c, a in data.items() if c not in parts and c[:1] != "$"}
    if others and not state_of(given):
        row.write["values"][address] = {**others, **(given or {})}
