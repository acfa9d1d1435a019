"""The daily tidying of listings: old tombstones and bodies that nothing names go."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings

from .listings_bodies import drop_orphan_bodies
from .listings_log import cursor_moment, cursor_value, move_cursor
from .listings_sequence import drop_tombstones

NAME, EVERY = "tidied", timedelta(days=1)


class Tidied(NamedTuple):
    """How many rows went."""

    tombstones: int
    bodies: int


def tidy_listings(*, at: datetime) -> Tidied | None:
    """Tidy up if a day has passed since the last time; None when it has not."""
    now, day = cursor_moment(at), int(EVERY.total_seconds() * 1_000_000)
    if now - cursor_value(NAME) < day:
        return None
    move_cursor(NAME, now)
    tombstones = drop_tombstones(at=at, days=settings.FEED_TOMBSTONE_DAYS)
    bodies = 0
    while dropped := drop_orphan_bodies():
        bodies += dropped
    return Tidied(tombstones, bodies)
