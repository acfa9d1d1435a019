"""Requests of connections: how many in a minute, and what was answered to a repeated one."""

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from pim.content.refusals import Conflict, InvalidValue, _
from pim.models import Connection, KeptAnswer, RequestWindow

KEPT_FOR = timedelta(hours=24)
LEASE = timedelta(minutes=15)
# A process takes requests in blocks: one write for many requests.
_BLOCKS = 50
_held: dict[int, tuple[int, int, int]] = {}


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a connection's minute; `reset` are the seconds until the next one."""

    limit: int
    remaining: int
    reset: int
    granted: bool

    def headers(self) -> dict[str, str]:
        """Return the headers that tell a client where it stands."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(self.reset),
        }


def take_request(connection: Connection, *, at: datetime) -> Allowance | None:
    """Count one request against the connection's rate limit; None when it has none."""
    limit = connection.rate_limit
    if not limit:
        return None
    minute, second = divmod(int(at.timestamp()), 60)
    held_minute, mine, others = _held.get(connection.pk, (0, 0, 0))
    if held_minute != minute or mine <= 0:
        mine, others = _take_block(connection.pk, limit=limit, minute=minute)
    _held[connection.pk] = (minute, mine - 1, others)
    remaining = max(0, mine - 1 + others)
    return Allowance(limit, remaining, 60 - second, granted=mine > 0)


def forget_requests() -> None:
    """Drop the blocks that this process holds: for tests."""
    _held.clear()


def _take_block(pk: int, *, limit: int, minute: int) -> tuple[int, int]:
    """Return (requests taken for this process, requests that nobody has taken yet)."""
    block = max(1, limit // _BLOCKS)
    RequestWindow.objects.get_or_create(connection_id=pk)
    row = RequestWindow.objects.filter(pk=pk)
    with transaction.atomic():
        held = row.select_for_update().get()
        taken = held.taken if held.minute == minute else 0
        mine = min(block, limit - taken)
        if mine > 0:
            row.update(minute=minute, taken=taken + mine)
    return max(0, mine), max(0, limit - taken - max(0, mine))


def open_answer(connection: Connection, key: str, *, digest: str, at: datetime) -> KeptAnswer:
    """Claim an Idempotency-Key for a request; returns the row, its `status` 0 if it is ours.

    A request that is still running is a `Conflict`, another request under the same key is
    refused. Answers are kept for a day.
    """
    KeptAnswer.objects.filter(at__lt=at - KEPT_FOR).delete()
    row = KeptAnswer(connection=connection, key=key, digest=digest, at=at)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
        return row
    except IntegrityError:
        held = KeptAnswer.objects.get(connection=connection, key=key)
    if held.digest != digest:
        raise InvalidValue(
            _("The Idempotency-Key “%(key)s” was used for another request."),
            code="key_reused",
            key=key[:80],
        )
    if not held.status:
        _take_over(held, at=at)
    return held


def _take_over(held: KeptAnswer, *, at: datetime) -> None:
    """Go on in place of a request that died; one that may still run is a conflict."""
    stale = KeptAnswer.objects.filter(pk=held.pk, status=0, at__lt=at - LEASE)
    if not stale.update(at=at):
        raise Conflict(
            _("A request with this Idempotency-Key is still running."), code="still_running"
        )


def keep_answer(row: KeptAnswer, *, status: int, headers: dict, body: bytes) -> None:
    """Keep what was answered, to be answered again."""
    KeptAnswer.objects.filter(pk=row.pk).update(
        status=status, headers=headers, body=zlib.compress(body, 6)
    )


def drop_answer(row: KeptAnswer) -> None:
    """Free the key: the request came to nothing and may be sent again."""
    KeptAnswer.objects.filter(pk=row.pk).delete()


def kept_body(row: KeptAnswer) -> bytes:
    """Return the bytes that were answered."""
    return zlib.decompress(bytes(row.body)) if row.body else b""
