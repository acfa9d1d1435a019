"""Targets: the fields in which a machine wants products, read from the JSON Schema it sends.

Nothing of JSON Schema is run: a target is a name, a form that it is to have, and whether a
product without it is of use.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .refusals import InvalidValue, Refused, _

FIELD = "product_mapping_schema"
MOST_TARGETS = 200
UUID_TARGET, ASSOCIATIONS = "uuid", "pim_associations"
# {form of a target: the kinds of attributes that fill it}
FORMS: dict[str, tuple[str, ...]] = {
    "text": ("identifier", "text", "textarea", "richtext", "number", "boolean", "date", "select",
             "multiselect", "reference"),
    "number": ("number", "measurement", "price"),
    "boolean": ("boolean",),
    "date": ("date",),
    "uri": ("media",),
    "texts": ("select", "multiselect", "reference"),
    "uris": ("media",),
    "price": ("price",),
    "prices": ("price",),
    "measurement": ("measurement",),
}  # fmt: skip
# {what else fills a target: the forms it fills}
PLACES = {UUID_TARGET: ("text",), "family": ("text",), "categories": ("text", "texts")}
# What a source says beside its code: an address, the locale of labels, a unit, a currency.
DETAILS = ("scope", "locale", "label_locale", "currency", "unit", "default")


@dataclass(frozen=True, slots=True)
class Target:
    """One field that is wanted; `by_locale` ones are lists of {locale, value}."""

    code: str
    title: str
    description: str
    form: str
    required: bool
    by_locale: bool = False


def read_targets(schema: Any) -> list[Target]:
    """Return the targets of a schema; raise `InvalidValue` with what is not understood."""
    wanted = schema.get("properties") if isinstance(schema, dict) else None
    good = isinstance(wanted, dict) and isinstance(schema.get("$schema"), str)
    if not good or schema.get("type", "object") != "object":
        raise _bad(_("A schema has “$schema”, the type “object” and its “properties”."))
    if len(wanted) > MOST_TARGETS:
        raise _bad(_("A schema has at most %(limit)s targets."), limit=MOST_TARGETS)
    required = schema.get("required") or []
    if not isinstance(required, list):
        raise _bad(_("“required” is a list of targets."))
    return [_target(code, node, code in required) for code, node in wanted.items()]


def _target(code: str, node: Any, required: bool) -> Target:
    form, by_locale = _form(code, node), False
    if form is None and isinstance(value := _by_locale(node), dict):
        form, by_locale = _form(code, value), True
    if form is None:
        raise _bad(_("The target “%(name)s” has no form that is known here."), name=code[:100])
    words = [node.get(name) or "" for name in ("title", "description")]
    title, description = (word if isinstance(word, str) else "" for word in words)
    return Target(code, title or code, description, form, required, by_locale)


def _form(code: str, node: Any) -> str | None:
    """Return the form of a node of the schema, None for what is none."""
    if code == ASSOCIATIONS:
        return ASSOCIATIONS if isinstance(node, dict) else None
    kind = _type(node)
    if kind == "string":
        return {"uri": "uri", "date-time": "date"}.get(node.get("format"), "text")
    if kind == "array":
        items = node.get("items")
        if _type(items) == "string":
            return "uris" if items.get("format") == "uri" else "texts"
        return "prices" if _parts(items) == {"amount", "currency"} else None
    if kind == "object":
        parts = {("amount", "currency"): "price", ("unit", "value"): "measurement"}
        return parts.get(tuple(sorted(_parts(node))))
    return kind if kind in ("number", "boolean") else None


def _by_locale(node: Any) -> Any:
    items = node.get("items") if _type(node) == "array" else None
    return items["properties"]["value"] if _parts(items) == {"locale", "value"} else None


def _type(node: Any) -> str:
    """Return the one type of a node; "null" beside it says only that there may be nothing."""
    given = node.get("type") if isinstance(node, dict) else ""
    kinds = [one for one in given if one != "null"] if isinstance(given, list) else [given]
    return kinds[0] if len(kinds) == 1 and isinstance(kinds[0], str) else ""


def _parts(node: Any) -> set[str]:
    parts = node.get("properties") if _type(node) == "object" else None
    return set(parts) if isinstance(parts, dict) else set()


def _bad(sentence: str, **params) -> Refused:
    return InvalidValue(sentence, code="bad_schema", field=FIELD, **params)


def kept_mapping(mapping: Mapping, targets: list[Target]) -> dict[str, dict]:
    """Return what a mapping says of these targets; the uuid is filled without being asked."""
    named = {target.code for target in targets}
    kept = {code: source for code, source in mapping.items() if code in named}
    return {**kept, UUID_TARGET: {"source": UUID_TARGET}} if UUID_TARGET in named else kept


def sources_of(target: Target, attributes: Mapping[str, Any]) -> Iterator[str]:
    """Yield the places and attributes that may fill a target."""
    if not target.by_locale:
        yield from (place for place, forms in PLACES.items() if target.form in forms)
    kinds = FORMS.get(target.form, ())
    for attribute in attributes.values():
        if attribute.kind in kinds and (attribute.localizable or not target.by_locale):
            yield attribute.code
