"""What differs: frozen lines against the fragments there are, and against the edition before."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import orjson
from django.db import connection

from syndication.models import Edition, Fragment

PAGE, IN_PAGE = 10_000, 2000


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
    """How a frozen set differs from an earlier one, as lines that only one of them has."""

    items_before: int
    items: int
    fresh: list[bytes]
    gone: list[bytes]

    def __post_init__(self):
        self.fresh_units = set(map(unit_of, self.fresh))
        self.gone_units = set(map(unit_of, self.gone))

    @property
    def counts(self) -> dict[str, int]:
        """Return how many units were added, changed, removed, and left as they were."""
        return {
            "added": len(self.fresh_units - self.gone_units),
            "changed": len(self.fresh_units & self.gone_units),
            "removed": len(self.gone_units - self.fresh_units),
            "unchanged": self.items - len(self.fresh),
        }

    def removed(self) -> set[str]:
        """Return the identifiers of units that are no longer there."""
        return {
            orjson.loads(line)[1] for line in self.gone if unit_of(line) not in self.fresh_units
        }

    def added(self) -> set[str]:
        """Return the identifiers of units that were not there."""
        return {
            orjson.loads(line)[1] for line in self.fresh if unit_of(line) not in self.gone_units
        }


def difference(before: Path | None, after: Path) -> Difference:
    """Compare two frozen sets; None stands for an empty one."""
    old = set(_lines(before)) if before else set()
    new = list(_lines(after))
    fresh = [line for line in new if line not in old]
    gone = list(old.difference(new)) if len(fresh) or len(old) != len(new) else []
    return Difference(len(old), len(new), fresh, gone)


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def work_of(edition: Edition, found: Difference, *, environment: str, path: Path) -> Work:
    """Return the work where the fragments show exactly the earlier set of a difference."""
    work, prefix = Work(path, reused=found.items - len(found.fresh)), environment.encode()
    known = _known(edition, sorted(found.fresh_units & found.gone_units))
    with path.open("wb", buffering=1 << 18) as stream:
        for line in found.fresh:
            key = hashlib.sha256(prefix + line).hexdigest()
            stream.write(_entry(key, known.get(unit_of(line)), environment) + line)
    work.rendered = len(found.fresh)
    work.stale = sorted(found.gone_units - found.fresh_units)
    return work


def _known(edition: Edition, units: list[int]) -> dict[int, tuple]:
    mine = Fragment.objects.filter(output_id=edition.output_id, locale=edition.locale)
    return {
        row[0]: row
        for start in range(0, len(units), IN_PAGE)
        for row in mine.filter(unit__in=units[start : start + IN_PAGE]).values_list(
            "unit", "key", "reads"
        )
    }
