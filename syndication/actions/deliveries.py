"""Deliveries: an edition's files sent somewhere, tried again until they arrive."""

import logging
import os
import time
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import uuid4

from django.db import transaction

from syndication import store, transport
from syndication.actions.outbox import finish, put
from syndication.models import (
    AuditEntry,
    Delivery,
    DeliveryAttempt,
    Edition,
    OutboxEntry,
    Output,
    Pointer,
)
from syndication.refusals import NothingServed
from syndication.transport import Undeliverable, Unreached
from syndication.transport.recipients import recipients_of

from .mailing import mail_links, mail_test

log = logging.getLogger(__name__)
LAST = 12  # attempts; with doubling pauses of up to six hours that is about two days
CAUSE = 1000
TEST_NAME = "delivery-test.txt"
MAIL = "mailto"


@dataclass
class Sent:
    """What an attempt sent."""

    files: int = 0
    size: int = 0


def deliver_entry(entry_id: int, *, at: datetime) -> bool:
    """Make one attempt at a delivery; return whether it has arrived (now or before).

    The attempt is listed afterwards, with its cause where it failed.
    """
    entry = OutboxEntry.objects.get(pk=entry_id)
    if entry.done_at:
        return True
    delivery, edition = _what(entry)
    if delivery is None:
        finish(entry, at=at)
        return True
    began, sent = time.monotonic(), Sent()
    error = _attempt(entry, delivery, edition, sent, at=at)
    for_good = isinstance(error, Undeliverable) or entry.attempts >= LAST
    for_good |= entry.payload.get("test", False)
    seconds = time.monotonic() - began
    with transaction.atomic():
        _close(entry, error, at=at, for_good=for_good)
        _note(entry, delivery, edition, sent, error, at=at, seconds=seconds, for_good=for_good)
    return error is None


def send_again(
    delivery: Delivery, *, actor: str, at: datetime, number: int | None = None
) -> list[Edition]:
    """Queue the editions being served (or the one of that number) for a delivery once more."""
    editions = _editions(delivery.output, number)
    if not editions:
        raise NothingServed(output=delivery.output.code)
    with transaction.atomic():
        for edition in editions:
            payload = {"delivery": delivery.pk, "edition": edition.pk, "by": actor}
            put("delivery", key=f"delivery:{delivery.pk}:{uuid4()}", payload=payload, at=at)
            _audit(delivery, "send again", edition=edition, actor=actor, at=at)
    return editions


def test_delivery(delivery: Delivery, *, actor: str, at: datetime) -> None:
    """Queue a small file (or a mail that says so), to see whether it arrives."""
    payload = {"delivery": delivery.pk, "test": True, "by": actor}
    with transaction.atomic():
        put("delivery", key=f"delivery:{delivery.pk}:{uuid4()}", payload=payload, at=at)
        _audit(delivery, "test delivery", edition=None, actor=actor, at=at)


test_delivery.__test__ = False  # its name is what it does, not a test of ours


def place_of(delivery: Delivery) -> transport.Place:
    """Return where a delivery goes, with its secret from the environment of this process."""
    host = transport.host_of(delivery.url)
    secret = transport.secret_of(delivery.secret, host=host, environment=os.environ)
    return transport.Place(delivery.url, delivery.host_key, secret)


def _what(entry: OutboxEntry) -> tuple[Delivery | None, Edition | None]:
    """Return what is to be sent where; (None, None) where nobody wants it any more."""
    wanted = Delivery.objects.select_related("output")
    delivery = wanted.filter(pk=entry.payload["delivery"]).first()
    asked = "by" in entry.payload
    if delivery is None or not (delivery.enabled or asked):
        return None, None
    if entry.payload.get("test"):
        return delivery, None
    edition = Edition.objects.filter(pk=entry.payload["edition"]).select_related("output").first()
    return (delivery, edition) if edition else (None, None)


