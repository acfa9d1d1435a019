"""Stale marks: which products' listings must be rebuilt, each marking under a number of its own.

All writers of marks and listings first take the row lock of the "marks" cursor. It keeps them
in one order on PostgreSQL (no deadlocks, no lost marks); SQLite has one writer anyway.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from django.db import connection

from syndication.models import LogCursor, StaleMark, Use

from .listings_sql import insert_rows

CHUNK = 1000
# `marked_at` stays: it says since when the listings may be behind.
_RAISE = "(product_id) DO UPDATE SET generation = excluded.generation"


def lock_marks() -> int:
    """Take the lock until the transaction ends; return a generation that was never used."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {LogCursor._meta.db_table} (name, seq) VALUES ('marks', 1) "
            f"ON CONFLICT (name) DO UPDATE SET seq = {LogCursor._meta.db_table}.seq + 1 "
            "RETURNING seq"
        )
        return cursor.fetchone()[0]


def mark_products(ids: Iterable[int], *, generation: int, at: datetime) -> int:
    """Mark products stale, in chunks; the caller holds the lock. Returns how many were given."""
    count, moment = 0, connection.ops.adapt_datetimefield_value(at)
    for chunk in chunks(ids, CHUNK):
        rows = [(i, generation, moment) for i in dict.fromkeys(chunk)]
        insert_rows(StaleMark, ("product_id", "generation", "marked_at"), rows, _RAISE)
        count += len(chunk)
    return count


def users_of(kind: str, targets: Iterable[str]) -> Iterator[int]:
    """Yield the products whose listings read any of the targets; some more than once."""
    for chunk in chunks(targets, CHUNK):
        yield from Use.objects.filter(kind=kind, target__in=chunk).values_list(
            "product_id", flat=True
        )


def chunks(values: Iterable, size: int) -> Iterator[list]:
    """Yield `values` in lists of at most `size`."""
    walk = iter(values)
    while chunk := list(islice(walk, size)):
        yield chunk
