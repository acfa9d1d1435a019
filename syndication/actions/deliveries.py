"""Deliveries: an edition's files sent somewhere, tried again until they arrive."""

import logging
from datetime import datetime

from syndication import store, transport
from syndication.actions.outbox import finish
from syndication.models import Delivery, Edition, OutboxEntry

log = logging.getLogger(__name__)
LAST = 12  # attempts; with doubling pauses of up to six hours that is about two days


def deliver_entry(entry_id: int, *, at: datetime) -> bool:
    """Make one attempt at a delivery; return whether it has arrived (now or before)."""
    entry = OutboxEntry.objects.get(pk=entry_id)
    if entry.done_at:
        return True
    try:
        _send(entry.payload)
    except transport.Undeliverable as error:
        return _failed(entry, error, at=at, for_good=True)
    except OSError as error:
        return _failed(entry, error, at=at, for_good=entry.attempts >= LAST)
    finish(entry, at=at)
    return True


def _send(payload: dict):
    delivery = Delivery.objects.filter(pk=payload["delivery"], enabled=True).first()
    edition = Edition.objects.filter(pk=payload["edition"]).first()
    if delivery is None or edition is None:
        return
    links = edition.artefacts.values_list("name", "artefact_id")
    place = transport.Place(delivery.url)
    transport.send(place, [(name, store.local(sha256)) for name, sha256 in links])


def _failed(entry: OutboxEntry, error: Exception, *, at: datetime, for_good: bool) -> bool:
    log.warning("%s: %s", entry, error)
    cause = f"{type(error).__name__}: {error}"
    rows = OutboxEntry.objects.filter(pk=entry.pk)
    rows.update(cause=cause, **({"done_at": at} if for_good else {}))
    return False
