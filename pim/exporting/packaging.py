"""Packaging for people: a column for every part of every level that is in use."""

from collections.abc import Collection, Iterator
from typing import Any

from pim.content.packaging import COLUMNS, MEASURES
from pim.content.states import state_of

UNIT = "-unit"


def columns_in(data: Any) -> Iterator[str]:
    """Yield the columns that a packaging fills: "case-gtin", "case-width", "case-width-unit"."""
    for held in data if isinstance(data, list) else ():
        for part in held:
            column = f"{held['level']}-{part}"
            if column in COLUMNS:
                yield column
            if part in MEASURES:
                yield column + UNIT


def in_order(columns: Collection[str]) -> list[str]:
    """Return the columns from the each up, the parts of a level side by side."""
    return [column for column in COLUMNS if column in columns]


def packaging_cell(data: Any, column: str) -> Any:
    """Return what a packaging has in one column: numbers as numbers, "" for nothing."""
    if data is None or state_of(data):
        return ""
    level, _bar, part = column.removesuffix(UNIT).partition("-")
    found = next((held[part] for held in data if held["level"] == level and part in held), "")
    if part not in MEASURES or not found:
        return found
    return found["unit"] if column.endswith(UNIT) else float(found["amount"])
