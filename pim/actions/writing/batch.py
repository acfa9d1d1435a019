"""A batch of wishes with everything about the database that planning them needs, read set-wise."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from django.db import connection

from pim.actions.bulk import allocate_ids
from pim.actions.locking import locked
from pim.content.refusals import InvalidValue, NotFound, Refused, _
from pim.content.rights import EVERYTHING, Rights
from pim.content.seen import seen_structure
from pim.content.structure import Structure
from pim.content.uuids import ordered_uuid
from pim.models import MODEL, Product
from pim.queries.drafts import DraftState, read_drafts
from pim.queries.structure import load_structure

from .intents import Plan, ProductWrite
from .oldnames import renamed_products, speak_today

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Ref(NamedTuple):
    """What a product is called by the database and by everybody else."""

    id: int
    uuid: str


@dataclass
class Batch:
    """The plans in the order of their wishes, and the products around them."""

    structure: Structure
    rights: Rights = EVERYTHING
    mode: str = "upsert"
    plans: list[Plan] = field(default_factory=list)
    bystanders: dict[str, Plan] = field(default_factory=dict)  # by uuid
    states: dict[int, DraftState] = field(default_factory=dict)
    refs: dict[str, Ref] = field(default_factory=dict)
    by_identifier: dict[str, Plan] = field(default_factory=dict)
    by_uuid: dict[str, Plan] = field(default_factory=dict)
    by_id: dict[int, Plan] = field(default_factory=dict)
    hidden: frozenset[int] = frozenset()  # products that the actor may not see
    hidden_targets: frozenset[str] = frozenset()  # their uuids, of ties and references held already
    wished_categories: dict[int, list[str]] = field(default_factory=dict)  # of new products
    trees: dict[int, int] = field(default_factory=dict)  # whose family changes: {id: its model's}

    @cached_property
    def with_variants(self) -> frozenset[int]:
        """The ids of the batch's own models that have variants: one query, if anybody asks."""
        models = [p.state.id for p in self.plans if p.before and p.before.role == MODEL]
        below = Product.objects.filter(parent_id__in=models)
        return frozenset(below.values_list("parent_id", flat=True))

    @cached_property
    def model_uuids(self) -> frozenset[str]:
        """The uuids of the models among the targets that the batch's products hold."""
        held = {
            other
            for plan in self.plans
            for ties in plan.state.associations.values()
            for other, _quantity in ties["products"]
        }
        rows = Product.objects.filter(uuid__in=held, role=MODEL).values_list("uuid", flat=True)
        return frozenset(str(other) for other in rows)

    def ancestors(self, state: DraftState) -> list[DraftState]:
        """Return the parent and the grandparent, as far as there are any."""
        found: list[DraftState] = []
        while state.parent_id and len(found) < 2 and (state := self.state(state.parent_id)):
            found.append(state)
        return found

    def ref(self, identifier: str) -> Ref | None:
        """Return the product of that identifier, stored or about to be; a hidden one is none."""
        plan = self.by_identifier.get(identifier)
        ref = Ref(plan.state.id, plan.state.uuid) if plan else self.refs.get(identifier)
        return None if ref and ref.id in self.hidden else ref

    def state(self, pk: int | None) -> DraftState | None:
        """Return a product as it shall be if it is planned, else as it is."""
        plan = self.by_id.get(pk)
        return plan.state if plan else self.states.get(pk)

    def chain(self, state: DraftState) -> list[tuple[str, dict]]:
        """Return (identifier, values) of the product and its ancestors, itself first."""
        found = [(state.identifier, state.values)]
        while state.parent_id and len(found) < 3 and (state := self.state(state.parent_id)):
            found.append((state.identifier, state.values))
        return found

    def live(self) -> list[Plan]:
        """Return every plan that is to be written, bystanders too."""
        return [p for p in (*self.plans, *self.bystanders.values()) if p.live]

    def add(self, plan: Plan) -> None:
        """Make a plan findable by everything that names its product."""
        self.by_uuid[plan.state.uuid] = plan
        self.by_id[plan.state.id] = plan
        self.by_identifier[plan.state.identifier] = plan


