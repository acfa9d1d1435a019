"""Measurement families: the newer endpoint with labels, and the older read-only one."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from pim.actions.upserts import upsert_structure
from pim.importing.structure_rows import read_unit
from pim.models import MeasurementFamily
from pim.tasks import ring_followers

from ..access import actor_of, require
from ..answers import item_answer, json_answer, url_of
from ..bodies import takes_list
from ..endpoints import endpoint
from ..errors import RestError, format_error, not_found, validation_error
from ..paging import list_answer
from .forms import checked, labels_in, labels_out

_TYPES = {
    "code": "string",
    "labels": "labels",
    "standard_unit_code": "string",
    "units": "any",
}
_OPERATORS = ("mul", "div", "add", "sub")
_NAMES = {"standard_unit": "standard_unit_code"}


def list_families(request: HttpRequest) -> HttpResponse:
    """Answer all of them at once: this list has no pages."""
    require(request, "view", "measurementfamily")
    rows = MeasurementFamily.objects.order_by("code")
    return json_answer([_present(row) for row in rows])


def _present(row: MeasurementFamily) -> dict:
    return {
        "code": row.code,
        "labels": labels_out(row.labels),
        "standard_unit_code": row.standard_unit,
        "units": {unit["code"]: _unit_out(unit) for unit in row.units},
    }


def _unit_out(unit: dict) -> dict:
    return {
        "code": unit["code"],
        "labels": labels_out(unit.get("labels") or {}),
        "convert_from_standard": _steps(unit),
        "symbol": unit.get("symbol", ""),
    }


def _steps(unit: dict) -> list[dict]:
    """Return the operations that lead from an amount in this unit to the standard unit."""
    steps = [{"operator": "mul", "value": unit.get("factor") or "1"}]
    offset = Decimal(unit.get("offset") or 0)
    if offset:
        steps.append({"operator": "add", "value": unit["offset"]})
    return steps


@takes_list
def patch_families(request: HttpRequest, documents: list) -> HttpResponse:
    """Create or change many: a JSON list in, a list with one answer each out."""
    require(request, "change", "measurementfamily")
    held = {row.code: row for row in MeasurementFamily.objects.all()}
    return json_answer([_write_one(request, document, held) for document in documents])


def _write_one(request: HttpRequest, document: Any, held: dict) -> dict:
    code = document.get("code") if isinstance(document, dict) else None
    if not isinstance(code, str) or not code:
        return {"code": None, "status_code": 422, "message": "Code is missing."}
    try:
        ours = _read(document, held.get(code))
        created = _upsert(request, ours)
    except RestError as error:
        return {"code": code, "status_code": error.status, **error.body()}
    return {"code": code, "status_code": 201 if created else 204}


def _upsert(request: HttpRequest, document: dict) -> bool:
    mode = "upsert" if request.user.has_perm("pim.add_measurementfamily") else "update"
    how = {"actor": actor_of(request), "at": timezone.now(), "mode": mode}
    result = upsert_structure("measurement_families", [document], **how)[0]
    if result.refusals:
        raise validation_error(result.refusals, names=_NAMES)
    if result.outcome != "unchanged":
        transaction.on_commit(ring_followers)
    return result.outcome == "created"


def _read(document: dict, held: MeasurementFamily | None) -> dict:
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
        raise RestError(
            422,
            "Validation failed.",
            errors=[
                {
                    "property": "standard_unit_code",
                    "message": f'The standard unit "{standard}" is none of the units.',
                }
            ],
        )


def _old(row: MeasurementFamily) -> dict:
    return {
        "code": row.code,
        "standard": row.standard_unit,
        "units": [
            {
                "code": unit["code"],
                "convert": {step["operator"]: step["value"] for step in _steps(unit)},
                "symbol": unit.get("symbol", ""),
            }
            for unit in row.units
        ],
    }


def list_old(request: HttpRequest) -> HttpResponse:
    """Answer a page of the older form."""
    require(request, "view", "measurementfamily")
    return list_answer(
        request,
        MeasurementFamily.objects.order_by("code"),
        present=lambda rows: [_old(row) for row in rows],
        href=lambda item: url_of(request, "measure-families", item["code"]),
    )


def get_old(request: HttpRequest, code: str) -> HttpResponse:
    """Answer one in the older form; its code in any case."""
    require(request, "view", "measurementfamily")
    row = MeasurementFamily.objects.filter(code__iexact=code).first()
    if row is None:
        raise not_found("measure family", code)
    return item_answer(request, _old(row))


families = endpoint(GET=list_families, PATCH=patch_families)
old_families, old_family = endpoint(GET=list_old), endpoint(GET=get_old)
