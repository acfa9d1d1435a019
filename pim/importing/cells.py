"""Cells of text: codes, flags, numbers, labels and JSON out of what a file says."""

from typing import Any

import orjson

from pim.content.locales import is_locale, to_bcp47
from pim.content.refusals import InvalidValue, Refused, _

Cells = dict[str, str]
TRUE, FALSE = {"1", "true", "yes", "y", "on"}, {"0", "false", "no", "n", "off"}


def codes_of(text: str) -> list[str]:
    """Return the codes of a comma-separated cell, blanks left out."""
    return [piece for piece in pieces(text) if piece]


def pieces(text: str) -> list[str]:
    """Return what commas or bars part, blanks kept in their places."""
    if not text:
        return []
    if "," not in text and "|" not in text:
        return [text.strip()]
    return [piece.strip() for piece in text.replace("|", ",").split(",")]


def labels_of(cells: Cells, prefix: str = "label") -> dict[str, str]:
    """Return {locale: text} of `label-en_US` columns; a blank one takes the label away."""
    found = {}
    for name, text in cells.items():
        head, _dash, locale = name.partition("-")
        if head == prefix and locale and is_locale(locale):
            found[to_bcp47(locale)] = text
    return found


def flag(cells: Cells, name: str, default: bool | None = None) -> bool | None:
    """Return a yes-or-no cell, `default` where blank or absent."""
    text = cells.get(name, "").lower()
    if text in TRUE:
        return True
    if text in FALSE:
        return False
    if not text:
        return default
    raise InvalidValue(
        _("“%(name)s” is yes (1) or no (0)."), code="not_a_boolean", field=name, name=name
    )


def whole(cells: Cells, name: str) -> int | None:
    """Return a whole number, None where blank."""
    text = cells.get(name, "")
    if not text:
        return None
    try:
        return int(float(text))
    except ValueError:
        raise InvalidValue(
            _("“%(name)s” is a whole number, not “%(value)s”."),
            code="not_a_number",
            field=name,
            name=name,
            value=text[:30],
        ) from None


def json_cell(cells: Cells, name: str) -> Any:
    """Return the JSON of a cell, None where blank."""
    if not cells.get(name):
        return None
    try:
        return orjson.loads(cells[name])
    except orjson.JSONDecodeError:
        raise InvalidValue(
            _("“%(name)s” is no JSON."), code="not_json", field=name, name=name
        ) from None


def given(document: dict) -> dict:
    """Return the document without what the row does not say."""
    return {name: value for name, value in document.items() if value is not None}


def locales_of(text: str) -> list[str]:
    """Return the BCP 47 codes of a comma-separated cell."""
    return [to_bcp47(code) for code in codes_of(text)]


def code_of(cells: Cells) -> str:
    """Return the code of the row; raises where it has none."""
    code = cells.get("code") or cells.get("identifier", "")
    if not code:
        raise Refused(_("The row has no code."), code="no_identifier", field="code")
    return code


def labelled(cells: Cells) -> dict:
    """Return the document that every labelled row begins with."""
    labels = labels_of(cells)
    if not labels and cells.get("label"):
        labels = {"en": cells["label"]}
    return {"code": code_of(cells), "labels": labels}