def load_batch(writes: Sequence[ProductWrite], *, mode: str, rights: Rights = EVERYTHING) -> Batch:
    """Return the batch with one plan per wish; existing products are locked (PostgreSQL)."""
    batch = Batch(load_structure(), rights, mode)
    if (seen := seen_structure(batch.structure, rights)).aliases:
        for write in writes:
            speak_today(write, seen)
    parents = _find(batch, writes)
    owners = _owners(batch, writes)
    known = {pk for pk in owners if pk}
    lock_products(known)
    around = _ancestors(batch, writes, parents) | _two_way_targets(batch, writes)
    batch.states = read_drafts(known | around)
    # What another writer deleted while this one waited for its lock is made anew.
    if gone := known - batch.states.keys():
        batch.refs = {name: ref for name, ref in batch.refs.items() if ref.id not in gone}
        owners = _owners(batch, writes)
    fresh = iter(_fresh_ids(owners))
    for write, pk in zip(writes, owners, strict=True):
        before = batch.states.get(pk) if pk else None
        ready = _ready(write, before, batch)
        if ready and mode != "update":
            plan = Plan.of_ready(ready, next(fresh), write)
        else:
            plan = _plan(write, before, fresh, mode)
        batch.plans.append(plan)
        batch.add(plan)
    return batch


def load_states(batch: Batch, ids: Iterable[int]) -> None:
    """Bring further products into the batch."""
    missing = [pk for pk in ids if pk not in batch.states]
    batch.states.update(read_drafts(missing))


def bystander(batch: Batch, other: str) -> Plan | None:
    """Return the plan of the product with that uuid, made if no wish is about it."""
    if other in batch.by_uuid:
        return batch.by_uuid[other]
    state = next((s for s in batch.states.values() if s.uuid == other), None)
    if state is None:
        return None
    plan = Plan(state.copy(), state)
    batch.bystanders[other] = plan
    batch.add(plan)
    return plan


def _find(batch: Batch, writes: Sequence[ProductWrite]) -> dict[int, int]:
    """Look up every product that the wishes name; return {id: parent id} of those found."""
    names = set()
    for write in writes:
        names.update(_names(write, batch.structure))
    # What cannot be the name of a product is not asked for: databases refuse such text.
    names = {name for name in names if name.isprintable()}
    uuids = {w.uuid for w in writes if w.uuid and is_uuid(w.uuid)}
    uuids |= {name for name in names if is_uuid(name)}
    rows = list(_light(identifier__among=names))
    unknown = names - {row[2] for row in rows} - uuids
    old = renamed_products(unknown) if unknown else {}
    rows += _light(identifier__in=set(old.values())) if old else ()
    if uuids:
        rows += _light(uuid__in=uuids)
    parents = {}
    for pk, other, identifier, parent in rows:
        batch.refs[identifier] = batch.refs[str(other)] = Ref(pk, str(other))
        parents[pk] = parent
    _understand_old_names(batch, writes, old)
    return parents


def _understand_old_names(batch: Batch, writes: Sequence[ProductWrite], old: dict) -> None:
    """Let products be found by what they were called before; a wish speaks of today's name."""
    batch.refs.update({name: batch.refs[new] for name, new in old.items() if new in batch.refs})
    for write in writes if old else ():
        if not write.uuid and write.identifier in old:
            write.asked, write.identifier = write.identifier, old[write.identifier]


def is_uuid(name: str) -> bool:
    """Return whether the text is a UUID in its canonical form (RFC 9562, lower case)."""
    return len(name) == 36 and bool(_UUID.fullmatch(name))


def _light(**which) -> Iterable[tuple]:
    return Product.objects.filter(**which).values_list("id", "uuid", "identifier", "parent_id")


