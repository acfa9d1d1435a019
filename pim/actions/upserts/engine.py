"""The one upsert of structure: compare, create, update, tie together, tell the log."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from pim.actions.structure import record_structure_change
from pim.content.actor import Actor
from pim.content.refusals import InvalidValue, Refused, UnknownCode, _

from .members import SPECIAL
from .nouns import KINDS, Noun
from .sets import read_sets, write_sets
from .trees import settle_tree

CODE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]*")
# Option and record codes of other systems hold nearly anything; commas would part them in cells.
LOOSE_CODE = re.compile(r"[^\s,;|][^,;|]*")
CHUNK = 500


@dataclass(slots=True)
class StructureResult:
    """What became of one document: created, changed, unchanged or refused (and why)."""

    code: str
    outcome: str = "unchanged"
    refusal: Refused | None = None
    differences: dict[str, list] = field(default_factory=dict)


@dataclass(slots=True)
class Entry:
    """One document on its way, with its row."""

    document: dict
    result: StructureResult
    row: Any = None
    new: bool = False

    @property
    def live(self) -> bool:
        return self.result.refusal is None

    def refuse(self, refusal: Refused) -> None:
        """Refuse the whole document; the first reason stands."""
        if self.live:
            self.result.refusal, self.result.outcome = refusal, "refused"

    def differs(self, name: str, before: Any, after: Any) -> bool:
        """Note a difference if there is one."""
        if before == after:
            return False
        self.result.differences[name] = [before, after]
        return True


def upsert_structure(
    kind: str, documents: Sequence[dict], *, actor: Actor, at: datetime
) -> list[StructureResult]:
    """Create or change structural rows; one result per document, in order.

    `kind` is a key of KINDS; a document names its row by `code` (options also by `attribute`,
    records by `entity`) and holds only what is to be set. Never raises for one bad document.
    What is there already is not written again, and the log hears of real changes only.
    """
    noun = KINDS[kind]
    with transaction.atomic():
        entries = [Entry(d, StructureResult(d.get("code", ""))) for d in documents]
        codes = _link_codes(noun, documents)
        _find_rows(noun, entries, codes)
        for entry in entries:
            _fill(noun, entry, codes)
        settle_tree(noun, entries)
        special = SPECIAL.get(kind)
        if special:
            special.check(entries)
        sets = read_sets(noun, entries)
        _create(noun, entries)
        _update(noun, entries)
        write_sets(noun, entries, sets)
        if special:
            special.write(entries)
        _conclude(noun, entries, actor=actor, at=at)
    return [entry.result for entry in entries]


def lookup(codes: dict[str, int], code: str) -> int | None:
    """Return the id of a code; one that differs only in case is understood if it is alone."""
    if code in codes:
        return codes[code]
    same = [pk for known, pk in codes.items() if known.casefold() == code.casefold()]
    return same[0] if len(same) == 1 else None


def _link_codes(noun: Noun, documents: Sequence[dict]) -> dict[str, dict[str, int]]:
    """Return {field: {code: id}} of everything that the documents may link to."""
    fields = {**noun.links, **noun.sets}
    used = {name: model for name, model in fields.items() if any(name in d for d in documents)}
    return {name: dict(model.objects.values_list("code", "pk")) for name, model in used.items()}


def _find_rows(noun: Noun, entries: list[Entry], codes: dict) -> None:
    found = {}
    wanted = [e.document.get("code", "") for e in entries]
    for start in range(0, len(wanted), CHUNK):
        for row in noun.model.objects.filter(code__in=wanted[start : start + CHUNK]):
            found[_row_key(noun, row)] = row
    seen = set()
    for entry in entries:
        key = _document_key(noun, entry, codes)
        if key is None:
            continue
        if key in seen:
            entry.refuse(
                Refused(
                    _("“%(name)s” stands in the file twice; the first row counts."),
                    code="repeated_row",
                    field="code",
                    name=key[-1],
                )
            )
        seen.add(key)
        entry.row = found.get(key)
        entry.new = entry.row is None


def _row_key(noun: Noun, row) -> tuple:
    owner = [getattr(row, f"{name}_id") for name in noun.key[:-1]]
    return (*owner, row.code)


def _document_key(noun: Noun, entry: Entry, codes: dict) -> tuple | None:
    code = entry.document.get("code", "")
    pattern = LOOSE_CODE if len(noun.key) > 1 else CODE
    if not pattern.fullmatch(code) or len(code) > noun.limit:
        entry.refuse(
            InvalidValue(
                _("“%(value)s” is no code: use letters, digits, underscore, hyphen, full stop."),
                code="bad_code",
                field="code",
                value=code[:120],
            )
        )
        return None
    owner = []
    for name in noun.key[:-1]:
        named = entry.document.get(name, "")
        pk = lookup(codes.get(name, {}), named)
        if pk is None:
            entry.refuse(UnknownCode(what=name, name=named, field=name))
            return None
        owner.append(pk)
    return (*owner, code)


def _fill(noun: Noun, entry: Entry, codes: dict) -> None:
    """Set the row's own fields and links, noting what differs."""
    if not entry.live:
        return
    if entry.new:
        entry.row = noun.model(code=entry.document["code"])
    try:
        for name in noun.needed:
            _check_needed(noun, entry, name)
        for name in noun.plain:
            _set_plain(noun, entry, name)
        for name in noun.merged:
            _set_merged(entry, name)
        for name in noun.links:
            _set_link(noun, entry, name, codes.get(name, {}))
        for name in noun.sets:
            _resolve_set(entry, name, codes.get(name, {}))
    except Refused as refusal:
        entry.refuse(refusal)


def _check_needed(noun: Noun, entry: Entry, name: str) -> None:
    if entry.new and not entry.document.get(name):
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


def _create(noun: Noun, entries: list[Entry]) -> None:
    fresh = [e for e in entries if e.live and e.new]
    for entry in fresh:
        entry.result.outcome = "created"
    # Rows of a tree have their ids already: others hang on them.
    rows = [e.row for e in fresh if e.row._state.adding]
    noun.model.objects.bulk_create(rows, batch_size=CHUNK)


def _update(noun: Noun, entries: list[Entry]) -> None:
    own = {*noun.plain, *noun.merged, *noun.links} - {noun.tree}
    touched = [e for e in entries if e.live and not e.new and own & set(e.result.differences)]
    fields = sorted({name for e in touched for name in e.result.differences if name in own})
    if hasattr(noun.model, "row_version") and touched:
        for entry in touched:
            entry.row.row_version += 1
        fields.append("row_version")
    if touched:
        noun.model.objects.bulk_update([e.row for e in touched], fields, batch_size=CHUNK)


def _conclude(noun: Noun, entries: list[Entry], *, actor: Actor, at: datetime) -> None:
    """Set the outcomes and tell the log, last in the transaction."""
    detail = {}
    for entry in entries:
        if not entry.live or not (entry.new or entry.result.differences):
            continue
        if not entry.new:
            entry.result.outcome = "changed"
        detail[_log_code(noun, entry)] = {"@new": [None, True]} if entry.new else _shown(entry)
    if detail:
        record_structure_change(noun.kind, list(detail), actor=actor, at=at, detail=detail)


def _shown(entry: Entry) -> dict:
    return {name: change for name, change in entry.result.differences.items() if name != "path"}


def _log_code(noun: Noun, entry: Entry) -> str:
    owner = [str(entry.document.get(name, "")) for name in noun.key[:-1]]
    return "/".join([*owner, entry.result.code])
