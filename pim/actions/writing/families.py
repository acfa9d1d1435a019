"""Changing families: the variants of a model come along, and values may be left behind."""

from collections.abc import Iterator

from pim.content.address import Address
from pim.content.refusals import Refused, _
from pim.content.rights import Level
from pim.models import MODEL, Product
from pim.queries.drafts import DraftState

from .batch import Batch, Ref, load_states
from .intents import Plan, ProductWrite
from .permits import holding_of


def bring_variants(batch: Batch, writes: list[ProductWrite]) -> list[ProductWrite]:
    """Let the variants of models that change their family change it too; return all wishes.

    Variants that no wish is about get a plan of their own, behind the others. What lives on a
    deeper level in the new family variant goes down to whoever inherited it; what the actor may
    not change stays, and is inherited as before.
    """
    roots = [p for p in batch.plans if p.before and p.before.role == MODEL and _changes(p)]
    if not roots:
        return writes
    found = list(writes)
    for plan in roots:
        batch.trees[plan.state.id] = plan.state.id
    above = {plan.state.id: plan for plan in roots}
    while above:
        below = Product.objects.filter(parent_id__in=above).order_by("pk")
        ids = list(below.values_list("pk", flat=True))
        load_states(batch, ids)
        above = {pk: _bring(batch, batch.states[pk], above, found) for pk in ids}
    for plan in batch.plans:
        if plan.state.id in batch.trees:
            _send_down(plan, batch)
    return found


def leave_behind(batch: Batch) -> None:
    """Take away values that the new family has no place for, where the wish asks for that.

    What the actor may not change stays where it is.
    """
    for plan in batch.plans:
        write = plan.writes[0]
        family = batch.structure.families.get(write.family or "")
        if not write.sheds or family is None or plan.before is None or not _changes(plan):
            continue
        for address, _data in strays(plan.before, family.attributes, batch):
            if _may_change(plan, address, batch):
                write.values.setdefault(address, None)


def strays(
    state: DraftState, attributes: tuple[str, ...], batch: Batch
) -> Iterator[tuple[Address, object]]:
    """Yield (address, data) of what a product holds of attributes that are not among these."""
    for locale, held in state.values.items():
        for code in held.keys() - set(attributes):
            if code in batch.structure.attributes:
                for channel, data in held[code].items():
                    yield Address(code, channel, locale), data


def refuse_parted(batch: Batch) -> bool:
    """Refuse a tree that cannot change its family whole; return whether any was refused."""
    members: dict[int, list[Plan]] = {}
    for pk, root in batch.trees.items():
        members.setdefault(root, []).append(batch.by_id[pk])
    found = False
    for plans in members.values():
        bad = next((plan for plan in plans if plan.refusals), None)
        for plan in plans if bad else ():
            if not plan.refusals:
                plan.refuse(_parted(bad))
                found = True
    return found


def _changes(plan: Plan) -> bool:
    write, before = plan.writes[0], plan.before
    wishes = (write.family, before.family), (write.family_variant, before.family_variant)
    return any(wish is not None and wish != held for wish, held in wishes)


def _bring(batch: Batch, state: DraftState, above: dict[int, Plan], found: list) -> Plan:
    """Return the plan of a variant, with its model's wishes for the family."""
    model = above[state.parent_id]
    wish, plan = model.writes[0], batch.by_id.get(state.id)
    if plan is None:
        write = ProductWrite(state.identifier, uuid=state.uuid, reason=wish.reason)
        plan = Plan(state.copy(), state, [write])
        batch.refs[state.identifier] = batch.refs[state.uuid] = Ref(state.id, state.uuid)
        batch.plans.append(plan)
        batch.add(plan)
        found.append(write)
    write = plan.writes[0]
    if write.parent in (None, state.parent):
        write.parent = state.parent  # so that it is placed after its model
        write.family, write.family_variant = wish.family, wish.family_variant
        write.sheds |= wish.sheds
        batch.trees[state.id] = batch.trees[model.state.id]
    return plan


def _send_down(plan: Plan, batch: Batch) -> None:
    """Move values between a model and its variants to where the new family variant has them."""
    variant = batch.structure.family_variants.get(plan.writes[0].family_variant or "")
    if variant is None or plan.before is None:
        return
    level, write = plan.before.level, plan.writes[0]
    for code, place in variant.levels.items():
        if place > level:
            for address, _data in _held(plan.before, code):
                if _may_change(plan, address, batch):
                    write.values.setdefault(address, None)
        elif place == level:
            for above in batch.ancestors(plan.before):
                original = batch.by_id[above.id].before if above.id in batch.by_id else above
                for address, data in _held(original, code):
                    if not _has(plan.before, address) and _may_change(plan, address, batch):
                        write.values.setdefault(address, data)


def _held(state: DraftState, code: str) -> Iterator[tuple[Address, object]]:
    for locale, held in state.values.items():
        for channel, data in held.get(code, {}).items():
            yield Address(code, channel, locale), data


def _has(state: DraftState, address: Address) -> bool:
    attribute, channel, locale = address
    return channel in state.values.get(locale, {}).get(attribute, {})


def _may_change(plan: Plan, address: Address, batch: Batch) -> bool:
    holding = holding_of(plan, batch)
    attribute, channel, locale = address
    definition = batch.structure.attributes[attribute]
    return holding is None or holding.value(definition, channel, locale) >= Level.EDIT


def _parted(bad: Plan) -> Refused:
    reason = bad.refusals[0]
    return Refused(
        _("%(name)s cannot change its family: %(reason)s"),
        code=reason.code,
        field="family",
        name=bad.identifier,
        reason=str(reason),
    )
