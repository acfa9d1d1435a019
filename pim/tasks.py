"""Background work on content: what the scheduler and the doors ask for.

Every task may be lost or doubled: each looks at the database for what is due.
"""

import logging
import subprocess
import sys

from celery import shared_task
from django.conf import settings
from django.utils import timezone
from kombu.exceptions import OperationalError

from pim.actions.edits import forget_edits
from pim.actions.exports import queue_due_exports
from pim.actions.following import follow_structure
from pim.actions.import_profiles import queue_due_imports
from pim.actions.jobs import fail_lost_jobs, waiting_jobs
from pim.actions.published_index import keep_published, published_wanted
from pim.actions.publishing import run_due_publications
from pim.actions.quality import TURN, follow_quality, keep_day, keep_first
from pim.actions.retention import queue_retention
from pim.actions.rules import queue_due_rules

PUBLISHED_AT_ONCE = 100_000  # lines of the publication log in a minute's turn


@shared_task
def publish_due():
    """Once a minute: publish what is due; follow the structure, publications and quality."""
    now = timezone.now()
    run_due_publications(at=now)
    follow_structure(at=now)
    if published_wanted():
        keep_published(most=PUBLISHED_AT_ONCE)
    follow_quality(at=now, seconds=TURN)
    keep_first(timezone.localdate(now))


@shared_task
def follow():
    """Follow changes of structure at once: a bell for whoever has just made one."""
    follow_structure(at=timezone.now())


@shared_task
def start_jobs(job_id: int | None = None):
    """Start the jobs that wait, in a process of their own; the id says who rang.

    Long work must not hold up the worker, nor take it down. Whoever starts one twice does no
    harm: a job is claimed by compare-and-set.
    """
    now = timezone.now()
    fail_lost_jobs(at=now)
    queue_due_rules(at=now)
    queue_due_exports(at=now)
    queue_due_imports(at=now)
    if waiting_jobs(at=now):
        manage = str(settings.BASE_DIR / "manage.py")
        subprocess.Popen([sys.executable, manage, "run_jobs"])


@shared_task
def drop_old_versions():
    """Once a day: let go of old edits and of versions nothing needs; keep the day's quality."""
    follow_quality(at=timezone.now())
    keep_day(timezone.localdate())
    forget_edits(at=timezone.now())
    if queue_retention(at=timezone.now()):
        start_jobs()


def ring_followers() -> None:
    """Wake a worker after a change of structure; unheard, it follows within a minute."""
    try:
        follow.delay()
    except (OSError, OperationalError):
        logging.getLogger(__name__).warning("No broker: drafts follow the structure in a minute")


def ring_jobs(job_id: int) -> None:
    """Wake a worker for a queued job; unheard, it starts within a minute all the same."""
    try:
        start_jobs.delay(job_id)
    except (OSError, OperationalError):
        logging.getLogger(__name__).warning("No broker: job %s waits for the scheduler", job_id)
