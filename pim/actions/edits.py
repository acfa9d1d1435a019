"""Noting edits: every write of drafts gets a number, in commit order."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from pim.content.actor import Actor
from pim.models import Edit

from .log import raise_counter

EDITS = "edits"
KEPT = timedelta(days=30)


def note_edit(
    products: Sequence[tuple[str, str, str]], *, actor: Actor, at: datetime, job, alone: bool
) -> None:
    """Note what was written: (uuid, identifier, created | changed | deleted) each.

    Call it last in a transaction that is `alone`: the number's lock is held until its commit.
    Inside a longer one the edit is noted after the commit, so that nobody waits for it: if the
    process is killed in that very moment, the edit is in the change log but not in the stream.
    """
    if not products:
        return
    row = {
        "products": [list(product) for product in products],
        "actor": actor.name,
        "source": actor.source,
        "job_id": getattr(job, "pk", job),
        "at": at,
    }
    if alone:
        _number(row)
    else:
        transaction.on_commit(lambda: _number(row))


def forget_edits(*, at: datetime) -> int:
    """Delete edits that are older than the stream reaches back; return how many."""
    return Edit.objects.filter(at__lt=at - KEPT).delete()[0]


def _number(row: dict) -> None:
    with transaction.atomic():
        Edit.objects.create(seq=raise_counter(EDITS), **row)
