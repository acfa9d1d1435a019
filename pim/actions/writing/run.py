"""Running the write path: in rounds, each in one transaction, again when another was faster."""

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime

from django.db import transaction

from pim.actions.edits import note_edit
from pim.actions.locking import settled
from pim.content.actor import Actor
from pim.content.collector import no_collection
from pim.content.refusals import Conflict, Refused

from .batch import Batch, load_batch
from .families import bring_variants, leave_behind
from .following import follow
from .intents import Plan, ProductWrite, WriteResult
from .permits import note_rights
from .settle import settle
from .store import store

_LARGE = 100


class ManyRefused(Refused):
    """Several reasons at once why a product cannot be written: `refusals`."""

    code = "refused"

    def __init__(self, refusals: Sequence[Refused]):
        super().__init__(" ".join(str(r).replace("%", "%%") for r in refusals))
        self.refusals = list(refusals)


def write_products(
    writes: Sequence[ProductWrite],
    *,
    actor: Actor,
    at: datetime,
    job=None,
    reason: str = "",
    mode: str = "upsert",
) -> list[WriteResult]:
    """Create or change products; one result per wish, in the same order.

    Never raises for one bad row: that row is refused with its reasons and nothing of it is
    written, the others are. What is there already is not written again. The number of
    statements does not depend on the number of products; a batch of about 1,000 suits.
    `mode` is "upsert", "create" (existing ones are refused) or "update" (new ones are).
    """
    results: dict[int, WriteResult] = {}
    with no_collection() if len(writes) >= _LARGE else nullcontext():
        for places in _rounds(writes):
            wishes = [writes[i] for i in places]
            done = _write_round(wishes, actor=actor, at=at, job=job, reason=reason, mode=mode)
            results.update(zip(places, done, strict=True))
    return [results[i] for i in range(len(writes))]


def save_product(
    write: ProductWrite, *, actor: Actor, at: datetime, reason: str = "", mode: str = "upsert"
) -> WriteResult:
    """Write one product; raises what refuses it (`Conflict`, any `Refused`, `ManyRefused`)."""
    result = write_products([write], actor=actor, at=at, reason=reason, mode=mode)[0]
    conflict = next((r for r in result.refusals if isinstance(r, Conflict)), None)
    if conflict or len(result.refusals) == 1:
        raise conflict or result.refusals[0]
    if result.refusals:
        raise ManyRefused(result.refusals)
    return result


def let_follow(results: Sequence[WriteResult], **how) -> None:
    """Let the rules of the trigger follow what was written in the transaction that is open."""
    follow(results, write=_write, alone=False, mode="upsert", **how)


def _rounds(writes: Sequence[ProductWrite]) -> list[list[int]]:
    """Return the places of the wishes in rounds, so that no round names a product twice."""
    rounds: list[list[int]] = []
    seen: dict[str, int] = {}
    for place, write in enumerate(writes):
        turn = seen.get(write.identifier, 0)
        seen[write.identifier] = turn + 1
        if turn == len(rounds):
            rounds.append([])
        rounds[turn].append(place)
    return rounds


def _write_round(writes: list[ProductWrite], **how) -> list[WriteResult]:
    """Write one round; when another writer took the same name or value meanwhile, look again."""
    alone = not transaction.get_connection().in_atomic_block

    def work() -> list[WriteResult]:
        results = _write(writes, alone=alone, **how)
        follow(results, write=_write, alone=alone, **how)
        return results

    return settled(work, clashes=True)


def _write(
    writes: list[ProductWrite],
    *,
    actor: Actor,
    at: datetime,
    job=None,
    reason: str,
    mode: str,
    alone: bool,
) -> list[WriteResult]:
    batch = load_batch(writes, mode=mode, rights=actor.rights)
    wishes = bring_variants(batch, writes)
    note_rights(batch, wishes)
    leave_behind(batch)
    claims = settle(batch)
    store(batch, claims, actor=actor, at=at, job=job, reason=reason)
    written = [(p.state.uuid, p.identifier, _edited(p)) for p in batch.live()]
    note_edit(written, actor=actor, at=at, job=job, alone=alone)
    results = [_result(plan, batch) for plan in batch.plans]
    asked = {result.product_id: result for result in results[: len(writes)]}
    for result in results[len(writes) :]:
        asked[batch.trees[result.product_id]].along.append(result)
    return results[: len(writes)]


def _edited(plan: Plan) -> str:
    return "changed" if plan.before else "created"


def _result(plan: Plan, batch: Batch) -> WriteResult:
    state, before = plan.state, plan.before
    if plan.refusals:
        known = (before.id, before.uuid, before.row_version) if before else (None, "", 0)
        pk, uuid, row_version = known
        return WriteResult(
            plan.writes[0].identifier, pk, "refused", plan.refusals, {}, uuid, row_version
        )
    outcome = "created" if before is None else "changed" if plan.differences else "unchanged"
    result = WriteResult(
        state.identifier, state.id, outcome, [], plan.differences, state.uuid, state.row_version
    )
    if plan.above:
        result.above = sorted(plan.above)
    return result
