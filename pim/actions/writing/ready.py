"""New products worked out ahead: everything that storing them needs and no database knows.

What is worked out here is what `settle` and `store` would find for the same wish: it is made by
their own functions. It serves ordinary new products only, those that stand alone and name no
other product and no asset; of all others there is nothing ahead.
"""

from decimal import Decimal
from operator import attrgetter

from pim.content.structure import Structure
from pim.content.uuids import ordered_uuid
from pim.models.fields import canonical_json
from pim.queries.drafts import DraftState
from pim.queries.indexed import indexed_attributes

from .batch import Batch
from .claims import Claim, Shown, changed_claims
from .counting import completeness_rows
from .defaults import set_defaults
from .gtins import Place, changed_gtins
from .indexing import rows_of_draft
from .intents import Plan, ProductWrite
from .oldnames import speak_today
from .placement import place
from .settle import note_structure
from .ties import set_memberships
from .values import set_values
from .worked_out import Ready

_FIELDS = attrgetter(*DraftState.__slots__)
_NAMING = frozenset({"media", "product"})


def work_out(write: ProductWrite, structure: Structure) -> tuple | None:
    """Return what `revive` makes a `Ready` of, None where the wish is no ordinary one.

    The tuple is made of plain values only, so that it can go from one process to another.
    """
    if not _is_ordinary(write):
        return None
    if structure.aliases:
        speak_today(write, structure)
    batch = Batch(structure)
    plan = Plan(DraftState(0, ordered_uuid(), write.identifier), None, [write])
    place(plan, write, batch)
    set_values(plan, write, batch)
    wished = set(plan.differences)
    set_defaults(plan, write, batch)
    defaults = [key for key in plan.differences if key not in wished]
    set_memberships(plan, write, batch)
    note_structure(plan)
    if plan.refusals or plan.state.identifier != write.identifier:
        return None
    if any(structure.attributes[code].kind in _NAMING for code in plan.attributes):
        return None
    return _told(plan, batch, defaults)


def revive(told: tuple, structure: Structure) -> Ready:
    """Return what was worked out by a process with the same structure."""
    state, differences, attributes, drafts, detail, index, claims, gtins, *rest = told
    return Ready(
        structure,
        DraftState(*state),
        differences,
        attributes,
        drafts,
        detail,
        [row if row[-2] is None else _exact(row) for row in index],
        {Claim(attribute, digest): Shown(*shown) for attribute, digest, shown in claims},
        {gtin: Place(*where) for gtin, where in gtins},
        *rest,
    )


def _is_ordinary(write: ProductWrite) -> bool:
    named = write.parent or write.family_variant or write.uuid or write.role == "model"
    tied = any(t.get("products") or t.get("groups") for t in (write.associations or {}).values())
    return not named and not tied and write.expected_version is None


def _told(plan: Plan, batch: Batch, defaults: list[str]) -> tuple | None:
    structure, state = batch.structure, plan.state
    batch.add(plan)
    _lost, claims = changed_claims(plan, structure)
    _given, gtins = changed_gtins(plan, batch)
    if plan.refusals:
        return None
    state.draft_digest = state.digest()
    codes = plan.attributes & indexed_attributes(structure)
    index = [_plain(row) for row in rows_of_draft(state, codes, structure)]
    return (
        _FIELDS(state),
        plan.differences,
        plan.attributes,
        [(locale, canonical_json(held).decode()) for locale, held in state.values.items()],
        canonical_json(plan.differences).decode(),
        index,
        [(claim.attribute, claim.digest, tuple(shown)) for claim, shown in claims.items()],
        [(gtin, tuple(where)) for gtin, where in gtins.items()],
        [row[1:] for row in completeness_rows(state, batch)],
        defaults,
    )


def _plain(row: tuple) -> tuple:
    _product, attribute, locale, channel, text, number, folded = row
    return attribute, locale, channel, text, None if number is None else str(number), folded


def _exact(row: tuple) -> tuple:
    return (*row[:-2], Decimal(row[-2]), row[-1])
