"""The queue of jobs: put in, claimed by compare-and-set, given up, asked to stop."""

from datetime import datetime

from django.core.files.base import File
from django.db import connection, models

from pim.content.refusals import Refused, _
from pim.models import FINAL, Job
from pim.queries.titles import say_title

from .aside import ask_to_stop, in_one_go, lease_of, release_silent
from .kinds import KINDS, job_kind
from .permits import refuse_job

ATTEMPTS = 3


def queue_job(
    kind: str,
    *,
    title: str | dict,
    params: dict | None = None,
    user=None,
    actor: str = "",
    upload: File | str = "",
    dry_run: bool = False,
    undoes: Job | None = None,
) -> Job:
    """Queue a job; a worker takes it from there.

    A title that is text somebody gave stays as it is; one that was kept (`pim.queries.titles`)
    is read in the language of whoever reads it.
    The caller rings `pim.tasks.ring_jobs` after its commit; a lost bell costs a minute.
    """
    job_kind(kind)
    return Job.objects.create(
        kind=kind,
        **named(title),
        params=params or {},
        created_by=user,
        machine=user is None,
        actor=actor,
        upload=upload,
        dry_run=dry_run,
        undoes=undoes,
    )


def named(title: str | dict) -> dict:
    """Return the fields of a job's title; of one that is kept also what it is called today."""
    said = {} if isinstance(title, str) else title
    return {"title": (say_title(said) if said else title)[:500], "said": said}


def leave_failed(kind: str, *, title: str, cause: str, user=None, actor: str = "") -> Job:
    """Return a job that failed before it began: the word of a run that could not be."""
    return Job.objects.create(
        kind=kind, title=title[:500], created_by=user, actor=actor, state="failed", cause=cause
    )


def repeat_for_good(seen: Job, *, user) -> Job:
    """Queue in earnest what a dry run has shown; raises `NotAllowed`."""
    refuse_job(user, seen)
    return queue_job(
        seen.kind,
        title=seen.said or seen.title,
        params=seen.params,
        user=user,
        upload=seen.upload.name if seen.upload else "",
    )


def stop_job(job_id: int, *, at: datetime) -> None:
    """Ask a job to stop: a queued one never starts, a running one ends after its batch."""
    mine = Job.objects.filter(pk=job_id)
    job = mine.first()
    if mine.filter(state="queued").update(state="stopped", finished_at=at):
        return
    if job and job.state == "running" and in_one_go(job):
        if not job.dry_run:
            raise Refused(
                _("This is done whole or not at all, and cannot be stopped on its way."),
                code="in_one_go",
            )
        if connection.vendor == "sqlite":
            ask_to_stop(job_id)
            return
    if not mine.filter(state__in=("running", "stopping")).update(state="stopping"):
        raise Refused(_("This job has ended already."), code="job_ended")


def resume_job(seen: Job, *, user) -> None:
    """Queue a stopped job again: it goes on where it stopped, under its own number.

    Raises `NotAllowed`, and `Refused` where nothing was stopped, or what it wrote was taken back.
    """
    refuse_job(user, seen)
    if not resumable(seen):
        raise Refused(_("Only what was stopped can go on."), code="not_stopped")
    Job.objects.filter(pk=seen.pk, state="stopped").update(
        state="queued", attempts=0, finished_at=None, lease_until=None
    )


def resumable(job: Job) -> bool:
    """Return whether the job was stopped, and may go on: no preview, and nobody has undone it."""
    if job.state != "stopped" or in_one_go(job):
        return False
    return not job.undone_by.filter(dry_run=False).exists()


def waiting_jobs(*, at: datetime) -> list[int]:
    """Return the ids of jobs that may start: queued, or their worker was lost; a lane at a time."""
    running = Job.objects.filter(state__in=("running", "stopping"), lease_until__gte=at)
    busy = {KINDS[code].lane for code in running.values_list("kind", flat=True) if code in KINDS}
    kinds = [code for code, kind in KINDS.items() if kind.lane not in busy]
    free = free_jobs(at).filter(kind__in=kinds).order_by("id")
    return list(free.values_list("id", flat=True)[:20])


def fail_lost_jobs(*, at: datetime) -> int:
    """Give up jobs that took their worker down with them again and again."""
    release_silent(at=at)
    lost = Job.objects.filter(lease_until__lt=at).exclude(state__in=FINAL)
    stopped = lost.filter(state="stopping").update(state="stopped", finished_at=at)
    cause = "The worker was lost three times while it ran: the work may be too large for it."
    failed = lost.filter(state="running", attempts__gte=ATTEMPTS)
    return stopped + failed.update(state="failed", cause=cause, finished_at=at, lease_until=None)


def free_jobs(at: datetime) -> models.QuerySet:
    """Return the jobs that anybody may claim at that moment."""
    lost = models.Q(state="running", lease_until__lt=at, attempts__lt=ATTEMPTS)
    return Job.objects.filter(models.Q(state="queued") | lost)


def claim(job_id: int, *, at: datetime) -> bool:
    """Make the job ours if nobody else has it; its fence rises."""
    job = Job.objects.filter(pk=job_id).first()
    if job is None:
        return False
    changes = {
        "state": "running",
        "lease_until": at + lease_of(job),
        "attempts": models.F("attempts") + 1,
        "fence": models.F("fence") + 1,
        "started_at": at,
        "done_before": models.F("done"),
    }
    return bool(free_jobs(at).filter(pk=job_id).update(**changes))
