"""Nouns that hang on rows of their own kind: categories and locales."""

from pim.content.refusals import InvalidValue, UnknownCode, _
from pim.models import Category, CodeAlias

from .hidden import Hidden
from .nouns import Noun


def settle_tree(noun: Noun, entries: list) -> None:
    """Resolve links of a noun to itself, whatever the order of the documents."""
    link = noun.tree
    touched = [e for e in entries if e.live and link in e.document] if link else []
    if not touched:
        return
    _speak_today(noun, link, touched, entries)
    while _refuse_strays(noun, link, entries):
        pass  # whoever hangs on a refused row is refused in the next round
    _create_first(noun, [e for e in entries if e.live])
    _link(noun, link, touched)


def _speak_today(noun: Noun, link: str, touched: list, entries: list) -> None:
    """Replace old codes that documents hang on; a code that is or will be there is taken as is."""
    wishes = {e.document[link] for e in touched if e.document[link]}
    old = CodeAlias.objects.filter(kind=noun.kind, owner="", old__in=wishes)
    renamed = dict(old.values_list("old", "code"))
    if not renamed:
        return
    used = noun.model.objects.filter(code__in=renamed).values_list("code", flat=True)
    for code in {*used, *(e.document["code"] for e in entries if e.live)}:
        renamed.pop(code, None)
    for entry in touched:
        entry.document[link] = renamed.get(entry.document[link], entry.document[link])


def _refuse_strays(noun: Noun, link: str, entries: list) -> bool:
    """Refuse rows that hang on nothing or on themselves; return whether any was refused."""
    parents = _parents_after(noun, link, entries)
    found = False
    for entry in entries:
        if not entry.live or link not in entry.document:
            continue
        wish = entry.document[link] or ""
        if wish and wish not in parents:
            entry.refuse(UnknownCode(what=link, name=wish, field=link))
        elif _loops(entry.document["code"], parents):
            entry.refuse(_loop(link, entry.document["code"]))
        found |= not entry.live
    return found


def _loop(link: str, code: str) -> InvalidValue:
    return InvalidValue(
        _("“%(name)s” would hang below itself."), code="loop", field=link, name=code
    )


def _parents_after(noun: Noun, link: str, entries: list) -> dict[str, str]:
    rows = noun.model.objects.values_list("code", f"{link}__code")
    parents = {code: parent or "" for code, parent in rows}
    for entry in entries:
        if entry.live:
            held = parents.get(entry.document["code"], "")
            parents[entry.document["code"]] = entry.document.get(link, held) or ""
    return parents


def _loops(code: str, parents: dict[str, str]) -> bool:
    seen = {code}
    while code := parents.get(code, ""):
        if code in seen:
            return True
        seen.add(code)
    return False


def _create_first(noun: Noun, entries: list) -> None:
    """Give new rows their ids, so that others can hang on them."""
    fresh = [e.row for e in entries if e.new]
    noun.model.objects.bulk_create(fresh, batch_size=500)


def _link(noun: Noun, link: str, entries: list) -> None:
    ids = dict(noun.model.objects.values_list("code", "pk"))
    moved = []
    for entry in entries:
        if not entry.live:
            continue
        wish = ids.get(entry.document[link] or "")
        held = getattr(entry.row, f"{link}_id")
        if entry.differs(link, held, wish):
            setattr(entry.row, f"{link}_id", wish)
            moved.append(entry.row)
    noun.model.objects.bulk_update(moved, [link], batch_size=500)


class CategoryPaths:
    """Keeps `path` true after categories were made or moved."""

    @staticmethod
    def check(entries: list, hidden: Hidden) -> None:
        """Nothing beyond what the tree itself demands."""

    @staticmethod
    def write(entries: list) -> None:
        """Recompute the paths and update those that differ."""
        if not any(e.live and (e.new or "parent" in e.result.differences) for e in entries):
            return
        rows = list(Category.objects.only("id", "parent_id", "path"))
        by_id = {row.pk: row for row in rows}
        changed = []
        for row in rows:
            path = _path(row, by_id)
            if path != row.path:
                changed.append((row, path))
        for row, path in changed:
            row.path = path
        Category.objects.bulk_update([row for row, _path in changed], ["path"], batch_size=500)


def _path(row: Category, by_id: dict[int, Category]) -> str:
    ids = [row.pk]
    while row.parent_id:
        row = by_id[row.parent_id]
        ids.append(row.pk)
    return "/" + "/".join(str(pk) for pk in reversed(ids)) + "/"
