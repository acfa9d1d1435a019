"""Settling a batch: every wish becomes a plan, every plan is refused or has its differences."""

from operator import attrgetter

from pim.content.diff import diff_values
from pim.content.refusals import Conflict
from pim.content.snapshot import STRUCTURE_KEYS
from pim.models import Change

from .batch import Batch
from .claims import Claims, refuse_incomplete_axes
from .defaults import set_defaults
from .families import refuse_parted
from .intents import Plan
from .media import refuse_unknown_assets
from .permits import hide_owners, refuse_hidden, refuse_structure
from .placement import order_by_depth, place, refuse_orphans
from .ties import mirror_two_way, refuse_foreign_ties, set_associations, set_memberships
from .values import refuse_lost_products, set_values

_PLACED = attrgetter(*STRUCTURE_KEYS)


def settle(batch: Batch) -> Claims:
    """Plan every wish; afterwards a plan is refused, or its differences are complete."""
    for plan in order_by_depth(batch):
        refuse_hidden(plan, batch)
        for write in () if plan.refusals or plan.ready else plan.writes:
            place(plan, write, batch)
            set_values(plan, write, batch)
            set_defaults(plan, write, batch)
            set_memberships(plan, write, batch)
            set_associations(plan, write, batch)
        if not plan.ready:
            note_structure(plan)
        refuse_structure(plan, batch)
    refuse_foreign_ties(batch)
    refuse_unknown_assets(batch)
    refuse_incomplete_axes(batch)
    refuse_stale(batch)
    claims = Claims(batch)
    while (
        claims.refuse_taken()
        | refuse_orphans(batch)
        | refuse_lost_products(batch)
        | refuse_parted(batch)
    ):
        pass
    hide_owners(batch)
    for plan in mirror_two_way(batch):
        plan.ready = None  # another product has tied itself to it
        note_structure(plan)
    return claims


def note_structure(plan: Plan) -> None:
    """Set the differences of everything that is not a value."""
    before, state = plan.before, plan.state
    if before and _PLACED(before) == _PLACED(state):
        for key in STRUCTURE_KEYS if plan.differences else ():
            plan.differences.pop(f"@{key}", None)
        return
    for key in STRUCTURE_KEYS:
        old = getattr(before, key) if before else None
        new = getattr(state, key)
        if old == new or (before is None and not new):
            plan.differences.pop(f"@{key}", None)
        else:
            plan.differences[f"@{key}"] = [old, new]
    if before and before.parent_id and not state.parent_id:
        found = diff_values(before.values, state.values)
        # What it kept of its model and gave up in the same write was never its own.
        placed = {key: pair for key, pair in plan.differences.items() if key.startswith("@")}
        plan.differences = {**placed, **found}
        plan.attributes.update(key.split("|", 1)[0] for key in found)


def refuse_stale(batch: Batch) -> None:
    """Refuse what somebody else has changed since the writer read it, showing both.

    Writers who touch different addresses do not collide: only what the writer changes and
    somebody else has changed in the meantime is a conflict.
    """
    stale = {
        plan.state.id: plan
        for plan in batch.plans
        if plan.before and plan.differences and not plan.refusals and _seen(plan) is not None
        if _seen(plan) != plan.before.row_version
    }
    if not stale:
        return
    changes = Change.objects.filter(product_id__in=stale).order_by("-row_version")
    since: dict[int, list[dict]] = {pk: [] for pk in stale}
    for pk, row_version, detail in changes.values_list("product_id", "row_version", "detail"):
        if row_version > _seen(stale[pk]):
            since[pk].append(detail)
    for pk, plan in stale.items():
        _refuse_clashes(plan, since[pk])


def _seen(plan: Plan) -> int | None:
    return plan.writes[0].expected_version


def _refuse_clashes(plan: Plan, since: list[dict]) -> None:
    steps = plan.before.row_version - _seen(plan)
    touched = {key for detail in since for key in detail}
    whole = 0 < steps <= len(since)  # else part of the log is gone: suspect everything
    keys = [key for key in plan.differences if not whole or key in touched]
    if keys:
        theirs = {key: plan.differences[key][0] for key in keys}
        yours = {key: plan.differences[key][1] for key in keys}
        plan.refuse(Conflict(theirs=theirs, yours=yours))
