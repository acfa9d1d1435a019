"""Running jobs: one at a time in this process, each to its end."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import now

from pim.content.actor import Actor
from pim.content.refusals import Refused
from pim.content.rights import EVERYTHING, NOTHING
from pim.models import Job, JobLine
from pim.queries.rights import rights_of
from pim.queries.structure import forget_structure

from .kinds import job_kind
from .progress import Lost, Progress, Say, Skipped, Stopped
from .queue import claim, waiting_jobs


def run_job(job_id: int, *, at: datetime) -> bool:
    """Run a queued job if nobody else does; return whether it was ours to run."""
    if not claim(job_id, at=at):
        return False
    job = Job.objects.select_related("created_by").get(pk=job_id)
    _run(job, actor=actor_of_job(job), at=at)
    return True


def run_job_now(job: Job, *, actor: Actor, at: datetime, say: Say | None = None) -> Job:
    """Run a job that was just queued, here and at once; return it with its counts."""
    if not claim(job.pk, at=at):
        raise Lost
    job.refresh_from_db()
    _run(job, actor=actor, at=at, say=say)
    return job


def run_waiting_jobs() -> int:
    """Run queued jobs one after the other until none waits; return how many were ours."""
    done = 0
    while waiting := waiting_jobs(at=now()):
        done += run_job(waiting[0], at=now())
    return done


def actor_of_job(job: Job) -> Actor:
    """Return who acts in a job: the user who queued it, else the machine it names.

    Where the user is gone since, or not active, nothing is allowed any more.
    """
    name = job.created_by.get_username() if job.created_by else job.actor
    rights = EVERYTHING if job.machine else NOTHING
    if job.created_by:
        rights = rights_of(job.created_by)
    return Actor(name or job.kind, job_kind(job.kind).source, rights)


def _run(job: Job, *, actor: Actor, at: datetime, say=None) -> None:
    """Run and conclude; what goes wrong as a whole is the job's cause."""
    if not job.cursor:
        # The lines of an attempt that is repeated from its start would stand twice.
        JobLine.objects.filter(job=job).delete()
        job.done, job.done_before, job.counts, job.preview = 0, 0, {}, []
    progress = Progress(job, actor=actor, at=at, say=say)
    try:
        _run_or_try(progress)
        progress.conclude("done")
    except Lost:
        pass
    except Skipped:
        Job.objects.filter(pk=job.pk, fence=job.fence).delete()
    except Stopped:
        progress.conclude("stopped")
    except Refused as refusal:
        progress.conclude("failed", cause=refusal.say())
    except Exception as fault:
        progress.conclude("failed", cause=f"{type(fault).__name__}: {fault}")
        raise


def _run_or_try(progress: Progress) -> None:
    kind = job_kind(progress.job.kind)
    run = kind.load()
    if kind.beforehand:
        kind.load_beforehand()(progress)
    if progress.job.dry_run:
        _run_and_take_back(run, progress)
    else:
        run(progress)
    if kind.afterwards:
        progress.come_back()
        kind.load_afterwards()(progress)


def _run_and_take_back(run, progress: Progress) -> None:
    # Done for real and taken back: so a dry run says exactly what the real run would do.
    try:
        with transaction.atomic():
            run(progress)
            transaction.set_rollback(True)
    finally:
        forget_structure()
