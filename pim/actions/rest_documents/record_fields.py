"""Attributes of reference entities and of asset families as documents, and their options."""

from collections.abc import Mapping
from typing import Any

from pim.content.record_fields import CHOICES, option_codes
from pim.content.refusals import Refused

from .attribute_types import EMAIL, URL, rules_in
from .errors import DocumentError, format_error
from .forms import labels_in, labels_out

TYPES = {
    "code": "string",
    "labels": "labels",
    "type": "string",
    "value_per_locale": "boolean",
    "value_per_channel": "boolean",
    "is_textarea": "boolean?",
    "is_rich_text_editor": "boolean?",
    "max_characters": "integer?",
    "validation_rule": "string?",
    "validation_regexp": "string?",
    "decimals_allowed": "boolean?",
    "min_value": "number?",
    "max_value": "number?",
}
# Properties that say how others ask for a value, and what is allowed of files taken in elsewhere.
IGNORED = (
    "is_required_for_completeness",
    "is_read_only",
    "allowed_extensions",
    "max_file_size",
    "media_type",
)
OPTION_TYPES = {"code": "string", "labels": "labels"}
SIMPLE = {
    "number": "number",
    "boolean": "boolean",
    "date": "date",
    "single_option": "select",
    "multiple_options": "multiselect",
}
ENTITY_KINDS = {**SIMPLE, "image": "media"}
TEXTS = {"text": (False, False), "textarea": (True, False), "richtext": (True, True)}
# Our rule: the property it is in these documents; `rules_in` knows some by other names.
NAMES = {"min": "min_value", "max": "max_value", "pattern": "validation_regexp"}
_RULES = {
    "max_characters": "max_characters",
    "validation_rule": "validation_rule",
    "validation_regexp": "validation_regexp",
    "decimals_allowed": "decimals_allowed",
    "min_value": "number_min",
    "max_value": "number_max",
}


def read_field(given: dict, held: dict | None, *, kinds: Mapping[str, str]) -> dict:
    """Return the field that an attribute is; its type and place of values never change.

    `kinds` is {their type: ours}, beside texts.
    """
    if held is None and "type" not in given:
        raise format_error(['Property "type" is expected.'])
    if given.get("value_per_channel"):
        raise format_error(["Values per channel are not supported here."])
    field = {"kind": "", "localizable": False, "labels": {}, **(held or {}), "code": given["code"]}
    wish = {**field, "kind": _kind(given, field["kind"], kinds)}
    if "value_per_locale" in given:
        wish["localizable"] = given["value_per_locale"]
    if held and (wish["kind"], wish["localizable"]) != (field["kind"], field["localizable"]):
        raise DocumentError(422, "The type of an attribute cannot change: values depend on it.")
    wish["labels"] = _merged(field["labels"], labels_in(given.get("labels")))
    rules = _merged(field.get("rules") or {}, _rules(given))
    wish.pop("rules", None)
    return {**wish, "rules": rules} if rules else wish


def _rules(given: dict) -> dict[str, Any]:
    try:
        return rules_in({ours: given[name] for name, ours in _RULES.items() if name in given})
    except Refused as refusal:
        name = NAMES.get(refusal.field, refusal.field)
        raise DocumentError(
            422,
            "Validation failed.",
            errors=[{"property": name, "message": refusal.say(), "error_code": refusal.code}],
        ) from refusal


def _merged(held: dict, given: dict) -> dict:
    """Return what is held with what is given; what is None or "" goes."""
    return {name: value for name, value in {**held, **given}.items() if value not in (None, "")}


def _kind(given: dict, held: str, kinds: Mapping[str, str]) -> str:
    name = given.get("type")
    if name in kinds:
        return kinds[name]
    if name not in (None, "text"):
        known = ", ".join(["text", *kinds])
        raise format_error([f'The type "{name[:50]}" is not supported; these are: {known}.'])
    if name is None and held not in TEXTS:
        return held
    area, rich = TEXTS.get(held, (False, False))
    shape = (
        bool(given.get("is_textarea", area)),
        bool(given.get("is_rich_text_editor", rich)),
    )
    return next((kind for kind, of in TEXTS.items() if of == shape), "text")


def field_out(field: Mapping[str, Any], *, kinds: Mapping[str, str]) -> dict:
    """Return the attribute that a field is, every property of its type there."""
    kind, rules = field["kind"], field.get("rules") or {}
    types = {ours: name for name, ours in kinds.items()}
    return {
        "code": field["code"],
        "labels": labels_out(field.get("labels") or {}),
        "type": types.get(kind, "text"),
        "value_per_locale": bool(field.get("localizable")),
        "value_per_channel": False,
        "is_required_for_completeness": False,
        **_properties(kind, rules),
    }


def _properties(kind: str, rules: Mapping[str, Any]) -> dict:
    if kind in TEXTS:
        area, rich = TEXTS[kind]
        pattern = rules.get("pattern")
        rule = {None: "none", URL: "url", EMAIL: "email"}.get(pattern, "regexp")
        return {
            "max_characters": rules.get("max_length"),
            "is_textarea": area,
            "is_rich_text_editor": rich,
            "validation_rule": rule,
            "validation_regexp": pattern if rule == "regexp" else None,
        }
    if kind == "number":
        return {
            "decimals_allowed": rules.get("decimals", True),
            "min_value": rules.get("min"),
            "max_value": rules.get("max"),
        }
    return {"allowed_extensions": [], "max_file_size": None} if kind == "media" else {}


def options_out(field: Mapping[str, Any]) -> list[dict]:
    """Return the options of a field as documents."""
    return [
        {"code": option["code"], "labels": labels_out(option.get("labels") or {})}
        for option in field.get("options") or ()
    ]


def with_option(field: dict, given: Mapping[str, Any]) -> dict:
    """Return the field with the option that a document says, made or with other labels."""
    options = {option["code"]: option for option in field.get("options") or ()}
    held = options.get(given["code"], {"code": given["code"], "labels": {}})
    labels = _merged(held.get("labels") or {}, labels_in(given.get("labels")))
    options[given["code"]] = {**held, "labels": labels}
    return {**field, "options": list(options.values())}


def chosen_field(fields: list[dict], code: str) -> dict:
    """Return the field of that code, which chooses among options; raises 404."""
    field = next((one for one in fields if one["code"] == code), None)
    if field is None:
        raise DocumentError(404, f'Attribute "{code}" does not exist.')
    if field["kind"] not in CHOICES:
        raise DocumentError(
            404,
            f'Attribute "{code}" does not support options. Only attributes of type '
            '"single_option", "multiple_options" support options.',
        )
    return field


__all__ = [
    "ENTITY_KINDS", "IGNORED", "NAMES", "OPTION_TYPES", "SIMPLE", "TYPES", "chosen_field",
    "field_out", "option_codes", "options_out", "read_field", "with_option",
]  # fmt: skip
