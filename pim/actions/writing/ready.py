"""New products worked out ahead: everything that storing them needs and no database knows.

What is worked out here is what `settle` and `store` would find for the same wish: it is made by
their own functions. It serves ordinary new products only, those that stand alone and name no
other product and no asset; of all others there is nothing ahead.
"""

import orjson

from pim.content.structure import Structure
from pim.content.uuids import ordered_uuid
from pim.models.fields import canonical_json
from pim.queries.drafts import DraftState
from pim.queries.indexed import indexed_attributes
from pim.queries.structure import structure_ids

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
from .worked_out import Ready, WorkedOut

_NAMING = frozenset({"media", "product"})


def work_out(write: ProductWrite, batch: Batch) -> WorkedOut | None:
    """Return what a product of that wish is stored as, None where the wish is no ordinary one.

    The batch is an empty one, which serves for one product after the other.
    """
    if not _is_ordinary(write):
        return None
    if batch.structure.aliases:
        speak_today(write, batch.structure)
    plan = Plan(DraftState(0, ordered_uuid(), write.identifier), None, [write])
    place(plan, write, batch)
    batch.by_identifier.clear()
    set_values(plan, write, batch)
    wished = len(plan.differences)
    set_defaults(plan, write, batch)
    defaults = list(plan.differences)[wished:]
    set_memberships(plan, write, batch)
    note_structure(plan)
    if plan.refusals or plan.state.identifier != write.identifier:
        return None
    if plan.attributes & _naming(batch.structure):
        return None
    return _worked_out(plan, batch, defaults)


def revive(found: WorkedOut, structure: Structure) -> Ready:
    """Return what was worked out by a process with the same structure."""
    differences = orjson.loads(found.detail)
    values = {locale: orjson.loads(text) for locale, text in found.drafts}
    state = DraftState(0, found.uuid, found.identifier, found.role)
    state.enabled, state.draft_digest, state.values = found.enabled, found.digest, values
    for key in ("family", "categories", "groups"):
        if f"@{key}" in differences:
            setattr(state, key, differences[f"@{key}"][1])
    return Ready(
        structure,
        state,
        differences,
        {code for held in values.values() for code in held},
        found.drafts,
        found.detail,
        found.index,
        {Claim(*claim[:2]): Shown(*claim[2:]) for claim in found.claims},
        {gtin: Place(*where) for gtin, where in found.gtins},
        found.completeness,
        found.defaults,
    )


def _is_ordinary(write: ProductWrite) -> bool:
    named = write.parent or write.family_variant or write.uuid or write.role == "model"
    tied = any(t.get("products") or t.get("groups") for t in (write.associations or {}).values())
    return not named and not tied and write.expected_version is None


def _naming(structure: Structure) -> frozenset[str]:
    """Return the attributes whose values name assets or products; kept while the structure is."""
    cache = structure.__dict__
    if "_naming_codes" not in cache:
        found = (a.code for a in structure.attributes.values() if a.kind in _NAMING)
        cache["_naming_codes"] = frozenset(found)
    return cache["_naming_codes"]


def _worked_out(plan: Plan, batch: Batch, defaults: list[str]) -> WorkedOut | None:
    structure, state = batch.structure, plan.state
    _lost, claims = changed_claims(plan, structure)
    _given, gtins = changed_gtins(plan, batch)
    if plan.refusals:
        return None
    codes = plan.attributes & indexed_attributes(structure)
    known = structure_ids(structure).groups
    return WorkedOut(
        state.identifier,
        state.uuid,
        state.role,
        structure.families[state.family].id if state.family else None,
        state.enabled,
        state.digest(),
        [(locale, canonical_json(held).decode()) for locale, held in state.values.items()],
        canonical_json(plan.differences).decode(),
        [_plain(row) for row in rows_of_draft(state, codes, structure)],
        [(*claim, *shown) for claim, shown in claims.items()],
        [(gtin, tuple(where)) for gtin, where in gtins.items()],
        [row[1:] for row in completeness_rows(state, batch)],
        [structure.categories[code].id for code in state.categories],
        [known[code] for code in state.groups],
        defaults,
    )


def _plain(row: tuple) -> tuple:
    _product, attribute, locale, channel, text, number, folded = row
    return attribute, locale, channel, text, None if number is None else f"{number:f}", folded
