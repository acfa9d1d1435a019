"""Storing a settled batch: a constant number of statements, however many products it has."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pim.actions import bulk
from pim.content.actor import Actor
from pim.content.structure import Structure
from pim.models import (
    Association,
    Change,
    Draft,
    GtinClaim,
    Product,
    UniqueValue,
)
from pim.models.fields import canonical_json
from pim.queries.structure import structure_ids

from .batch import Batch
from .claims import Claims
from .counting import keep_completeness
from .indexing import keep_index
from .intents import Plan
from .translating import keep_translations

_PLACED = ("identifier", "role", "family_id", "family_variant_id", "parent_id", "level", "enabled")
MADE = (
    "id", "uuid", *_PLACED, "row_version", "draft_digest", "withdrawn", "created_at", "updated_at",
)  # fmt: skip
DRAFTED = ("product_id", "locale", "values", "row_version")
CLAIMED = ("attribute_id", "digest", "product_id")
CHANGED = (
    "product_id", "row_version", "subject", "action", "actor", "source", "reason", "at", "job_id",
    "detail",
)  # fmt: skip


def store(batch: Batch, claims: Claims, *, actor: Actor, at: datetime, job, reason: str) -> None:
    """Write every live plan of the batch."""
    live = batch.live()
    if not live:
        return
    for plan in live:
        plan.state.row_version += 1
        if not plan.ready:
            plan.state.draft_digest = plan.state.digest()
    _store_products(live, batch.structure, at=at)
    _store_drafts(live)
    _store_memberships(live, batch)
    _store_associations(live, batch)
    keep_index(live, batch.structure)
    gone, made = claims.rows()
    bulk.delete(UniqueValue, ["attribute_id", "digest"], gone)
    bulk.insert(UniqueValue, CLAIMED, made)
    gone, made = claims.gtins.rows()
    bulk.delete(GtinClaim, ["gtin", "product_id"], gone)
    bulk.insert(GtinClaim, ["gtin", "product_id"], made)
    keep_completeness(batch, live)
    keep_translations(live, batch.structure, at=at)
    _redigest_children(batch, live)
    _store_changes(live, actor=actor, at=at, job=job, reason=reason)


def _store_products(live: list[Plan], structure: Structure, *, at: datetime) -> None:
    placed = [p for p in live if p.before and any(f"@{k}" in p.differences for k in _KEYS)]
    bulk.insert(
        Product,
        MADE,
        [_product_row(p, structure, at) for p in live if p.before is None],
    )
    bulk.update(
        Product,
        [*_PLACED],
        [(*_place_row(p, structure), p.state.id) for p in placed],
    )
    bulk.update(
        Product,
        ["row_version", "draft_digest", "updated_at"],
        [(p.state.row_version, p.state.draft_digest, at, p.state.id) for p in live if p.before],
    )


_KEYS = ("identifier", "role", "family", "family_variant", "parent", "level", "enabled")


def _place_row(plan: Plan, structure: Structure) -> tuple:
    state = plan.state
    family = structure.families.get(state.family)
    variant = structure.family_variants.get(state.family_variant)
    return (
        state.identifier,
        state.role,
        family.id if family else None,
        variant.id if variant else None,
        state.parent_id,
        state.level,
        state.enabled,
    )


def _product_row(plan: Plan, structure: Structure, at: datetime) -> tuple:
    s = plan.state
    place = _place_row(plan, structure)
    return (s.id, s.uuid, *place, s.row_version, s.draft_digest, False, at, at)


def _store_drafts(live: list[Plan]) -> None:
    unique = ["product_id", "locale"]
    made, changed = [], []
    for plan in live:
        if plan.ready:
            made += [(plan.state.id, locale, text, 1) for locale, text in plan.ready.drafts]
            continue
        rows = changed if plan.before else made
        for locale, held in _changed_locales(plan):
            rows.append((plan.state.id, locale, canonical_json(held or {}).decode(), 1))
    bulk.insert(Draft, DRAFTED, made)
    bulk.upsert(Draft, DRAFTED, changed, unique=unique, counting="row_version")


def _changed_locales(plan: Plan) -> list[tuple[str, dict | None]]:
    values = plan.state.values
    before = plan.before.values if plan.before else {}
    if values is before:
        return []
    return [
        (locale, held)
        for locale in {*values, *before}
        if (held := values.get(locale)) is not before.get(locale)
    ]


def _store_memberships(live: list[Plan], batch: Batch) -> None:
    known = structure_ids(batch.structure)
    categories = {code: d.id for code, d in batch.structure.categories.items()}
    for key, through, ids, column in (
        ("categories", Product.categories.through, categories, "category_id"),
        ("groups", Product.groups.through, known.groups, "group_id"),
    ):
        gone, made = [], []
        for plan in live:
            if (pair := plan.differences.get(f"@{key}")) is None:
                continue
            old, new = set(pair[0] or ()), set(pair[1] or ())
            gone += [(plan.state.id, ids[code]) for code in old - new]
            made += [(plan.state.id, ids[code]) for code in new - old]
        bulk.delete(through, ["product_id", column], gone)
        bulk.insert(through, ["product_id", column], made)


def _store_associations(live: list[Plan], batch: Batch) -> None:
    changed = [(plan, code) for plan in live for code in _changed_types(plan)]
    if not changed:
        return
    types = {code: d.id for code, d in batch.structure.association_types.items()}
    groups = structure_ids(batch.structure).groups
    targets = _target_ids(changed, batch)
    bulk.delete(
        Association,
        ["source_id", "type_id"],
        [(plan.state.id, types[code]) for plan, code in changed if plan.before],
    )
    rows = []
    for plan, code in changed:
        held = plan.state.associations.get(code, {"products": [], "groups": []})
        ties = [(targets[other], None, quantity) for other, quantity in held["products"]]
        ties += [(None, groups[group], None) for group in held["groups"]]
        rows += [(types[code], plan.state.id, *tie, place) for place, tie in enumerate(ties)]
    columns = ["type_id", "source_id", "target_id", "group_id", "quantity", "sort_order"]
    bulk.insert(Association, columns, rows)


def _changed_types(plan: Plan) -> Iterable[str]:
    if "@associations" not in plan.differences:
        return []
    old = plan.before.associations if plan.before else {}
    new = plan.state.associations
    return [code for code in sorted({*old, *new}) if old.get(code) != new.get(code)]


def _target_ids(changed: list[tuple[Plan, str]], batch: Batch) -> dict[str, int]:
    wanted = {
        other
        for plan, code in changed
        for other, _quantity in plan.state.associations.get(code, {}).get("products", ())
    }
    found = {uuid: plan.state.id for uuid, plan in batch.by_uuid.items() if uuid in wanted}
    found |= {ref.uuid: ref.id for ref in batch.refs.values() if ref.uuid in wanted}
    missing = wanted - set(found)
    if missing:
        rows = Product.objects.filter(uuid__in=missing).values_list("uuid", "id")
        found |= {str(other): pk for other, pk in rows}
    return found


def _redigest_children(batch: Batch, live: list[Plan]) -> None:
    """Keep the digests of products whose parent got another identifier."""
    renamed = {p.state.id for p in live if p.before and p.before.identifier != p.identifier}
    if not renamed:
        return
    from pim.queries.drafts import read_drafts

    children = Product.objects.filter(parent_id__in=renamed).values_list("id", flat=True)
    rows = [(state.digest(), pk) for pk, state in read_drafts(children).items()]
    bulk.update(Product, ["draft_digest"], rows)


def _store_changes(live: list[Plan], *, actor: Actor, at: datetime, job: Any, reason: str) -> None:
    job_id = getattr(job, "pk", job)
    bulk.insert(
        Change,
        CHANGED,
        [
            (
                plan.state.id,
                plan.state.row_version,
                plan.identifier,
                "change" if plan.before else "create",
                actor.name,
                actor.source,
                (plan.reason or reason)[:300],
                at,
                job_id,
                plan.ready.detail if plan.ready else canonical_json(plan.differences).decode(),
            )
            for plan in live
        ],
    )
