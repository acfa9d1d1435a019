"""Telling webhooks: written as deliveries, signed, sent, tried again for days, replayed on wish.

Standard Webhooks 1.0.0: headers webhook-id, webhook-timestamp and webhook-signature, the last
an HMAC-SHA256 over "{id}.{timestamp}.{body}" in base64 behind "v1,".
"""

import base64
import hashlib
import hmac
import json
import logging
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Min

from pim import outbound
from syndication.models import TYPES, Event, HookDelivery, Webhook
from syndication.refusals import Refused

from .events import head

log = logging.getLogger(__name__)
# After the first attempt: what the specification suggests, a little over three days in all.
RETRIES = [timedelta(seconds=s) for s in (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)]
OVERLAP = timedelta(days=1)
PLANNED = 1000
PER_TURN = 50
SECONDS = 10.0
SHOWN = 500
CLAIM = timedelta(minutes=2)


def plan_deliveries(*, at: datetime) -> int:
    """Write a delivery for every new event that a webhook wants; return how many."""
    made = 0
    for hook in Webhook.objects.filter(enabled=True, planned_seq__lt=head()):
        events = list(Event.objects.filter(seq__gt=hook.planned_seq).order_by("seq")[:PLANNED])
        wanted = [event for event in events if wants(hook, event)]
        if events:
            made += _plan(hook, wanted, upto=events[-1].seq, at=at)
    return made


def wants(hook: Webhook, event: Event) -> bool:
    """Return whether the webhook asks for the event: by type ("product.*") and channel."""
    if hook.types and not any(fits(event.type, pattern) for pattern in hook.types):
        return False
    return not hook.channels or not event.channel or event.channel in hook.channels


def fits(kind: str, pattern: str) -> bool:
    """Return whether an event type is the one named, or of the kind that "edition.*" names."""
    return kind == pattern or (pattern.endswith(".*") and kind.startswith(pattern[:-1]))


def is_known(pattern: str) -> bool:
    """Return whether there is an event type that a pattern names."""
    return any(fits(code, pattern) for code, _label in TYPES)


def check(url: str) -> None:
    """Raise a refusal where a webhook's address must not be asked."""
    outbound.check_address(url)


def send_due(*, at: datetime) -> int:
    """Send what is due, each webhook in turn until one attempt of it fails; return how many.

    A webhook that fails holds up nobody else: the rest of its deliveries waits with it.
    """
    sent = 0
    for hook in Webhook.objects.filter(enabled=True, deliveries__state="waiting").distinct():
        due = HookDelivery.objects.filter(webhook=hook, state="waiting", due_at__lte=at)
        for delivery in due.order_by("event_id").select_related("event")[:PER_TURN]:
            if not _claim(delivery, at=at):
                continue
            sent += 1
            if not _attempt(hook, delivery, at=at):
                break
    return sent


def replay(hook: Webhook, *, after: int, at: datetime) -> int:
    """Tell the webhook again of everything it wants after a number; return how many events."""
    events = Event.objects.filter(seq__gt=after, seq__lte=hook.planned_seq).order_by("seq")
    again = 0
    for event in events.iterator(chunk_size=500):
        if not wants(hook, event):
            continue
        again += 1
        changes = {"state": "waiting", "attempts": 0, "due_at": at, "done_at": None}
        HookDelivery.objects.update_or_create(webhook=hook, event=event, defaults=changes)
    return again


def retry(delivery: HookDelivery, *, at: datetime) -> None:
    """Try one delivery again now, whatever became of it."""
    HookDelivery.objects.filter(pk=delivery.pk).update(
        state="waiting", attempts=0, due_at=at, done_at=None
    )


def rotate_secret(hook: Webhook, *, at: datetime) -> str:
    """Give the webhook a new secret and return it; for a day both sign."""
    Webhook.objects.filter(pk=hook.pk).update(generation=F("generation") + 1, rotated_at=at)
    hook.refresh_from_db()
    return secret_of(hook)


def start_hook(hook: Webhook) -> None:
    """Begin a new webhook at the end of the stream; refuse an address that must not be asked."""
    check(hook.url)
    hook.planned_seq = head()


def secret_of(hook: Webhook, *, generation: int | None = None) -> str:
    """Return the secret in the form that receivers' libraries take: "whsec_" and base64."""
    given = settings.API_KEY_PEPPER or settings.SECRET_KEY
    key = hashlib.sha256(b"webhook:" + given.encode()).digest()
    what = f"{hook.key}:{generation or hook.generation}".encode()
    return "whsec_" + base64.b64encode(hmac.new(key, what, hashlib.sha256).digest()).decode()


