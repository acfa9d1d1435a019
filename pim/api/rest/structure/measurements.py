"""Measurement families: the newer endpoint with labels, and the older read-only one."""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from pim.actions.rest_documents import measurements as theirs
from pim.actions.rest_documents.forms import labels_out
from pim.actions.upserts import upsert_structure
from pim.models import MeasurementFamily
from pim.tasks import ring_followers

from ..access import actor_of, require
from ..answers import item_answer, json_answer, url_of
from ..bodies import takes_list
from ..endpoints import endpoint
from ..errors import RestError, not_found, validation_error
from ..paging import list_answer

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
        ours = theirs.read(document, held.get(code))
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
