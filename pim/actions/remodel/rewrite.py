"""Rewriting products after a change of the model: drafts, latest versions, planned publications."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from pim.actions import bulk
from pim.actions.edits import note_edit
from pim.actions.jobs import Progress
from pim.actions.log import Entry
from pim.actions.versions import Issue, lock_heads, read_snapshots, store_versions
from pim.actions.writing.batch import Batch, lock_products
from pim.actions.writing.claims import Claims
from pim.actions.writing.intents import Plan
from pim.actions.writing.store import store
from pim.content.actor import Actor
from pim.content.diff import diff_values
from pim.content.snapshot import pack, unpack
from pim.importing.report import CHANGED, REMOVED, Place
from pim.models import PlannedPublication, Product
from pim.queries.drafts import read_drafts
from pim.queries.structure import load_structure

from .change import Change, Node

PRODUCTS, VERSIONS, VALUES = "products", "published versions", "values"


@dataclass
class Rewriter:
    """Rewrites chunk by chunk inside the caller's transaction; `entries` go to the log at last.

    Numbers of the log are taken at the end: taking one holds up every other publication.
    """

    change: Change
    progress: Progress
    reason: str
    entries: list[Entry] = field(default_factory=list)
    clashes: int = 0

    @property
    def actor(self) -> Actor:
        return self.progress.actor

    @property
    def at(self) -> datetime:
        return self.progress.at

    def rewrite(self, parts: Iterable[list[int]]) -> None:
        """Rewrite the products; whatever the change leaves alone is not written."""
        for part in parts:
            lock_products(set(part))
            self._drafts(part)
            self._versions(part)
            self.progress.advance(len(part))
            self.progress.keep(PRODUCTS)

    def _drafts(self, part: list[int]) -> None:
        above = Product.objects.filter(id__in=part).exclude(parent=None)
        pairs = above.values_list("parent_id", "parent__parent_id")
        batch = Batch(load_structure())
        batch.states = read_drafts({*part, *(pk for pair in pairs for pk in pair if pk)})
        states = {pk: batch.states[pk] for pk in part if pk in batch.states}
        nodes = {
            pk: Node(pk, s.parent_id, s.level, s.family_variant, s.values)
            for pk, s in states.items()
        }
        for pk, values in self.change.move(nodes).items():
            before = states[pk]
            state = before.copy()
            state.values = {locale: held for locale, held in values.items() if held}
            found = diff_values(before.values, state.values)
            touched = set(self.change.attributes) | {key.split("|", 1)[0] for key in found}
            known = touched & batch.structure.attributes.keys()
            plan = Plan(state, before, differences=found, attributes=set(known))
            batch.plans.append(plan)
            batch.add(plan)
        self._store(batch, states)

    def _store(self, batch: Batch, states: dict) -> None:
        claims = Claims(batch)
        while claims.refuse_taken():
            pass
        for plan in batch.plans:
            if plan.refusals:
                self.clashes += 1
                place = Place("", 0, plan.identifier)
                found = [(r.field, r) for r in plan.refusals]
                self.progress.report.refuse(PRODUCTS, place, found)
        store(
            batch, claims, actor=self.actor, at=self.at, job=self.progress.job, reason=self.reason
        )
        self._tell(batch.live())
        written = {plan.state.id for plan in batch.live()}
        # Codes beside the values are no difference of a product, but part of its digest.
        others = ((s.digest(), pk) for pk, s in states.items() if pk not in written)
        moved = [(digest, pk) for digest, pk in others if digest != states[pk].draft_digest]
        bulk.update(Product, ["draft_digest"], moved)

    def _tell(self, written: list[Plan]) -> None:
        """Count and show what was written, and note it for whoever follows the editing."""
        if not written:
            return
        self.progress.report.count(PRODUCTS, CHANGED, len(written))
        for plan in written:
            self.progress.show(plan.identifier, plan.differences)
        if self.change.loses:
            lost = sum(len(plan.differences) for plan in written)
            self.progress.report.count(VALUES, REMOVED, lost)
        edited = [(plan.state.uuid, plan.identifier, "changed") for plan in written]
        note_edit(edited, actor=self.actor, at=self.at, job=self.progress.job, alone=False)

    def _versions(self, part: list[int]) -> None:
        # A withdrawn product stays withdrawn: its version is left as it was.
        heads = {pk: h for pk, h in lock_heads(part).items() if h.version_id and not h.withdrawn}
        found = read_snapshots(h.version_id for h in heads.values())
        documents = {pk: found[h.version_id] for pk, h in heads.items()}
        parents = dict(Product.objects.filter(id__in=part).values_list("id", "parent_id"))
        nodes = {pk: _node(pk, parents[pk], doc) for pk, doc in documents.items()}
        moved = self.change.move(nodes)
        issues = []
        for pk, document in documents.items():
            new = self._document(document, moved.get(pk))
            if new != document:
                issues.append(Issue(heads[pk], new))
        numbers = store_versions(
            issues, actor=self.actor, at=self.at, reason=self.reason, entries=self.entries
        )
        if numbers:
            self.progress.report.count(VERSIONS, CHANGED, len(numbers))
        self._plans(part, {h.version_id: pk for pk, h in heads.items() if pk in numbers})

    def _document(self, document: dict, values) -> dict:
        if values is not None:
            document = {**document, "values": {k: v for k, v in values.items() if v}}
        return self.change.codes(document)

    def _plans(self, part: list[int], rewritten: dict[int, int]) -> None:
        """Rewrite what is frozen for a later date, and what it is to be compared with."""
        waiting = PlannedPublication.objects.filter(
            product_id__in=part, state=PlannedPublication.WAITING
        )
        for planned in waiting.select_related("product"):
            document = unpack(planned.snapshot)
            node = _node(planned.product_id, planned.product.parent_id, document)
            moved = self.change.move({planned.product_id: node})
            planned.snapshot = pack(self._document(document, moved.get(planned.product_id)))
            if planned.base_id in rewritten:
                planned.base_id = planned.product.version_id
            planned.save(update_fields=["snapshot", "base"])


def _node(pk: int, parent_id: int | None, document: dict) -> Node:
    return Node(pk, parent_id, document["level"], document["family_variant"], document["values"])
