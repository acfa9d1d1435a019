"""Where a product stands: its role, family, place in the tree of models, and whether it is on."""

from pim.content.kinds import kind
from pim.content.refusals import InvalidValue, Refused, UnknownCode, _
from pim.content.structure import AttributeDef
from pim.models import ITEM, MODEL
from pim.queries.drafts import DraftState

from .batch import Batch
from .intents import Plan, ProductWrite
from .permits import may_rename, product_refused

_DEEPEST = 2
_IDENTIFIER = AttributeDef("identifier", "identifier")


def place(plan: Plan, write: ProductWrite, batch: Batch) -> None:
    """Set identifier, role, family, parent and level as wished, by the rules of the tree."""
    state, before = plan.state, plan.before
    if write.parent == "" and before is not None and before.parent_id in batch.hidden:
        write.parent = None  # a model that the actor does not see is not taken away
    if before is None or write.identifier != before.identifier:
        _name(plan, write, batch)
    if write.enabled is not None:
        state.enabled = write.enabled
    if before is None or _moves(write, before):
        try:
            _put(plan, write, batch)
        except Refused as refusal:
            plan.refuse(refusal)


def order_by_depth(batch: Batch) -> list[Plan]:
    """Return the plans with every parent before its children; a loop is refused."""
    own = {p.writes[0].identifier: p for p in batch.plans}
    if not any(p.writes[0].parent in own for p in batch.plans):
        return batch.plans
    return sorted(batch.plans, key=lambda plan: _depth(plan, own))


def refuse_orphans(batch: Batch) -> bool:
    """Refuse what names a new product that is itself refused; return whether any was."""
    lost = {p.state.id: p for p in batch.plans if p.refusals and p.before is None}
    found = False
    for plan in batch.plans if lost else ():
        if not plan.refusals and plan.state.parent_id in lost:
            plan.refuse(_unknown_parent(plan.state.parent or ""))
            found = True
    return found


def _name(plan: Plan, write: ProductWrite, batch: Batch) -> None:
    if not may_rename(plan, batch):
        plan.refuse(product_refused(plan))
        return
    attribute = batch.structure.identifier_attribute or _IDENTIFIER
    try:
        plan.state.identifier = kind(_IDENTIFIER.kind).clean(
            write.identifier, attribute, batch.structure
        )
    except Refused as refusal:
        plan.refuse(refusal)
    other = batch.refs.get(plan.state.identifier)
    if other and other.id != plan.state.id:
        plan.refuse(
            Refused(
                _("%(name)s exists already."),
                code="exists",
                field="identifier",
                name=plan.state.identifier,
            )
        )
    batch.by_identifier[plan.state.identifier] = plan


def _moves(write: ProductWrite, before: DraftState) -> bool:
    return any(
        wish is not None and wish != (held or "")
        for wish, held in (
            (write.role, before.role),
            (write.family, before.family),
            (write.family_variant, before.family_variant),
            (write.parent, before.parent),
        )
    )


def _put(plan: Plan, write: ProductWrite, batch: Batch) -> None:
    state, before = plan.state, plan.before
    parent = _parent(state, write, batch)
    if write.parent == "" and before is not None and before.parent_id:
        _set_free(state, batch)
        parent = None
    _set_family(state, write, batch, parent)
    state.parent_id = parent.id if parent else None
    state.parent = parent.identifier if parent else None
    state.level = parent.level + 1 if parent else 0
    _set_role(state, write, before, batch)
    if before is not None:
        _check_move(state, before, batch)


def _parent(state: DraftState, write: ProductWrite, batch: Batch) -> DraftState | None:
    """Return the parent as wished or as held; raise unless it is a model."""
    if write.parent is None:
        return batch.state(state.parent_id)
    if write.parent == "":
        return None
    ref = batch.ref(write.parent)
    parent = batch.state(ref.id) if ref else None
    if parent is None or (ref.id in batch.by_id and batch.by_id[ref.id].refusals):
        raise _unknown_parent(write.parent)
    if parent.role != MODEL or parent.id == state.id:
        raise InvalidValue(
            _("%(name)s is not a model: it cannot have variants."),
            code="not_a_model",
            field="parent",
            name=parent.identifier,
        )
    return parent


