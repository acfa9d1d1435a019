"""The product list's filters as a selection document, so that a job can look them up again."""

from typing import Any

from pim.content.refusals import Refused
from pim.content.rights import Rights
from pim.content.structure import Structure
from pim.queries.selection import select
from pim.queries.structure import load_structure

from ..context import WorkingContext, working_context
from ..limits import rights_of_request
from .filters import ATTRIBUTE_PREFIX, CHOICE_KINDS

MOST_IDS = 20_000
_NUMBERS = ("number", "measurement", "price")
# What the list keeps in its address and what is no filter.
_NO_FILTER = ("o", "p", "all", "channel", "locale", "reference")


def selection_of(request, queryset, *, across: bool) -> dict[str, Any] | None:
    """Return the selection of the ticked rows, or of all that the filters of the list find.

    Where no search says exactly what the list shows, the products are named one by one; None
    where these are too many.
    """
    if across:
        document, rights = _from_filters(request), rights_of_request(request)
        if document is not None and _same(document, queryset, rights):
            return document
    ids = list(queryset.order_by("pk").values_list("pk", flat=True)[: MOST_IDS + 1])
    return {"ids": ids} if len(ids) <= MOST_IDS else None


def _same(document: dict, queryset, rights: Rights) -> bool:
    try:
        return select(document, rights=rights).count() == queryset.count()
    except Refused:
        return False


def _from_filters(request) -> dict[str, Any] | None:
    """Return the search that the address of the list stands for, None where there is none."""
    structure, search = load_structure(), {}
    context = working_context(request, structure)
    for name, value in request.GET.items():
        if not value or name in _NO_FILTER:
            continue
        tests = _tests(name, value, structure, context)
        if tests is None:
            return None
        search |= tests
    return {"search": search} if search else {"all": True}


def _tests(name: str, value: str, structure: Structure, context: WorkingContext) -> dict | None:
    if name.startswith(ATTRIBUTE_PREFIX):
        attribute = structure.attributes.get(name.removeprefix(ATTRIBUTE_PREFIX))
        return _of_attribute(attribute, value, context) if attribute else None
    if name not in _FILTERS:
        return None
    test = _FILTERS[name](value, context)
    return {test.pop("property"): [test]} if test else None


def _family(value: str, context: WorkingContext) -> dict:
    if value == "-":
        return {"property": "family", "operator": "EMPTY"}
    return {"property": "family", "operator": "IN", "value": [value]}


def _category(value: str, context: WorkingContext) -> dict:
    if value == "-":
        return {"property": "categories", "operator": "UNCLASSIFIED"}
    return {"property": "categories", "operator": "IN CHILDREN", "value": [value]}


def _state(value: str, context: WorkingContext) -> dict:
    return {"property": "state", "operator": "IN", "value": [value]}


def _text(value: str, context: WorkingContext) -> dict:
    return {"property": "text", "operator": "CONTAINS", "value": value}


def _role(value: str, context: WorkingContext) -> dict:
    return {"property": "role", "operator": "IN", "value": [value]}


def _enabled(value: str, context: WorkingContext) -> dict:
    return {"property": "enabled", "operator": "=", "value": value in ("1", "True", "true")}


_FILTERS = {
    "family": _family,
    "category": _category,
    "state": _state,
    "q": _text,
    "role__exact": _role,
    "role": _role,
    "enabled__exact": _enabled,
    "enabled": _enabled,
}


def _of_attribute(attribute, value: str, context: WorkingContext) -> dict | None:
    where = {"locale": context.locale} if attribute.localizable else {}
    where |= {"scope": context.channel} if attribute.scopable else {}
    if attribute.kind in _NUMBERS:
        return {attribute.code: [{**t, **where} for t in _range(value)]}
    if attribute.kind == "boolean":
        test = {"operator": "=", "value": value == "true"}
    elif attribute.kind in CHOICE_KINDS:
        test = {"operator": "IN", "value": [value]}
    elif attribute.kind == "packaging":
        test = {"operator": "=", "value": value}
    else:
        test = {"operator": "CONTAINS", "value": value}
    return {attribute.code: [{**test, **where}]}


def _range(value: str) -> list[dict]:
    low, dots, high = value.partition("..")
    if not dots:
        return [{"operator": "=", "value": low}]
    tests = [{"operator": ">=", "value": low}] if low else []
    return tests + ([{"operator": "<=", "value": high}] if high else [])
