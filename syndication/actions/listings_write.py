"""Writing what a batch came to: only what differs, set-wise, under commit-ordered numbers."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

import orjson
from django.db import connection, transaction

from syndication.models import (
    LIVE,
    Listing,
    ListingBody,
    ListingCategory,
    ListingGtin,
    StaleMark,
    Use,
)
from syndication.queries.listings_batch import Batch, Key, Outcome, Row

from .listings_marks import lock_marks, mark_products, users_of
from .listings_sequence import draw_numbers
from .listings_sql import insert_rows

COLUMNS = (
    "product_id", "channel", "audience", "locale", *Row._fields,
    "version", "sequence", "updated_at",
)  # fmt: skip


class Written(NamedTuple):
    """What a write did: products settled, listings examined, rows written, visible changes."""

    products: int = 0
    listings: int = 0
    rows: int = 0
    visible: int = 0

    def __add__(self, other):
        return Written(*(a + b for a, b in zip(self, other, strict=True)))


def write_uses(batch: Batch) -> None:
    """Make the batch's `Use` rows true before anything that they name is read.

    Whoever changes a target later finds the user here; whoever changed it before is seen by
    the read that follows. Both writers hold the lock, so there is no third case.
    """
    kept = {
        (product, kind, target): pk
        for pk, product, kind, target in Use.objects.filter(product_id__in=batch.ids).values_list(
            "pk", "product_id", "kind", "target"
        )
    }
    missing, extra = batch.uses - kept.keys(), kept.keys() - batch.uses
    if not missing and not extra:
        return
    with transaction.atomic():
        lock_marks()
        Use.objects.filter(pk__in=[kept[use] for use in extra]).delete()
        insert_rows(Use, ("product_id", "kind", "target"), sorted(missing), "DO NOTHING")


def write_batch(batch: Batch, generations: Mapping[int, int], *, at: datetime) -> Written:
    """Write what differs for every product whose mark is still the one that was read.

    Marks are cleared in the same transaction. A product that was marked again meanwhile is
    left as it is and stays stale. Whatever other listings show of the changed ones is marked.
    """
    outcome = batch.outcome()
    with transaction.atomic():
        generation = lock_marks()
        settled = _settled(batch, generations)
        StaleMark.objects.filter(product_id__in=settled).delete()
        changed = {
            key: row
            for key, row in outcome.rows.items()
            if key.product_id in settled and _differs(batch, key, row)
        }
        _write_categories(batch, outcome, settled)
        _write_packed(outcome, settled)
        _drop_never_shown(batch, outcome, settled)
        visible = _write_rows(batch, outcome, changed, at=at)
        touched = _touched_models(batch, changed, settled) | set(
            users_of("product", _changed_links(batch, changed))
        )
        mark_products(sorted(touched), generation=generation, at=at)
    examined = sum(key.product_id in settled for key in outcome.rows)
    return Written(len(settled), examined, len(changed), visible)


def _settled(batch: Batch, generations: Mapping[int, int]) -> set[int]:
    """Return the products whose marks are as read; a model stands and falls with its variants."""
    now = dict(
        StaleMark.objects.filter(product_id__in=batch.ids).values_list("product_id", "generation")
    )
    same = {i for i in batch.ids if now.get(i) == generations[i]}
    unsure = {
        above.id
        for i, subject in batch.subjects.items()
        if i not in same
        for above in subject.line[1:]
    }
    return same - unsure


def _differs(batch: Batch, key: Key, row: Row) -> bool:
    kept = batch.kept.get(key)
    return kept is None or kept.row != row


def _write_rows(batch: Batch, outcome: Outcome, changed: Mapping[Key, Row], *, at: datetime) -> int:
    """Write bodies and rows; the sequence is raised as late as can be. Returns visible changes."""
    visible = sorted(k for k, row in changed.items() if row.shown != _shown_before(batch, k))
    by_channel: dict[str, list[Key]] = {}
    for key in visible:
        by_channel.setdefault(key.channel, []).append(key)
    numbers: dict[Key, int] = {}
    for channel in sorted(by_channel):
        first = draw_numbers(channel, len(by_channel[channel]))
        numbers.update(zip(by_channel[channel], range(first, first + 10**12), strict=False))
    digests = {d for row in changed.values() for d in (row.digest, row.facts_digest) if d}
    insert_rows(
        ListingBody,
        ("digest", "body"),
        [(digest, outcome.texts[digest]) for digest in sorted(digests)],
        "DO NOTHING",
    )
    _upsert(batch, outcome, changed, numbers, at=at)
    return len(visible)


def _upsert(
    batch: Batch,
    outcome: Outcome,
    changed: Mapping[Key, Row],
    numbers: Mapping[Key, int],
    *,
    at: datetime,
) -> None:
    moment = connection.ops.adapt_datetimefield_value(at)
    uuid_of = (lambda u: u) if connection.features.has_native_uuid_field else (lambda u: u.hex)
    rows = [
        (
            *key, uuid_of(row.uuid), *row[1:11], orjson.dumps(row.reasons).decode(), *row[12:],
            outcome.versions.get(key.product_id, 0),
            numbers.get(key) or (batch.kept[key].sequence if key in batch.kept else 0),
            moment,
        )
        for key, row in sorted(changed.items())
    ]  # fmt: skip
    updates = ", ".join(f"{c} = excluded.{c}" for c in COLUMNS[4:])
    conflict = f"(channel, audience, locale, product_id) DO UPDATE SET {updates}"
    insert_rows(Listing, COLUMNS, rows, conflict)


def _shown_before(batch: Batch, key: Key) -> tuple:
    kept = batch.kept.get(key)
    return kept.row.shown if kept else ("", "")


def _drop_never_shown(batch: Batch, outcome: Outcome, settled: set[int]) -> None:
    """Delete rows that nobody ever saw and that need not be there any more: no tombstone."""
    for key in batch.kept.keys() - outcome.rows.keys():
        if key.product_id in settled:
            Listing.objects.filter(**key._asdict()).delete()


def _write_categories(batch: Batch, outcome: Outcome, settled: set[int]) -> None:
    rows = ListingCategory.objects.filter(product_id__in=settled)
    kept = {
        (channel, product, category): pk
        for pk, channel, product, category in rows.values_list(
            "pk", "channel", "product_id", "category"
        )
    }
    wanted = {row for row in outcome.categories if row[1] in settled}
    extra = [kept[row] for row in kept.keys() - wanted]
    if extra:
        ListingCategory.objects.filter(pk__in=extra).delete()
    missing = sorted(wanted - kept.keys())
    insert_rows(ListingCategory, ("channel", "product_id", "category"), missing, "DO NOTHING")


def _write_packed(outcome: Outcome, settled: set[int]) -> None:
    columns = ("channel", "audience", "product_id", "gtin")
    rows = ListingGtin.objects.filter(product_id__in=settled)
    kept = {tuple(row): pk for pk, *row in rows.values_list("pk", *columns)}
    wanted = {row for row in outcome.packed if row[2] in settled}
    if extra := [kept[row] for row in kept.keys() - wanted]:
        ListingGtin.objects.filter(pk__in=extra).delete()
    insert_rows(ListingGtin, columns, sorted(wanted - kept.keys()), "DO NOTHING")


def _changed_links(batch: Batch, changed: Mapping[Key, Row]) -> Iterable[str]:
    """Return the uuids of products of which other listings show something that changed."""
    return sorted(
        {
            str(row.uuid)
            for key, row in changed.items()
            if _link(row) != _link(batch.kept[key].row if key in batch.kept else None)
        }
    )


def _link(row: Row | None) -> tuple | None:
    if row is None or row.state != LIVE:
        return None
    return row.identifier, row.slug, row.name, row.image


def _touched_models(batch: Batch, changed: Mapping[Key, Row], settled: set[int]) -> set[int]:
    """Return the models above variants that came, went or moved; settled ones know already."""
    touched: set[int | None] = set()
    for key, row in changed.items():
        before = batch.kept[key].row if key in batch.kept else None
        if _place(row) != _place(before):
            touched |= {row.parent_id, row.root_id}
            touched |= {before.parent_id, before.root_id} if before else set()
    return {i for i in touched if i is not None and i not in settled}


def _place(row: Row | None) -> tuple | None:
    if row is None or row.state != LIVE or row.parent_id is None:
        return None
    return row.parent_id, row.root_id
