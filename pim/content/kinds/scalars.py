"""Kinds with one datum: identifier, number, measurement, boolean and date."""

from datetime import date
from decimal import Decimal
from typing import Any

from ..refusals import UnknownCode, _
from ..structure import AttributeDef, MeasurementDef, Structure
from .base import Kind, check_number, decimal_text, refuse, to_decimal
from .texts import Text

_TRUE = {"1", "true", "yes", "y", "on"}
_FALSE = {"0", "false", "no", "n", "off"}


class Identifier(Text):
    """A text that names the product; unique by nature."""

    code = "identifier"

    def clean(self, raw: Any, attribute: AttributeDef, structure: Structure) -> Any:
        text = str(raw).strip()
        if not text or len(text) > 255 or not text.isprintable() or "," in text or ";" in text:
            raise refuse(
                attribute,
                _("“%(attribute)s” needs 1 to 255 characters without comma or semicolon."),
                code="bad_identifier",
            )
        return text


class Number(Kind):
    """A decimal without a unit, kept as text."""

    code = "number"

    def clean(self, raw: Any, attribute: AttributeDef, structure: Structure) -> Any:
        number = to_decimal(raw, attribute)
        check_number(number, attribute)
        return decimal_text(number)

    def index(self, data: Any) -> list[tuple[str, Decimal | None]]:
        return [(data, Decimal(data))]


class Measurement(Kind):
    """{"amount": decimal text, "unit": code} of the attribute's measurement family."""

    code = "measurement"

    def clean(self, raw: Any, attribute: AttributeDef, structure: Structure) -> Any:
        if not isinstance(raw, dict):
            raw = {"amount": raw}
        amount = raw.get("amount")
        if amount in (None, ""):
            return None
        number = to_decimal(amount, attribute)
        check_number(number, attribute)
        unit = raw.get("unit") or attribute.default_unit
        family = structure.measurements.get(attribute.measurement_family)
        if family is not None and unit not in family.units:
            raise UnknownCode(
                _("“%(attribute)s” has no unit “%(name)s”; it has: %(known)s."),
                what="unit",
                name=unit,
                attribute=attribute.code,
                known=", ".join(sorted(family.units)),
                field=attribute.code,
            )
        return {"amount": decimal_text(number), "unit": unit}

    def plain(self, data: Any) -> str:
        return f"{data['amount']} {data['unit']}"

    def index(self, data: Any) -> list[tuple[str, Decimal | None]]:
        return [(self.plain(data), Decimal(data["amount"]))]


def convert(amount: Decimal, *, unit: str, to: str, family: MeasurementDef) -> Decimal:
    """Return `amount` in another unit of its family, to 12 significant digits.

    A unit says how to reach the standard unit: standard = amount × factor + offset.
    """
    if unit == to:
        return amount
    source, target = family.units[unit], family.units[to]
    standard = amount * Decimal(source["factor"]) + Decimal(source.get("offset") or 0)
    result = (standard - Decimal(target.get("offset") or 0)) / Decimal(target["factor"])
    return result.quantize(Decimal(1).scaleb(result.adjusted() - 11)).normalize()


class Boolean(Kind):
    """True or false."""

    code = "boolean"

    def clean(self, raw: Any, attribute: AttributeDef, structure: Structure) -> Any:
        text = str(raw).strip().lower()
        if text in _TRUE:
            return True
        if text in _FALSE:
            return False
        raise refuse(attribute, _("“%(attribute)s” is yes (1) or no (0)."), code="not_a_boolean")

    def plain(self, data: Any) -> str:
        return "1" if data else "0"


class Date(Kind):
    """An ISO 8601 date; a time of day is cut off."""

    code = "date"

    def clean(self, raw: Any, attribute: AttributeDef, structure: Structure) -> Any:
        try:
            day = raw if type(raw) is date else date.fromisoformat(str(raw).strip()[:10])
        except ValueError:
            raise refuse(
                attribute,
                _("“%(attribute)s” needs a date such as %(form)s, not “%(value)s”."),
                code="not_a_date",
                value=str(raw)[:30],
                form="2026-11-22",
            ) from None
        self._check_range(day.isoformat(), attribute)
        return day.isoformat()

    def _check_range(self, day: str, attribute: AttributeDef) -> None:
        low, high = attribute.rules.get("date_min"), attribute.rules.get("date_max")
        if (low and day < low) or (high and day > high):
            raise refuse(
                attribute,
                _("“%(attribute)s” lies between %(low)s and %(high)s."),
                code="date_range",
                low=low or "…",
                high=high or "…",
            )
