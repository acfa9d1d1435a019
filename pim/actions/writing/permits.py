"""What the actor may of what is wished: hidden things stay, forbidden ones are refused."""

from collections.abc import Iterator
from typing import Any

from pim.content.address import Address
from pim.content.refusals import NotFound, NotUnique, Refused, _
from pim.content.rights import Holding, Level, NotAllowed
from pim.content.structure import AttributeDef
from pim.models import Product
from pim.queries.drafts import DraftState
from pim.queries.rights import hidden_among, rights_on, visible_products

from .batch import Batch
from .intents import Plan, ProductWrite

_ONE_SIDED = _("The tie goes both ways, and your roles do not let you change the other side.")
# What says what a product is, and where; the rest of its structure is what editors set.
_OWNED = ("@identifier", "@role", "@family", "@family_variant", "@parent", "@level", "@categories")


def note_rights(batch: Batch, writes: list[ProductWrite]) -> None:
    """Find out which of the products around the batch the actor may not see, in one query."""
    if batch.rights.unlimited:
        return
    ids = {ref.id for ref in batch.refs.values()} | set(batch.states)
    seen = visible_products(Product.objects.filter(id__in=ids), batch.rights)
    batch.hidden = frozenset(ids - set(seen.values_list("id", flat=True)))
    batch.hidden_targets = _hidden_targets(batch, writes)
    for plan, write in zip(batch.plans, writes, strict=True):
        if plan.before is None:
            batch.wished_categories[plan.state.id] = [
                *(write.categories or ()),
                *write.add_categories,
            ]


def holding_of(plan: Plan, batch: Batch) -> Holding | None:
    """Return the actor's rights on the product as it stands; None where nothing is limited.

    A product about to be made stands where it is wished.
    """
    if batch.rights.unlimited:
        return None
    state = plan.before or plan.state
    held = set(state.categories) | set(batch.wished_categories.get(state.id, ()))
    return batch.rights.on(held | _above(state.parent_id, batch), batch.structure)


def refuse_hidden(plan: Plan, batch: Batch) -> None:
    """Refuse a product that the actor may not see, in the words for one they may not make.

    Who may make products nowhere is told so before anything else is looked at: so what is
    there and hidden, and what is not there, are answered alike.
    """
    if batch.rights.unlimited:
        return
    if plan.before is not None and plan.before.id in batch.hidden:
        write = plan.writes[0]
        write.identifier = write.asked or write.identifier
        plan.before, plan.refusals = None, []
        if batch.mode == "update":
            plan.refuse(NotFound(what="product", name=write.identifier))
        else:
            plan.refuse(product_refused(plan))
    elif plan.before is None and not plan.refusals and batch.rights.making() < Level.OWN:
        plan.refuse(product_refused(plan))


def may_rename(plan: Plan, batch: Batch) -> bool:
    """Return whether the actor may give the product another identifier."""
    holding = holding_of(plan, batch)
    return holding is None or plan.before is None or holding.structure >= Level.OWN


def hide_owners(batch: Batch) -> None:
    """Do not name products that the actor cannot see as the owners of what is taken: one query."""
    if batch.rights.unlimited:
        return
    taken = [r for p in batch.plans for r in p.refusals if isinstance(r, NotUnique)]
    if not taken:
        return
    names = {refusal.params["owner"] for refusal in taken}
    seen = visible_products(Product.objects.filter(identifier__in=names), batch.rights)
    shown = {*seen.values_list("identifier", flat=True), *(p.identifier for p in batch.plans)}
    for plan in batch.plans:
        plan.refusals = [_nameless(r) if _names_other(r, shown) else r for r in plan.refusals]


def _names_other(refusal: Refused, shown: set[str]) -> bool:
    return isinstance(refusal, NotUnique) and refusal.params["owner"] not in shown


def _nameless(refusal: NotUnique) -> NotUnique:
    sentence = _("%(attribute)s “%(value)s” is already used by another product.")
    params = {name: value for name, value in refusal.params.items() if name != "owner"}
    return NotUnique(sentence, code=refusal.code, field=refusal.field, **params)


def refuse_value(
    address: Address, attribute: AttributeDef | None, holding: Holding, needed: Level
) -> None:
    """Raise unless the value at the address may be seen (VIEW) or changed (EDIT)."""
    if attribute is None or holding.value(attribute, address[1], address[2]) >= needed:
        return
    raise NotAllowed(
        _("Your roles do not let you change “%(attribute)s”%(place)s."),
        field=attribute.code,
        attribute=attribute.code,
        place="".join(f" · {part}" for part in address[1:] if part),
    )


