"""Attributes as documents: read, and written with what depends on the one that is there."""

from typing import Any

from pim.actions.import_structure import guess_roles, make_measurement_families
from pim.actions.upserts import StructureResult, upsert_structure
from pim.content.kinds.tables import CELL_KINDS
from pim.content.refusals import InvalidValue, Refused, _
from pim.models import Attribute
from pim.queries.rights import hidden_from

from .attribute_types import kind_of, rules_in, type_of
from .columns import columns_in
from .forms import labels_in, locales_in, renamed

IGNORED = ("group_labels", "is_main_identifier", "updated", "auto_option_sorting")
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


def read(document: dict) -> dict:
    """Return our document of theirs, with what is wrong in it as "@refusals"."""
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


def write(kind: str, documents: list[dict], *, actor, at, mode: str) -> list[StructureResult]:
    """Write attributes: types never change, the usual measurement families are there."""
    hidden = hidden_from(actor.rights).get("attribute", ())
    codes = [d["code"] for d in documents if d["code"] not in hidden]
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
