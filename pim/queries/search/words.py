"""A search in words, for people who must know what they are about to touch."""

from typing import Any

from django.utils.translation import gettext, gettext_lazy

from pim.content.structure import Structure

from .filters import Filter

_PROPERTIES = {
    "family": gettext_lazy("family"),
    "family_variant": gettext_lazy("family variant"),
    "enabled": gettext_lazy("enabled"),
    "categories": gettext_lazy("categories"),
    "completeness": gettext_lazy("completeness"),
    "groups": gettext_lazy("groups"),
    "updated": gettext_lazy("changed"),
    "created": gettext_lazy("created"),
    "parent": gettext_lazy("parent"),
    "identifier": gettext_lazy("identifier"),
    "code": gettext_lazy("code"),
    "is_root": gettext_lazy("without a parent"),
    "role": gettext_lazy("role"),
    "state": gettext_lazy("state"),
    "label_or_identifier": gettext_lazy("identifier or name"),
    "text": gettext_lazy("identifier or name"),
}
_OPERATORS = {
    "=": gettext_lazy("is"),
    "!=": gettext_lazy("is not"),
    "<": gettext_lazy("below"),
    "<=": gettext_lazy("at most"),
    ">": gettext_lazy("above"),
    ">=": gettext_lazy("at least"),
    "IN": gettext_lazy("is one of"),
    "NOT IN": gettext_lazy("is none of"),
    "IN CHILDREN": gettext_lazy("in or below"),
    "NOT IN CHILDREN": gettext_lazy("neither in nor below"),
    "UNCLASSIFIED": gettext_lazy("none"),
    "IN OR UNCLASSIFIED": gettext_lazy("none, or one of"),
    "EMPTY": gettext_lazy("is missing"),
    "NOT EMPTY": gettext_lazy("is there"),
    "STARTS WITH": gettext_lazy("begins with"),
    "CONTAINS": gettext_lazy("contains"),
    "DOES NOT CONTAIN": gettext_lazy("does not contain"),
    "BETWEEN": gettext_lazy("between"),
    "NOT BETWEEN": gettext_lazy("not between"),
    "SINCE LAST N DAYS": gettext_lazy("within this many days"),
}
_SHOWN = 5


def operator_in_words(code: str) -> str:
    """Return an operator in words: "is one of"."""
    return str(_OPERATORS.get(code) or code.lower())


def filter_in_words(flt: Filter, *, structure: Structure, locale: str) -> str:
    """Return one test as a phrase: "Name (en) contains “lamp”"."""
    operator = operator_in_words(flt.operator)
    parts = [_subject(flt, structure, locale), operator, _value(flt, structure, locale)]
    return " ".join(part for part in parts if part)


def _subject(flt: Filter, structure: Structure, locale: str) -> str:
    attribute = structure.attributes.get(flt.property)
    if flt.property in _PROPERTIES or attribute is None:
        name = str(_PROPERTIES.get(flt.property, flt.property))
        where = [flt.channel, *flt.locales] if flt.property == "completeness" else []
    else:
        name = _label(attribute.labels, attribute.code, locale)
        where = [flt.channel] if attribute.scopable else []
        where += [flt.locale] if attribute.localizable else []
    places = ", ".join(place for place in where if place)
    return f"{name} ({places})" if places else name


def _value(flt: Filter, structure: Structure, locale: str) -> str:
    value = flt.value
    if value is None or flt.operator in ("EMPTY", "NOT EMPTY", "UNCLASSIFIED"):
        return ""
    if isinstance(value, list):
        shown = ", ".join(_named(v, flt, structure, locale) for v in value[:_SHOWN])
        left = len(value) - _SHOWN
        more = gettext("%(shown)s and %(count)s more")
        return more % {"shown": shown, "count": left} if left > 0 else shown
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values())
    return _named(value, flt, structure, locale)


def _named(value: Any, flt: Filter, structure: Structure, locale: str) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    known = {
        "family": structure.families,
        "family_variant": structure.family_variants,
        "categories": structure.categories,
    }.get(flt.property, structure.options.get(flt.property, {}))
    found = known.get(value) if isinstance(value, str) else None
    return f"“{_label(found.labels, value, locale) if found else value}”"


def _label(labels: dict, code: str, locale: str) -> str:
    return labels.get(locale) or labels.get("en") or code
