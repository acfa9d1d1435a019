"""Counting how often coded places are met: by the hour, without cookie, address or person."""

from datetime import datetime

from django.db.models import F

from syndication.models import ScanCount, Touchpoint


def count_scan(touchpoint: Touchpoint, *, at: datetime) -> None:
    """Add one to the touchpoint's count of the hour of `at`."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    counted = ScanCount.objects.filter(touchpoint=touchpoint, hour=hour)
    if counted.update(count=F("count") + 1):
        return
    _, made = ScanCount.objects.get_or_create(
        touchpoint=touchpoint, hour=hour, defaults={"count": 1}
    )
    if not made:
        counted.update(count=F("count") + 1)
