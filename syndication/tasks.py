"""Background work on outputs: what the scheduler and the doors ask for.

Every task may be lost or doubled: each looks at the database for what is due, and takes it
by compare-and-set.
"""

from celery import shared_task
from django.utils import timezone

from syndication.actions.collect import collect
from syndication.actions.compress import compress_entry
from syndication.actions.deliveries import deliver_entry
from syndication.actions.editions import run_due_editions, sweep
from syndication.actions.events import forget_events
from syndication.actions.listings_tidy import tidy_listings
from syndication.actions.schedule import issue_due


@shared_task
def render_due(edition_id: int | None = None):
    """Run the editions that wait, all that are due; the id only says why the bell rang."""
    run_due_editions()


@shared_task
def heartbeat():
    """Once a minute: take back what dead workers held, and issue the slots that are due."""
    now = timezone.now()
    sweep(at=now)
    issue_due(at=now)


@shared_task
def deliver(entry_id: int):
    """Make one attempt at a delivery."""
    deliver_entry(entry_id, at=timezone.now())


@shared_task
def compress(entry_id: int):
    """Lay compressed variants beside an edition's files."""
    compress_entry(entry_id, at=timezone.now())


@shared_task
def collect_artefacts():
    """Once an hour: remove what nobody serves, keeps or needs any more."""
    collect(at=timezone.now())
    tidy_listings(at=timezone.now())
    forget_events(at=timezone.now())
