"""The one upsert of structure: compare, create, update, tie together, tell the log."""

import re
from collections.abc import Sequence
from datetime import datetime

from pim.actions.locking import settled
from pim.actions.structure import record_structure_change
from pim.content.actor import Actor
from pim.content.definitions import not_definable, refuse_definition
from pim.content.nul import nul_at, places_of_nul
from pim.content.refusals import InvalidValue, Refused, UnknownCode, _
from pim.content.rights import NotAllowed, Rights
from pim.queries.structure import load_structure

from .entries import Entry, StructureResult
from .fields import codes_of, fill, lookup
from .hidden import Hidden
from .members import SPECIAL
from .nouns import KINDS, Noun
from .sets import read_sets, write_sets
from .trees import settle_tree

CODE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]*")
# Option and record codes of other systems hold nearly anything; commas would part them in cells.
LOOSE_CODE = re.compile(r"[^\s,;|][^,;|]*")
CHUNK = 500


def upsert_structure(
    kind: str, documents: Sequence[dict], *, actor: Actor, at: datetime, mode: str = "upsert"
) -> list[StructureResult]:
    """Create or change structural rows; one result per document, in order.

    `kind` is a key of KINDS; a document names its row by `code` (options also by `attribute`,
    records by `entity`) and holds only what is to be set. Never raises for one bad document.
    What is there already is not written again, and the log hears of real changes only.
    `mode` "create" refuses rows that are there, "update" those that are not.
    """

    def work() -> list[StructureResult]:
        # Documents are annotated on their way; a second look starts from clean ones.
        clean = [dict(document) for document in documents]
        return _upsert(kind, clean, actor=actor, at=at, mode=mode)

    return settled(work, clashes=True)


def _upsert(
    kind: str, documents: Sequence[dict], *, actor: Actor, at: datetime, mode: str
) -> list[StructureResult]:
    noun = KINDS[kind]
    entries = [_entry(document) for document in documents]
    hidden = Hidden(actor.rights)
    codes = _link_codes(noun, documents, hidden)
    _find_rows(noun, entries, codes, hidden)
    hidden.keep_links(noun, entries)
    if mode != "upsert":
        _refuse_by_mode(noun, entries, mode=mode)
    for entry in entries:
        fill(noun, entry, codes)
    hidden.refuse_texts(entries)
    hidden.refuse_media(noun, entries)
    hidden.refuse_parents(noun, entries)
    _refuse_forbidden(noun, entries, actor.rights)
    settle_tree(noun, entries)
    special = SPECIAL.get(kind)
    if special:
        special.check(entries, hidden)
    sets = read_sets(noun, entries, hidden)
    _create(noun, entries)
    _update(noun, entries)
    write_sets(noun, entries, sets)
    if special:
        special.write(entries)
    _conclude(noun, entries, actor=actor, at=at)
    return [entry.result for entry in entries]


def _entry(document: dict) -> Entry:
    """Begin with what the caller found wrong already, "@refusals": all reasons come at once."""
    entry = Entry(document, StructureResult(document.get("code", "")))
    for refusal in document.pop("@refusals", ()):
        entry.refuse(refusal)
    for place in places_of_nul(document):
        entry.refuse(nul_at(place))
    return entry


def _link_codes(noun: Noun, documents: Sequence[dict], hidden: Hidden) -> dict[str, dict[str, int]]:
    """Return {field: {code: id}} of everything that the documents may link to."""
    fields = {**noun.links, **noun.sets}
    used = {name: model for name, model in fields.items() if any(name in d for d in documents)}
    return {name: codes_of(hidden.seen(model)) for name, model in used.items()}


def _find_rows(noun: Noun, entries: list[Entry], codes: dict, hidden: Hidden) -> None:
    found = {}
    wanted = [e.document.get("code", "") for e in entries]
    for start in range(0, len(wanted), CHUNK):
        for row in noun.model.objects.filter(code__in=wanted[start : start + CHUNK]):
            found[_row_key(noun, row)] = row
    seen = set()
    for entry in entries:
        key = _document_key(noun, entry, codes)
        if key is None:
            entry.new = (
                True  # refused already; what else is wrong with it is looked for all the same
            )
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
        if entry.row is not None and hidden.row(noun, key):
            entry.hidden, entry.row = True, None
        entry.new = entry.row is None


def _refuse_forbidden(noun: Noun, entries: list[Entry], rights: Rights) -> None:
    """Refuse what the actor may not define; what a document leaves as it is needs no right.

    Sets and members are compared later: to name them is to change them. A row that is hidden
    is refused in the words for one that may not be made.
    """
    if rights.unlimited:
        return
    structure = load_structure()
    compared = {*noun.plain, *noun.merged, *noun.links, *noun.key, "code"} - {noun.tree}
    for entry in entries:
        touched = entry.new or entry.result.differences or set(entry.document) - compared
        if not entry.live or not touched:
            continue
        try:
            code = _log_code(noun, entry)
            refuse_definition(rights, noun.kind, code, structure, entry.document)
            if entry.hidden:
                raise not_definable(noun.kind, code)
        except NotAllowed as refusal:
            entry.refuse(refusal)


def _refuse_by_mode(noun: Noun, entries: list[Entry], *, mode: str) -> None:
    for entry in entries:
        name = entry.result.code
        if mode == "create" and entry.row is not None:
            sentence = _("The code “%(name)s” is already used.")
            entry.refuse(InvalidValue(sentence, code="taken", field="code", name=name))
        if mode == "update" and entry.row is None and entry.live:
            entry.refuse(UnknownCode(what=noun.kind.replace("_", " "), name=name, field="code"))


def _row_key(noun: Noun, row) -> tuple:
    owner = [getattr(row, f"{name}_id") for name in noun.key[:-1]]
    return (*owner, row.code)


def _document_key(noun: Noun, entry: Entry, codes: dict) -> tuple | None:
    code = str(entry.document.get("code") or "")
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
