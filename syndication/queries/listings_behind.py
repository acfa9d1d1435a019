"""How far listings may be behind what is published."""

from datetime import datetime, timedelta

from django.db.models import Min

from pim import published
from syndication.models import LogCursor, StaleMark

# A publication is dated by when it began; a large one may be seen hours later.
MARGIN = timedelta(days=1)


def listed_up_to(*, at: datetime) -> datetime:
    """Return a moment up to which all that was published is in the listings, a day before `at`
    when nothing is waiting to be listed."""
    seq = LogCursor.objects.filter(name="listings").values_list("seq", flat=True).first() or 0
    waiting = [entry.at for entry in published.entries_after(seq, 1)]
    marked = StaleMark.objects.aggregate(oldest=Min("marked_at"))["oldest"]
    return min([at, *waiting, *([marked] if marked else [])]) - MARGIN
