"""Measurement families as documents; units that are not named stay."""

from decimal import Decimal, InvalidOperation
from typing import Any

from pim.importing.structure_rows import read_unit
from pim.models import MeasurementFamily

from .errors import DocumentError, format_error
from .forms import checked, labels_in

_TYPES = {
    "code": "string",
    "labels": "labels",
    "standard_unit_code": "string",
    "units": "any",
}
_OPERATORS = ("mul", "div", "add", "sub")


def read(document: dict, held: MeasurementFamily | None) -> dict:
    """Return our document of theirs; raises what is wrong with it."""
    given = checked(document, types=_TYPES)
    ours = {"code": given["code"]}
    if "labels" in given:
        ours["labels"] = labels_in(given["labels"])
    if "standard_unit_code" in given:
        ours["standard_unit"] = given["standard_unit_code"]
    if "units" in given:
        ours["units"] = _merged_units(given["units"], held.units if held else [])
    _check_standard(ours, held)
    return ours


def _merged_units(given: Any, held: list[dict]) -> list[dict]:
    """Return the units, those that are not named as they were."""
    found = {unit["code"]: unit for unit in held}
    listed = list(given.values()) if isinstance(given, dict) else given
    if not isinstance(listed, list) or not all(isinstance(unit, dict) for unit in listed):
        raise format_error(['Property "units" expects an array as data.'])
    for unit in listed:
        before = found.get(str(unit.get("code")), {})
        found[str(unit.get("code"))] = _unit_in(unit, before)
    return list(found.values())


def _unit_in(unit: dict, before: dict) -> dict:
    if not isinstance(unit.get("code"), str) or not unit["code"]:
        raise format_error(["A unit needs a code."])
    steps = unit.get("convert_from_standard")
    if steps is None and not before:
        raise format_error([f'The unit "{unit["code"]}" needs "convert_from_standard".'])
    _check_steps(unit["code"], steps or [])
    labels = {**(before.get("labels") or {}), **labels_in(unit.get("labels") or {})}
    document = {
        "code": unit["code"],
        "labels": {locale: text for locale, text in labels.items() if text},
        "symbol": unit.get("symbol", before.get("symbol", "")) or "",
        "cldr": before.get("cldr", ""),
    }
    if steps is None:
        return {**document, "factor": before["factor"], "offset": before.get("offset", "0")}
    return read_unit({**document, "convert_from_standard": steps})


def _check_steps(code: str, steps: Any) -> None:
    good = isinstance(steps, list) and all(
        isinstance(step, dict)
        and step.get("operator") in _OPERATORS
        and _finite(step.get("value"), zero=step.get("operator") in ("add", "sub"))
        for step in steps
    )
    if not good:
        known = ", ".join(_OPERATORS)
        message = f'"convert_from_standard" of "{code}" is a list of operations: {known}.'
        raise format_error([message])


def _finite(value: Any, *, zero: bool) -> bool:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return False
    return number.is_finite() and abs(number.adjusted()) <= 30 and (zero or number != 0)


def _check_standard(ours: dict, held: MeasurementFamily | None) -> None:
    standard = ours.get("standard_unit") or (held.standard_unit if held else "")
    units = ours.get("units", held.units if held else [])
    if standard not in {unit["code"] for unit in units}:
        raise DocumentError(
            422,
            "Validation failed.",
            errors=[
                {
                    "property": "standard_unit_code",
                    "message": f'The standard unit "{standard}" is none of the units.',
                }
            ],
        )
