"""Attribute kinds: what each kind of value looks like, and how raw input becomes it.

Every kind has one canonical JSON form; `clean` makes it or raises `InvalidValue` or
`UnknownCode` with the attribute's code as its field.
"""

from typing import Any

from ..refusals import InvalidValue, _
from ..states import STATE_KEY, state_of
from ..structure import AttributeDef, Structure
from .base import Kind
from .choices import MultiSelect, Select
from .collections import Media, Price, ProductReference, Reference
from .packaging import Packaging
from .scalars import Boolean, Date, Identifier, Measurement, Number
from .tables import Table
from .texts import RichText, Text, TextArea

_KINDS: dict[str, Kind] = {
    k.code: k
    for k in (
        Identifier(),
        Text(),
        TextArea(),
        RichText(),
        Number(),
        Measurement(),
        Price(),
        Boolean(),
        Date(),
        Select(),
        MultiSelect(),
        Media(),
        ProductReference(),
        Reference(),
        Table(),
        Packaging(),
    )
}
CODES = tuple(_KINDS)


def kind(code: str) -> Kind:
    """Return the kind of that code; KeyError if there is none."""
    return _KINDS[code]


def clean(attribute: AttributeDef, raw: Any, structure: Structure) -> Any:
    """Return the canonical data for `raw`, or None where it means "no value".

    None, "" and empty lists erase; {"$state": …} passes through when it is one of the states.
    """
    if raw is None or raw == "" or raw == [] or raw == {}:
        return None
    if isinstance(raw, dict) and STATE_KEY in raw:
        return _clean_state(attribute, raw)
    return _KINDS[attribute.kind].clean(raw, attribute, structure)


def _clean_state(attribute: AttributeDef, raw: dict) -> dict:
    state = state_of(raw)
    if not state or len(raw) != 1:
        raise InvalidValue(
            _("A value without data is one of: empty, unknown, na."),
            code="unknown_state",
            field=attribute.code,
        )
    return {STATE_KEY: state}


__all__ = ["CODES", "Kind", "clean", "kind"]
