"""The freeze by what changed: the frozen set of the served edition, patched.

Every visible change of a listing draws a number of its channel, in the order of commits. What
was frozen under number N thus differs from what is now by the rows with a number above N, and
by nothing else: those are read, and the lines of all others are copied as they are.
"""

import hashlib
import mmap
from array import array
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple

from django.db import connection

from syndication import store
from syndication.contract import OutputKind
from syndication.models import ChannelSequence, Edition, Listing

from .compare import Difference, unit_of
from .freeze import Frozen, keep_products, single_line, why_withheld

SAME = ("kind", "channel", "audience", "locales", "selection")


class Row(NamedTuple):
    """A listing that changed or is withheld, with where its channel is."""

    value: int
    horizon: int
    live: int
    unit: int | None
    identifier: str
    role: str
    state: str
    digest: str
    facts: str
    reasons: str
    sequence: int


def refreeze(
    edition: Edition, *, kind: OutputKind, served: Edition, folder: Path, beat: Callable
) -> Frozen | None:
    """Return what a full freeze would, with its `news`; None where that cannot be had so.

    The set that is patched is verified by its digest, the result by the number of live items.
    """
    if not _fits(edition, kind, served):
        return None
    rows = _rows(edition, kind, since=served.data_version)
    beat()
    if not rows or not rows[0].horizon <= served.data_version <= rows[0].value:
        return None
    frozen = Frozen(served.frozen, rows[0].value, served.counts["items"], products=served.products)
    rows_of_kind = [row for row in rows if row.unit is not None and row.role in kind.roles]
    frozen.excluded.update(
        why_withheld(row.reasons) for row in rows_of_kind if row.state == "withheld"
    )
    changed = _changed(rows, kind, locale=edition.settings["locales"][0], since=served.data_version)
    if not _patch(frozen, changed, folder) or frozen.items != rows[0].live:
        return None
    return frozen


def _fits(edition: Edition, kind: OutputKind, served: Edition) -> bool:
    """Return whether a row is a unit of its own, and the served set was frozen by these rules."""
    mine, theirs = edition.settings, served.settings
    plain = kind.unit == "listing" and len(mine["locales"]) == 1 and bool(kind.roles)
    selects = any((mine["selection"] or {}).values())
    same = all(mine[name] == theirs.get(name) for name in SAME)
    same &= edition.environment == served.environment
    kept = store.exists(served.frozen) and store.exists(served.products)
    return plain and same and not selects and kept


def _rows(edition: Edition, kind: OutputKind, *, since: int) -> list[Row]:
    """Read in one statement, hence of one snapshot, what changed and what is withheld."""
    frozen, table = edition.settings, Listing._meta.db_table
    context = "l.channel = %s AND l.audience = %s AND l.locale = %s"
    here = [frozen["channel"], frozen["audience"], frozen["locales"][0]]
    roles = ", ".join(["%s"] * len(kind.roles))
    columns = "l.product_id, l.identifier, l.role, l.state, l.digest, l.facts_digest"
    sql = f"""
        SELECT s.value, s.horizon,
            (SELECT COUNT(*) FROM {table} l
             WHERE {context} AND l.state = 'live' AND l.role IN ({roles})), r.*
        FROM {ChannelSequence._meta.db_table} s LEFT JOIN (
            SELECT {columns}, CAST(l.reasons AS text), l.sequence FROM {table} l
            WHERE {context} AND l.sequence > %s AND l.state <> 'withheld'
            UNION ALL
            SELECT {columns}, CAST(l.reasons AS text), l.sequence FROM {table} l
            WHERE {context} AND l.state = 'withheld'
        ) r ON 1 = 1
        WHERE s.channel = %s"""
    params = [*here, *kind.roles, *here, since, *here, frozen["channel"]]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [Row._make(row) for row in cursor.fetchall()]


def _changed(rows: Iterable[Row], kind: OutputKind, *, locale: str, since: int) -> dict[int, bytes]:
    """Return {unit: its line now, b"" where it has none} of what changed."""
    return {
        row.unit: single_line(row.unit, row.identifier, locale, row.digest, row.facts)
        if row.state == "live" and row.role in kind.roles
        else b""
        for row in rows
        if row.unit is not None and row.sequence > since
    }


@dataclass
class _Patched:
    """A frozen set while it is written: its digest so far, and what only one of the two has."""

    stream: BinaryIO
    digest: object = field(default_factory=hashlib.sha256)
    fresh: list[bytes] = field(default_factory=list)
    gone: list[bytes] = field(default_factory=list)

    def copy(self, data: bytes | memoryview):
        self.digest.update(data)
        self.stream.write(data)

    def put(self, new: bytes, *, old: bytes):
        """Write a line in place of another; either may be b""."""
        self.copy(new)
        if new != old:
            self.fresh += [new] if new else []
            self.gone += [old] if old else []


def _patch(frozen: Frozen, changed: dict[int, bytes], folder: Path) -> bool:
    """Patch the set that `frozen` names; False where its bytes are not what its name says."""
    base, path, before = store.local(frozen.sha256), folder / "refrozen", frozen.items
    if not changed:
        frozen.news = Difference(before, before, [], [])
        return True
    with _text_of(base) as text, path.open("wb", buffering=1 << 18) as stream:
        if hashlib.sha256(text).hexdigest() != frozen.sha256:
            return False
        made = _Patched(stream)
        _merge(text, changed, made)
    frozen.sha256 = made.digest.hexdigest()
    frozen.items += len(made.fresh) - len(made.gone)
    frozen.news = Difference(before, frozen.items, made.fresh, made.gone)
    store.adopt(path, sha256=frozen.sha256)
    _patch_products(frozen, folder)
    return True


def _patch_products(frozen: Frozen, folder: Path):
    """Name the file of product ids that the patched set has: a unit is a product here."""
    news = frozen.news
    if news.fresh_units == news.gone_units:
        return
    ids = array("q")
    ids.frombytes(store.local(frozen.products).read_bytes())
    kept = {*ids} - news.gone_units | news.fresh_units
    frozen.products = keep_products(array("q", sorted(kept)), folder / "products")


@contextmanager
def _text_of(path: Path) -> Iterator[mmap.mmap | bytes]:
    if not path.stat().st_size:
        yield b""
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        yield text


def _merge(text: mmap.mmap | bytes, changed: dict[int, bytes], made: _Patched):
    at = 0
    for unit in sorted(changed):
        start = _find(text, unit, at)
        made.copy(text[at:start])
        at = text.find(b"\n", start) + 1 if start < len(text) else start
        if start < at and unit_of(text[start:at]) != unit:
            at = start
        made.put(changed[unit], old=text[start:at])
    made.copy(text[at:])


def _find(text: mmap.mmap | bytes, unit: int, low: int) -> int:
    """Return where the first line of this unit or a later one begins, at or after `low`."""
    high = len(text)
    while low < high:
        middle = (low + high) // 2
        start = max(text.rfind(b"\n", low, middle) + 1, low)
        if int(text[start + 1 : text.find(b",", start)]) < unit:
            low = text.find(b"\n", middle) + 1
        else:
            high = start
    return low
