"""What may be done to a cell before it is read: a short list, and no code."""

import re
from collections.abc import Callable
from datetime import date, datetime
from html import unescape

from pim.content.refusals import InvalidValue, _
from pim.content.structure import Structure

LONGEST = 2000
MOST = 20
_TAG = re.compile(r"<[^>]*>")
_BLOCK = re.compile(r"</(p|li|h[1-6]|tr|div)>|<br\b[^>]*>", re.I)
CASES: dict[str, Callable[[str], str]] = {
    "lower": str.lower,
    "upper": str.upper,
    "title": str.title,
    "sentence": lambda text: text[:1].upper() + text[1:],
}
DATES = {
    "d.m.y": "%d.%m.%Y", "d/m/y": "%d/%m/%Y", "m/d/y": "%m/%d/%Y", "y/m/d": "%Y/%m/%d",
    "ymd": "%Y%m%d",
}  # fmt: skip

# {operation: {parameter: whether it must be said}}
OPERATIONS: dict[str, dict[str, bool]] = {
    "trim": {},
    "replace": {"find": True, "with": False},
    "split": {"by": True, "take": True},
    "case": {"to": True},
    "strip_html": {},
    "decimal_comma": {},
    "map": {"values": True, "others": False},
    "default": {"value": True},
    "prefix": {"text": True},
    "suffix": {"text": True},
    "date": {"from": True},
    "code": {},
    "list": {"by": True},
}

Change = Callable[[str], str]


def check_operation(document: dict) -> None:
    """Raise InvalidValue where a document is no operation that can be done."""
    name = document.get("op") if isinstance(document, dict) else None
    if name not in OPERATIONS:
        raise _wrong(str(name), _("it is none of the known ones"))
    for parameter, needed in OPERATIONS[name].items():
        value = document.get(parameter)
        if needed and value in (None, "", {}):
            raise _wrong(name, _("something is missing"))
        if isinstance(value, str) and len(value) > LONGEST:
            raise _wrong(name, _("a text is too long"))
    if name == "case" and document["to"] not in CASES:
        raise _wrong(name, ", ".join(CASES))
    if name == "date" and document["from"] not in DATES:
        raise _wrong(name, ", ".join(DATES))
    if name == "split" and not re.fullmatch(r"-?[1-9]\d?", str(document["take"])):
        raise _wrong(name, _("which part is a number from 1"))
    if name == "map" and not isinstance(document["values"], dict):
        raise _wrong(name, _("it needs pairs"))


def _wrong(name: str, why: str) -> InvalidValue:
    return InvalidValue(
        _("The operation “%(name)s” cannot be done: %(why)s."),
        code="bad_operation",
        name=name[:50],
        why=why,
    )


def compile_operations(documents: list[dict], *, target: str, structure: Structure) -> Change:
    """Return one function that does them all, one after the other, to the text of a cell."""
    steps = [_step(document, target, structure) for document in documents]

    def change(text: str) -> str:
        for step in steps:
            text = step(text)
        return text

    return change


def _step(document: dict, target: str, structure: Structure) -> Change:
    check_operation(document)
    made = _MAKERS[document["op"]]
    return made(document, target, structure)


def _replace(document: dict, *_context) -> Change:
    find, by = document["find"], document.get("with") or ""
    return lambda text: text.replace(find, by)


def _split(document: dict, *_context) -> Change:
    by, take = document["by"], int(document["take"])
    place = take - 1 if take > 0 else take

    def part(text: str) -> str:
        parts = text.split(by)
        return parts[place].strip() if -len(parts) <= place < len(parts) else ""

    return part


def _map(document: dict, *_context) -> Change:
    pairs = {str(k).strip().casefold(): str(v) for k, v in document["values"].items()}
    if document.get("others") == "empty":
        return lambda text: pairs.get(text.strip().casefold(), "")
    return lambda text: pairs.get(text.strip().casefold(), text)


def _default(document: dict, *_context) -> Change:
    value = str(document["value"])
    return lambda text: text if text.strip() else value


def _around(document: dict, *_context) -> Change:
    words, before = str(document["text"]), document["op"] == "prefix"
    return lambda text: (f"{words}{text}" if before else f"{text}{words}") if text else text


def _date(document: dict, *_context) -> Change:
    form = DATES[document["from"]]

    def iso(text: str) -> str:
        try:
            return datetime.strptime(text.strip(), form).date().isoformat()
        except ValueError:
            return text

    return iso


def date_form(documents: list[dict]) -> str:
    """Return a date as the operations read it, for people to see the form; "" where none does."""
    forms = [document["from"] for document in documents if document["op"] == "date"]
    return f"{date(2026, 11, 22):{DATES[forms[-1]]}}" if forms else ""


def _code(_document: dict, target: str, structure: Structure) -> Change:
    """Labels of options, categories, families and records become their codes, lists of them too."""
    known = codes_by_label(target, structure)

    def coded(text: str) -> str:
        whole = known.get(text.strip().casefold())
        if whole:
            return whole
        return ",".join(known.get(p.strip().casefold(), p.strip()) for p in text.split(","))

    return coded


def codes_by_label(target: str, structure: Structure) -> dict[str, str]:
    """Return {folded label or code: code} of what a target column chooses among."""
    choices = {
        "family": structure.families,
        "categories": structure.categories,
    }.get(target)
    if choices is None:
        attribute = next(
            (target[:n] for n in range(len(target), 0, -1) if target[:n] in structure.attributes),
            "",
        )
        choices = structure.options.get(attribute, {})
    found: dict[str, str] = {}
    for code, definition in choices.items():
        for label in definition.labels.values():
            found.setdefault(label.strip().casefold(), code)
    found.update({code.casefold(): code for code in choices})
    return found


def _list(document: dict, *_context) -> Change:
    by = document["by"]
    return lambda text: ",".join(part.strip() for part in text.split(by) if part.strip())


def _decimal(text: str) -> str:
    text = text.strip()
    return text.replace(".", "").replace(",", ".") if "," in text else text


_MAKERS: dict[str, Callable[[dict, str, Structure], Change]] = {
    "trim": lambda *_c: lambda text: " ".join(text.split(" ")).strip(),
    "replace": _replace,
    "split": _split,
    "case": lambda document, *_c: CASES[document["to"]],
    "strip_html": lambda *_c: lambda t: unescape(_TAG.sub("", _BLOCK.sub("\n", t))).strip(),
    "decimal_comma": lambda *_c: _decimal,
    "map": _map,
    "default": _default,
    "prefix": _around,
    "suffix": _around,
    "date": _date,
    "code": _code,
    "list": _list,
}
