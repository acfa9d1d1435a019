"""Applying the tables of the structure, each in one transaction."""

from collections.abc import Iterable
from datetime import datetime

from pim.actions.upserts import upsert_structure
from pim.content.actor import Actor
from pim.content.record_fields import clean_field
from pim.content.refusals import Refused
from pim.importing.attribute_rows import guess_role
from pim.importing.measurements import usual_family
from pim.importing.report import Place, Report
from pim.importing.structure_rows import read_structure_row
from pim.importing.tables import Table
from pim.models import (
    Attribute,
    AttributeGroup,
    Audience,
    Channel,
    Currency,
    Locale,
    MeasurementFamily,
    ReferenceEntity,
)

CONSUMER = {"code": "consumer", "labels": {"en": "Consumer"}, "public": True}
# Columns that are named differently from the field that they fill.
COLUMN_OF = {
    "kind": "type",
    "category_tree": "tree",
    "label_attribute": "attribute_as_label",
    "image_attribute": "attribute_as_image",
    "measurement_family": "metric_family",
    "default_unit": "default_metric_unit",
    "filterable": "useable_as_grid_filter",
    "enabled": "activated",
}


def import_structure(
    kind: str, table: Table, *, report: Report, actor: Actor, at: datetime
) -> bool:
    """Apply one table of structure; return whether anything was created or changed."""
    lines, documents = [], []
    for line, cells in table.read():
        row = dict(zip(table.header, cells, strict=False))
        try:
            documents.append(read_structure_row(kind, row))
            lines.append(line)
        except Refused as refusal:
            place = Place(table.name, line, row.get("code", ""))
            report.refuse(kind, place, [(refusal.field, refusal)])
    prepare = _PREPARE.get(kind)
    touched = bool(prepare and prepare(documents, actor=actor, at=at))
    results = upsert_structure(kind, documents, actor=actor, at=at)
    for line, result in zip(lines, results, strict=True):
        if result.refusal:
            column = _column(result.refusal.field, table.header)
            place = Place(table.name, line, result.code)
            report.refuse(kind, place, [(column, result.refusal)])
        else:
            report.count(kind, result.outcome)
    return touched or any(r.outcome in ("created", "changed") for r in results)


def _column(field: str, header: list[str]) -> str:
    named = COLUMN_OF.get(field, field)
    return named if named in header else field


def _prepare_locales(documents: list[dict], *, actor: Actor, at: datetime) -> bool:
    """A new locale is off until a channel uses it, unless the file says otherwise."""
    used = set(Channel.locales.through.objects.values_list("locale__code", flat=True))
    known = set(Locale.objects.values_list("code", flat=True))
    for document in documents:
        if document["code"] not in known:
            document.setdefault("enabled", document["code"] in used)
    return False


def prepare_channels(documents: list[dict], *, actor: Actor, at: datetime) -> bool:
    """Switch on what the channels use, and give readers to those that have none."""
    how = {"actor": actor, "at": at}
    locales = {code for d in documents for code in d.get("locales", ())}
    currencies = {code for d in documents for code in d.get("currencies", ())}
    touched = _switch_on("locales", Locale, locales, **how)
    touched |= _switch_on("currencies", Currency, currencies, **how)
    if not Audience.objects.exists():
        touched |= _changed(upsert_structure("audiences", [CONSUMER], **how))
    readers = _default_readers()
    served = set(Channel.objects.filter(audiences__isnull=False).values_list("code", flat=True))
    for document in documents:
        if not document.get("audiences") and document["code"] not in served:
            document["audiences"] = readers
    return touched


def _switch_on(kind: str, model, codes: Iterable[str], *, actor: Actor, at: datetime) -> bool:
    wanted = [{"code": code, "enabled": True} for code in sorted(codes)]
    return _changed(upsert_structure(kind, wanted, actor=actor, at=at))


def _default_readers() -> list[str]:
    public = list(Audience.objects.filter(public=True).values_list("code", flat=True))
    return [CONSUMER["code"]] if CONSUMER["code"] in public else public[:1]


def _prepare_attributes(documents: list[dict], *, actor: Actor, at: datetime) -> bool:
    """Make what attributes refer to and everybody knows; guess roles that nobody has."""
    how = {"actor": actor, "at": at}
    touched = _make_groups(documents, **how)
    touched |= make_measurement_families(documents, **how)
    touched |= _make_entities(documents, **how)
    guess_roles(documents)
    return touched


def _prepare_records(documents: list[dict], *, actor: Actor, at: datetime) -> bool:
    """Let the cells say what their fields hold: yes, a number, a list; blank ones take it away."""
    fields = {e.code: {f["code"]: f for f in e.fields} for e in ReferenceEntity.objects.all()}
    for document in documents:
        known, refusals = fields.get(document["entity"], {}), []
        for name in document["values"].keys() & known.keys():
            _clean_cells(document["values"][name], known[name], refusals)
        document["@refusals"] = refusals
    return False


def _clean_cells(by_locale: dict, field: dict, refusals: list[Refused]) -> None:
    for locale, text in by_locale.items():
        cell = text.split(",") if text and field.get("kind") == "multiselect" else text
        try:
            by_locale[locale] = clean_field(field, cell) if text else ""
        except Refused as refusal:
            refusals.append(refusal)


def _make_groups(documents: list[dict], *, actor: Actor, at: datetime) -> bool:
    known = set(Attribute.objects.values_list("code", flat=True))
    for document in documents:
        if document["code"] not in known:
            document.setdefault("group", "other")
    needed = any(d.get("group") == "other" for d in documents)
    if not needed or AttributeGroup.objects.filter(code="other").exists():
        return False
    other = {"code": "other", "labels": {"en": "Other"}, "sort_order": 100}
    return _changed(upsert_structure("attribute_groups", [other], actor=actor, at=at))


def make_measurement_families(documents: list[dict], *, actor: Actor, at: datetime) -> bool:
    """Make the usual measurement families that attributes name and that are missing."""
    named = {d["measurement_family"] for d in documents if d.get("measurement_family")}
    known = set(MeasurementFamily.objects.values_list("code", flat=True))
    usual = [family for code in sorted(named - known) if (family := usual_family(code))]
    return _changed(upsert_structure("measurement_families", usual, actor=actor, at=at))


def _make_entities(documents: list[dict], *, actor: Actor, at: datetime) -> bool:
    named = {d["reference_entity"] for d in documents if d.get("reference_entity")}
    known = set(ReferenceEntity.objects.values_list("code", flat=True))
    missing = [{"code": code, "labels": {}} for code in sorted(named - known)]
    return _changed(upsert_structure("reference_entities", missing, actor=actor, at=at))


def guess_roles(documents: list[dict]) -> None:
    """Give new attributes the roles that their codes suggest and that nobody has."""
    rows = Attribute.objects.values_list("code", "role")
    known, taken = {code for code, _r in rows}, {role for _c, role in rows if role}
    taken |= {d["role"] for d in documents if d.get("role")}
    for document in documents:
        if document["code"] in known or document.get("role"):
            continue
        role = guess_role(document["code"], document.get("kind", ""))
        if role and role not in taken:
            document["role"] = role
            taken.add(role)


def _changed(results: list) -> bool:
    return any(result.outcome in ("created", "changed") for result in results)


_PREPARE = {
    "locales": _prepare_locales,
    "channels": prepare_channels,
    "attributes": _prepare_attributes,
    "reference_records": _prepare_records,
}
