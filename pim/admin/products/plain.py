"""Values in plain words of the working locale, for lists and for reading beside an input."""

from typing import Any

from django.utils.translation import gettext as translate

from pim.content.kinds import kind
from pim.content.states import state_of
from pim.content.structure import AttributeDef, Structure

from ..differences import STATE_WORDS, amount_in_words, options_in_words
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
        return options_in_words(data, structure.options.get(attribute.code, {}), locale)
    if attribute.kind == "measurement":
        return amount_in_words(data, attribute, structure)
    if attribute.kind == "packaging":
        return packaging_words(data)
    if attribute.kind == "table":
        return plain_anything(data)
    return kind(attribute.kind).plain(data)
