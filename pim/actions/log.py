"""The publication log: numbered in commit order by raising one counter row."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from pim.models import LogEntry
from pim.models.fields import canonical_json

from .bulk import insert

LOG = "log"
_RAISE = (
    "INSERT INTO pim_counter (name, value) VALUES (%s, %s) ON CONFLICT (name) "
    "DO UPDATE SET value = pim_counter.value + excluded.value RETURNING value"
)


class Entry(NamedTuple):
    """One line to be: its kind, the product it is about, or what else it is about."""

    kind: str
    product_id: int | None = None
    scope: dict = {}


def raise_counter(name: str, *, by: int = 1) -> int:
    """Return the counter's new value; its row stays locked until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_RAISE, [name, by])
        return cursor.fetchone()[0]


def append_to_log(entries: Sequence[Entry], *, at: datetime) -> int:
    """Append the entries and return the last number; do it last in a short transaction.

    The counter's lock is held until the commit, so whoever gets a higher number commits
    later: a reader that has seen N has seen everything before N.
    """
    if not entries:
        return 0
    last = raise_counter(LOG, by=len(entries))
    first = last - len(entries) + 1
    insert(
        LogEntry,
        ["seq", "kind", "product_id", "scope", "at"],
        [
            (first + i, e.kind, e.product_id, canonical_json(e.scope).decode(), at)
            for i, e in enumerate(entries)
        ],
    )
    return last
