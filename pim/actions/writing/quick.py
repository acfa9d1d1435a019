"""Cleaning the usual forms of values quickly; every other form goes to its kind.

A cleaner is made once per place and structure. It may only return at once what the kind would
return: canonical data of an attribute without further rules.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from typing import Any
from unicodedata import is_normalized

from pim.content.structure import AttributeDef, Structure

Cleaner = Callable[[Any], Any]

_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?").fullmatch
_SHORT, _LONG = 255, 65_535


def quick_cleaner(attribute: AttributeDef, structure: Structure, *, slow: Cleaner) -> Cleaner:
    """Return what turns raw input for the attribute into its data, or raises `Refused`.

    `slow` does so for any input there may be.
    """
    make = _MAKERS.get(attribute.kind)
    return make(attribute, structure, slow) if make else slow


def _text(attribute: AttributeDef, structure: Structure, slow: Cleaner) -> Cleaner:
    if attribute.rules.get("pattern"):
        return slow
    limit = int(
        attribute.rules.get("max_length") or (_SHORT if attribute.kind == "text" else _LONG)
    )

    def cleaned(raw: Any) -> Any:
        if (
            type(raw) is str
            and 0 < len(raw) <= limit
            and raw.isprintable()
            and raw[0] != " " != raw[-1]
            and (raw.isascii() or is_normalized("NFC", raw))
        ):
            return raw
        return slow(raw)

    return cleaned


def _decimal(raw: Any) -> str:
    """Return the canonical text of a usual decimal, "" for anything else."""
    if type(raw) is not str or not _PLAIN(raw):
        return ""
    text = raw.rstrip("0").rstrip(".") if "." in raw else raw
    return "" if text == "-0" else text


def _number(attribute: AttributeDef, structure: Structure, slow: Cleaner) -> Cleaner:
    if attribute.rules:
        return slow

    def cleaned(raw: Any) -> Any:
        return _decimal(raw) or slow(raw)

    return cleaned


def _measurement(attribute: AttributeDef, structure: Structure, slow: Cleaner) -> Cleaner:
    family = structure.measurements.get(attribute.measurement_family)
    if attribute.rules or family is None:
        return slow
    units = family.units

    def cleaned(raw: Any) -> Any:
        if type(raw) is dict:
            amount, unit = _decimal(raw.get("amount")), raw.get("unit")
            if amount and type(unit) is str and unit in units:
                return {"amount": amount, "unit": unit}
        return slow(raw)

    return cleaned


def _price(attribute: AttributeDef, structure: Structure, slow: Cleaner) -> Cleaner:
    if attribute.rules:
        return slow
    currencies = structure.currencies

    def cleaned(raw: Any) -> Any:
        found = {}
        for currency, given in _amounts(raw):
            if given == "":
                continue
            amount = _decimal(given)
            if not amount or amount[0] == "-" or type(currency) is not str:
                return slow(raw)
            found[currency] = amount
        return found if found and found.keys() <= currencies else slow(raw)

    return cleaned


def _amounts(raw: Any) -> Iterable[tuple[Any, Any]]:
    """Return (currency, amount) of a price in either of its forms; none of what is no price."""
    if type(raw) is dict:
        return raw.items()
    if type(raw) is list and all(type(part) is dict for part in raw):
        return [(part.get("currency"), part.get("amount")) for part in raw]
    return ()


def _boolean(attribute: AttributeDef, structure: Structure, slow: Cleaner) -> Cleaner:
    def cleaned(raw: Any) -> Any:
        return raw if raw is True or raw is False else slow(raw)

    return cleaned


def _date(attribute: AttributeDef, structure: Structure, slow: Cleaner) -> Cleaner:
    if attribute.rules:
        return slow

    def cleaned(raw: Any) -> Any:
        return (_day(raw[:10]) if type(raw) is str else "") or slow(raw)

    return cleaned


@lru_cache(4_096)
def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _select(attribute: AttributeDef, structure: Structure, slow: Cleaner) -> Cleaner:
    options = structure.options.get(attribute.code, {})

    def cleaned(raw: Any) -> Any:
        return raw if type(raw) is str and raw in options else slow(raw)

    return cleaned


def _multiselect(attribute: AttributeDef, structure: Structure, slow: Cleaner) -> Cleaner:
    options = structure.options.get(attribute.code, {})

    def cleaned(raw: Any) -> Any:
        if type(raw) is list and raw and all(type(c) is str and c in options for c in raw):
            return sorted(set(raw))
        return slow(raw)

    return cleaned


_MAKERS: dict[str, Callable[[AttributeDef, Structure, Cleaner], Cleaner]] = {
    "text": _text,
    "textarea": _text,
    "number": _number,
    "measurement": _measurement,
    "price": _price,
    "boolean": _boolean,
    "date": _date,
    "select": _select,
    "multiselect": _multiselect,
}
