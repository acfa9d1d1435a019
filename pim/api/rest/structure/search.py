"""The `search` parameter of structure lists: {"property": [{"operator": …, "value": …}]}."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from ..errors import RestError
from .changed import Changed, changed_condition

_MANY_DAYS = 36_500

Field = tuple[str | Callable[[list[str]], Q], type]


def filtered(request: HttpRequest, rows: QuerySet, *, fields: Mapping[str, Field]) -> QuerySet:
    """Return the rows that the request's `search` finds; raises 400 and 422.

    `fields` is {property: (column, type)}: str takes IN, NOT IN, = and (NOT) EMPTY; bool takes =;
    a function in place of a column returns the condition for its texts;
    Changed takes >, <, (NOT) BETWEEN and SINCE LAST N DAYS. Nothing else reaches the database.
    """
    for name, conditions in search_of(request).items():
        if name not in fields:
            raise _no_filter(name, conditions[0].get("operator") if conditions else None)
        column, kind = fields[name]
        for condition in conditions:
            rows = rows.filter(_condition(name, column, kind, condition))
    return rows


def search_of(request: HttpRequest) -> dict[str, list[dict]]:
    """Return the search of the request: {property: [{"operator", "value"}]}, {} without one."""
    text = request.GET.get("search", "")
    if not text:
        return {}
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise RestError(400, "Search query parameter should be valid JSON.") from None
    if found == []:
        return {}
    if isinstance(found, dict) and isinstance(found.get("complete"), dict):
        # Records alone are asked so in the original, without a list.
        found["complete"] = [found["complete"]]
    lists = isinstance(found, dict) and all(isinstance(c, list) for c in found.values())
    if not lists or not all(isinstance(one, dict) for c in found.values() for one in c):
        raise RestError(
            422,
            "Structure of filters should respect: "
            '{"property": [{"operator": "operator", "value": "value"}]}.',
        )
    return found


def _no_filter(name: str, operator: Any) -> RestError:
    return RestError(
        422,
        f'Filter on property "{name}" is not supported or does not support operator '
        f'"{operator if isinstance(operator, str) else ""}".',
    )


def _condition(name: str, column: Any, kind: type, condition: Mapping) -> Q:
    operator, value = condition.get("operator"), condition.get("value")
    if operator is None:
        raise RestError(422, f'Operator is missing for the property "{name}".')
    if kind is str and operator in ("EMPTY", "NOT EMPTY") and not callable(column):
        empty = Q(**{f"{column}__isnull": True}) | Q(**{column: ""})
        return empty if operator == "EMPTY" else ~empty
    if "value" not in condition:
        raise RestError(422, f'Value is missing for the property "{name}".')
    if kind is str and operator in ("IN", "NOT IN"):
        texts = _texts(name, value)
        found = column(texts) if callable(column) else Q(**{f"{column}__in": texts})
        return found if operator == "IN" else ~found
    if kind is Changed and operator in (">", "<"):
        return changed_condition(column, operator, _moment(name, value))
    if kind is Changed and operator == "SINCE LAST N DAYS":
        days = _number(name, value)
        since = timezone.now() - timedelta(days=min(max(days, 0), _MANY_DAYS))
        return changed_condition(column, ">", since)
    if kind is Changed and operator in ("BETWEEN", "NOT BETWEEN"):
        between = _between(name, column, value)
        return between if operator == "BETWEEN" else ~between
    if kind is Changed or operator != "=":
        raise _no_filter(name, operator)
    read = _READERS[kind](name, value)
    return column([read]) if callable(column) else Q(**{column: read})


def _between(name: str, column: str, value: Any) -> Q:
    if not isinstance(value, list) or len(value) != 2:
        raise _wrong(name, "an array of two dates")
    low, high = (_moment(name, one) for one in value)
    return changed_condition(column, ">", low) & changed_condition(column, "<", high)


def _texts(name: str, value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _wrong(name, "an array of strings")
    return [_text(name, one) for one in value]


def _wrong(name: str, wanted: str) -> RestError:
    return RestError(422, f'The value of the property "{name}" should be {wanted}.')


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise _wrong(name, "a string")
    return value


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong(name, "a boolean")
    return value


def _number(name: str, value: Any) -> int:
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,9}", value):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong(name, "an integer")
    return value


def _moment(name: str, value: Any) -> datetime:
    found = parse_datetime(value) if isinstance(value, str) else None
    if found is None:
        raise _wrong(name, "a date in the ISO 8601 form, such as 2026-11-26T12:00:00Z")
    return found if found.tzinfo else timezone.make_aware(found)


_READERS: dict[type, Callable[[str, Any], Any]] = {
    str: _text,
    bool: _flag,
    int: _number,
}