def refuse_structure(plan: Plan, batch: Batch) -> None:
    """Refuse a plan that creates, moves or ties a product beyond the actor's rights."""
    holding = holding_of(plan, batch)
    if holding is None or plan.refusals:
        return
    changed = [key for key in plan.differences if key.startswith("@")]
    if not changed and plan.before is not None:
        return
    needed = Level.EDIT
    if plan.before is None or any(key in _OWNED for key in changed):
        needed = Level.OWN
    moved = _moved_categories(plan)
    branches = [batch.rights.category(code, batch.structure) for code in moved]
    if holding.structure < needed or any(level < Level.OWN for level in branches):
        plan.refuse(product_refused(plan))


def keep_hidden(plan: Plan, wish: list[str], batch: Batch) -> list[str]:
    """Return the wished categories with those that the actor cannot see and so cannot drop."""
    if batch.rights.unlimited:
        return wish
    held = plan.before.categories if plan.before else ()
    hidden = [c for c in held if not batch.rights.category(c, batch.structure)]
    return [*wish, *hidden]


def hidden_ties(plan: Plan, code: str, batch: Batch) -> list[list]:
    """Return the ties of a type to products that the actor cannot see and so cannot drop."""
    held = plan.state.associations.get(code, {}).get("products", ())
    return [list(tie) for tie in held if tie[0] in batch.hidden_targets]


def refuse_mirrors(targets: list[tuple[Plan, set[str]]], batch: Batch) -> None:
    """Refuse two-way ties that would change products (by uuid) which the actor may not edit."""
    named = {other for _plan, others in targets for other in others}
    rows = Product.objects.filter(uuid__in=named).values_list("id", "uuid") if named else ()
    ids = {pk: str(other) for pk, other in rows}
    held = rights_on(ids, batch.rights) if ids else {}
    foreign = {ids[pk] for pk, holding in held.items() if holding.structure < Level.EDIT}
    for plan, others in targets:
        if others & foreign:
            plan.refuse(NotAllowed(_ONE_SIDED, field="associations"))


def _hidden_targets(batch: Batch, writes: list[ProductWrite]) -> frozenset[str]:
    """Return the uuids of the products tied already that the actor may not see: one query."""
    held = {
        tie[0]
        for plan, write in zip(batch.plans, writes, strict=True)
        for code in write.associations or {}
        for tie in plan.state.associations.get(code, {}).get("products", ())
    }
    return hidden_among(held | _references(batch, writes), batch.rights)


def _references(batch: Batch, writes: list[ProductWrite]) -> set[str]:
    """Return the products that values refer to which are written, inherited ones included."""
    codes = batch.structure.references
    return {
        other
        for plan, write in zip(batch.plans, writes, strict=True)
        for attribute, channel, locale in write.values
        if attribute in codes
        for state in _line(plan.state, batch)
        for other in _listed(state.values.get(locale, {}).get(attribute, {}).get(channel))
    }


def _line(state: DraftState, batch: Batch) -> Iterator[DraftState]:
    """Yield a state and those of its models."""
    yield state
    while state.parent_id and (state := batch.state(state.parent_id)):
        yield state


def _listed(data: Any) -> list[str]:
    return data if isinstance(data, list) else []


def shown_references(held: Any, definition: AttributeDef, batch: Batch) -> Any:
    """Return what the actor sees of a value that refers to products; None where that is nothing."""
    if definition.kind != "product" or not batch.hidden_targets or not isinstance(held, list):
        return held
    return [other for other in held if other not in batch.hidden_targets] or None


def with_hidden(data: Any, held: Any, definition: AttributeDef, batch: Batch) -> Any:
    """Return the wished value with the products that the actor cannot see and so cannot drop.

    Where only one may be referred to, another one takes its place.
    """
    shown = shown_references(held, definition, batch)
    if shown == held:
        return data
    if data == shown:
        return held
    hidden = [other for other in held if other in batch.hidden_targets]
    most = int(definition.rules.get("max_items") or 1)
    return [*_listed(data), *(h for h in hidden if h not in _listed(data))][:most]


def _above(parent_id: int | None, batch: Batch) -> set[str]:
    found: set[str] = set()
    while parent_id and (state := batch.state(parent_id)):
        found.update(state.categories)
        parent_id = state.parent_id
    return found


def _moved_categories(plan: Plan) -> set[str]:
    before = set(plan.before.categories) if plan.before else set()
    return before ^ set(plan.state.categories)


def product_refused(plan: Plan) -> NotAllowed:
    """Return the refusal of a product that may not be made or changed."""
    sentence = (
        _("Your roles do not let you create %(name)s here.")
        if plan.before is None
        else _("Your roles do not let you change %(name)s.")
    )
    return NotAllowed(sentence, name=plan.writes[0].identifier if plan.writes else plan.identifier)
