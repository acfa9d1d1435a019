"""The invariants of listings, their bodies and their numbers."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from django.db.models import Count, Exists, F, Max, OuterRef

from pim import published
from syndication.models import (
    LIVE,
    ChannelSequence,
    ContextDocument,
    Listing,
    ListingBody,
    LogCursor,
    StaleMark,
)

from .listings_batch import Batch, Row
from .verification import Finding

SAMPLE, BATCH = 500, 250


def findings(*, full: bool, at: datetime) -> Iterator[Finding]:
    """Yield what is wrong with listings."""
    for check in (_bodies_that_are_not_their_digest, _rows_beside_recomputation):
        yield from check(full=full, at=at)
    yield from _rows_without_their_body()
    yield from _numbers_out_of_order()
    yield from _documents_that_are_not_their_digest()
    yield from _cursor_beyond_the_log()


def _bodies_that_are_not_their_digest(*, full: bool, at: datetime) -> Iterator[Finding]:
    rows = ListingBody.objects.values_list("digest", "body").order_by("digest")
    walk = rows.iterator(chunk_size=500)
    for digest, body in walk if full else islice(walk, SAMPLE):
        if hashlib.sha256(body.encode()).hexdigest() != digest:
            yield Finding("body_digest", digest, "the body's sha256 is another")


def _rows_without_their_body() -> Iterator[Finding]:
    for field in ("digest", "facts_digest"):
        named = ListingBody.objects.filter(digest=OuterRef(field))
        lost = Listing.objects.filter(~Exists(named)).exclude(**{field: ""})
        for pk, identifier in lost.order_by("id").values_list("id", "identifier")[:100]:
            yield Finding("body_missing", f"listing {pk} ({identifier})", f"{field} names nothing")
    for pk in Listing.objects.filter(state=LIVE, digest="").values_list("id", flat=True)[:100]:
        yield Finding("body_missing", f"listing {pk}", "is live without a body")


def _numbers_out_of_order() -> Iterator[Finding]:
    values = dict(ChannelSequence.objects.values_list("channel", "value"))
    highest = Listing.objects.order_by().values("channel").annotate(last=Max("sequence"))
    for channel, last in highest.values_list("channel", "last"):
        if last > values.get(channel, 0):
            yield Finding("sequence", channel, f"{last} is above the counter")
    shown = Listing.objects.filter(sequence__gt=0).order_by().values("channel", "sequence")
    twice = shown.annotate(n=Count("id")).filter(n__gt=1)
    for channel, number in twice.values_list("channel", "sequence")[:100]:
        yield Finding("sequence", channel, f"{number} is given twice")
    for channel in ChannelSequence.objects.filter(horizon__gt=F("value")):
        yield Finding("sequence", channel.channel, "the horizon is above the counter")


def _documents_that_are_not_their_digest() -> Iterator[Finding]:
    for row in ContextDocument.objects.all():
        if hashlib.sha256(row.body.encode()).hexdigest() != row.digest:
            yield Finding("document_digest", str(row), "the document's sha256 is another")


def _cursor_beyond_the_log() -> Iterator[Finding]:
    for cursor in LogCursor.objects.filter(name="listings", seq__gt=published.head()):
        yield Finding("log_cursor", cursor.name, "is beyond the end of the log")


def _rows_beside_recomputation(*, full: bool, at: datetime) -> Iterator[Finding]:
    """Build listings anew and compare; what is stale or not yet pulled may differ."""
    structure = published.structure()
    for ids in _settled_ids(full):
        batch = Batch(structure, tuple(ids), at)
        rows, kept = batch.outcome().rows, batch.kept
        for key in sorted(rows.keys() | kept.keys()):
            wrong = _difference(rows.get(key), kept[key].row if key in kept else None)
            if wrong:
                yield Finding("recomputation", "/".join(map(str, key)), wrong)


def _settled_ids(full: bool) -> Iterator[list[int]]:
    after, left = 0, None if full else SAMPLE
    while left is None or left > 0:
        ids = published.all_product_ids(after=after, limit=BATCH)
        if not ids:
            return
        after, left = ids[-1], left and left - len(ids)
        stale = set(
            StaleMark.objects.filter(product_id__in=ids).values_list("product_id", flat=True)
        )
        yield [i for i in ids if i not in stale]


def _difference(fresh: Row | None, kept: Row | None) -> str:
    if fresh == kept:
        return ""
    if fresh is None or kept is None:
        return "is there although nothing is due" if kept else "is missing"
    fields = [n for n in Row._fields if getattr(fresh, n) != getattr(kept, n)]
    return f"differs in {', '.join(fields)}"
