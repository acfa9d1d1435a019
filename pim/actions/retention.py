"""Retention: old versions go, but never one that is the latest or that something still uses."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db.models import F, Q

from pim.models import PlannedPublication, Version
from pim.queries.drafts import chunks

Keep = Callable[[list[tuple[int, int]]], Iterable[tuple[int, int]]]


def drop_old_versions(
    *, older_than: datetime, keep: Keep, keep_last: int = 5, chunk: int = 1000
) -> int:
    """Delete versions made before `older_than`; return how many.

    Kept are each product's last `keep_last`, the bases of planned publications, and what
    `keep` returns of the (product id, version number) pairs that it is asked about.
    """
    old = Version.objects.filter(at__lt=older_than, product__version__isnull=False)
    old = old.filter(number__lte=F("product__version__number") - max(keep_last, 1))
    planned = PlannedPublication.objects.filter(state=PlannedPublication.WAITING)
    old = old.exclude(Q(id__in=planned.filter(base__isnull=False).values("base_id")))
    dropped = 0
    ids = list(old.order_by("id").values_list("id", flat=True))
    for part in chunks(ids, chunk):
        rows = list(Version.objects.filter(id__in=part).values_list("id", "product_id", "number"))
        used = set(keep([(product, number) for _pk, product, number in rows]))
        gone = [pk for pk, product, number in rows if (product, number) not in used]
        dropped += Version.objects.filter(id__in=gone).delete()[0]
    return dropped
