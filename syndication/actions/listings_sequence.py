"""The channel's sequence: numbers in commit order, epochs, tombstones and the horizon."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Max

from syndication.models import REMOVED, ChannelSequence, Listing
from syndication.models.listings import fresh_token


def draw_numbers(channel: str, count: int) -> int:
    """Raise the channel's sequence by `count` and return the first of the new numbers.

    The row stays locked until the transaction ends, so the next writer's numbers are both
    higher and visible later: a reader who has seen N has seen everything up to N.
    """
    table = ChannelSequence._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (channel, epoch, value, horizon, contexts, token) "
            "VALUES (%s, 1, %s, 0, '{}', %s) "
            f"ON CONFLICT (channel) DO UPDATE SET value = {table}.value + excluded.value "
            "RETURNING value",
            [channel, count, fresh_token()],
        )
        return cursor.fetchone()[0] - count + 1


def begin_epoch(*, at: datetime) -> None:
    """Start a new epoch in every channel: after a restore, what readers know may never have been.

    An epoch is named by its moment in seconds, so that two restores of one backup differ. The
    numbers go on; whoever asks with an older epoch is sent to a full read.
    """
    moment = int(at.timestamp())
    for row in ChannelSequence.objects.all():
        ChannelSequence.objects.filter(pk=row.pk).update(
            epoch=max(moment, row.epoch + 1), token=fresh_token()
        )


def drop_tombstones(*, at: datetime, days: int) -> int:
    """Delete tombstones older than `days` and raise the horizons past them; return how many."""
    old = Listing.objects.filter(state=REMOVED, updated_at__lt=at - timedelta(days=days))
    dropped = 0
    for channel in old.order_by().values_list("channel", flat=True).distinct():
        with transaction.atomic():
            here = ChannelSequence.objects.filter(channel=channel)
            here.update(value=F("value"))  # takes the lock: no tombstone comes in between
            mine = old.filter(channel=channel)
            last = mine.aggregate(last=Max("sequence"))["last"] or 0
            dropped += mine.delete()[0]
            here.filter(horizon__lt=last).update(horizon=last)
    return dropped
