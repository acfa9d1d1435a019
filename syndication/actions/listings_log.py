"""Pulling the publication log: what it says becomes stale marks and context documents.

What a change may touch is over-selected, set by set; digests make the result exact later.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain
from typing import Any

from django.db import transaction

from pim import published
from syndication.models import Listing, LogCursor, Use

from .listings_labels import write_context_documents
from .listings_marks import chunks, lock_marks, mark_products, users_of

LOG, FACTS = "listings", "facts"
BATCH = 2000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

MANY_ATTRIBUTES = 10
# What has no part in the context documents.
NO_LABELS = {"asset", "record"}
# What is shown by label only, or by nothing at all: context documents carry it.
ONLY_LABELS = {
    "option", "attribute_group", "measurement", "measurement_family", "group", "group_type",
}  # fmt: skip


def pull_publication_log(*, at: datetime, limit: int = BATCH) -> int:
    """Mark what the next log entries touch and move the cursor, all in one transaction.

    Returns the number of entries read; 0 means that the log has been read to its end.
    """
    seq = cursor_value(LOG)
    if published.head() <= seq:
        return 0
    with transaction.atomic():
        generation = lock_marks()
        seq = cursor_value(LOG)
        entries = list(published.entries_after(seq, limit))
        if not entries:
            return 0
        if any(_changes_labels(entry) for entry in entries):
            write_context_documents(published.structure(), at=at)
        oldest = min(entry.at for entry in entries)
        mark_products(affected(entries), generation=generation, at=oldest)
        move_cursor(LOG, entries[-1].seq)
    return len(entries)


def mark_time_dependent(*, at: datetime) -> int:
    """Mark the products whose prices or picture rights began or ended since the last sweep."""
    since, until = cursor_value(FACTS), cursor_moment(at)
    if until <= since:
        return 0
    ids = _touched_by_time(_moment(since), at) if since else set()
    with transaction.atomic():
        generation = lock_marks()
        mark_products(sorted(ids), generation=generation, at=at)
        move_cursor(FACTS, until)
    return len(ids)


def _touched_by_time(since: datetime, until: datetime) -> set[int]:
    assets = published.asset_boundaries(since, until)
    return set(published.fact_boundaries(since, until)) | set(users_of("asset", assets))


def mark_all(*, at: datetime, channel: str = "") -> int:
    """Mark every product stale, or those that have listings in one channel."""
    listed = Listing.objects.filter(channel=channel) if channel else Listing.objects
    known = listed.order_by("product_id").values_list("product_id", flat=True).distinct()
    with transaction.atomic():
        generation = lock_marks()
        write_context_documents(published.structure(), at=at)
        ids = chain(known.iterator(), [] if channel else every_product())
        return mark_products(ids, generation=generation, at=at)


def affected(entries: Iterable) -> Iterator[int]:
    """Yield the ids of the products that the entries may touch, and of all below them."""
    products, scopes = set(), {}
    for entry in entries:
        ids = entry.scope.get("products") or ([entry.product_id] if entry.product_id else [])
        products.update(ids)
        if entry.kind == "structure" or not ids:
            kind = entry.scope.get("kind", "")
            scopes.setdefault(kind, set()).update(entry.scope.get("codes") or ())
    if any(_touches_all(kind, codes) for kind, codes in scopes.items()):
        yield from every_product()
    else:
        for kind in scopes.keys() & _SELECT.keys():
            products.update(_SELECT[kind](sorted(scopes[kind])))
    for chunk in chunks(sorted(products), BATCH):
        yield from sorted({*chunk, *published.descendants(chunk)})


def every_product() -> Iterator[int]:
    """Yield all product ids, page by page."""
    after = 0
    while page := list(published.all_product_ids(after=after, limit=BATCH)):
        yield from page
        after = page[-1]


def cursor_value(name: str) -> int:
    """Return how far the named reader has come, 0 at the start."""
    return LogCursor.objects.filter(name=name).values_list("seq", flat=True).first() or 0


def cursor_moment(at: datetime) -> int:
    """Return a moment as cursors in time hold it: microseconds since 1970."""
    return (at - EPOCH) // timedelta(microseconds=1)


def move_cursor(name: str, seq: int) -> None:
    """Set how far the named reader has come."""
    LogCursor.objects.update_or_create(name=name, defaults={"seq": seq})


def _touches_all(kind: str, codes: set[str]) -> bool:
    if kind == "attribute":  # a search through all drafts, per code
        return len(codes) > MANY_ATTRIBUTES
    return kind not in _SELECT and kind not in ONLY_LABELS


def _changes_labels(entry: Any) -> bool:
    if entry.kind != "structure":
        return False
    kind, codes = entry.scope.get("kind"), entry.scope.get("codes") or ()
    if kind == "asset":
        # Pictures of categories stand in the context documents.
        pictures = {category.image for category in published.structure().categories.values()}
        return not pictures.isdisjoint(codes)
    return kind not in NO_LABELS


def _using_records(codes: Iterable[str]) -> Iterable[int]:
    """Codes are "<entity>/<record>"."""
    return users_of("record", codes)


def _using_entities(codes: Iterable[str]) -> Iterable[int]:
    attributes = published.structure().attributes.values()
    reading = [a.code for a in attributes if a.reference_entity in set(codes)]
    return published.products_having_attribute(reading)


def _using_associations(codes: Iterable[str]) -> Iterable[int]:
    rows = Use.objects.filter(kind="product").order_by()
    return rows.values_list("product_id", flat=True).distinct()


def _of_variants(codes: Iterable[str]) -> Iterable[int]:
    """Codes that are no more touch every family: what they belonged to is not known."""
    structure = published.structure()
    known = [structure.family_variants[c].family for c in codes if c in structure.family_variants]
    gone = any(c not in structure.family_variants for c in codes)
    return published.products_in_families(structure.families if gone else known)


def _subtrees(codes: Iterable[str]) -> list[str]:
    wanted = set(codes)
    categories = published.structure().categories.values()
    return sorted(wanted | {c.code for c in categories if wanted.intersection(c.path)})


# {kind of structure: codes -> product ids}; a kind that is in neither set touches everything.
_SELECT = {
    "attribute": published.products_having_attribute,
    "family": published.products_in_families,
    "category": lambda codes: published.products_in_categories(_subtrees(codes)),
    "asset": partial(users_of, "asset"),
    "record": _using_records,
    "reference_entity": _using_entities,
    "entity": _using_entities,
    "association_type": _using_associations,
    "family_variant": _of_variants,
}


def _moment(microseconds: int) -> datetime:
    return EPOCH + timedelta(microseconds=microseconds)
