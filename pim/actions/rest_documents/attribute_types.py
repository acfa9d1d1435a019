"""Attribute types of the original API and ours, both ways, with the rules of each."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from pim.content.refusals import InvalidValue, Refused, _

EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
URL = r"^https?://\S+$"
MANY = 100
IMAGE = ["image"]

# Their type: our kind, and the rules that make it that type.
TYPES: dict[str, tuple[str, dict]] = {
    "pim_catalog_identifier": ("identifier", {}),
    "pim_catalog_text": ("text", {}),
    "pim_catalog_textarea": ("textarea", {}),
    "pim_catalog_number": ("number", {}),
    "pim_catalog_metric": ("measurement", {}),
    "pim_catalog_price_collection": ("price", {}),
    "pim_catalog_boolean": ("boolean", {}),
    "pim_catalog_date": ("date", {}),
    "pim_catalog_simpleselect": ("select", {}),
    "pim_catalog_multiselect": ("multiselect", {}),
    "pim_catalog_image": ("media", {"media_types": IMAGE}),
    "pim_catalog_file": ("media", {}),
    "pim_catalog_asset_collection": ("media", {"max_items": MANY}),
    "pim_catalog_product_link": ("product", {}),
    "akeneo_reference_entity": ("reference", {}),
    "akeneo_reference_entity_collection": ("reference", {"max_items": MANY}),
    "pim_reference_data_simpleselect": ("reference", {}),
    "pim_reference_data_multiselect": ("reference", {"max_items": MANY}),
    "pim_catalog_table": ("table", {}),
    "pim_catalog_packaging": ("packaging", {}),
}
_KINDS = {
    "richtext": "pim_catalog_textarea",
    **{kind: name for name, (kind, _r) in reversed(TYPES.items()) if kind not in ("media",)},
}
TEXTS = ("text", "textarea", "richtext", "identifier")
NUMBERS = ("number", "measurement", "price")


def type_of(kind: str, rules: Mapping[str, Any]) -> str:
    """Return their type of one of our attributes."""
    if kind == "media":
        many = int(rules.get("max_items") or 1) > 1
        single = "image" if rules.get("media_types") == IMAGE else "file"
        return f"pim_catalog_{'asset_collection' if many else single}"
    if kind == "reference" and int(rules.get("max_items") or 1) > 1:
        return "akeneo_reference_entity_collection"
    return _KINDS[kind]


def kind_of(name: str, *, rich: bool | None) -> tuple[str, dict]:
    """Return our kind of their type and its rules; raises `InvalidValue`."""
    if name not in TYPES:
        raise InvalidValue(
            _("There is no attribute type “%(type)s”. Known are: %(known)s."),
            code="unknown_type",
            field="kind",
            type=name[:50],
            known=", ".join(TYPES),
        )
    kind, rules = TYPES[name]
    return ("richtext" if kind == "textarea" and rich else kind), dict(rules)


def rules_in(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rules that their document sets; None takes one away."""
    found = {
        ours: document[theirs]
        for theirs, ours in (
            ("max_characters", "max_length"),
            ("number_min", "min"),
            ("number_max", "max"),
            ("decimals_allowed", "decimals"),
            ("negative_allowed", "negative"),
            ("max_file_size", "max_megabytes"),
            ("allowed_extensions", "extensions"),
            ("minimum_input_length", "minimum_input_length"),
            ("default_value", "default"),
        )
        if theirs in document
    }
    for name in ("date_min", "date_max"):
        if name in document:
            found[name] = (document[name] or "")[:10]
    for name in ("min", "max", "max_megabytes"):
        if found.get(name) is not None:
            found[name] = _decimal(found[name], name)
    if "extensions" in found:
        endings = [e.strip(" .").lower() for e in found["extensions"] or []]
        found["extensions"] = endings or None
    for name in ("decimals", "negative"):
        # Allowed is what they are without a rule.
        if found.get(name):
            found[name] = None
    return {**found, **_pattern(document)}


def _decimal(given: Any, name: str) -> str:
    try:
        number = Decimal(str(given))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise InvalidValue(
            _("“%(value)s” is no number."), code="not_a_number", field=name, value=str(given)[:50]
        )
    return str(given)


def _pattern(document: Mapping[str, Any]) -> dict[str, Any]:
    if "validation_rule" not in document and "validation_regexp" not in document:
        return {}
    rule = document.get("validation_rule")
    if rule in ("url", "email"):
        return {"pattern": URL if rule == "url" else EMAIL}
    if rule is None and "validation_rule" in document:
        return {"pattern": None}
    return {"pattern": _regexp(document.get("validation_regexp"))}


def _regexp(text: str | None) -> str | None:
    """Return the expression, once it is known to be one."""
    plain = re.fullmatch(r"/(.*)/[imsu]*", text or "", re.DOTALL)
    try:
        re.compile(plain[1] if plain else text or "")
    except re.error as fault:
        raise Refused(
            _("“%(value)s” is no regular expression: %(fault)s."),
            code="bad_pattern",
            field="pattern",
            value=(text or "")[:100],
            fault=str(fault),
        ) from None
    return text


def rules_out(kind: str, rules: Mapping[str, Any]) -> dict[str, Any]:
    """Return their properties of our rules; those that another type has are null."""
    text, number = kind in TEXTS, kind in NUMBERS
    pattern = rules.get("pattern") if text else None
    rule = {None: None, "": None, URL: "url", EMAIL: "email"}.get(pattern, "regexp")
    return {
        "allowed_extensions": list(rules.get("extensions") or []),
        "max_characters": _whole(rules.get("max_length")) if text else None,
        "validation_rule": rule,
        "validation_regexp": pattern if rule == "regexp" else None,
        "wysiwyg_enabled": kind == "richtext" if kind in ("textarea", "richtext") else None,
        "number_min": _text(rules.get("min")) if number else None,
        "number_max": _text(rules.get("max")) if number else None,
        "decimals_allowed": rules.get("decimals", True) if number else None,
        "negative_allowed": _negative(kind, rules),
        "date_min": _moment(rules.get("date_min")) if kind == "date" else None,
        "date_max": _moment(rules.get("date_max")) if kind == "date" else None,
        "max_file_size": _text(rules.get("max_megabytes")) if kind == "media" else None,
        "minimum_input_length": _whole(rules.get("minimum_input_length")),
        "default_value": rules.get("default") if kind == "boolean" else None,
    }


def _negative(kind: str, rules: Mapping[str, Any]) -> bool | None:
    return rules.get("negative", True) if kind in ("number", "measurement") else None


def _whole(value: Any) -> int | None:
    return None if value in (None, "") else int(value)


def _text(value: Any) -> str | None:
    return None if value in (None, "") else str(value)


def _moment(day: str | None) -> str | None:
    return f"{day}T00:00:00+00:00" if day else None
