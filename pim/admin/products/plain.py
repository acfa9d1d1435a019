"""Values in plain words of the working locale, for lists and for reading beside an input."""

from typing import Any

from django.utils.translation import gettext as translate

from pim.content.kinds import kind
from pim.content.states import state_of
from pim.content.structure import AttributeDef, Structure

from ..context import label_of
from ..differences import STATE_WORDS
from ..differences import plain as plain_anything
from .packaging import packaging_words


def plain_value(attribute: AttributeDef, data: Any, structure: Structure, locale: str) -> str:
    """Return a value as one line of words; "" where there is none."""
    if data is None:
        return ""
    if state := state_of(data):
        return f"({translate(STATE_WORDS[state])})"
    if attribute.kind == "boolean":
        return translate("Yes") if data else translate("No")
    if attribute.kind in ("select", "multiselect"):
        return _options(attribute, data, structure, locale)
    if attribute.kind == "measurement":
        return _measurement(attribute, data, structure)
    if attribute.kind == "packaging":
        return packaging_words(data)
    if attribute.kind == "table":
        return plain_anything(data)
    return kind(attribute.kind).plain(data)


def _options(attribute, data, structure, locale) -> str:
    options = structure.options.get(attribute.code, {})
    codes = data if isinstance(data, list) else [data]
    return ", ".join(label_of(options[c], locale) if c in options else str(c) for c in codes)


def _measurement(attribute, data, structure) -> str:
    family = structure.measurements.get(attribute.measurement_family)
    unit = (family.units.get(data["unit"]) if family else None) or {}
    return f"{data['amount']} {unit.get('symbol') or data['unit']}"
