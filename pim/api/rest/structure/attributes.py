"""Attributes: their type, flags, rules and labels, all properties of the original."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from pim.actions.import_structure import guess_roles, make_measurement_families
from pim.actions.upserts import StructureResult, upsert_structure
from pim.content.kinds.tables import CELL_KINDS
from pim.content.locales import to_posix
from pim.content.refusals import InvalidValue, Refused, _
from pim.content.rights import Level, Rights
from pim.content.structure import Structure
from pim.models import Attribute

from .attribute_types import kind_of, rules_in, rules_out, type_of
from .categories import asked
from .changed import Changed
from .columns import columns_in, columns_out
from .forms import labels_in, labels_out, locales_in, renamed
from .resource import Resource, collection_view, item_view

# The family of all assets, as `assets` answers it.
ALL_ASSETS = "assets"
_SAME = {
    "code": "code",
    "group": "group",
    "unique": "unique",
    "useable_as_grid_filter": "filterable",
    "metric_family": "measurement_family",
    "default_metric_unit": "default_unit",
    "sort_order": "sort_order",
    "localizable": "localizable",
    "scopable": "scopable",
}
TYPES = {
    "code": "string",
    "type": "string",
    "group": "string?",
    "unique": "boolean?",
    "useable_as_grid_filter": "boolean?",
    "allowed_extensions": "list?",
    "metric_family": "string?",
    "default_metric_unit": "string?",
    "reference_data_name": "string?",
    "available_locales": "list?",
    "max_characters": "integer?",
    "validation_rule": "string?",
    "validation_regexp": "string?",
    "wysiwyg_enabled": "boolean?",
    "number_min": "number?",
    "number_max": "number?",
    "decimals_allowed": "boolean?",
    "negative_allowed": "boolean?",
    "date_min": "string?",
    "date_max": "string?",
    "max_file_size": "number?",
    "minimum_input_length": "integer?",
    "sort_order": "integer?",
    "localizable": "boolean?",
    "scopable": "boolean?",
    "labels": "labels",
    "guidelines": "labels",
    "default_value": "boolean?",
    "table_configuration": "any",
}
NAMES = {
    "kind": "type",
    "filterable": "useable_as_grid_filter",
    "measurement_family": "metric_family",
    "default_unit": "default_metric_unit",
    "reference_entity": "reference_data_name",
    "columns": "table_configuration",
    "pattern": "validation_regexp",
    "min": "number_min",
    "max": "number_max",
    "max_megabytes": "max_file_size",
}


def _read(document: dict) -> dict:
    ours = {k: v for k, v in renamed(document, _SAME).items() if v is not None or k == "group"}
    if document.get("metric_family", "") is None:
        ours["measurement_family"] = None
    if document.get("default_metric_unit", "") is None:
        ours["default_unit"] = ""
    for name in ("labels", "guidelines"):
        if name in document:
            ours[name] = labels_in(document[name])
    if document.get("available_locales") is not None:
        ours["available_locales"] = sorted(locales_in(document["available_locales"]))
    refusals: list[Refused] = []
    ours["rules"] = _collected(refusals, rules_in, document) or {}
    if "type" in document:
        _read_type(document, ours, refusals)
    if document.get("table_configuration") is not None:
        _read_columns(document["table_configuration"], ours, refusals)
    return {**ours, "@refusals": refusals, "@rich": document.get("wysiwyg_enabled")}


def _collected(refusals: list, step, *arguments, **named) -> Any:
    try:
        return step(*arguments, **named)
    except Refused as refusal:
        refusals.append(refusal)
        return None


def _read_type(document: dict, ours: dict, refusals: list) -> None:
    rich = document.get("wysiwyg_enabled")
    found = _collected(refusals, kind_of, document["type"], rich=rich)
    if found:
        ours["kind"], rules = found
        ours["rules"] |= rules
        ours["@type"] = document["type"]
        if ours["kind"] == "identifier":
            ours["unique"] = True
        if ours["kind"] == "reference":
            ours["reference_entity"] = document.get("reference_data_name")


def _read_columns(configuration: Any, ours: dict, refusals: list) -> None:
    good = isinstance(configuration, list) and all(
        isinstance(c, dict) and c.get("code") and c.get("data_type", "text") in CELL_KINDS
        for c in configuration
    )
    if good:
        ours["rules"]["columns"] = columns_in(configuration)
        return
    sentence = _("The columns are a list of {code, data_type}, with a data type of: %(known)s.")
    known = ", ".join(CELL_KINDS)
    refusals.append(InvalidValue(sentence, code="bad_columns", field="columns", known=known))


def _write(kind: str, documents: list[dict], *, actor, at, mode: str) -> list[StructureResult]:
    """Write attributes: types never change, the usual measurement families are there."""
    codes = [document["code"] for document in documents]
    held = {
        code: (kind, rules)
        for code, kind, rules in Attribute.objects.filter(code__in=codes).values_list(
            "code", "kind", "rules"
        )
    }
    for document in documents:
        _fit(document, held.get(document["code"]))
    make_measurement_families(documents, actor=actor, at=at)
    guess_roles(documents)
    return upsert_structure(kind, documents, actor=actor, at=at, mode=mode)


def _fit(document: dict, held: tuple[str, dict] | None) -> None:
    """Settle what depends on the attribute that is there already."""
    given, rich = document.pop("@type", None), document.pop("@rich", None)
    if held is None:
        document.setdefault("group", None)
        return
    if document.get("group", "") is None:
        del document["group"]
    kind, rules = held
    if given is None:
        if rich is not None and kind in ("textarea", "richtext"):
            document["kind"] = "richtext" if rich else "textarea"
        return
    if rich is None and kind == "richtext":
        document["kind"] = kind
    now = type_of(kind, rules)
    if now != given and not {now, given} <= _ALIKE.get(now, set()):
        document["kind"] = kind
        document["@refusals"].append(
            InvalidValue(
                _("The type cannot change from “%(held)s” to “%(wish)s”: values depend on it."),
                code="fixed",
                field="kind",
                held=now,
                wish=given,
            )
        )


_ALIKE = {
    "akeneo_reference_entity": {"akeneo_reference_entity", "pim_reference_data_simpleselect"},
    "akeneo_reference_entity_collection": {
        "akeneo_reference_entity_collection",
        "pim_reference_data_multiselect",
    },
}


def _rows(_owner) -> QuerySet:
    links = ("group", "measurement_family", "reference_entity")
    return Attribute.objects.select_related(*links).order_by("code")


def _present(request: HttpRequest, rows: list[Attribute]) -> list[dict]:
    options = asked(request, "with_table_select_options")
    return [attribute_document(row, options=options) for row in rows]


def attribute_document(row: Attribute, *, options: bool) -> dict:
    """Return an attribute as clients know it; every property is there, null where it has none."""
    return {
        "code": row.code,
        "type": type_of(row.kind, row.rules),
        "group": row.group.code,
        "group_labels": labels_out(row.group.labels),
        "unique": row.unique or row.kind == "identifier",
        "useable_as_grid_filter": row.filterable,
        **rules_out(row.kind, row.rules),
        "metric_family": row.measurement_family.code if row.measurement_family else None,
        "default_metric_unit": row.default_unit or None,
        "reference_data_name": _reference(row),
        "available_locales": [to_posix(code) for code in row.available_locales],
        "sort_order": row.sort_order,
        "localizable": row.localizable,
        "scopable": row.scopable,
        "labels": labels_out(row.labels),
        "guidelines": labels_out(row.guidelines),
        **_columns(row, options=options),
    }


def _reference(row: Attribute) -> str | None:
    if type_of(row.kind, row.rules) == "pim_catalog_asset_collection":
        return ALL_ASSETS
    return row.reference_entity.code if row.reference_entity else None


def _columns(row: Attribute, *, options: bool) -> dict:
    if row.kind != "table":
        return {}
    return {"table_configuration": columns_out(row.rules.get("columns") or [], options=options)}


def _of_types(names: list[str]) -> Q:
    """Return the condition of attributes that are of one of their types."""
    rows = Attribute.objects.values_list("pk", "kind", "rules")
    return Q(pk__in=[pk for pk, kind, rules in rows if type_of(kind, rules) in names])


def _level(rights: Rights, structure: Structure, code: str) -> Level:
    known = structure.attributes.get(code)
    return rights.attribute(known) if known else Level.NONE


ATTRIBUTES = Resource(
    address="attributes",
    kind="attributes",
    noun="attribute",
    what="attribute",
    types=TYPES,
    ignored=("group_labels", "is_main_identifier", "updated"),
    read=_read,
    rows=_rows,
    present=_present,
    search={
        "code": ("code", str),
        "type": (_of_types, str),
        "updated": ("attribute", Changed),
    },
    names=NAMES,
    write=_write,
    level=_level,
)
attributes = collection_view(ATTRIBUTES, "GET", "POST", "PATCH")
attribute = item_view(ATTRIBUTES, "GET", "PATCH")
