"""How a running job tells where it is: its report, its cursor, its lease."""

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

import orjson
from django.db import transaction
from django.utils.timezone import now

from pim.actions.turns import Turns
from pim.content.actor import Actor
from pim.importing.report import KEPT, Report, ReportLine
from pim.models import Job, JobLine
from pim.queries.drafts import chunks

from .aside import LEASE, in_one_go, open_aside

SHOWN = 50
LONGEST_SHOWN = 2000
RARELY = 5.0  # seconds between two signs of life
# Told of every step: the job with its figures, and the name of what it is at.
Say = Callable[[Job, str], None]


class Stopped(Exception):
    """Somebody has asked the job to stop; what is written stays written."""


class Skipped(Exception):
    """There is nothing to do, and nothing to tell: the job leaves no trace."""


class Lost(Exception):
    """Another process has claimed the job: this one must not go on."""


class Progress:
    """What a runner is given: the job, who acts and when, and the ways to tell how far it is.

    `report` takes counts and lines. `keep` makes all of it visible, renews the lease and is
    where a job stops when asked to: a runner calls it after every batch it has committed.
    One that wants its progress to be exact, killed at any moment, calls `record` within the
    transaction of the batch and `heed` after it.
    """

    def __init__(
        self,
        job: Job,
        *,
        actor: Actor,
        at: datetime,
        say: Say | None = None,
    ):
        self.job, self.actor, self.at = job, actor, at
        self.params, self.cursor = job.params, job.cursor
        self._say = say or (lambda job, name: None)
        self._aside = open_aside(job) if in_one_go(job) else None
        # What a dry run writes is taken back, its report is not: it waits outside the database.
        # So does that of a job that is one transaction.
        self._spool = tempfile.TemporaryFile() if in_one_go(job) else None  # noqa: SIM115
        self._pending: list[ReportLine] = []
        self._beaten, self._turns = 0.0, Turns()
        self.report = Report(sink=self._sink)
        self.report.resume(job.counts)

    def expect(self, total: int | None) -> None:
        """Say how many units there are."""
        self.job.total = total

    def advance(self, units: int = 1) -> None:
        """Say that so many more units are behind."""
        self.job.done += units

    def show(self, subject: str, differences: dict[str, list]) -> None:
        """Keep the differences of the first few things written, for people to look at."""
        if differences and len(self.job.preview) < SHOWN:
            shown = {key: [_shown(side) for side in pair] for key, pair in differences.items()}
            self.job.preview.append([subject, shown])

    def keep(self, name: str = "", *, cursor: dict | None = None) -> None:
        """Show what was done so far, keep `cursor` to resume from, and renew the lease.

        Raises `Stopped` or `Lost`.
        """
        self.record(name, cursor=cursor)
        self.heed()

    def record(self, name: str = "", *, cursor: dict | None = None) -> None:
        """Keep what was done so far, the cursor and the lease; raises `Lost`."""
        self.report.flush()
        if cursor is not None:
            self.job.cursor = self.cursor = cursor
        self._say(self.job, name)
        if self._aside is None:
            self._write(lease_until=now() + LEASE)
        else:
            self.beat()

    def beat(self) -> None:
        """Say in the middle of a long step that the job is alive; keeps nothing."""
        if self._aside is None:
            if time.monotonic() - self._beaten < RARELY:
                return
            self._beaten = time.monotonic()
            self._mine().update(lease_until=now() + LEASE)
        else:
            self.job.counts = self.report.document()
            self._aside.tell()

    def heed(self) -> None:
        """Let other writers in; raise `Stopped` where somebody has asked for it."""
        self._turns.give_way()
        if self._aside is None:
            asked = self._mine().filter(state="stopping").exists()
        else:
            asked = self._aside.stop_asked()
        if asked:
            raise Stopped

    def restart(self) -> None:
        """Forget what an earlier attempt has told: what it stood on has changed."""
        JobLine.objects.filter(job=self.job).delete()
        self.job.cursor = self.cursor = {}
        self.job.done = 0
        self.report.resume({})

    def come_back(self) -> None:
        """Keep the lines of a dry run, now that its transaction has been taken back."""
        self._unspool()

    def conclude(self, state: str, *, cause: str = "") -> None:
        """Write the end of the job, unless somebody else has it by now."""
        self.report.flush()
        self._unspool()
        if self._aside is not None:
            self._aside.close()
        self.job.state, self.job.cause = state, cause
        self.job.finished_at, self.job.lease_until = now(), None
        self._write("state", "cause", "result", "finished_at", "lease_until")

    @transaction.atomic
    def _write(self, *names: str, **changes) -> None:
        """Write the lines with what they belong to: a repeated attempt has none of them twice."""
        self.job.counts = self.report.document()
        for name in ("counts", "preview", "total", "done", "done_before", "cursor", *names):
            changes[name] = getattr(self.job, name)
        if not self._mine().update(**changes):
            raise Lost
        _store_lines(self.job, self._pending)
        self._pending = []

    def _mine(self):
        return Job.objects.filter(pk=self.job.pk, fence=self.job.fence)

    def _sink(self, lines: list[ReportLine]) -> None:
        if self._spool is None:
            self._pending += lines
            return
        for line in lines:
            self._spool.write(orjson.dumps(line.kept()) + b"\n")

    def _unspool(self) -> None:
        if self._spool is None:
            return
        self._spool.seek(0)
        spooled = (ReportLine(*orjson.loads(raw)) for raw in self._spool)
        for lines in chunks(spooled, 500):
            _store_lines(self.job, lines)
        self._spool.close()
        self._spool = None


def report_lines(job: Job, *, translate=None) -> Iterator[ReportLine]:
    """Yield the lines of a job's report, in order and in the reader's language."""
    rows = JobLine.objects.filter(job=job).order_by("id").values_list(*KEPT)
    for row in rows.iterator():
        line = ReportLine(*row)
        yield replace(line, message=line.say(translate))


def _shown(data):
    """Return a value, or the beginning of its text where it is long."""
    text = data if isinstance(data, str) else orjson.dumps(data).decode()
    return data if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _store_lines(job: Job, lines: list[ReportLine]) -> None:
    JobLine.objects.bulk_create(
        [JobLine(job=job, **dict(zip(KEPT, line.kept(), strict=True))) for line in lines]
    )
