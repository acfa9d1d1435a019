"""Claims on what must be unique: values of unique attributes, and the axes of variants."""

import hashlib
from typing import Any, NamedTuple

from pim.content.kinds import kind
from pim.content.refusals import InvalidValue, NotUnique, Refused, _
from pim.content.seen import seen_structure
from pim.content.states import state_of
from pim.content.structure import FamilyVariantDef, Structure
from pim.models import UniqueValue
from pim.queries.drafts import DraftState

from .batch import Batch
from .gtins import GtinClaims
from .intents import Plan
from .permits import product_refused


class Claim(NamedTuple):
    """One product's claim; the database holds (attribute, digest) to be unique."""

    attribute: int
    digest: str


class Shown(NamedTuple):
    """What a claim is about, for people."""

    attribute: str
    value: str


def changed_claims(plan: Plan, structure: Structure) -> tuple[set[Claim], dict[Claim, Shown]]:
    """Return (claims given up, claims made) by a plan."""
    if plan.ready:
        return set(), plan.ready.claims
    old = _claims(plan.before, plan, structure) if plan.before else {}
    new = _claims(plan.state, plan, structure)
    return set(old) - set(new), {c: shown for c, shown in new.items() if c not in old}


def refuse_incomplete_axes(batch: Batch) -> None:
    """Refuse variants that do not say what sets them apart from their sisters."""
    for plan in batch.plans:
        axes = () if plan.refusals else _axes(plan.state, batch.structure)
        for attribute in axes:
            if plan.differences and _at_root(plan.state, attribute) is None:
                plan.refuse(_axis_missing(plan, attribute, batch))


def _axis_missing(plan: Plan, attribute: str, batch: Batch) -> Refused:
    if attribute not in seen_structure(batch.structure, batch.rights).attributes:
        return product_refused(plan)
    return InvalidValue(
        _("A variant needs a value of its axis “%(attribute)s”."),
        code="axis_missing",
        field=attribute,
        attribute=attribute,
    )


class Claims:
    """The claims of a batch against those that the database holds."""

    def __init__(self, batch: Batch):
        self.batch = batch
        self.changes = {
            plan.state.id: changed_claims(plan, batch.structure)
            for plan in batch.plans
            if not plan.refusals and plan.differences
        }
        made = {c for _lost, new in self.changes.values() for c in new}
        self.owners = self._owners(made) if made else {}
        self.gtins = GtinClaims(batch)

    def refuse_taken(self) -> bool:
        """Refuse claims on what another product keeps; return whether any was refused."""
        released = {c for lost, _new in self._live() for c in lost}
        owners = {c: owner for c, owner in self.owners.items() if c not in released}
        names: dict[Claim, str] = {}
        found = False
        for plan in self.batch.plans:
            if plan.refusals or plan.state.id not in self.changes:
                continue
            for claim, shown in self.changes[plan.state.id][1].items():
                owner = names.get(claim) or owners.get(claim)
                if owner and owner != plan.identifier:
                    plan.refuse(_not_unique(self._masked(shown), owner))
                    found = True
                names.setdefault(claim, plan.identifier)
        return self.gtins.refuse_taken() or found

    def rows(self) -> tuple[list[tuple], list[tuple]]:
        """Return (rows to delete, rows to insert) of the surviving plans."""
        gone, made = [], []
        for plan in self.batch.live():
            lost, new = self.changes.get(plan.state.id, ((), {}))
            gone += lost
            # What the product holds already, under another code of the attribute, it keeps.
            fresh = (c for c in new if self.owners.get(c) != plan.identifier)
            made += [(c.attribute, c.digest, plan.state.id) for c in fresh]
        return gone, made

    def _masked(self, shown: Shown) -> Shown:
        """Return what a claim is about without axes that the actor cannot see."""
        seen = seen_structure(self.batch.structure, self.batch.rights).attributes
        pairs = zip(shown.attribute.split(", "), shown.value.split(", "), strict=False)
        kept = [(attribute, value) for attribute, value in pairs if attribute in seen]
        if len(kept) == len(shown.attribute.split(", ")):
            return shown
        return Shown(", ".join(code for code, _v in kept), ", ".join(value for _c, value in kept))

    def _live(self):
        return [
            self.changes[p.state.id]
            for p in self.batch.plans
            if not p.refusals and p.state.id in self.changes
        ]

    def _owners(self, claims: set[Claim]) -> dict[Claim, str]:
        # With their attributes: the index begins with those, and the table is as long as all else.
        attributes = {c.attribute for c in claims}
        digests = {c.digest for c in claims}
        rows = UniqueValue.objects.filter(attribute_id__in=attributes, digest__among=digests)
        return {
            Claim(attribute, digest): identifier
            for attribute, digest, identifier in rows.values_list(
                "attribute_id", "digest", "product__identifier"
            )
        }


def _claims(state: DraftState, plan: Plan, structure: Structure) -> dict[Claim, Shown]:
    found = {}
    for attribute in unique_codes(structure) & plan.attributes:
        for locale, held in state.values.items():
            for channel, data in held.get(attribute, {}).items():
                if not state_of(data):
                    claim = claim_of(attribute, channel, locale, data, structure)
                    found[claim] = Shown(attribute, _plain(attribute, data, structure))
    return {**found, **_axis_claim(state, structure)}


def unique_codes(structure: Structure) -> frozenset[str]:
    cache = structure.__dict__
    if "_unique_codes" not in cache:
        found = (a.code for a in structure.attributes.values() if a.unique)
        cache["_unique_codes"] = frozenset(found)
    return cache["_unique_codes"]


def claim_of(attribute: str, channel: str, locale: str, data: Any, structure: Structure) -> Claim:
    text = "|".join((channel, locale, _plain(attribute, data, structure)))
    return Claim(structure.attributes[attribute].id, hashlib.sha256(text.encode()).hexdigest())


def _plain(attribute: str, data: Any, structure: Structure) -> str:
    return kind(structure.attributes[attribute].kind).plain(data)


def _axis_claim(state: DraftState, structure: Structure) -> dict[Claim, Shown]:
    axes = _axes(state, structure)
    values = [_at_root(state, attribute) for attribute in axes]
    if not axes or state.parent_id is None or None in values:
        return {}
    shown = [_plain(a, v, structure) for a, v in zip(axes, values, strict=True)]
    text = "|".join(["axes", str(state.parent_id), *shown])
    digest = hashlib.sha256(text.encode()).hexdigest()
    claim = Claim(structure.attributes[axes[0]].id, digest)
    return {claim: Shown(", ".join(axes), ", ".join(shown))}


def _axes(state: DraftState, structure: Structure) -> tuple[str, ...]:
    variant: FamilyVariantDef | None = structure.family_variants.get(state.family_variant)
    return variant.axes.get(state.level, ()) if variant and state.level else ()


def _at_root(state: DraftState, attribute: str) -> Any:
    return state.values.get("", {}).get(attribute, {}).get("")


def _not_unique(shown: Shown, owner: str) -> NotUnique:
    return NotUnique(
        attribute=shown.attribute, value=shown.value, owner=owner, field=shown.attribute
    )
