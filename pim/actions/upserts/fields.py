"""Setting the fields and links of one structural row from its document, noting what differs."""

import re
from collections.abc import Callable

from django.db import models

from pim.content.refusals import InvalidValue, Refused, UnknownCode, _
from pim.content.rich_texts import clean_texts
from pim.models import CodeAlias

from .entries import Entry
from .nouns import Noun


def codes_of(rows: models.QuerySet) -> dict[str, int]:
    """Return {code: id} of the rows; codes that they had before lead there too."""
    known = dict(rows.order_by().values_list("code", "pk"))
    kind = re.sub(r"(?<!^)(?=[A-Z])", "_", rows.model.__name__).lower()
    old = CodeAlias.objects.filter(kind=kind, owner="").values_list("old", "code")
    return {**{code: known[new] for code, new in old if new in known}, **known}


def lookup(codes: dict[str, int], code: str) -> int | None:
    """Return the id of a code; one that differs only in case is understood if it is alone."""
    if code in codes:
        return codes[code]
    same = [pk for known, pk in codes.items() if known.casefold() == code.casefold()]
    return same[0] if len(same) == 1 else None


def fill(noun: Noun, entry: Entry, codes: dict) -> None:
    """Set the row's own fields and links, noting what differs; a bad one refuses the row."""
    if entry.row is None and not entry.new:
        return
    if entry.new:
        entry.row = noun.model(code=entry.document["code"])
    for name in noun.needed:
        _try(entry, _check_needed, noun, entry, name)
    for name in noun.plain:
        _try(entry, _set_plain, noun, entry, name)
    for name in noun.merged:
        _try(entry, _set_rich if name in noun.rich else _set_merged, entry, name)
    for name in noun.links:
        _try(entry, _set_link, noun, entry, name, codes.get(name, {}))
    for name in noun.sets:
        _try(entry, _resolve_set, entry, name, codes.get(name, {}))


def _try(entry: Entry, step: Callable, *arguments) -> None:
    """Take one step; what refuses it is noted, so that all reasons are found at once."""
    try:
        step(*arguments)
    except Refused as refusal:
        entry.refuse(refusal)


def _check_needed(noun: Noun, entry: Entry, name: str) -> None:
    """Refuse a new row without it, unless what was said of it has been refused already."""
    told = any(refusal.field == name for refusal in entry.result.refusals)
    if entry.new and not told and not entry.document.get(name):
        raise InvalidValue(
            _("“%(name)s” is needed for a new row."), code="needed", field=name, name=name
        )


def _set_plain(noun: Noun, entry: Entry, name: str) -> None:
    if name not in entry.document:
        return
    wish, held = entry.document[name], getattr(entry.row, name)
    if wish == held:
        return
    if name in noun.fixed and not entry.new:
        raise InvalidValue(
            _("“%(name)s” cannot change from “%(held)s” to “%(wish)s”: values depend on it."),
            code="fixed",
            field=name,
            name=name,
            held=str(held),
            wish=str(wish),
        )
    entry.differs(name, held, wish)
    setattr(entry.row, name, wish)


def _set_rich(entry: Entry, name: str) -> None:
    if entry.document.get(name) is not None:
        entry.document[name] = clean_texts(entry.document[name], field=name)
        _set_merged(entry, name)


def _set_merged(entry: Entry, name: str) -> None:
    wish = entry.document.get(name)
    if wish is None:
        return
    held = getattr(entry.row, name) or {}
    merged = _merged(held, wish)
    if entry.differs(name, held, merged):
        setattr(entry.row, name, merged)


def _merged(held: dict, wish: dict) -> dict:
    """Return `held` with the keys of `wish`; blank ones go, inner documents merge alike."""
    result = dict(held)
    for key, value in wish.items():
        inner = isinstance(value, dict) and isinstance(held.get(key, {}), dict)
        value = _merged(held.get(key, {}), value) if inner else value
        if value in (None, "", {}):
            result.pop(key, None)
        else:
            result[key] = value
    return result


def _set_link(noun: Noun, entry: Entry, name: str, codes: dict[str, int]) -> None:
    if name not in entry.document or name == noun.tree:
        return
    code = entry.document[name]
    pk = lookup(codes, code) if code else None
    if code and pk is None:
        raise UnknownCode(what=name.replace("_", " "), name=code, field=name)
    held = getattr(entry.row, f"{name}_id")
    if held == pk:
        return
    if name in noun.fixed and not entry.new:
        raise InvalidValue(
            _("“%(name)s” cannot change: products depend on it."),
            code="fixed",
            field=name,
            name=name,
        )
    entry.differs(name, held, pk)
    setattr(entry.row, f"{name}_id", pk)


def _resolve_set(entry: Entry, name: str, codes: dict[str, int]) -> None:
    wishes = entry.document.get(name)
    if wishes is None:
        return
    ids = []
    for code in wishes:
        pk = lookup(codes, code)
        if pk is None:
            raise UnknownCode(what=name.replace("_", " "), name=code, field=name)
        ids.append(pk)
    entry.document[f"@{name}"] = list(dict.fromkeys(ids))
