"""Planned publications: what was approved is frozen now and merged when it is due."""

import logging
from datetime import datetime

from django.db import transaction

from pim.content.actor import Actor
from pim.content.diff import diff
from pim.content.refusals import NotFound, Refused, _
from pim.content.rights import NotAllowed, Rights
from pim.content.snapshot import merge_slices, pack, unpack
from pim.models import PlannedPublication
from pim.queries.drafts import read_drafts
from pim.queries.structure import load_structure

from .approval import approved_slices, refuse_cancelling
from .versions import Head, Issue, lock_heads, read_snapshots, record, store_versions

logger = logging.getLogger(__name__)
_WAITING = PlannedPublication.WAITING


def plan_publication(
    product_id: int,
    *,
    slices: list | None = None,
    due_at: datetime,
    actor: Actor,
    at: datetime,
    reason: str = "",
) -> PlannedPublication:
    """Freeze the approved slices of the draft, to be published at `due_at`."""
    if due_at <= at:
        raise Refused(_("A planned publication lies in the future."), code="due_in_the_past")
    with transaction.atomic():
        head = lock_heads([product_id]).get(product_id)
        if head is None:
            raise NotFound(what="product", name=str(product_id))
        drafts = read_drafts([product_id])
        slices = _approved(head, drafts, slices, actor.rights)
        planned = PlannedPublication.objects.create(
            product_id=product_id,
            due_at=due_at,
            slices=slices,
            snapshot=pack(drafts[product_id].snapshot()),
            base_id=head.version_id,
            actor=actor.name,
            reason=reason,
        )
        detail = {"@planned": [None, due_at.isoformat()]}
        record([(head, detail)], "plan", actor=actor, at=at, reason=reason)
    return planned


def _approved(head: Head, drafts: dict, slices: list | None, rights: Rights) -> list | None:
    """Return the slices to plan; raise `NotAllowed` where the actor may publish none."""
    bases = {} if rights.unlimited else read_snapshots([head.version_id])
    found = approved_slices([head], drafts, bases, slices=slices, rights=rights)
    if head.id not in found:
        raise NotAllowed(_("Your roles do not let you publish %(name)s."), name=head.identifier)
    return found[head.id]


def cancel_publication(planned_id: int, *, actor: Actor, at: datetime, reason: str = "") -> None:
    """Take a planned publication back; one that is done or cancelled is refused."""
    with transaction.atomic():
        waiting = PlannedPublication.objects.filter(pk=planned_id, state=_WAITING)
        planned = waiting.first()
        if planned is None or not waiting.update(state=PlannedPublication.CANCELLED):
            raise Refused(_("This publication is not waiting any more."), code="not_waiting")
        head = lock_heads([planned.product_id])[planned.product_id]
        refuse_cancelling(planned.slices, head, actor.rights)
        detail = {"@planned": [planned.due_at.isoformat(), None]}
        record([(head, detail)], "cancel_plan", actor=actor, at=at, reason=reason)


def run_due_publications(*, at: datetime) -> int:
    """Publish everything planned up to `at`, earliest first; return how many products moved.

    Each in a transaction of its own, claimed by compare-and-set: two workers do no harm,
    and one that fails is tried again next time without holding up the others.
    """
    due = PlannedPublication.objects.filter(state=_WAITING, due_at__lte=at)
    moved = 0
    for pk in list(due.order_by("due_at", "id").values_list("id", flat=True)):
        try:
            moved += _publish(pk, at=at)
        except Exception:
            logger.exception("planned publication %s failed and stays waiting", pk)
    return moved


def _publish(planned_id: int, *, at: datetime) -> int:
    with transaction.atomic():
        claimed = PlannedPublication.objects.filter(pk=planned_id, state=_WAITING)
        if not claimed.update(state=PlannedPublication.DONE):
            return 0
        planned = PlannedPublication.objects.get(pk=planned_id)
        head = lock_heads([planned.product_id])[planned.product_id]
        found = read_snapshots({planned.base_id, head.version_id})
        snapshot, clashes = merge_planned(
            found.get(planned.base_id),
            unpack(planned.snapshot),
            found.get(head.version_id),
            slices=planned.slices,
        )
        detail = {"@clashes": [clashes, None]} if clashes else {}
        issue = Issue(head, snapshot, planned.slices or [], detail)
        actor = Actor(planned.actor, "schedule")
        return len(store_versions([issue], actor=actor, at=at, reason=planned.reason))


def merge_planned(
    base: dict | None, frozen: dict, current: dict | None, *, slices: list | None
) -> tuple[dict, dict]:
    """Return (the snapshot to publish, {key: the published value that it replaces}).

    Only what the plan changed is merged into what is published by then, so that a
    correction made meanwhile survives; where both changed the same, the plan wins and the
    clash is told.
    """
    approved = merge_slices(base, frozen, slices, load_structure())
    if current is None:
        return approved, {}
    merged = {**current, "values": {k: dict(v) for k, v in current["values"].items()}}
    meanwhile = diff(base, current)
    clashes = {}
    for key, (_before, after) in diff(base, approved).items():
        if key in meanwhile and meanwhile[key][1] != after:
            clashes[key] = meanwhile[key][1]
        put_address(merged, key, after)
    return {**merged, "values": {k: v for k, v in merged["values"].items() if v}}, clashes


def put_address(snapshot: dict, key: str, data) -> None:
    """Put the data of one key of a difference into a snapshot; None takes a value out."""
    if key.startswith("@"):
        snapshot[key[1:]] = data
        return
    attribute, channel, locale = key.split("|")
    held = snapshot["values"].setdefault(locale, {})
    by_channel = {c: d for c, d in held.get(attribute, {}).items() if c != channel}
    if data is not None:
        by_channel[channel] = data
    held[attribute] = by_channel
    if not by_channel:
        del held[attribute]
