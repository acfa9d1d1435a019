"""Turning a value of one attribute kind into a value of another, or saying why it cannot be."""

import re
from decimal import Decimal
from html import escape
from typing import Any

from .kinds import clean, kind
from .kinds.base import decimal_text, refuse
from .kinds.scalars import convert as convert_unit
from .kinds.texts import plain_text
from .refusals import _
from .states import state_of
from .structure import AttributeDef, Structure

TEXTS = frozenset({"text", "textarea", "richtext"})
CHOICES = frozenset({"select", "multiselect"})
CONVERTIBLE = TEXTS | CHOICES | {"number", "measurement", "boolean", "date"}
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")


def may_convert(source: str, target: str) -> bool:
    """Return whether values of one kind can be turned into another at all."""
    return source != target and {source, target} <= CONVERTIBLE


def convert_value(
    data: Any,
    *,
    source: AttributeDef,
    target: AttributeDef,
    structure: Structure,
    options: dict[str, str],
    locale: str = "",
) -> Any:
    """Return `data` as a value of `target`; states such as empty on purpose stay.

    `options` is {text: option code} where texts become options. Raises `InvalidValue` or
    `UnknownCode` where the value does not fit, and so would be lost.
    """
    if state_of(data):
        return data
    if source.kind in CHOICES and target.kind in CHOICES:
        raw: Any = _other_choice(data, target)
    elif source.kind == "measurement" and target.kind == "number":
        raw = _amount(data, source, structure)
    else:
        raw = _fitting(_words(data, source, structure, locale), source, target, options)
    return clean(target, raw, structure)


def _other_choice(data: Any, target: AttributeDef) -> Any:
    if target.kind == "multiselect":
        return [data]
    if len(data) > 1:
        raise refuse(
            target,
            _("“%(attribute)s” can hold one option only, not %(value)s."),
            code="several_options",
            value=", ".join(data),
        )
    return data[0]


def _amount(data: dict, source: AttributeDef, structure: Structure) -> str:
    """Return the amount in the attribute's default unit, so that bare numbers compare."""
    family = structure.measurements.get(source.measurement_family)
    amount = Decimal(data["amount"])
    if family is None or not source.default_unit:
        return decimal_text(amount)
    return decimal_text(
        convert_unit(amount, unit=data["unit"], to=source.default_unit, family=family)
    )


def _words(data: Any, source: AttributeDef, structure: Structure, locale: str) -> str:
    """Return the value as text: labels for options, lines for paragraphs."""
    if source.kind == "richtext":
        return plain_text(data)
    if source.kind == "textarea":
        return str(data)
    if source.kind in CHOICES:
        held = structure.options.get(source.code, {})
        codes = data if isinstance(data, list) else [data]
        return ", ".join(_label(held, code, structure, locale) for code in codes)
    return kind(source.kind).plain(data)


def _label(held: dict, code: str, structure: Structure, locale: str) -> str:
    labels = held[code].labels if code in held else {}
    wanted = [*structure.chain(locale), "en", *labels]
    return next((labels[c] for c in wanted if labels.get(c)), code)


def _fitting(
    words: str, source: AttributeDef, target: AttributeDef, options: dict[str, str]
) -> Any:
    """Return the text in the form that the target kind takes."""
    if target.kind == "select":
        return options.get(words.strip(), words.strip())
    if target.kind == "multiselect":
        parts = [part.strip() for part in words.split(",") if part.strip()]
        return [options.get(part, part) for part in parts]
    if target.kind == "richtext" and source.kind != "richtext":
        lines = [line for line in words.split("\n") if line.strip()]
        return "".join(f"<p>{escape(line.strip())}</p>" for line in lines)
    if target.kind in ("number", "measurement") and _DECIMAL_COMMA.fullmatch(words.strip()):
        return words.strip().replace(",", ".")
    return words


def option_texts(data: Any, source: AttributeDef, *, several: bool) -> list[str]:
    """Return the texts that would each become an option of their own."""
    if state_of(data):
        return []
    words = plain_text(data) if source.kind == "richtext" else kind(source.kind).plain(data)
    parts = words.split(",") if several else [words]
    return [part.strip() for part in parts if part.strip()]
