"""Packaging out of a row: from `packaging-case-gtin` and its sisters, or from one cell as JSON."""

from collections.abc import Mapping
from typing import Any, Protocol

import orjson

from pim.content.packaging import COUNTS, MEASURES
from pim.content.refusals import InvalidValue, _
from pim.content.states import state_of
from pim.content.structure import AttributeDef

UNIT = "-unit"
# What a level has by itself, and does not keep it alive.
_IMPLIED = frozenset({"level", "contains", "base_units"})


class Numbers(Protocol):
    """What the cells ask of the reader of their row."""

    def number(self, text: str) -> str: ...


def read_packaging(
    columns: Mapping[str, int], cells: list[str], row: Numbers, *, attribute: AttributeDef
) -> Any:
    """Return what the cells say: {level: {part: raw}} of the filled ones, None of none.

    `columns` is {"case-gtin": index}, "" for the column that holds all as JSON.
    """
    whole = cells[columns[""]].strip() if "" in columns else ""
    given = _whole(whole, attribute) if whole else {}
    if not isinstance(given, dict):
        return given  # for the kind to refuse
    for column, index in columns.items():
        text = cells[index].strip()
        if not text or not column or column.endswith(UNIT):
            continue
        level, _bar, part = column.partition("-")
        raw: Any = text
        if part in MEASURES:
            unit = cells[columns[column + UNIT]].strip() if column + UNIT in columns else ""
            raw = _measured(text, unit, row)
        elif part in COUNTS:
            raw = row.number(text)
        given[level] = {**given.get(level, {}), part: raw}
    return given or None


def _whole(text: str, attribute: AttributeDef) -> Any:
    """Return the levels of a JSON cell by name, where it is a list as it should be."""
    try:
        data = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise InvalidValue(
            _("“%(attribute)s” needs its levels as JSON: a list of objects."),
            code="not_packaging",
            field=attribute.code,
            attribute=attribute.code,
        ) from None
    if not isinstance(data, list):
        return data if isinstance(data, Mapping) else [data]
    names = [row.get("level") if isinstance(row, dict) else None for row in data]
    if None in names or len(set(map(str, names))) < len(names):
        return data
    return dict(zip(map(str, names), data, strict=True))


def _measured(text: str, unit: str, row: Numbers) -> dict:
    amount, _space, own = text.partition(" ")
    if not unit and own:
        return {"amount": row.number(amount), "unit": own.strip()}
    return {"amount": row.number(text), "unit": unit}


def with_other_parts(held: Any, given: Any, named: set[str]) -> Any:
    """Return the packaging `given` by columns with the held parts that no column names.

    `named` are the columns, "case-gtin"; a level of which nothing is left is gone.
    """
    if state_of(given) or not isinstance(held, list):
        return given
    merged: dict[str, dict] = {}
    for level in held:
        kept = {p: data for p, data in level.items() if f"{level['level']}-{p}" not in named}
        if kept.keys() - _IMPLIED:
            merged[level["level"]] = kept
    for level, parts in (given or {}).items():
        merged[level] = {**merged.get(level, {}), **parts}
    return merged or None
