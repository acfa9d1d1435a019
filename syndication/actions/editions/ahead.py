"""Rendering ahead: what has changed is rendered while nobody waits, so that issuing takes seconds.

One row per output and locale asks for it, with the state machine, lease and fence of an edition.
"""

from datetime import datetime

from django.db import transaction

from syndication.actions.outbox import ring
from syndication.models import FINAL, Edition, Output

from .issue import next_number, places_of, settings_of
from .lease import Held

TRIGGER = "ahead"
DONE = "superseded"


def prepare_output(output: Output, *, sequence: int, at: datetime) -> list[Edition]:
    """Queue the preparation of every locale that does not show `sequence` yet; return them.

    What is being prepared, or failed on the very same content, is left alone.
    """
    found = [_prepared(output, locale, sequence=sequence, at=at) for locale in places_of(output)]
    return [edition for edition in found if edition]


def end_preparation(held: Held, *, counts: dict, at: datetime) -> None:
    """End a preparation that has been made."""
    held.write(
        state=DONE,
        counts=counts,
        finished_at=at,
        lease_owner="",
        lease_pid=None,
        child_pids=[],
        lease_until=None,
    )


def _prepared(output: Output, locale: str, *, sequence: int, at: datetime) -> Edition | None:
    wanted = settings_of(output, locale)
    if _issued(output, locale, sequence=sequence, settings=wanted):
        return None
    fields = {
        "number": next_number(output),
        "settings": wanted,
        "data_version": sequence,
        "state": "queued",
        "attempt": 0,
        "frozen": "",
        "created_at": at,
        "started_at": None,
        "finished_at": None,
    }
    with transaction.atomic():
        edition, made = Edition.every.get_or_create(
            output=output, locale=locale, trigger_key=TRIGGER, ahead=True, defaults=fields
        )
        if not made:
            if edition.data_version >= sequence and edition.settings == wanted:
                return None
            rows = Edition.every.filter(pk=edition.pk, state__in=FINAL, fence=edition.fence)
            if not rows.update(**fields):
                return None
        ring(edition, at=at)
    return edition


def _issued(output: Output, locale: str, *, sequence: int, settings: dict) -> bool:
    """Return whether an edition shows, or is about to show, the very same."""
    newest = Edition.objects.filter(output=output, locale=locale).order_by("-id").first()
    if newest is None or any(newest.settings.get(name) != settings[name] for name in settings):
        return False
    return newest.state not in FINAL or newest.data_version >= sequence
