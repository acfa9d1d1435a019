"""What people decide about editions and outputs; every decision leaves an audit entry."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from syndication.actions.outbox import ring
from syndication.models import FINAL, ISSUED, AuditEntry, Edition, Output, Pointer
from syndication.refusals import NothingToRollBackTo, WrongState

from .promote import note_current, promote

RETRIABLE = ("failed", "cancelled", "retry_wait")


def approve_edition(edition: Edition, *, actor: str, at: datetime, note: str = "") -> Edition:
    """Serve a blocked edition after all (superseded if newer data is being served)."""
    with transaction.atomic():
        edition = _fresh(edition)
        rows = Edition.objects.filter(pk=edition.pk, state="blocked")
        if not promote(edition, rows, at=at):
            raise _wrong(edition)
        Edition.objects.filter(pk=edition.pk).update(approved_by=actor)
        _audit(edition.output, "approve", edition=edition, actor=actor, at=at, note=note)
    return _fresh(edition)


def reject_edition(edition: Edition, *, actor: str, at: datetime, note: str = "") -> Edition:
    """End a blocked edition; what is being served stays."""
    return _end(edition, ["blocked"], "rejected", action="reject", actor=actor, at=at, note=note)


def cancel_edition(edition: Edition, *, actor: str, at: datetime, note: str = "") -> Edition:
    """End an edition that has not ended; whoever runs it stops at the next beat."""
    alive = [state for state, _ in Edition._meta.get_field("state").choices if state not in FINAL]
    return _end(edition, alive, "cancelled", action="cancel", actor=actor, at=at, note=note)


def _end(edition, states, state, *, action, actor, at, note) -> Edition:
    with transaction.atomic():
        rows = Edition.objects.filter(pk=edition.pk, state__in=states)
        ended = rows.update(
            state=state,
            fence=F("fence") + 1,
            finished_at=at,
            lease_owner="",
            lease_pid=None,
            child_pids=[],
            lease_until=None,
        )
        if not ended:
            raise _wrong(edition)
        _audit(edition.output, action, edition=edition, actor=actor, at=at, note=note)
    return _fresh(edition)


def retry_edition(edition: Edition, *, actor: str, at: datetime, note: str = "") -> Edition:
    """Queue an edition again that failed, was cancelled or waits; its attempts begin anew."""
    with transaction.atomic():
        rows = Edition.objects.filter(pk=edition.pk, state__in=RETRIABLE)
        again = rows.update(
            state="queued",
            attempt=0,
            fence=F("fence") + 1,
            not_before=None,
            finished_at=None,
            frozen="",
            cause="",
        )
        if not again:
            raise _wrong(edition)
        ring(_fresh(edition), at=at)
        _audit(edition.output, "retry", edition=edition, actor=actor, at=at, note=note)
    return _fresh(edition)


def roll_back(
    output: Output,
    *,
    actor: str,
    at: datetime,
    locale: str | None = None,
    number: int | None = None,
    note: str = "",
) -> list[Edition]:
    """Serve an earlier edition again, in every locale or one, and hold the output.

    The target is the issued edition with `number`, else the newest before the served one that
    still has its files. Slots are skipped until the output is released.
    """
    with transaction.atomic():
        pointers = Pointer.objects.select_for_update().filter(output=output)
        if locale is not None:
            pointers = pointers.filter(locale=locale.replace("_", "-"))
        moves = [(p, target) for p in pointers if (target := _target(p, number))]
        if not moves:
            raise NothingToRollBackTo
        for pointer, target in moves:
            _point_back(pointer, target, at=at)
            detail = note or f"#{pointer.edition.number} → #{target.number}"
            _audit(output, "rollback", edition=target, actor=actor, at=at, note=detail)
        Output.objects.filter(pk=output.pk).update(held=True, row_version=F("row_version") + 1)
    note_current(output)
    return [target for _, target in moves]


def _target(pointer: Pointer, number: int | None) -> Edition | None:
    issued = Edition.objects.filter(
        output=pointer.output_id, locale=pointer.locale, state__in=ISSUED, artefacts__isnull=False
    ).distinct()
    if number is not None:
        return issued.filter(number=number).exclude(pk=pointer.edition_id).first()
    return issued.filter(number__lt=pointer.edition.number).order_by("-number").first()


def _point_back(pointer: Pointer, target: Edition, *, at: datetime):
    Pointer.objects.filter(pk=pointer.pk).update(
        edition=target,
        previous=pointer.edition_id,
        data_version=target.data_version,
        moved_at=at,
    )


def hold_output(output: Output, *, actor: str, at: datetime, note: str = "") -> None:
    """Skip slots and serve nothing new until the output is released."""
    _set_held(output, held=True, action="hold", actor=actor, at=at, note=note)


def release_output(output: Output, *, actor: str, at: datetime, note: str = "") -> None:
    """Let slots issue editions again."""
    _set_held(output, held=False, action="release", actor=actor, at=at, note=note)


def _set_held(output, *, held, action, actor, at, note):
    with transaction.atomic():
        rows = Output.objects.filter(pk=output.pk, held=not held)
        if rows.update(held=held, row_version=F("row_version") + 1):
            _audit(output, action, actor=actor, at=at, note=note)


def _audit(output: Output, action: str, *, actor, at, note="", edition=None):
    AuditEntry.objects.create(
        output=output, edition=edition, actor=actor, action=action, note=note, at=at
    )


def _fresh(edition: Edition) -> Edition:
    return Edition.objects.select_related("output").get(pk=edition.pk)


def _wrong(edition: Edition) -> WrongState:
    return WrongState(state=_fresh(edition).state)