def sign(secret: str, *, message_id: str, timestamp: int, body: bytes) -> str:
    """Return one signature of a message: "v1," and the base64 of its HMAC-SHA256."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def message(event: Event) -> dict:
    """Return what a receiver and a reader of the stream get of an event."""
    return {
        "type": event.type,
        "timestamp": event.at.isoformat().replace("+00:00", "Z"),
        "sequence": event.seq,
        "data": event.data,
    }


def _plan(hook: Webhook, wanted: list[Event], *, upto: int, at: datetime) -> int:
    with transaction.atomic():
        mine = Webhook.objects.filter(pk=hook.pk, planned_seq=hook.planned_seq)
        if not mine.update(planned_seq=upto):
            return 0  # another worker was quicker
        due_at = _next_attempt(hook) or at
        rows = [HookDelivery(webhook=hook, event=event, due_at=due_at) for event in wanted]
        HookDelivery.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    return len(wanted)


def _next_attempt(hook: Webhook) -> datetime | None:
    """Return when a webhook that fails is asked again: what is new waits with the rest."""
    failing = hook.deliveries.filter(state="waiting", webhook__failing_since__isnull=False)
    return failing.aggregate(due_at=Min("due_at"))["due_at"]


def _claim(delivery: HookDelivery, *, at: datetime) -> bool:
    """Take one attempt; should this process die, it is tried again a little later."""
    rows = HookDelivery.objects.filter(
        pk=delivery.pk, state="waiting", attempts=delivery.attempts, due_at__lte=at
    )
    delivery.attempts += 1
    return bool(rows.update(attempts=delivery.attempts, due_at=at + CLAIM))


def _attempt(hook: Webhook, delivery: HookDelivery, *, at: datetime) -> bool:
    began = time.monotonic()
    status, answer = _post(hook, delivery.event, at=at)
    taken = status is not None and 200 <= status < 300
    changes = {"status": status, "answer": answer[:SHOWN]}
    changes["seconds"] = round(time.monotonic() - began, 3)
    if taken:
        changes |= {"state": "delivered", "done_at": at}
    elif delivery.attempts > len(RETRIES):
        changes |= {"state": "failed", "done_at": at}
    else:
        changes["due_at"] = at + RETRIES[delivery.attempts - 1]
    HookDelivery.objects.filter(pk=delivery.pk).update(**changes)
    _note(hook, status, changes.get("due_at"), taken=taken, at=at)
    return taken


def _post(hook: Webhook, event: Event, *, at: datetime) -> tuple[int | None, str]:
    """Send one message; return (status or None, what came back or why nothing did)."""
    body = json.dumps(message(event), separators=(",", ":"), ensure_ascii=False).encode()
    stamp, message_id = int(at.timestamp()), f"evt_{hook.key.hex}_{event.seq}"
    signed = {"message_id": message_id, "timestamp": stamp, "body": body}
    headers = {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(stamp),
        "webhook-signature": " ".join(sign(s, **signed) for s in _secrets(hook, at=at)),
    }
    try:
        answer = outbound.fetch(
            hook.url,
            method="POST",
            headers=headers,
            body=body,
            max_bytes=64 * 1024,
            seconds=SECONDS,
            redirects=0,
        )
    except Refused as refusal:
        return None, refusal.say()
    return answer.status, answer.read()[:SHOWN].decode("utf-8", "replace")


def _secrets(hook: Webhook, *, at: datetime) -> list[str]:
    secrets = [secret_of(hook)]
    if hook.rotated_at and at - hook.rotated_at < OVERLAP:
        secrets.append(secret_of(hook, generation=hook.generation - 1))
    return secrets


def _note(hook: Webhook, status, due_at, *, taken: bool, at: datetime) -> None:
    """Keep how the webhook fares; a failure puts off all that waits, 410 switches it off."""
    mine = Webhook.objects.filter(pk=hook.pk)
    if taken:
        mine.exclude(failing_since=None).update(failing_since=None, note="")
        return
    mine.filter(failing_since=None).update(failing_since=at)
    if status == 410:
        note = "The receiver answered 410 (gone), and the webhook was switched off."
        mine.update(enabled=False, note=note)
    elif due_at:
        waiting = HookDelivery.objects.filter(webhook=hook, state="waiting", due_at__lt=due_at)
        waiting.update(due_at=due_at)