def _names(write: ProductWrite, structure: Structure) -> set[str]:
    names = {write.identifier}
    if write.parent:
        names.add(write.parent)
    for ties in (write.associations or {}).values():
        names.update(identifier for identifier, _quantity in tied_products(ties))
    references = structure.references
    for address, raw in write.values.items() if references else ():
        if address[0] in references and isinstance(raw, str | list | tuple):
            names.update(named_products(raw))
    return names


def tied_products(ties: dict) -> Iterator[tuple]:
    """Yield the (identifier, quantity) of every product, item or model, that a wish names."""
    yield from ties.get("products") or ()
    yield from ties.get("models") or ()


def named_products(raw: str | list | tuple) -> list[str]:
    """Return the identifiers (or uuids) that a product reference names."""
    items = raw.split(",") if isinstance(raw, str) else raw
    return [str(item).strip() for item in items]


def _owners(batch: Batch, writes: Sequence[ProductWrite]) -> list[int | None]:
    return [
        ref.id if (ref := batch.refs.get(w.uuid or "") or batch.refs.get(w.identifier)) else None
        for w in writes
    ]


def _ancestors(
    batch: Batch, writes: Sequence[ProductWrite], parents: dict[int, int | None]
) -> set[int]:
    """Return the ids of the parents named or held, and of their parents."""
    near = {ref.id for w in writes if w.parent and (ref := batch.refs.get(w.parent))}
    near |= {pk for pk in parents.values() if pk}
    if not near:
        return near
    above = Product.objects.filter(id__in=near, parent__isnull=False)
    return near | set(above.values_list("parent_id", flat=True))


def _two_way_targets(batch: Batch, writes: Sequence[ProductWrite]) -> set[int]:
    two_way = {t.code for t in batch.structure.association_types.values() if t.two_way}
    return {
        ref.id
        for write in writes
        for code, ties in (write.associations or {}).items()
        if code in two_way
        for identifier, _quantity in tied_products(ties)
        if (ref := batch.refs.get(identifier))
    }


def lock_products(ids: set[int]) -> None:
    """Lock the products and what is below them, whose completeness they move (PostgreSQL)."""
    if ids and connection.features.has_select_for_update:
        products = Product.objects.order_by().values("id")
        # Three searches of an index: as one condition with OR, every product would be read.
        family = products.filter(id__among=ids).union(
            products.filter(parent_id__among=ids),
            products.filter(parent__parent_id__among=ids),
            all=True,
        )
        list(locked(Product.objects.filter(id__in=family).order_by("id")).values_list("id"))


def _fresh_ids(owners: list[int | None]) -> list[int]:
    count = sum(pk is None for pk in owners)
    return allocate_ids(Product, count) if count else []


def _ready(write: ProductWrite, before: DraftState | None, batch: Batch):
    """Return what was worked out ahead where it still holds; else the wish becomes a plain one."""
    ready = write.ready
    if ready and (before or ready.structure is not batch.structure or not batch.rights.unlimited):
        write.values, write.ready, ready = ready.values(), None, None
    return ready


def _plan(write: ProductWrite, before: DraftState | None, fresh, mode: str) -> Plan:
    if before is not None:
        plan = Plan(before.copy(), before, [write])
        if mode == "create" or (write.uuid and write.uuid != before.uuid):
            told = {"field": "identifier", "name": write.identifier}
            plan.refuse(Refused(_("%(name)s exists already."), code="exists", **told))
        return plan
    made = DraftState(next(fresh), write.uuid or ordered_uuid(), write.identifier)
    plan = Plan(made, None, [write])
    if write.uuid and not is_uuid(write.uuid):
        plan.refuse(InvalidValue(code="not_a_uuid", field="uuid"))
    if mode == "update":
        plan.refuse(NotFound(what="product", name=write.identifier))
    return plan
