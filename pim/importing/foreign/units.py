"""Amounts said in a unit that the installation knows."""

from collections.abc import Container
from decimal import Decimal, InvalidOperation
from functools import cache

from ..measurements import usual_families


def fitted(amount: str, unit: str, known: Container[str] | None) -> tuple[str, str]:
    """Return the amount in a unit of the family's `known` ones; what cannot be said stays.

    Nothing known means that the family is made as it usually is, with all its units.
    """
    if known is None or unit in known:
        return amount, unit
    for factors in _families():
        others = [code for code in factors if code in known]
        if unit in factors and others:
            nearest = min(others, key=lambda code: abs((factors[unit] / factors[code]).log10()))
            return _times(amount, factors[unit] / factors[nearest]), nearest
    return amount, unit


@cache
def _families() -> list[dict[str, Decimal]]:
    """Return {unit: factor} of the usual families; units with an offset are left out."""
    return [
        {unit["code"]: Decimal(unit["factor"]) for unit in family["units"] if not _offset(unit)}
        for family in usual_families().values()
    ]


def _offset(unit: dict) -> Decimal:
    return Decimal(unit.get("offset") or "0")


def _times(amount: str, factor: Decimal) -> str:
    try:
        return format((Decimal(amount) * factor).normalize(), "f")
    except InvalidOperation:
        return amount
