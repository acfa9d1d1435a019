"""Claims on GTINs: every level of packaging and every unique GTIN attribute has its own number."""

from collections.abc import Iterable
from typing import NamedTuple

from pim.content.gtins import gtin14
from pim.content.packaging import EACH, packaging_attributes
from pim.content.packaging_words import PackagingRefused
from pim.content.refusals import NotUnique, _
from pim.content.states import state_of
from pim.content.structure import Structure
from pim.models import GtinClaim
from pim.queries.drafts import DraftState, read_drafts

from .batch import Batch
from .intents import Plan


class Place(NamedTuple):
    """Where a product holds a GTIN; `level` is "" for a GTIN attribute."""

    attribute: str
    address: str
    level: str


class GtinClaims:
    """The GTINs that a batch takes and gives up, against those that the database holds."""

    def __init__(self, batch: Batch):
        self.batch = batch
        self.changes: dict[int, tuple[set[str], dict[str, Place]]] = {}
        claiming = claiming_attributes(batch.structure)
        for plan in batch.plans:
            if not plan.refusals and plan.attributes & claiming:
                self.changes[plan.state.id] = changed_gtins(plan, batch)
        self.stale: set[tuple[str, int]] = set()
        made = {gtin for _lost, new in self.changes.values() for gtin in new}
        self.owners = self._owners(made) if made else {}

    def refuse_taken(self) -> bool:
        """Refuse GTINs that another product keeps; return whether any was refused."""
        live = [p for p in self.batch.plans if not p.refusals and p.state.id in self.changes]
        released = {gtin for plan in live for gtin in self.changes[plan.state.id][0]}
        taken = {g: owner for g, owner in self.owners.items() if g not in released}
        found = False
        for plan in live:
            for gtin, place in self.changes[plan.state.id][1].items():
                owner = taken.setdefault(gtin, plan.identifier)
                if owner != plan.identifier:
                    plan.refuse(_taken(gtin, place, owner))
                    found = True
        return found

    def rows(self) -> tuple[list[tuple], list[tuple]]:
        """Return (rows to delete, rows to insert) of the surviving plans."""
        gone, made = list(self.stale), []
        for plan in self.batch.live():
            lost, new = self.changes.get(plan.state.id, ((), {}))
            gone += [(gtin, plan.state.id) for gtin in lost]
            fresh = (gtin for gtin in new if self.owners.get(gtin) != plan.identifier)
            made += [(gtin, plan.state.id) for gtin in fresh]
        return gone, made

    def _owners(self, gtins: set[str]) -> dict[str, str]:
        """Return {gtin: identifier} of those that hold one; a claim left behind counts no more."""
        rows = GtinClaim.objects.filter(gtin__among=gtins)
        rows = list(rows.values_list("gtin", "product_id", "product__identifier"))
        held = self._held({pk for _gtin, pk, _name in rows})
        self.stale = {(gtin, pk) for gtin, pk, _name in rows if gtin not in held.get(pk, {})}
        return {gtin: name for gtin, pk, name in rows if (gtin, pk) not in self.stale}

    def _held(self, ids: set[int]) -> dict[int, dict[str, Place]]:
        """Return what the products claim as they stand: attributes may have changed since."""
        plans = {plan.before.id: plan.before for plan in self.batch.plans if plan.before}
        states = {pk: plans[pk] for pk in ids & set(plans)}
        states |= read_drafts(ids - set(plans))
        return {pk: claimed(state, self.batch.structure) for pk, state in states.items()}


def claiming_attributes(structure: Structure) -> frozenset[str]:
    """Return the attributes whose GTINs are claimed."""
    cache = structure.__dict__
    if "_gtin_codes" not in cache:
        unique = {a.code for a in structure.attributes.values() if a.role == "gtin" and a.unique}
        cache["_gtin_codes"] = packaging_attributes(structure) | unique
    return cache["_gtin_codes"]


def claimed(state: DraftState, structure: Structure) -> dict[str, Place]:
    """Return {14 digits: where} of the GTINs of a product's own values."""
    found = {}
    for locale, held in state.values.items():
        for code in claiming_attributes(structure) & held.keys():
            for channel, data in held[code].items():
                for gtin, level in () if state_of(data) else gtins_of(data):
                    found[gtin] = Place(code, "|".join((code, channel, locale)), level)
    return found


def gtins_of(data: str | list) -> Iterable[tuple[str, str]]:
    if isinstance(data, str):
        return [(gtin, "")] if (gtin := gtin14(data)) else []
    return [(gtin14(held["gtin"]), held["level"]) for held in data if "gtin" in held]


def changed_gtins(plan: Plan, batch: Batch) -> tuple[set[str], dict[str, Place]]:
    """Return (GTINs given up, {GTIN taken: where}); refuse a plan that claims its own twice."""
    if plan.ready:
        return set(), plan.ready.gtins
    _refuse_own_number(plan, batch)
    old = claimed(plan.before, batch.structure) if plan.before else {}
    new = claimed(plan.state, batch.structure)
    return set(old) - set(new), {g: place for g, place in new.items() if g not in old}


def _refuse_own_number(plan: Plan, batch: Batch) -> None:
    """Refuse a case with the number of the product itself, which is that of the each."""
    packaged = packaging_attributes(batch.structure) & plan.attributes
    if not packaged:
        return
    role = {a.code for a in batch.structure.attributes.values() if a.role == "gtin"}
    own = {
        gtin14(data)
        for _identifier, values in batch.chain(plan.state)
        for held in values.values()
        for code in role & held.keys()
        for data in held[code].values()
        if isinstance(data, str)
    }
    for code in packaged:
        for locale, held in plan.state.values.items():
            for channel, data in held.get(code, {}).items():
                for gtin, level in () if state_of(data) else gtins_of(data):
                    if level != EACH and gtin in own:
                        place = Place(code, "|".join((code, channel, locale)), level)
                        plan.refuse(_own_number(gtin, place))


def _own_number(gtin: str, place: Place) -> PackagingRefused:
    return PackagingRefused(
        _("%(level)s: %(value)s is the GTIN of the product itself: every level has its own."),
        code="gtin_of_product",
        field=place.attribute,
        **_about(gtin, place),
    )


def _taken(gtin: str, place: Place, owner: str) -> NotUnique:
    return NotUnique(
        _("%(attribute)s “%(value)s” is already used by %(owner)s."),
        field=place.attribute,
        owner=owner,
        **_about(gtin, place),
    )


def _about(gtin: str, place: Place) -> dict:
    return {
        "attribute": place.attribute, "value": gtin, "level": place.level, "part": "gtin",
        "address": place.address,
    }  # fmt: skip
