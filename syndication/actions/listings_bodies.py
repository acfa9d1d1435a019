"""Collecting listing bodies that nothing names any more."""

import json
from collections.abc import Iterator
from itertools import chain

from django.db import connection, transaction

from syndication import store
from syndication.models import FINAL, ChannelSequence, Edition, Listing, ListingBody, Pointer
from syndication.registry import output_kind, targets

from .listings_marks import chunks, lock_marks

MOST = 50_000


def drop_orphan_bodies(*, limit: int = MOST) -> int:
    """Delete up to `limit` bodies that no listing names, and no edition has yet to read.

    The search runs without a lock. What became named again meanwhile belongs to a listing
    with a number above those noted before it, and is kept; new ones wait for the lock.
    """
    before = dict(ChannelSequence.objects.values_list("channel", "value"))
    pinned = set(pinned_digests())
    loose = _unnamed(limit + len(pinned)) - pinned
    if not loose:
        return 0
    with transaction.atomic():
        lock_marks()
        if _freezing():
            return 0
        loose -= set(_named_since(before))
        loose.difference_update(pinned_digests())
        for chunk in chunks(sorted(loose), 500):
            ListingBody.objects.filter(digest__in=chunk).delete()
    return len(loose)


def pinned_digests() -> Iterator[str]:
    """Yield the digests that will have to be read: those that unfinished editions have frozen,
    and those that served ones show which the next will be compared with."""
    unfinished = Edition.every.exclude(state__in=FINAL).exclude(frozen="")
    proofed = [code for code in targets() if output_kind(code).proofed]
    served = Pointer.objects.filter(edition__settings__kind__in=proofed)
    frozen = set(unfinished.values_list("frozen", flat=True))
    frozen |= set(served.values_list("edition__frozen", flat=True)) - {""}
    for sha256 in sorted(frozen):
        if store.exists(sha256):
            with store.local(sha256).open() as lines:
                for line in lines:
                    _unit, _identifier, by_locale = json.loads(line)
                    yield from _digests(by_locale)


def _digests(by_locale: dict) -> Iterator[str]:
    for members in by_locale.values():
        for _product, *digests in members:
            yield from filter(None, digests)


def _unnamed(limit: int) -> set[str]:
    body, listing = ListingBody._meta.db_table, Listing._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT digest FROM {body} EXCEPT SELECT digest FROM {listing} "
            f"EXCEPT SELECT facts_digest FROM {listing} LIMIT %s",
            [limit],
        )
        return {row[0] for row in cursor.fetchall()}


def _named_since(before: dict[str, int]) -> Iterator[str]:
    for channel in ChannelSequence.objects.values_list("channel", flat=True):
        rows = Listing.objects.filter(channel=channel, sequence__gt=before.get(channel, 0))
        yield from chain.from_iterable(rows.order_by().values_list("digest", "facts_digest"))


def _freezing() -> bool:
    """Return whether an edition may be reading its set at this moment."""
    return Edition.every.filter(state="running", frozen="").exists()
