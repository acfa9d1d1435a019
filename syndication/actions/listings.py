"""Upkeep of listings: the log is pulled, stale products are rebuilt, until nothing is stale."""

import logging
from collections.abc import Sequence
from datetime import datetime

from pim import published
from syndication.models import StaleMark
from syndication.queries.listings_batch import Batch

from .listings_log import mark_time_dependent, pull_publication_log
from .listings_write import Written, write_batch, write_uses

BATCH = 250
logger = logging.getLogger(__name__)


def upkeep(*, at: datetime, limit: int | None = None) -> Written:
    """Bring all listings up to date; stop after about `limit` products where one is given.

    Cheap when there is nothing to do (three small queries), so it can be called every second.
    """
    while pull_publication_log(at=at):
        pass
    mark_time_dependent(at=at)
    done, failed = Written(), set()
    while limit is None or done.products < limit:
        written = rebuild_stale(at=at, failed=failed)
        if written is None:
            break
        done += written
    return done


def rebuild_stale(
    *, at: datetime, limit: int = BATCH, failed: set[int] | None = None
) -> Written | None:
    """Rebuild the next stale products; None when there are none.

    A product that cannot be rebuilt stays stale, is logged and joins `failed`; it holds up
    nobody else.
    """
    failed = set() if failed is None else failed
    marks = _next_marks(limit, failed)
    if not marks:
        return None
    return _rebuild(sorted(marks), marks, at=at, failed=failed)


def _next_marks(limit: int, failed: set[int]) -> dict[int, int]:
    """Return {product: generation}, with the stale variants of the models among them."""
    stale = StaleMark.objects.exclude(product_id__in=failed) if failed else StaleMark.objects
    fields = ("product_id", "generation")
    marks = dict(stale.order_by("product_id").values_list(*fields)[:limit])
    if not marks:
        return {}
    below = set(published.descendants(marks)) - marks.keys() - failed
    if below:
        family = StaleMark.objects.filter(product_id__in=sorted(below)[: 4 * limit])
        marks.update(family.values_list(*fields))
    return marks


def _rebuild(
    ids: Sequence[int], marks: dict[int, int], *, at: datetime, failed: set[int]
) -> Written:
    try:
        batch = Batch(published.structure(), tuple(ids), at)
        write_uses(batch)
        return write_batch(batch, marks, at=at)
    except Exception:
        if len(ids) == 1:
            logger.exception("The listings of product %s cannot be rebuilt", ids[0])
            failed.update(ids)
            return Written()
    half = len(ids) // 2
    first = _rebuild(ids[:half], marks, at=at, failed=failed)
    return first + _rebuild(ids[half:], marks, at=at, failed=failed)
