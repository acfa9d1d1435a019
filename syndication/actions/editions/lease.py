"""Who may work on an edition, for how long, and what happens when they are gone.

Every move is one conditional UPDATE. The fence rises with each claim and with each taking
away: whoever holds an older one writes nothing any more.
"""

import logging
import os
import random
import socket
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from syndication.models import Edition

log = logging.getLogger(__name__)
CLAIMABLE = ("queued", "retry_wait")
HELD = ("running", "verifying")
stopping = threading.Event()  # set when this process is asked to leave


class LeaseLost(Exception):
    """Somebody else took the edition, or a person cancelled it; stop and write nothing."""


class Stopping(Exception):
    """This worker is asked to leave: give the edition back."""


def note_leaving(*, leaving: bool):
    """Note that this worker leaves, for itself and for the processes of its pool."""
    flag = _flag(os.getpid())
    if leaving:
        stopping.set()
        flag.parent.mkdir(parents=True, exist_ok=True)
        flag.touch()
    else:
        stopping.clear()
        flag.unlink(missing_ok=True)


def is_leaving() -> bool:
    """Return whether this process, or the worker whose pool it is in, was asked to leave."""
    return stopping.is_set() or _flag(os.getppid()).exists()


def _flag(pid: int) -> Path:
    return Path(settings.SCRATCH_ROOT) / "leaving" / f"{socket.gethostname()}-{pid}"


@cache
def _owner(pid: int) -> str:
    host = socket.gethostname()
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text()[:8]
        space = os.stat("/proc/self/ns/pid").st_ino
        return f"{host}/{boot}/{space}:{pid}:{_born(pid)}"
    except OSError:
        return f"{host}:{pid}"


def _born(pid: int) -> str:
    """Return when a process was started, in ticks since boot; a pid alone may be reused."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]


def owner() -> str:
    """Return the name of this process as a holder of leases."""
    return _owner(os.getpid())


@dataclass(frozen=True)
class Held:
    """A claimed edition: its id and the fence that proves the claim."""

    edition_id: int
    fence: int

    def rows(self, *states: str):
        """Return the edition's row as a queryset that is empty once the claim is lost."""
        return Edition.every.filter(pk=self.edition_id, fence=self.fence, state__in=states or HELD)

    def write(self, **fields):
        """Write fields of the edition, or raise LeaseLost and write nothing."""
        if not self.rows().update(**fields):
            raise LeaseLost(self.edition_id)

    def renew(self, *, at: datetime, child_pids: list[int]):
        self.write(lease_until=at + _seconds(settings.EDITION_LEASE_SECONDS), child_pids=child_pids)


def _seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def claim(edition_id: int, *, at: datetime) -> Held | None:
    """Take an edition that waits and is due; None when it is not to be had (now)."""
    waiting = Edition.every.filter(pk=edition_id, state__in=CLAIMABLE)
    due = waiting.filter(Q(not_before=None) | Q(not_before__lte=at))
    try:
        with transaction.atomic():
            taken = due.update(
                state="running",
                fence=F("fence") + 1,
                attempt=F("attempt") + 1,
                lease_owner=owner(),
                lease_pid=os.getpid(),
                child_pids=[],
                lease_until=at + _seconds(settings.EDITION_LEASE_SECONDS),
                deadline=at + _seconds(settings.EDITION_DEADLINE_SECONDS),
                started_at=Coalesce("started_at", at),
                not_before=None,
                cause="",
            )
            if not taken:
                return None
            return Held(
                edition_id, Edition.every.values_list("fence", flat=True).get(pk=edition_id)
            )
    except IntegrityError:  # another edition of the same output and locale is running
        return None


def hand_back(held: Held):
    """Return an edition untouched to the queue: the attempt does not count."""
    held.rows().update(
        state="queued",
        attempt=F("attempt") - 1,
        fence=F("fence") + 1,
        lease_owner="",
        lease_pid=None,
        child_pids=[],
        lease_until=None,
    )


def give_up(held: Held, *, cause: str, at: datetime, for_good: bool):
    """End this attempt: wait and try again, or `failed` when that is hopeless."""
    edition = held.rows().first()
    if edition is None:
        return
    last = for_good or edition.attempt >= settings.EDITION_ATTEMPTS
    _end_attempt(held.rows(), edition, cause=cause, at=at, last=last, wait=backoff(edition.attempt))


def backoff(attempt: int) -> float:
    """Return the seconds to wait after this attempt: 30 · 2ⁿ, a fifth more or less."""
    base = settings.EDITION_BACKOFF_SECONDS * 2 ** max(attempt - 1, 0)
    return base * random.uniform(0.8, 1.2)


def _end_attempt(rows, edition: Edition, *, cause: str, at: datetime, last: bool, wait: float):
    rows.update(
        state="failed" if last else "retry_wait",
        fence=F("fence") + 1,
        not_before=None if last else at + _seconds(wait),
        finished_at=at if last else None,
        cause=cause[:4000],
        lease_owner="",
        lease_pid=None,
        child_pids=[],
        lease_until=None,
    )
    log.warning("edition %s: %s (%s)", edition.pk, cause, "failed" if last else "will try again")


def sweep(*, at: datetime) -> int:
    """End the attempts of holders that are gone; return how many.

    A holder is gone when its lease ran out, or when it was a process of this machine that no
    longer exists. The first loss is tried again at once, later ones after a pause.
    """
    swept = 0
    for edition in Edition.every.filter(state__in=HELD):
        if not _gone(edition, at=at):
            continue
        held = Held(edition.pk, edition.fence)
        last = edition.attempt >= settings.EDITION_ATTEMPTS
        wait = 0 if edition.attempt <= 1 else backoff(edition.attempt - 1)
        cause = f"The worker {edition.lease_owner or '?'} was lost in attempt {edition.attempt}."
        _end_attempt(held.rows(), edition, cause=cause, at=at, last=last, wait=wait)
        swept += 1
    return swept


def _gone(edition: Edition, *, at: datetime) -> bool:
    if edition.lease_until is None or edition.lease_until < at:
        return True
    if not edition.lease_pid or "/" not in edition.lease_owner:
        return False
    place, _, born = edition.lease_owner.rpartition(":")
    here, _, _ = owner().rpartition(":")
    if place.rpartition(":")[0] != here.rpartition(":")[0]:
        return False
    try:
        return _born(edition.lease_pid) != born
    except OSError:
        return True


def waiting_since(seconds: float, *, at: datetime) -> bool:
    """Return whether an edition has been due for so long that its bell must have got lost."""
    long_ago = at - _seconds(seconds)
    waiting = Edition.every.filter(state__in=CLAIMABLE)
    return waiting.filter(
        Q(not_before=None, created_at__lt=long_ago) | Q(not_before__lt=at)
    ).exists()
