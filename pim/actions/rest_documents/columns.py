"""Columns of table attributes, theirs and ours."""

from collections.abc import Mapping
from typing import Any

from .forms import labels_in, labels_out

_VALIDATIONS = {
    "min": "min",
    "max": "max",
    "decimals": "decimals_allowed",
    "max_length": "max_length",
}


def columns_in(configuration: list[dict]) -> list[dict]:
    """Return the columns of a table in our form."""
    return [
        {
            "code": str(column.get("code", "")),
            "kind": column.get("data_type", "text"),
            "labels": _labels(column),
            "options": [
                {"code": str(option.get("code", "")), "labels": _labels(option)}
                for option in column.get("options") or []
            ],
            **_validations(column.get("validations") or {}),
        }
        for column in configuration
    ]


def _labels(named: Mapping[str, Any]) -> dict[str, str]:
    return {locale: text for locale, text in labels_in(named.get("labels") or {}).items() if text}


def _validations(given: Mapping[str, Any]) -> dict[str, Any]:
    return {o: given[t] for o, t in _VALIDATIONS.items() if given.get(t) is not None}


def columns_out(columns: list[dict], *, options: bool) -> list[dict]:
    """Return the columns in their form; with options where they are asked for."""
    return [
        {
            "code": column["code"],
            "data_type": column["kind"],
            "labels": labels_out(column.get("labels") or {}),
            "validations": {t: column[o] for o, t in _VALIDATIONS.items() if o in column},
            **({"options": _options(column)} if options and column["kind"] == "select" else {}),
        }
        for column in columns
    ]


def _options(column: Mapping[str, Any]) -> list[dict]:
    return [
        {"code": option["code"], "labels": labels_out(option.get("labels") or {})}
        for option in column.get("options") or []
    ]
