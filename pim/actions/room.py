"""Room for work on very many rows: a larger page cache of SQLite while it lasts."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

# Kibibytes of pages. Keys without an order (uuids, digests, texts) reach all over their indexes:
# what does not fit is read and written once for nearly every row.
CACHE = 256 * 1024
# Pages of the journal (64 MiB) before they are copied: one that changes often is copied once.
CHECKPOINT = 16_384


@contextmanager
def room_for_many() -> Iterator[None]:
    """Let SQLite keep more pages, and copy them to its file less often; else do nothing.

    https://www.sqlite.org/pragma.html#pragma_cache_size, …#pragma_wal_autocheckpoint
    """
    if connection.vendor != "sqlite":
        yield
        return
    held = {name: _ask(name) for name in ("cache_size", "wal_autocheckpoint")}
    _tell("cache_size", -CACHE)
    _tell("wal_autocheckpoint", CHECKPOINT)
    try:
        yield
    finally:
        for name, value in held.items():
            _tell(name, value)


def _ask(name: str) -> int:
    with connection.cursor() as cursor:
        return cursor.execute(f"PRAGMA {name}").fetchone()[0]


def _tell(name: str, value: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name} = {value:d}")
