"""Attributes: their type, flags, rules and labels, all properties of the original."""

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from pim.actions.rest_documents import attributes as theirs
from pim.actions.rest_documents.asset_families import ALL
from pim.actions.rest_documents.attribute_types import rules_out, type_of
from pim.actions.rest_documents.columns import columns_out
from pim.actions.rest_documents.forms import labels_out
from pim.content.locales import to_posix
from pim.content.rights import Level, Rights
from pim.content.structure import Structure
from pim.models import Attribute
from pim.queries.structure import main_identifier

from .categories import asked
from .changed import Changed
from .handlers import collection_view, item_view
from .resource import Resource


def _rows(_owner) -> QuerySet:
    links = ("group", "measurement_family", "reference_entity")
    return Attribute.objects.select_related(*links).order_by("code")


def _present(request: HttpRequest, rows: list[Attribute]) -> list[dict]:
    options = asked(request, "with_table_select_options")
    _pk, main = main_identifier() if any(row.kind == "identifier" for row in rows) else (0, "")
    return [attribute_document(row, options=options, main=main) for row in rows]


def attribute_document(row: Attribute, *, options: bool, main: str) -> dict:
    """Return an attribute as clients know it; every property is there, null where it has none."""
    return {
        "code": row.code,
        "type": type_of(row.kind, row.rules),
        "group": row.group.code,
        "group_labels": labels_out(row.group.labels),
        "unique": row.unique or row.kind == "identifier",
        "is_main_identifier": row.code == main,
        "useable_as_grid_filter": row.filterable,
        **rules_out(row.kind, row.rules),
        "metric_family": row.measurement_family.code if row.measurement_family else None,
        "default_metric_unit": row.default_unit or None,
        "auto_option_sorting": None,
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
        return ALL
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
    renamed="attribute",
    noun="attribute",
    what="attribute",
    types=theirs.TYPES,
    ignored=theirs.IGNORED,
    read=theirs.read,
    rows=_rows,
    present=_present,
    search={
        "code": ("code", str),
        "type": (_of_types, str),
        "updated": ("attribute", Changed),
    },
    names=theirs.NAMES,
    write=theirs.write,
    level=_level,
)
attributes = collection_view(ATTRIBUTES, "GET", "POST", "PATCH")
attribute = item_view(ATTRIBUTES, "GET", "PATCH")
