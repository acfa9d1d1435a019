"""Collecting events: what pim, the listings and the editions have done becomes one numbered stream.

One transaction collects at a time (its counter row is locked), so numbers rise in the order in
which readers see them: a reader that has seen N misses nothing before it.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.db.models import F

from pim import published
from syndication.models import ChannelSequence, Edition, Event, LogCursor

from .listings_log import cursor_value, move_cursor

EVENTS, LOG, EDITS = "events", "events:log", "events:edits"
BATCH = 2000
PER_EVENT = 100
_EDITIONS = {
    "issued": "edition.issued",
    "issued_with_warnings": "edition.issued",
    "blocked": "edition.blocked",
    "failed": "edition.failed",
    "superseded": "edition.ended",
    "nothing_new": "edition.ended",
    "rejected": "edition.ended",
    "cancelled": "edition.ended",
}
_LOGGED = {"published": "product.published", "withdrawn": "product.withdrawn"}


def collect_events(*, at: datetime) -> int:
    """Append what has happened since the last call; return how many events that made."""
    if not _anything():
        return 0
    with transaction.atomic():
        LogCursor.objects.get_or_create(name=EVENTS)
        # Held until the commit: whoever collects at the same time waits for these numbers.
        LogCursor.objects.filter(name=EVENTS).update(seq=F("seq"))
        last = cursor_value(EVENTS)
        made = [*_edits(), *_log(), *_listings(at), *_editions(at)]
        for number, event in enumerate(made, last + 1):
            event.seq = number
        Event.objects.bulk_create(made, batch_size=500)
        move_cursor(EVENTS, last + len(made))
    return len(made)


def forget_events(*, at: datetime) -> int:
    """Delete events older than EVENT_DAYS with their deliveries; return how many."""
    before = at - timedelta(days=settings.EVENT_DAYS)
    return Event.objects.filter(at__lt=before).delete()[0]


def horizon() -> int:
    """Return the number below which events are no longer kept; 0 while all are."""
    first = Event.objects.order_by("seq").values_list("seq", flat=True).first()
    return (first or cursor_value(EVENTS) + 1) - 1


def head() -> int:
    """Return the last number of the stream."""
    return cursor_value(EVENTS)


def _anything() -> bool:
    """Return whether there may be something new, by few cheap reads and no lock."""
    return bool(
        published.head() > cursor_value(LOG)
        or published.edits_after(cursor_value(EDITS), 1)
        or _moved_channels()
        or _untold().exists()
    )


def _edits() -> Iterator[Event]:
    found = published.edits_after(cursor_value(EDITS))
    for edit in found:
        by_kind = groupby(sorted(edit.products, key=lambda p: p[2]), key=lambda p: p[2])
        for what, products in by_kind:
            data = {"actor": edit.actor, "source": edit.source, "job": edit.job_id}
            yield from _products(f"product.{what}", products, edit.at, data)
    if found:
        move_cursor(EDITS, found[-1].seq)


def _log() -> Iterator[Event]:
    entries = published.entries_after(cursor_value(LOG), BATCH)
    known = published.named(e.product_id for e in entries if e.product_id)
    for kind, group in groupby(entries, key=lambda e: e.kind):
        if kind in _LOGGED:
            yield from _published(_LOGGED[kind], list(group), known)
        else:
            yield from (_of_entry(entry) for entry in group)
    if entries:
        move_cursor(LOG, entries[-1].seq)


def _published(kind: str, entries: list, known: dict) -> Iterator[Event]:
    products = [known.get(e.product_id, (e.scope.get("uuid", ""), "")) for e in entries]
    yield from _products(kind, dict.fromkeys(products), entries[-1].at, {})


def _of_entry(entry: published.Entry) -> Event:
    if entry.kind == "facts":
        ids = entry.scope.get("products") or []
        named = published.named(ids)
        products = [{"uuid": u, "identifier": i} for u, i in named.values()]
        return Event(type="facts.changed", data={"products": products, "all": not ids}, at=entry.at)
    return Event(type="structure.changed", data=entry.scope, at=entry.at)


def _products(kind: str, products: Iterable, at: datetime, data: dict) -> Iterator[Event]:
    """Yield events of so many products that a receiver can take each in one go."""
    named = [{"uuid": p[0], "identifier": p[1]} for p in products]
    for start in range(0, len(named), PER_EVENT):
        part = named[start : start + PER_EVENT]
        yield Event(type=kind, data={"products": part, **data}, at=at)


def _moved_channels() -> list[tuple[ChannelSequence, int]]:
    names = {s.channel: s for s in ChannelSequence.objects.all()}
    cursors = dict(
        LogCursor.objects.filter(name__in=[_cursor(c) for c in names]).values_list("name", "seq")
    )
    told = [(s, cursors.get(_cursor(c), 0)) for c, s in names.items()]
    return [(sequence, seq) for sequence, seq in told if sequence.value != seq]


def _listings(at: datetime) -> Iterator[Event]:
    for sequence, told in _moved_channels():
        data = {
            "channel": sequence.channel,
            "epoch": sequence.epoch,
            "after": min(told, sequence.value),
            "sequence": sequence.value,
        }
        yield Event(type="listings.changed", channel=sequence.channel, data=data, at=at)
        move_cursor(_cursor(sequence.channel), sequence.value)


def _cursor(channel: str) -> str:
    name = f"ev:{channel}"
    return name if len(name) <= 50 else f"ev:{sha256(channel.encode()).hexdigest()[:47]}"


def _untold():
    states = Edition.objects.filter(state__in=list(_EDITIONS))
    return states.exclude(told_state=F("state"))


def _editions(at: datetime) -> Iterator[Event]:
    found = list(_untold().select_related("output").order_by("id")[:BATCH])
    for edition in found:
        output = edition.output
        data = {
            "output": output.code,
            "number": edition.number,
            "locale": edition.locale,
            "state": edition.state,
            "counts": edition.counts,
            "address": f"{settings.PUBLIC_URL}/api/v1/outputs/{output.code}/editions/"
            f"{edition.number}",
        }
        yield Event(
            type=_EDITIONS[edition.state],
            channel=output.channel,
            output=output.code,
            data=data,
            at=edition.finished_at or at,
        )
        Edition.objects.filter(pk=edition.pk).update(told_state=edition.state)
