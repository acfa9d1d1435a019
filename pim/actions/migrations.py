"""Moving in from a running system: queued from the desk or the API, or run at once."""

from datetime import datetime
from urllib.parse import urlsplit

from pim.actions.jobs import Progress, queue_job, run_job_now
from pim.actions.jobs.progress import Say
from pim.actions.migrating.credentials import (
    NoCredentials,
    configured_url,
    credentials_for,
    given,
)
from pim.actions.migrating.run import MigrationRun
from pim.content.actor import Actor
from pim.content.refusals import InvalidValue, Refused, _
from pim.importing.remote import Credentials, RemotePim
from pim.models import FINAL, Job
from pim.outbound import check_address

KIND = "migration"
__all__ = ["configured_url", "migrate_from", "queue_migration", "run_migration"]


class StillRunning(Refused):
    """The last move from there is under way, or its process ended without a word; `until` tells
    from when on, unless it moves, it can be taken up."""

    code = "still_running"
    sentence = _("Another process is moving in from %(url)s: wait for it, or begin anew.")

    def __init__(self, url: str, until: datetime):
        super().__init__(url=url)
        self.until = until


def queue_migration(*, user, dry_run: bool = False, publish: bool = False) -> Job:
    """Queue the move from the system that the environment names; raises `NoCredentials`."""
    url = configured_url()
    if not url:
        raise NoCredentials()
    params = {"url": clean_url(url), "publish": publish}
    return queue_job(KIND, title=params["url"], params=params, user=user, dry_run=dry_run)


def migrate_from(
    url: str,
    credentials: Credentials,
    *,
    actor: Actor,
    at: datetime,
    dry_run: bool = False,
    publish: bool = False,
    fresh: bool = False,
    progress: Say | None = None,
) -> Job:
    """Move now; return the job with its counts and lines.

    Goes on where the last attempt for that address was broken off, unless `fresh`.
    Repeating a move is harmless: what is there already is not written again. Raises
    `StillRunning` while the last attempt may be alive.
    """
    url = clean_url(url)
    params = {"url": url, "publish": publish}
    last = None if dry_run or fresh else _last(url, at=at)
    job = queue_job(KIND, title=url, params=params, actor=actor.name, dry_run=dry_run)
    if last is not None:
        _go_on(job, last, at=at)
    with given(credentials):
        return run_job_now(job, actor=actor, at=at, say=progress)


def run_migration(progress: Progress) -> None:
    """Run a job of the kind "migration"."""
    url = progress.params["url"]
    remote = RemotePim(url, credentials_for(url), beat=progress.beat)
    MigrationRun(progress, remote=remote, publish=progress.params["publish"]).apply()


def clean_url(url: str) -> str:
    """Return the address of a system without what does not belong; raises `Refused`."""
    url = url.strip().rstrip("/")
    parts = urlsplit(url)
    if parts.query or parts.fragment:
        raise InvalidValue(
            _("“%(url)s” is not the address of a system: leave away what follows “?” or “#”."),
            code="bad_url",
            field="url",
            url=url[:200],
        )
    check_address(url)
    return url


def _last(url: str, *, at: datetime) -> Job | None:
    """Return the attempt that was broken off, None where the last one was not."""
    earlier = Job.objects.filter(kind=KIND, title=url, dry_run=False)
    last = earlier.order_by("-id").first()
    if last is None or last.state == "done":
        return None
    if last.state not in FINAL and last.lease_until and last.lease_until >= at:
        raise StillRunning(url, last.lease_until)
    return last if last.cursor else None


def _go_on(job: Job, last: Job, *, at: datetime) -> None:
    """Give the job the place, and the report, of the attempt that was broken off."""
    lost = Job.objects.filter(pk=last.pk).exclude(state__in=FINAL)
    lost.update(state="stopped", finished_at=at, lease_until=None)
    taken = {name: getattr(last, name) for name in ("cursor", "counts", "done", "preview")}
    Job.objects.filter(pk=job.pk).update(**taken)
