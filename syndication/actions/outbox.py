"""Effects that must happen once: written with what caused them, done afterwards, with repeats."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import F

from syndication.models import Edition, OutboxEntry

log = logging.getLogger(__name__)
BATCH = 200
LONGEST = 6 * 3600


def ring(edition: Edition, *, at: datetime):
    """Ask for the edition to be run; the bell may get lost or ring twice, it means little."""
    OutboxEntry.objects.get_or_create(
        key=f"bell:{edition.pk}:{edition.fence}",
        defaults={"kind": "bell", "payload": {"edition": edition.pk}, "due_at": at},
    )


def put(kind: str, *, key: str, payload: dict, at: datetime):
    """Write an effect into the caller's transaction; the same key again is the same effect."""
    OutboxEntry.objects.get_or_create(
        key=key, defaults={"kind": kind, "payload": payload, "due_at": at}
    )


def dispatch(perform: dict[str, Callable[[OutboxEntry], bool]], *, at: datetime) -> int:
    """Perform what is due by kind; return how many entries were taken.

    Each is taken by compare-and-set, which also sets when it is tried again should this
    process die or `perform` say that it only passed it on (False) or raise.
    """
    due = OutboxEntry.objects.filter(done_at=None, due_at__lte=at, kind__in=list(perform))
    taken = 0
    for entry in due.order_by("due_at")[:BATCH]:
        if take(entry, at=at):
            taken += 1
            _perform(perform[entry.kind], entry, at=at)
    return taken


def take(entry: OutboxEntry, *, at: datetime) -> bool:
    """Claim one attempt at an entry; False when somebody else was quicker."""
    rows = OutboxEntry.objects.filter(pk=entry.pk, attempts=entry.attempts, done_at=None)
    again = at + timedelta(seconds=min(30 * 2**entry.attempts, LONGEST))
    if not rows.update(attempts=F("attempts") + 1, due_at=again):
        return False
    entry.attempts += 1
    return True


def _perform(action: Callable[[OutboxEntry], bool], entry: OutboxEntry, *, at: datetime):
    try:
        if action(entry):
            finish(entry, at=at)
    except Exception as error:
        log.warning("%s: %s", entry, error)
        OutboxEntry.objects.filter(pk=entry.pk).update(cause=f"{type(error).__name__}: {error}")


def finish(entry: OutboxEntry, *, at: datetime):
    """Note that the effect has happened."""
    OutboxEntry.objects.filter(pk=entry.pk, done_at=None).update(done_at=at, cause="")


def forget(*, before: datetime) -> int:
    """Delete what was done before a time."""
    return OutboxEntry.objects.filter(done_at__lt=before).delete()[0]
