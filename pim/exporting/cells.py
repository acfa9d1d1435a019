"""Cells: exact for machines, in words and typed for people, never a formula."""

from typing import Any

import orjson

from pim.content.kinds import kind
from pim.content.kinds.texts import plain_text
from pim.content.states import state_of
from pim.content.structure import AttributeDef, Structure

from .settings import ExportSettings

STATES = {"empty": "[empty]", "unknown": "[unknown]", "na": "[n/a]"}
# What a spreadsheet may take for the beginning of a formula (OWASP, CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def exact_cell(data: Any, attribute: AttributeDef) -> str:
    """Return the cell that the import reads back as the same data."""
    if data is None:
        return ""
    if state := state_of(data):
        return STATES[state]
    if attribute.kind in ("table", "packaging"):
        return orjson.dumps(data).decode()
    if attribute.kind == "price":
        return ", ".join(f"{amount} {currency}" for currency, amount in data.items())
    if isinstance(data, list):
        return ",".join(data)
    if isinstance(data, bool):
        return "1" if data else "0"
    return str(data)


def people_cell(
    data: Any,
    attribute: AttributeDef,
    settings: ExportSettings,
    structure: Structure,
    names: dict[str, str],
) -> Any:
    """Return the cell for people: a number as a number, options by label, products by name."""
    if data is None or state_of(data):
        return "" if data is None else STATES[state_of(data)]
    if attribute.kind == "number":
        return float(data) if len(data) <= 15 else data
    if attribute.kind in ("select", "multiselect") and settings.labels:
        codes = data if isinstance(data, list) else [data]
        return ", ".join(_label(attribute, code, settings, structure) for code in codes)
    if attribute.kind == "product":
        return ", ".join(names.get(uuid, uuid) for uuid in data)
    if attribute.kind == "richtext":
        return plain_text(data)
    if attribute.kind == "textarea":
        return data
    return kind(attribute.kind).plain(data)


def safe(cell: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if isinstance(cell, str) and cell.startswith(FORMULA):
        return f"'{cell}"
    return cell


def _label(attribute: AttributeDef, code: str, settings: ExportSettings, structure) -> str:
    option = structure.options.get(attribute.code, {}).get(code)
    labels = option.labels if option else {}
    wanted = (settings.header_locale, "en", *labels)
    return next((labels[locale] for locale in wanted if labels.get(locale)), code)
