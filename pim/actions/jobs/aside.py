"""How a job that is one transaction tells where it is: a dry run, or one of an atomic kind.

PostgreSQL: over a second connection. SQLite has one writer at a time, so there it is a small file
that the desk reads; its age says whether the run is alive.
"""

import os
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
from django.conf import settings
from django.db import connection
from django.utils.timezone import now

from pim.models import Job

from .kinds import job_kind

LEASE = timedelta(seconds=60)
# No other connection may write meanwhile: the file's age is the lease.
LONG_LEASE = timedelta(hours=6)
RARELY = 0.3


def in_one_go(job: Job) -> bool:
    """Return whether the job is one transaction: a dry run, or one of an atomic kind."""
    return job.dry_run or job_kind(job.kind).atomic


def lease_of(job: Job) -> timedelta:
    """Return how long a claim of the job lasts until it is renewed."""
    return LONG_LEASE if connection.vendor == "sqlite" and in_one_go(job) else LEASE


def open_aside(job: Job) -> "Aside":
    """Return the way by which a job in one transaction tells where it is."""
    return FileAside(job) if connection.vendor == "sqlite" else ConnectionAside(job)


def overlay(job: Job) -> Job:
    """Set what a job in one transaction has told, on SQLite, on the job that was read."""
    if not job.final and connection.vendor == "sqlite" and in_one_go(job):
        told = _read(_path(job.pk))
        if told.get("fence") == job.fence:
            job.total, job.done, job.counts = told["total"], told["done"], told["counts"]
    return job


def ask_to_stop(job_id: int) -> None:
    """Leave word for a dry run on SQLite that it should stop."""
    path = _path(job_id, "stop")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def release_silent(*, at: datetime) -> int:
    """Free the jobs in one transaction on SQLite that have told nothing for a lease's time."""
    if connection.vendor != "sqlite":
        return 0
    # Only jobs of this sort have so long a lease.
    held = Job.objects.filter(state="running", lease_until__gte=at + 2 * LEASE)
    silent = [
        pk
        for pk, started in held.values_list("pk", "started_at")
        if max(started, _heard(pk)) < at - LEASE
    ]
    return Job.objects.filter(pk__in=silent).update(lease_until=at - LEASE) if silent else 0


class Aside:
    """What the job tells: `tell` at most a few times a second; `stop_asked` answers."""

    def __init__(self, job: Job):
        self.job, self._told = job, 0.0

    def tell(self) -> None:
        """Show the job's progress and renew its lease."""
        if time.monotonic() - self._told >= RARELY:
            self._told = time.monotonic()
            self._tell()

    def _tell(self) -> None:
        raise NotImplementedError

    def stop_asked(self) -> bool:
        """Return whether somebody wants the job to stop."""
        raise NotImplementedError

    def close(self) -> None:
        """Leave nothing behind."""


class ConnectionAside(Aside):
    """Over a connection of its own, outside the job's transaction."""

    def __init__(self, job: Job):
        super().__init__(job)
        self._own = connection.copy()
        self._stop = False

    def _tell(self) -> None:
        table = self._own.ops.quote_name(Job._meta.db_table)
        counts = orjson.dumps(self.job.counts).decode()
        with self._own.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET total = %s, done = %s, counts = %s, lease_until = %s "
                "WHERE id = %s AND fence = %s RETURNING state",
                [
                    self.job.total,
                    self.job.done,
                    counts,
                    now() + LEASE,
                    self.job.pk,
                    self.job.fence,
                ],
            )
            self._stop = cursor.fetchone() == ("stopping",)

    def stop_asked(self) -> bool:
        return self._stop

    def close(self) -> None:
        self._own.close()


class FileAside(Aside):
    """In a small file that is replaced whole."""

    def __init__(self, job: Job):
        super().__init__(job)
        _path(job.pk).parent.mkdir(parents=True, exist_ok=True)
        _path(job.pk, "stop").unlink(missing_ok=True)

    def _tell(self) -> None:
        job = self.job
        told = {"fence": job.fence, "total": job.total, "done": job.done, "counts": job.counts}
        fresh = _path(job.pk, "new")
        fresh.write_bytes(orjson.dumps(told))
        os.replace(fresh, _path(job.pk))

    def stop_asked(self) -> bool:
        return _path(self.job.pk, "stop").exists()

    def close(self) -> None:
        for ending in ("json", "stop", "new"):
            _path(self.job.pk, ending).unlink(missing_ok=True)


def _path(job_id: int, ending: str = "json") -> Path:
    return Path(settings.SCRATCH_ROOT) / "jobs" / f"{job_id}.{ending}"


def _read(path: Path) -> dict:
    with suppress(OSError, orjson.JSONDecodeError):
        return orjson.loads(path.read_bytes())
    return {}


def _heard(job_id: int) -> datetime:
    with suppress(OSError):
        return datetime.fromtimestamp(_path(job_id).stat().st_mtime, UTC)
    return datetime.fromtimestamp(0, UTC)
