"""Rendering what differs: parts to children, results to the table of fragments."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import orjson
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_noop as _

from syndication.contract import Refusal
from syndication.models import EditionPart, ListingBody
from syndication.supervise import wire
from syndication.supervise.supervisor import Crew, Job, part_size

from .compare import Work
from .context import Setting
from .lease import Held
from .rows import delete_fragments, insert_fragments, touch_fragments
from .splice import Spool

WHOLE_TRIES = 2
MESSAGES = {
    "error": _("Rendering this item failed."),
    "render_crash": _("Rendering this item crashed its process."),
    "timeout": _("Rendering this item took too long."),
    "oom": _("Rendering this item needed too much memory."),
}


class StaleFreeze(Exception):
    """A frozen body is no longer stored: the edition must be frozen anew."""


class Entry(NamedTuple):
    """One unit to render."""

    key: str
    before: str
    is_new: bool
    unit: int
    identifier: str
    listings: dict

    @classmethod
    def parse(cls, line: bytes) -> "Entry":
        key, before, age, frozen = line.split(b" ", 3)
        unit, identifier, listings = orjson.loads(frozen)
        before = "" if before == b"-" else before.decode()
        return cls(key.decode(), before, age == b"new", unit, identifier, listings)


@dataclass
class Batch:
    """Entries for one child, with how often they were tried as they are."""

    entries: list[Entry]
    part: int
    tries: int = 0


@dataclass
class Renders:
    """Runs the parts of one edition, some at a time."""

    held: Held
    setting: Setting
    context: Path
    folder: Path
    beat: Callable
    spool: Spool
    waiting: list[Batch] = field(default_factory=list)
    started: int = 0
    peak_kb: int = 0
    kept: int = 0  # units whose read parts had not changed after all

    def run(self, work: Work):
        """Render every entry of the work file; afterwards each has a fragment or a refusal."""
        most, children = self.setting.kind.part_size, settings.RENDER_CHILDREN
        size = part_size(work.rendered, most=most, children=children)
        crew = Crew(self.setting.kind.preload, beat=self.beat)
        with work.path.open("rb") as stream, crew:
            parts = self._parts(stream, size)
            while self._fill(crew, parts):
                for job in crew.wait():
                    self._fill(crew, parts)  # the next child starts before this one is stored
                    self._ended(job)
            self.peak_kb = crew.peak_kb
        self.spool.close()

    def _parts(self, stream, size: int) -> Iterator[Batch]:
        n = 0
        while lines := list(islice(stream, size)):
            n += 1
            yield Batch([Entry.parse(line) for line in lines], n)

    def _fill(self, crew: Crew, parts: Iterator[Batch]) -> bool:
        while len(crew.running) < settings.RENDER_CHILDREN:
            batch = self.waiting.pop() if self.waiting else next(parts, None)
            if batch is None:
                break
            crew.start(self._job(batch), seconds=self.setting.kind.seconds)
        return bool(crew.running)

    def _job(self, batch: Batch) -> Job:
        self.started += 1
        batch.tries += 1
        folder = self.folder / f"part-{self.started}"
        folder.mkdir()
        write_units(folder / "units", batch.entries)
        kind = self.setting.kind
        spec = {
            "job": "render",
            "target": self.setting.target,
            "locales": self.setting.document["locales"],
            "context": str(self.context),
            "input": str(folder / "units"),
            "output": str(folder / "results"),
            "memory_mb": kind.memory_mb,
            "seconds": kind.seconds,
        }
        return Job(f"part-{self.started}", folder, spec, carried={"batch": batch})

    def _ended(self, job: Job):
        batch: Batch = job.carried["batch"]
        if job.outcome == "":
            self._store(batch, _results(job.folder / "results"), cause="")
        elif batch.tries < WHOLE_TRIES:
            self.waiting.append(batch)
        elif len(batch.entries) > 1:
            self.waiting += _halves(batch)
        else:
            self._store(batch, [_lost(batch.entries[0], job)], cause=job.log)
        _clear(job.folder)

    def _store(self, batch: Batch, results: list[wire.Result], *, cause: str):
        entries = {entry.unit: entry for entry in batch.entries}
        if len(results) != len(entries) or any(r.unit not in entries for r in results):
            raise RuntimeError("an output kind must give one result per unit, in order")
        made = [(entries[r.unit], r) for r in results if not r.same]
        kept = [(entries[r.unit], r) for r in results if r.same]
        edition = self.setting.edition
        with transaction.atomic():
            self.held.write(state="running")  # takes the row's lock, proves the fence
            delete_fragments(edition, [e.unit for e, _ in made if not e.is_new])
            insert_fragments(edition, made, environment=self.setting.environment)
            touch_fragments(edition, kept)
            _note_part(self.held, batch, cause=cause)
        self.kept += len(kept)
        for entry, result in made:
            self.spool.add(entry, result)


def _note_part(held: Held, batch: Batch, *, cause: str):
    EditionPart.objects.update_or_create(
        edition_id=held.edition_id,
        n=batch.part,
        defaults={
            "state": "bisected" if batch.tries > 1 else "done",
            "attempt": batch.tries,
            "first": batch.entries[0].unit,
            "last": batch.entries[-1].unit,
            "cause": cause[-1000:],
        },
    )


def _results(path: Path) -> list[wire.Result]:
    with path.open("rb") as stream:
        return list(wire.read_results(stream))


def _halves(batch: Batch) -> list[Batch]:
    middle = len(batch.entries) // 2
    # A half that fails is split again at once: the whole has had its second chance.
    return [
        Batch(entries, batch.part, WHOLE_TRIES - 1 if len(entries) > 1 else 0)
        for entries in (batch.entries[:middle], batch.entries[middle:])
    ]


def _lost(entry: Entry, job: Job) -> wire.Result:
    code = "render_error" if job.outcome == "error" else job.outcome
    row = wire.refusal_row(Refusal(entry.identifier, code, MESSAGES[job.outcome]))
    refusals = orjson.dumps([row]).decode()
    return wire.Result(entry.unit, False, "", None, True, "{}", code, refusals, b"")


def _clear(folder: Path):
    for path in folder.rglob("*"):
        if not path.is_dir():
            path.unlink(missing_ok=True)


def write_units(path: Path, entries: list[Entry]):
    """Write the units of a part as a child reads them, bodies pasted as they are stored."""
    bodies = bodies_of(_named(entries))
    bodies[""] = "null"
    with path.open("wb", buffering=1 << 18) as stream:
        for entry in entries:
            stream.write(_unit_line(entry, bodies).encode())


def _unit_line(entry: Entry, bodies: dict[str, str]) -> str:
    listings = ",".join(
        f'"{locale}":[{",".join(_listing(row, bodies) for row in rows)}]'
        for locale, rows in entry.listings.items()
    )
    return f'{{"id":{entry.unit},"reads":"{entry.before}","listings":{{{listings}}}}}\n'


def _listing(row: list, bodies: dict[str, str]) -> str:
    product_id, digest, facts = row
    try:
        return f'[{product_id},"{digest}",{bodies[digest]},{bodies[facts]}]'
    except KeyError as missing:
        raise StaleFreeze(f"the body {missing} of product {product_id} is gone") from None


def _named(entries: list[Entry]) -> set[str]:
    return {
        digest
        for entry in entries
        for rows in entry.listings.values()
        for _, body, facts in rows
        for digest in (body, facts)
        if digest
    }


def bodies_of(digests: set[str]) -> dict[str, str]:
    """Return {digest: body as it is stored} of those that are stored."""
    found: dict[str, str] = {}
    wanted = sorted(digests)
    for start in range(0, len(wanted), 1000):
        some = wanted[start : start + 1000]
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT digest, body FROM {ListingBody._meta.db_table}"
                f" WHERE digest IN ({', '.join(['%s'] * len(some))})",
                some,
            )
            found.update(cursor.fetchall())
    return found
