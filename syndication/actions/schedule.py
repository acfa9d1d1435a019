"""The schedule: slots that are due become editions, once each; missed ones fold into one."""

import logging
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from pim.cadence import ON_CHANGE, parse
from syndication.models import ChannelSequence, Edition, Output
from syndication.refusals import Refused
from syndication.registry import output_kind, targets

from .editions.ahead import prepare_output
from .editions.issue import issue_edition
from .editions.nothing_new import note_nothing_new, nothing_new

log = logging.getLogger(__name__)
ACTOR = "schedule"
BEAT = timedelta(minutes=1)


def arm_cadence(output: Output, *, at: datetime) -> Output:
    """Let slots count from `at`: the next one after it is the first that is issued.

    Doors call it after giving an output another cadence or time zone, or switching it on.
    """
    slot = _slot(output, at)
    output.armed, output.last_slot = _armed(output), slot
    Output.objects.filter(pk=output.pk).update(armed=output.armed, last_slot=slot)
    return output


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
    slot, armed = _slot(output, at), _armed(output)
    known = output.armed == armed
    if slot is None or (known and output.last_slot and slot <= output.last_slot):
        return []
    # Nobody said when this cadence was given: at some time since the last beat, then.
    gone_by = not known and slot <= at - BEAT
    skip = gone_by or output.held
    same = not skip and output.only_if_changed and nothing_new(output)
    key = f"sched:{slot.astimezone(UTC):%Y-%m-%dT%H:%MZ}"
    with transaction.atomic():
        rows = Output.objects.filter(pk=output.pk, last_slot=output.last_slot, armed=output.armed)
        if not rows.update(last_slot=slot, armed=armed) or skip:
            return []
        if same:
            note_nothing_new(output, slot=key, at=at)
            return []
        return issue_edition(output, actor=ACTOR, at=at, trigger_key=key)


def _slot(output: Output, at: datetime) -> datetime | None:
    cadence = parse(output.cadence)
    return cadence.latest(at, ZoneInfo(output.time_zone or "UTC")) if cadence else None


def _armed(output: Output) -> str:
    return f"{output.cadence}|{output.time_zone}"


def _sequence(channel: str) -> int:
    found = ChannelSequence.objects.filter(channel=channel).values_list("value", flat=True)
    return found.first() or 0


class ChangeWatch:
    """Issues outputs "on change", and prepares costly ones, once their channel has been quiet."""

    def __init__(self):
        self.seen: dict[str, tuple[int, datetime]] = {}

    def prepare_changed(self, *, at: datetime) -> list[Edition]:
        """Queue what idle workers can render before anybody asks; return the preparations."""
        if not settings.RENDER_AHEAD:
            return []
        costly = [code for code in targets() if output_kind(code).ahead]
        queued: list[Edition] = []
        for output in Output.objects.filter(enabled=True, kind__in=costly):
            value = _sequence(output.channel)
            if value and self._quiet(output.channel, value, at):
                queued += prepare_output(output, sequence=value, at=at)
        return queued

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
