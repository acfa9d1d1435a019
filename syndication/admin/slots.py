"""The next slots of a cadence, for people who want to know what they have written."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pim.cadence import Interval, parse

SHOWN = 4
HORIZON = 400  # days ahead that are looked at


def next_slots(cadence: str, *, zone: str, after: datetime, count: int = SHOWN) -> list[datetime]:
    """Return the next slots in the output's zone, [] for by hand and on change."""
    known = ZoneInfo(zone)
    plan = parse(cadence)
    if plan is None:
        return []
    step = timedelta(minutes=plan.minutes) if isinstance(plan, Interval) else timedelta(minutes=15)
    found: list[datetime] = []
    looked, reach = after, after + timedelta(days=HORIZON)
    while looked < reach and len(found) < count:
        looked += step
        slot = plan.latest(looked, known)
        if slot and slot > (found[-1] if found else after):
            found.append(slot)
        elif step < timedelta(days=1) and not isinstance(plan, Interval):
            step = min(step * 2, timedelta(days=1))
    return [slot.astimezone(known) for slot in found]
