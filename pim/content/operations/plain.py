"""Values as words: what of a value can stand in a text, in the language of that text."""

from html import escape
from typing import Any

from ..kinds import kind
from ..kinds.texts import plain_text
from ..structure import AttributeDef
from .sheet import Sheet

TEXTS = ("text", "textarea", "richtext")
# A list of pictures, a table and prices have no place in a sentence.
SPOKEN = (
    *TEXTS, "identifier", "number", "measurement", "boolean", "date", "select", "multiselect",
    "reference",
)  # fmt: skip


def as_kind(
    data: Any, source: AttributeDef, target: AttributeDef, locale: str, sheet: Sheet
) -> Any:
    """Return data of one attribute as data of another: texts take words, others the same kind."""
    if source.kind == target.kind:
        return list(data) if isinstance(data, list) else data
    words = as_words(data, source, locale, sheet)
    return as_text(words, target)


def as_text(words: str, target: AttributeDef) -> str:
    """Return words in the form that the text attribute holds them in."""
    return f"<p>{escape(words, quote=False)}</p>" if target.kind == "richtext" else words


def as_words(data: Any, attribute: AttributeDef, locale: str, sheet: Sheet) -> str:
    """Return a value in words: options by their labels, amounts with the symbol of their unit."""
    if attribute.kind in ("select", "multiselect"):
        codes = data if isinstance(data, list) else [data]
        return ", ".join(_label(attribute, code, locale, sheet) for code in codes)
    if attribute.kind == "measurement":
        family = sheet.structure.measurements.get(attribute.measurement_family)
        unit = family.units.get(data["unit"], {}) if family else {}
        return f"{data['amount']} {unit.get('symbol') or data['unit']}"
    if attribute.kind == "richtext":
        return plain_text(data)
    return kind(attribute.kind).plain(data)


def _label(attribute: AttributeDef, code: str, locale: str, sheet: Sheet) -> str:
    option = sheet.structure.options.get(attribute.code, {}).get(code)
    labels = option.labels if option else {}
    for step in sheet.structure.chain(locale):
        if labels.get(step):
            return labels[step]
    return code
