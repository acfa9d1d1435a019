"""What runs by the clock: due rules and exports become jobs, each slot once."""

import logging
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from pim.cadence import InvalidCadence, parse
from pim.content.refusals import Refused, _
from pim.models.rules import Scheduled

log = logging.getLogger(__name__)


class PersonGone(Refused):
    """A profile has nobody as whom it could run."""

    code = "person_gone"
    sentence = _("Whoever saved this profile last is gone or not active: save it again.")


def person_of(profile):
    """Return the user as whom a profile runs by the clock; raise `PersonGone`."""
    if profile.saved_by is None or not profile.saved_by.is_active:
        raise PersonGone()
    return profile.saved_by


def arm(row: Scheduled, *, at: datetime) -> None:
    """Let slots count from `at`: the next one after it is the first that runs."""
    row.armed, row.last_slot = _armed(row), _slot(row, at)


def due(rows: QuerySet, *, at: datetime) -> Iterator[Scheduled]:
    """Yield the rows that have a slot since their last, claimed: nobody else gets them for it.

    Missed slots fold into one. A cadence that nobody has armed counts from now on.
    """
    for row in rows.exclude(cadence=""):
        try:
            slot = _slot(row, at)
        except InvalidCadence as error:
            log.warning("%s has no slots: %s", row, error)
            continue
        known = row.armed == _armed(row)
        if slot is None or (known and row.last_slot and slot <= row.last_slot):
            continue
        claimed = type(row).objects.filter(pk=row.pk, last_slot=row.last_slot, armed=row.armed)
        if claimed.update(last_slot=slot, armed=_armed(row)) and known:
            yield row


def _slot(row: Scheduled, at: datetime) -> datetime | None:
    cadence = parse(row.cadence)
    return cadence.latest(at, ZoneInfo(row.time_zone or "UTC")) if cadence else None


def _armed(row: Scheduled) -> str:
    return f"{row.cadence}|{row.time_zone}"