def _attempt(entry, delivery, edition, sent: Sent, *, at: datetime) -> Exception | None:
    try:
        if edition is None:
            _try_out(delivery)
        elif urlsplit(delivery.url).scheme == MAIL:
            _mail(entry, delivery, edition, sent, at=at)
        else:
            _send(delivery, edition, sent)
    except (Undeliverable, OSError) as error:
        log.warning("%s: %s", entry, error)
        return error
    except Exception as error:
        # Whatever a library makes of a strange server: it is listed, and tried again.
        log.exception("%s", entry)
        return error
    return None


def _try_out(delivery: Delivery) -> None:
    if urlsplit(delivery.url).scheme == MAIL:
        mail_test(delivery.output, recipients_of(delivery.recipients))
        return
    folder = store.scratch("delivery")
    path = folder / TEST_NAME
    try:
        path.write_text("This file shows that deliveries arrive; it may be removed.\n")
        transport.try_out(place_of(delivery), TEST_NAME, path)
    finally:
        path.unlink(missing_ok=True)
        folder.rmdir()


def _mail(entry, delivery: Delivery, edition: Edition, sent: Sent, *, at: datetime) -> None:
    told = list(entry.payload.get("told", ()))
    try:
        mail_links(edition, recipients_of(delivery.recipients), told=told, at=at)
    finally:
        # Whoever has their mail gets no second one when the others are tried again.
        entry.payload = {**entry.payload, "told": told}
        OutboxEntry.objects.filter(pk=entry.pk).update(payload=entry.payload)
    sent.files = edition.artefacts.count()


def _send(delivery: Delivery, edition: Edition, sent: Sent) -> None:
    links = list(edition.artefacts.select_related("artefact"))
    place = place_of(delivery)
    transport.send(place, [(link.name, store.local(link.artefact_id)) for link in links])
    sent.files, sent.size = len(links), sum(link.artefact.size for link in links)


def _close(entry: OutboxEntry, error: Exception | None, *, at: datetime, for_good: bool) -> None:
    if error is None:
        finish(entry, at=at)
        return
    rows = OutboxEntry.objects.filter(pk=entry.pk)
    rows.update(cause=str(error)[:CAUSE], **({"done_at": at} if for_good else {}))


def _note(entry, delivery, edition, sent: Sent, error, *, at, seconds: float, for_good: bool):
    state = "arrived" if error is None else ("failed" if for_good else "again")
    said = ("", {}) if error is None else _told(error)
    DeliveryAttempt.objects.create(
        delivery=delivery,
        edition=edition,
        is_test=entry.payload.get("test", False),
        n=max(entry.attempts, 1),
        state=state,
        cause=said[0],
        params=said[1],
        files=sent.files,
        size=sent.size,
        asked_by=entry.payload.get("by", ""),
        at=at,
        seconds=round(seconds, 3),
        next_at=entry.due_at if state == "again" else None,
    )


def _told(error: Exception) -> tuple[str, dict]:
    """Return the sentence that people read and what fills it.

    What a library says is no sentence of ours: it stands as it is, with the name of its class.
    """
    if isinstance(error, Undeliverable | Unreached):
        return error.message, dict(error.params)
    plain = type(error) in (OSError, ConnectionError)
    return "%(error)s", {
        "error": (str(error) if plain else f"{type(error).__name__}: {error}")[:CAUSE]
    }


def _editions(output: Output, number: int | None) -> list[Edition]:
    if number is not None:
        # One that has expired has no files to be sent.
        kept = output.editions.filter(number=number, artefacts__isnull=False)
        return list(kept.distinct())
    pointers = Pointer.objects.filter(output=output).select_related("edition")
    return [pointer.edition for pointer in pointers.order_by("locale")]


def _audit(delivery: Delivery, action: str, *, edition, actor: str, at: datetime) -> None:
    AuditEntry.objects.create(
        output=delivery.output, edition=edition, actor=actor, action=action,
        note=delivery.url, at=at,
    )  # fmt: skip
