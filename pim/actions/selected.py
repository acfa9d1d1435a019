"""The products of a selection for a job: models before their variants, resumed where it was."""

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from datetime import datetime

from pim.actions.jobs import Progress
from pim.content.rights import EVERYTHING, Rights
from pim.models import Change
from pim.queries.drafts import chunks
from pim.queries.selection import select

CHUNK = 500
_LEVEL = 58


class Selected:
    """The ids of a selection, read once: eight bytes a product."""

    def __init__(self, selection: dict, *, at: datetime, rights: Rights = EVERYTHING):
        """Select now what the rights reach; relative dates count from `at`.

        So a resumed job means the same as it did at first.
        """
        found = select(selection, at=at, rights=rights)
        rows = found.order_by("level", "id").values_list("level", "id")
        keys = (level << _LEVEL | pk for level, pk in rows.iterator(chunk_size=10_000))
        self._keys = array("q", keys)

    def __len__(self) -> int:
        return len(self._keys)

    def batches(self, *, after: int | None = None) -> Iterator[tuple[list[int], int]]:
        """Yield (ids, the key to go on after)."""
        rest = self._keys if after is None else self._keys[bisect_right(self._keys, after) :]
        for keys in chunks(rest, CHUNK):
            yield [key & ((1 << _LEVEL) - 1) for key in keys], keys[-1]


def still_to_do(ids: list[int], progress: Progress) -> list[int]:
    """Return the ids without those that an earlier attempt of the job has written."""
    if progress.job.attempts <= 1:
        return ids
    mine = Change.objects.filter(job=progress.job, product_id__in=ids).order_by()
    done = set(mine.values_list("product_id", flat=True))
    return [pk for pk in ids if pk not in done]
