"""Which versions of products kept editions show: retention leaves them alone.

An edition notes which products it froze, and between which moments what was published must lie
that its listings could show. A version is taken to be shown when it was the latest in that time.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from syndication import store
from syndication.models import FINAL, Edition


class Shown:
    """Products, in order, and the times in which what they showed was frozen, in order."""

    def __init__(self, products: array | None, times: Iterable[tuple[datetime, datetime]]):
        self.products = products
        self.starts: list[datetime] = []
        self.ends: list[datetime] = []
        for start, end in sorted(times):
            if self.ends and start <= self.ends[-1]:
                self.ends[-1] = max(self.ends[-1], end)
            else:
                self.starts.append(start)
                self.ends.append(end)

    def holds(self, row) -> bool:
        """Return whether a version (`since`, `until`, `products`) was shown."""
        last = bisect_left(self.starts, row.until) - 1
        if last < 0 or self.ends[last] < row.since:
            return False
        return self.products is None or any(self._has(pk) for pk in row.products)

    def _has(self, pk: int) -> bool:
        place = bisect_left(self.products, pk)
        return place < len(self.products) and self.products[place] == pk


class VersionsShown:
    """Says which of some versions are shown by editions that are kept or not ended yet."""

    def __init__(self):
        times: dict[str, list] = {}
        for products, start, end in _kept_editions():
            times.setdefault(products, []).append((start, end))
        self.shown = [Shown(_products(name), spans) for name, spans in times.items()]

    def __call__(self, rows: Iterable) -> set[int]:
        """Return the ids of the versions in use; see `pim.actions.retention.Old` for the rows."""
        return {row.id for row in rows if any(shown.holds(row) for shown in self.shown)}


def _kept_editions() -> Iterable[tuple[str, datetime, datetime]]:
    """Yield (products' digest, from, to) of editions that have files or are still being made."""
    kept = Q(artefacts__isnull=False) | (~Q(frozen="") & ~Q(state__in=FINAL))
    rows = Edition.objects.filter(kept, shown_to__isnull=False).order_by().distinct()
    return rows.values_list("products", "shown_from", "shown_to")


def _products(name: str) -> array | None:
    """Return the products that an edition froze, None (any may be) where the file is lost."""
    if not store.exists(name):
        return None
    found = array("q")
    found.frombytes(store.local(name).read_bytes())
    return array("q", sorted(found))
