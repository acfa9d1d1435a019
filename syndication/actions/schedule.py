"""The schedule: slots that are due become editions, once each; missed ones fold into one."""

import logging
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from syndication.models import ChannelSequence, Edition, Output, Pointer
from syndication.refusals import Refused

from .cadence import ON_CHANGE, parse
from .editions.issue import SETTINGS, issue_edition

log = logging.getLogger(__name__)
ACTOR = "schedule"


def issue_due(*, at: datetime) -> list[Edition]:
    """Issue every output whose cadence has a slot since the last; return the editions."""
    issued: list[Edition] = []
    for output in Output.objects.filter(enabled=True).exclude(cadence__in=["", ON_CHANGE]):
        try:
            issued += _issue_slot(output, at=at)
        except (Refused, LookupError, OSError, ValueError) as error:
            log.warning("output %s has no slots: %s", output.code, error)
    return issued


def _issue_slot(output: Output, *, at: datetime) -> list[Edition]:
    cadence = parse(output.cadence)
    slot = cadence.latest(at, ZoneInfo(output.time_zone or "UTC")) if cadence else None
    armed = f"{output.cadence}|{output.time_zone}"
    if slot is None or (output.armed == armed and output.last_slot and slot <= output.last_slot):
        return []
    # A cadence just given begins with its next slot, not with one gone by before it was.
    skip = output.armed != armed or output.held or _nothing_new(output)
    with transaction.atomic():
        rows = Output.objects.filter(pk=output.pk, last_slot=output.last_slot, armed=output.armed)
        if not rows.update(last_slot=slot, armed=armed) or skip:
            return []
        key = f"sched:{slot.astimezone(UTC):%Y-%m-%dT%H:%MZ}"
        return issue_edition(output, actor=ACTOR, at=at, trigger_key=key)


def _nothing_new(output: Output) -> bool:
    """Return whether a careful output shows what a new edition would show."""
    if not output.only_if_changed:
        return False
    pointers = Pointer.objects.filter(output=output).select_related("edition")
    served = {pointer.locale: pointer for pointer in pointers}
    if set(served) != set([""] if output.combined else output.locales):
        return False
    now = _sequence(output.channel)
    return all(
        pointer.data_version == now and _settings_same(pointer.edition, output)
        for pointer in served.values()
    )


def _settings_same(edition: Edition, output: Output) -> bool:
    names = [name for name in SETTINGS if name not in ("locales", "guard", "strict")]
    return all(edition.settings.get(name) == getattr(output, name) for name in names)


def _sequence(channel: str) -> int:
    found = ChannelSequence.objects.filter(channel=channel).values_list("value", flat=True)
    return found.first() or 0


class ChangeWatch:
    """Issues outputs "on change" once their channel has been quiet for a moment."""

    def __init__(self):
        self.seen: dict[str, tuple[int, datetime]] = {}

    def issue_changed(self, *, at: datetime) -> list[Edition]:
        """Issue what changed and then stayed as it is; return the editions."""
        issued: list[Edition] = []
        for output in Output.objects.filter(enabled=True, held=False, cadence=ON_CHANGE):
            value = _sequence(output.channel)
            if value and value > _frozen_at(output) and self._quiet(output.channel, value, at):
                key = f"dirty:{value}"
                issued += issue_edition(output, actor=ACTOR, at=at, trigger_key=key)
        return issued

    def _quiet(self, channel: str, value: int, at: datetime) -> bool:
        known = self.seen.get(channel)
        if known is None or known[0] != value:
            self.seen[channel] = known = (value, at)
        return (at - known[1]).total_seconds() >= settings.EDITION_DEBOUNCE_SECONDS


def _frozen_at(output: Output) -> int:
    """Return the newest data of any edition; one still queued will freeze what there is then."""
    editions = Edition.objects.filter(output=output)
    if editions.filter(state__in=["queued", "retry_wait"]).exists():
        return 1 << 62
    newest = editions.aggregate(newest=Max("data_version"))["newest"]
    return newest or 0
