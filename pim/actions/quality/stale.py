"""Scores made stale where no row version tells: the next turn counts them again."""

from collections.abc import Iterable

from pim.actions.bulk import upsert
from pim.models import Product, QualityState
from pim.queries.drafts import chunks
from pim.queries.published import descendants

_COLUMNS = ["product_id", "row_version", "above", "stamp"]
_CHUNK = 500


def forget_scores(ids: Iterable[int]) -> None:
    """Make the scores of products and of all their variants stale.

    Rows are marked rather than deleted: so a count that runs at the same time is waited for.
    """
    for part in chunks(ids, _CHUNK):
        tree = {*part, *descendants(part)}
        known = Product.objects.filter(pk__among=tree).order_by("pk").values_list("pk", flat=True)
        upsert(QualityState, _COLUMNS, [(pk, 0, 0, "") for pk in known], unique=["product_id"])
