"""What differs: frozen lines against the fragments there are, and against the edition before."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import orjson
from django.db import connection

from syndication.models import Edition, Fragment

PAGE = 10_000


@dataclass
class Work:
    """What an edition has to render, by file: lines `key before new|old` and the frozen line."""

    path: Path
    rendered: int = 0
    reused: int = 0
    stale: list[int] = field(default_factory=list)


def find_work(
    edition: Edition, *, lines: Iterable[bytes], environment: str, path: Path, beat: Callable
) -> Work:
    """Compare every frozen line with its fragment in one pass over both, in order of units."""
    work, prefix = Work(path), environment.encode()
    fragments = _Ahead(_fragments(edition, beat))
    with path.open("wb", buffering=1 << 18) as stream:
        for line in lines:
            unit = unit_of(line)
            work.stale += [row[0] for row in fragments.before(unit)]
            key = hashlib.sha256(prefix + line).hexdigest()
            found = fragments.take(unit)
            if found and found[1] == key:
                work.reused += 1
                continue
            work.rendered += 1
            stream.write(_entry(key, found, environment) + line)
    work.stale += [row[0] for row in fragments.before(None)]
    return work


def unit_of(line: bytes) -> int:
    return int(line[1 : line.index(b",")])


def _entry(key: str, found: tuple | None, environment: str) -> bytes:
    known = found is not None and found[2].startswith(environment[:16])
    before = found[2][16:] if known else ""
    return f"{key} {before or '-'} {'old' if found else 'new'} ".encode()


def _fragments(edition: Edition, beat: Callable) -> Iterator[tuple[int, str, str]]:
    sql = f"""SELECT unit, key, reads FROM {Fragment._meta.db_table}
        WHERE output_id = %s AND locale = %s AND unit > %s ORDER BY unit LIMIT {PAGE}"""
    last = -1
    while True:
        with connection.cursor() as cursor:
            cursor.execute(sql, [edition.output_id, edition.locale, last])
            page = cursor.fetchall()
        yield from page
        beat()
        if len(page) < PAGE:
            return
        last = page[-1][0]


class _Ahead:
    """A sorted stream of rows looked at one ahead; the first column is the unit."""

    def __init__(self, rows: Iterator[tuple]):
        self.rows = rows
        self.head = next(rows, None)

    def before(self, unit: int | None) -> list[tuple]:
        """Take and return the rows below `unit` (None: all that are left)."""
        passed = []
        while self.head is not None and (unit is None or self.head[0] < unit):
            passed.append(self.head)
            self.head = next(self.rows, None)
        return passed

    def take(self, unit: int) -> tuple | None:
        """Take and return the row of exactly this unit, or None."""
        if self.head is None or self.head[0] != unit:
            return None
        found, self.head = self.head, next(self.rows, None)
        return found


@dataclass
class Difference:
    """How a frozen set differs from an earlier one.

    `gone` are the identifiers that it no longer holds, `watched` those of units to look out
    for that both hold.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: list[str] = field(default_factory=list)
    watched: list[str] = field(default_factory=list)


def difference(before: Iterable[bytes], after: Iterable[bytes], *, watch: set[int]) -> Difference:
    """Compare two frozen sets line by line."""
    found = Difference()
    old = _Ahead((unit_of(line), line) for line in before)
    for line in after:
        unit = unit_of(line)
        found.gone += [_identifier(row[1]) for row in old.before(unit)]
        known = old.take(unit)
        if known is None:
            found.added += 1
            continue
        if unit in watch:
            found.watched.append(_identifier(line))
        if known[1] == line:
            found.unchanged += 1
        else:
            found.changed += 1
    found.gone += [_identifier(row[1]) for row in old.before(None)]
    return found


def _identifier(line: bytes) -> str:
    return orjson.loads(line)[1]