def _set_free(state: DraftState, batch: Batch) -> None:
    """Turn a variant into a product of its own that keeps what it inherited."""
    merged: dict = {}
    for _identifier, values in reversed(batch.chain(state)):
        for locale, held in values.items():
            for attribute, by_channel in held.items():
                merged.setdefault(locale, {}).setdefault(attribute, {}).update(by_channel)
    state.values = merged
    state.family_variant = ""


def _set_family(
    state: DraftState, write: ProductWrite, batch: Batch, parent: DraftState | None
) -> None:
    family = state.family if write.family is None else write.family
    variant = state.family_variant if write.family_variant is None else write.family_variant
    if family and family not in batch.structure.families:
        raise UnknownCode(what="family", name=family, field="family")
    if variant and variant not in batch.structure.family_variants:
        raise UnknownCode(what="family variant", name=variant, field="family_variant")
    if parent is not None:
        family, variant = _like_parent(family, variant, write, parent)
    belongs = batch.structure.family_variants[variant].family if variant else family
    if family and belongs != family:
        raise InvalidValue(
            _("The family variant %(variant)s belongs to the family %(family)s."),
            code="wrong_family_variant",
            field="family_variant",
            variant=variant,
            family=belongs,
        )
    state.family, state.family_variant = belongs, variant


def _like_parent(
    family: str, variant: str, write: ProductWrite, parent: DraftState
) -> tuple[str, str]:
    """Return the parent's family and variant; a wish for others is refused."""
    for field, wish, held in (
        ("family", write.family, parent.family),
        ("family_variant", write.family_variant, parent.family_variant),
    ):
        if wish and wish != held:
            raise InvalidValue(
                _("A variant has its model's family: %(held)s, not %(wish)s."),
                code="family_differs",
                field=field,
                held=held or "-",
                wish=wish,
            )
    return parent.family, parent.family_variant


def _set_role(
    state: DraftState, write: ProductWrite, before: DraftState | None, batch: Batch
) -> None:
    variant = batch.structure.family_variants.get(state.family_variant)
    deepest = variant.depth if variant else _DEEPEST
    role = write.role or (before.role if before else _usual_role(state, variant))
    if before and role != before.role:
        raise InvalidValue(_("A product's role cannot change."), code="role_fixed", field="role")
    if sentence := _misplaced(role, state, variant, deepest):
        raise InvalidValue(
            sentence, code="wrong_level", field="parent", role=role, level=state.level
        )
    state.role = role


def _misplaced(role: str, state: DraftState, variant, deepest: int) -> str:
    """Return why a product cannot stand on its level, "" where it can."""
    if state.level > deepest:
        return _("There is no level below this one: variants end at the level of their parent.")
    if role == MODEL and state.level == deepest:
        return _("A model cannot stand where its family variant has the items.")
    if variant and role == ITEM and state.level != deepest:
        if not state.level:
            return _("An item with a family variant stands below a model: name its parent.")
        return _("An item stands on the last level of its family variant: name a sub-model.")
    return ""


def _usual_role(state: DraftState, variant) -> str:
    if variant and state.level < variant.depth:
        return MODEL
    return ITEM


def _check_move(state: DraftState, before: DraftState, batch: Batch) -> None:
    """Refuse a move that would leave the variants of a model in the wrong place.

    Those of a model that changes its family where it stands come along.
    """
    moved = (state.family, state.family_variant, state.level)
    if before.role != MODEL or moved == (before.family, before.family_variant, before.level):
        return
    if state.id in batch.trees and state.level == before.level and state.role == MODEL:
        return
    if state.id in batch.with_variants:
        raise InvalidValue(
            _("%(name)s has variants: its family and level cannot change."),
            code="has_variants",
            field="family",
            name=state.identifier,
        )


def _unknown_parent(name: str) -> UnknownCode:
    return UnknownCode(code="unknown_parent", what="model", name=name, field="parent")


def _depth(plan: Plan, own: dict[str, Plan]) -> int:
    depth, seen = 0, {plan.identifier}
    parent = plan.writes[0].parent
    while parent and parent in own:
        if parent in seen:
            plan.refuse(
                InvalidValue(
                    _("%(name)s cannot be its own ancestor."),
                    code="loop",
                    field="parent",
                    name=plan.identifier,
                )
            )
            break
        seen.add(parent)
        depth, parent = depth + 1, own[parent].writes[0].parent
    return depth
