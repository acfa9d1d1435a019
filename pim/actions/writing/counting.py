"""Counting the completeness of drafts, set-wise, wherever a write may have moved it."""

from collections.abc import Iterable

from pim.actions.bulk import insert, upsert
from pim.actions.locking import hold
from pim.content.completeness import completeness, counts_as
from pim.content.structure import Structure
from pim.models import MODEL, Channel, Completeness, Product
from pim.models.fields import canonical_json
from pim.queries.drafts import DraftState

from .batch import Batch, load_states
from .intents import Plan

_PLACES = ("@family", "@family_variant", "@parent", "@role")
COLUMNS = ["product_id", "channel_id", "required", "filled", "missing"]


def keep_completeness(batch: Batch, live: list[Plan]) -> None:
    """Recount what the plans may have moved: themselves and, for models, their variants."""
    moved = [plan for plan in live if _moves(plan, batch.structure)]
    models = [p.state.id for p in moved if p.before and p.state.role == MODEL]
    below = _descendants(models)
    load_states(batch, (pk for pk in below if pk not in batch.by_id))
    ids = dict.fromkeys([*(plan.state.id for plan in moved), *below])
    count(batch, ids)


def count(batch: Batch, ids: Iterable[int]) -> None:
    """Count and store the completeness of products that the batch holds."""
    made, changed = [], []
    for pk in ids:
        plan, state = batch.by_id.get(pk), batch.state(pk)
        rows = made if plan and plan.before is None else changed
        if plan and plan.ready:
            rows += [(pk, *row) for row in plan.ready.completeness]
        elif state:
            rows += completeness_rows(state, batch)
    hold(Channel, {row[1] for rows in (made, changed) for row in rows})
    insert(Completeness, COLUMNS, made)
    upsert(Completeness, COLUMNS, changed, unique=["product_id", "channel_id"])


def _moves(plan: Plan, structure: Structure) -> bool:
    if plan.before is None or any(key in plan.differences for key in _PLACES):
        return True
    required = plan.attributes & required_attributes(plan.state.family, structure)
    return bool(required) and any(
        counts_as(old) != counts_as(new)
        for key, (old, new) in plan.differences.items()
        if key.partition("|")[0] in required
    )


def required_attributes(family: str, structure: Structure) -> frozenset[str]:
    """Return the attributes that any channel requires of the family."""
    cache = structure.__dict__.setdefault("_required_attributes", {})
    if family not in cache:
        definition = structure.families.get(family)
        asked = definition.requirements.values() if definition else ()
        cache[family] = frozenset(code for channel in asked for code in channel)
    return cache[family]


def _descendants(models: list[int]) -> list[int]:
    if not models:
        return []
    products = Product.objects.order_by().values_list("id", flat=True)
    # Two searches of an index: as one condition with OR, every product would be read.
    below = products.filter(parent_id__in=models), products.filter(parent__parent_id__in=models)
    return list(below[0].union(below[1], all=True))


def completeness_rows(state: DraftState, batch: Batch) -> list[tuple]:
    """Return the row of every channel."""
    structure = batch.structure
    chain = batch.chain(state)
    family = structure.families.get(state.family)
    variant = structure.family_variants.get(state.family_variant)
    level = state.level if state.role == MODEL else None
    rows = []
    for channel in structure.channels.values():
        found = completeness(
            chain,
            family=family,
            channel=channel,
            structure=structure,
            family_variant=variant,
            level=level,
        )
        missing = canonical_json(found.missing).decode() if found.missing else "[]"
        rows.append((state.id, channel.id, found.required, found.filled, missing))
    return rows
