"""The form of structure documents: which properties there are, and of what type each is."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pim.content.locales import is_locale, to_bcp47, to_posix

from .errors import DocumentError, format_error

# What PHP calls the types of JSON: existing clients compare these messages.
_GIVEN = {
    type(None): "NULL",
    bool: "boolean",
    int: "integer",
    float: "double",
    str: "string",
    list: "array",
    dict: "array",
}
_LARGEST = 2**31 - 1
# A type with a question mark may be null. `list` is of texts, `map` an object (or []).
_TYPES = {
    "string": ((str,), "a string"),
    "boolean": ((bool,), "a boolean"),
    "integer": ((int,), "an integer"),
    "number": ((int, float, str), "a numeric"),
    "list": ((list,), "an array"),
    "map": ((dict,), "an array"),
    "labels": ((dict,), "an array"),
    "any": ((), ""),
}


def checked(document: Mapping[str, Any], *, types: Mapping[str, str], ignored=()) -> dict:
    """Return the document without what is ignored; raises 422 naming everything that is wrong.

    `types` is {property: type}. An empty list stands for an empty object, as PHP writes it.
    """
    wrong, found = [], {}
    for name, value in document.items():
        if name in ignored or name == "_links":
            continue
        if name not in types:
            wrong.append(f'Property "{name}" does not exist.')
            continue
        kind = types[name].removesuffix("?")
        value = _tolerated(name, value, kind)
        if value is None and types[name].endswith("?"):
            found[name] = None
        elif message := _mismatch(name, value, kind):
            wrong.append(message)
        else:
            found[name] = value
    if wrong:
        raise format_error(wrong)
    return found


def _tolerated(name: str, value: Any, kind: str) -> Any:
    """Return what a value stands for that languages of little types write otherwise."""
    if value == [] and kind in ("map", "labels"):
        return {}
    if kind == "integer" and isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,10}", value):
        return int(value)
    if name == "code" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value


def _mismatch(name: str, value: Any, kind: str) -> str:
    accepted, wanted = _TYPES[kind]
    if not accepted:
        return ""
    if not isinstance(value, accepted) or (isinstance(value, bool) and bool not in accepted):
        return f'Property "{name}" expects {wanted} as data, "{_GIVEN[type(value)]}" given.'
    if kind == "string" and "\x00" in value:
        return f'Property "{name}" expects printable text.'
    if kind == "integer" and not -_LARGEST <= value <= _LARGEST:
        return f'Property "{name}" expects an integer of at most {_LARGEST}.'
    if kind == "list" and not all(isinstance(one, str) for one in value):
        return (
            f'Property "{name}" expects an array with valid data, one of the "{name}" array '
            f'values is not a scalar, "{_GIVEN[type(_first_wrong(value))]}" given.'
        )
    if kind == "labels":
        return _wrong_labels(name, value)
    return ""


def _first_wrong(values: Iterable) -> Any:
    return next(one for one in values if not isinstance(one, str))


def _wrong_labels(name: str, labels: Mapping) -> str:
    for locale, text in labels.items():
        if not is_locale(locale):
            return f'Property "{name}" expects valid locale codes, "{locale[:50]}" given.'
        if text is not None and not isinstance(text, str | int | float):
            return (
                f'Property "{name}" expects an array with valid data, one of the "{name}" '
                f'array values is not a scalar, "{_GIVEN[type(text)]}" given.'
            )
    return ""


def labels_in(labels: Mapping[str, Any] | None) -> dict[str, str]:
    """Return labels by our locale codes; "" takes one away."""
    return {
        to_bcp47(locale): "" if text is None else str(text)
        for locale, text in (labels or {}).items()
    }


def labels_out(labels: Mapping[str, str]) -> dict[str, str]:
    """Return labels by the locale codes that clients know."""
    return {to_posix(locale): text for locale, text in sorted(labels.items())}


def locales_in(codes: Iterable[str]) -> list[str]:
    """Return our codes of locales; raises 422 for what is none."""
    wrong = [code for code in codes if not is_locale(code)]
    if wrong:
        raise format_error(f'"{code[:50]}" is no locale code.' for code in wrong)
    return [to_bcp47(code) for code in codes]


def renamed(document: Mapping[str, Any], names: Mapping[str, str]) -> dict:
    """Return the properties that are there under our names; `names` is {theirs: ours}."""
    return {ours: document[name] for name, ours in names.items() if name in document}


def same_code(document: Mapping[str, Any], code: str, *, key: str = "code") -> dict:
    """Return the document with the code of its address; raises 422 where it has another."""
    given = document.get(key, code)
    if given != code:
        raise DocumentError(
            422,
            f'The {key} "{given}" provided in the request body must match the {key} '
            f'"{code}" provided in the url.',
        )
    return {**document, key: code}
