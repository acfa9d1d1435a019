"""Ties: categories, groups and associations, two-way ones mirrored on the other side."""

from collections.abc import Container

from pim.content.refusals import InvalidValue, UnknownCode, _
from pim.content.seen import seen_structure
from pim.content.snapshot import any_tie

from .batch import Batch, bystander, load_states
from .intents import Plan, ProductWrite
from .permits import hidden_ties, keep_hidden, refuse_mirrors


def set_memberships(plan: Plan, write: ProductWrite, batch: Batch) -> None:
    """Set categories and groups as wished; unknown codes are refused."""
    if write.groups is not None:
        _refuse_unknown(plan, write.groups, batch.structure.product_groups, field="groups")
        plan.state.groups = sorted(set(write.groups))
    held = plan.state.categories if write.categories is None else write.categories
    wished = (set(held) | set(write.add_categories)) - set(write.remove_categories)
    if write.inherits and wished:
        wished -= _inherited_categories(plan, batch) - set(plan.state.categories)
    if wished == set(plan.state.categories) and batch.rights.unlimited:
        return
    named = [*(write.categories or ()), *write.add_categories, *write.remove_categories]
    _refuse_unknown(plan, named, _seen_categories(batch), field="categories")
    plan.state.categories = sorted(set(keep_hidden(plan, wished, batch)))


def _seen_categories(batch: Batch) -> Container[str]:
    """Return the categories that there are for the actor: a hidden branch is not there."""
    return seen_structure(batch.structure, batch.rights).categories


def _refuse_unknown(plan: Plan, codes, known, *, field: str) -> None:
    for code in codes:
        if code not in known:
            plan.refuse(UnknownCode(what=_SINGULAR[field], name=code, field=field))


def _inherited_categories(plan: Plan, batch: Batch) -> set[str]:
    return {code for state in batch.ancestors(plan.state) for code in state.categories}


def set_associations(plan: Plan, write: ProductWrite, batch: Batch) -> None:
    """Set the association types that the wish names; their targets must exist."""
    if not write.associations:
        return
    ties = dict(plan.state.associations)
    for code, wish in write.associations.items():
        definition = batch.structure.association_types.get(code)
        if definition is None:
            plan.refuse(UnknownCode(what="association type", name=code, field="associations"))
            continue
        wished = _wished(plan, code, wish, batch)
        if write.inherits:
            wished = _without_inherited(wished, ties.get(code), plan, code, batch)
        hidden = hidden_ties(plan, code, batch)
        wished["products"] += [tie for tie in hidden if tie not in wished["products"]]
        ties[code] = _added(ties.get(code), wished) if wish.get("add") else wished
    plan.state.associations = {code: held for code, held in ties.items() if any_tie(held)}


def _wished(plan: Plan, code: str, wish: dict, batch: Batch) -> dict:
    if not wish.get("partly"):
        return {
            "products": _products(plan, code, wish.get("products", ()), batch),
            "groups": _groups(plan, code, wish.get("groups", ()), batch),
        }
    held = plan.state.associations.get(code, {"products": [], "groups": []})
    products = []
    for name, models in (("products", False), ("models", True)):
        if wish.get(name) is not None:
            products += _products(plan, code, wish[name], batch)
        else:
            products += [t for t in held["products"] if (t[0] in batch.model_uuids) == models]
    groups = wish.get("groups")
    groups = held["groups"] if groups is None else _groups(plan, code, groups, batch)
    return {"products": products, "groups": groups}


def _without_inherited(
    wished: dict, held: dict | None, plan: Plan, code: str, batch: Batch
) -> dict:
    """Return what is wished without the targets that an ancestor has, unless they are own."""
    held = held or {"products": [], "groups": []}
    above = [s.associations.get(code, {}) for s in batch.ancestors(plan.state)]
    theirs = {tie[0] for ties in above for tie in ties.get("products", ())}
    theirs -= {tie[0] for tie in held["products"]}
    groups = {g for ties in above for g in ties.get("groups", ())} - set(held["groups"])
    return {
        "products": [tie for tie in wished["products"] if tie[0] not in theirs],
        "groups": [group for group in wished["groups"] if group not in groups],
    }


def refuse_foreign_ties(batch: Batch) -> None:
    """Refuse two-way ties whose other side the actor may not change."""
    two_way = {t.code for t in batch.structure.association_types.values() if t.two_way}
    if batch.rights.unlimited or not two_way:
        return
    tied = [
        (plan, {other for code in two_way for other, _added in _changed_targets(plan, code)})
        for plan in batch.plans
        if not plan.refusals and _associations(plan) != plan.state.associations
    ]
    refuse_mirrors(tied, batch)


def mirror_two_way(batch: Batch) -> list[Plan]:
    """Give the other side of every two-way tie added or removed its counterpart; return them."""
    two_way = {t.code for t in batch.structure.association_types.values() if t.two_way}
    changes = [
        (plan, code, other, added)
        for plan in batch.plans
        if two_way and not plan.refusals and _associations(plan) != plan.state.associations
        for code in two_way
        for other, added in _changed_targets(plan, code)
    ]
    if not changes:
        return []
    _load(batch, {other for _plan, _code, other, _added in changes})
    mirrored = []
    for plan, code, other, added in changes:
        target = bystander(batch, other)
        if target is not None and not target.refusals and target is not plan:
            _mirror(target, code, plan.state.uuid, added=added)
            mirrored.append(target)
    return mirrored


_SINGULAR = {"categories": "category", "groups": "group"}


def _added(held: dict | None, wished: dict) -> dict:
    """Return what is held with what is wished added; quantities are the wished ones."""
    if held is None:
        return wished
    products = {**dict(held["products"]), **dict(wished["products"])}
    groups = dict.fromkeys([*held["groups"], *wished["groups"]])
    return {"products": [list(tie) for tie in products.items()], "groups": list(groups)}


def _products(plan: Plan, code: str, wish, batch: Batch) -> list[list]:
    quantified = batch.structure.association_types[code].quantified
    found: dict[str, int | None] = {}
    for identifier, quantity in wish:
        ref = batch.ref(identifier)
        if ref is None or ref.uuid == plan.state.uuid:
            plan.refuse(
                UnknownCode(code="unknown_product", what="product", name=identifier, field=code)
            )
            continue
        found[ref.uuid] = _quantity(plan, code, quantity) if quantified else None
    return [[other, quantity] for other, quantity in found.items()]


def _quantity(plan: Plan, code: str, quantity) -> int:
    try:
        number = int(quantity or 1)
    except (TypeError, ValueError):
        number = 0
    if not 0 < number < 2**31:
        plan.refuse(
            InvalidValue(
                _("“%(name)s” needs a quantity of 1 or more."),
                code="bad_quantity",
                field=code,
                name=code,
            )
        )
    return number


def _groups(plan: Plan, code: str, wish, batch: Batch) -> list[str]:
    for group in wish:
        if group not in batch.structure.product_groups:
            plan.refuse(UnknownCode(what="group", name=group, field=code))
    return list(dict.fromkeys(wish))


def _associations(plan: Plan) -> dict:
    return plan.before.associations if plan.before else {}


def _changed_targets(plan: Plan, code: str) -> list[tuple[str, bool]]:
    """Return (uuid, added) of the products that a type gained or lost."""
    before = {t for t, _q in _associations(plan).get(code, {}).get("products", ())}
    after = {t for t, _q in plan.state.associations.get(code, {}).get("products", ())}
    gained = [(other, True) for other in sorted(after - before)]
    return gained + [(other, False) for other in sorted(before - after)]


def _load(batch: Batch, uuids: set[str]) -> None:
    """Bring in the products that lost a tie and that no wish named."""
    from pim.models import Product

    known = {s.uuid for s in batch.states.values()} | set(batch.by_uuid)
    missing = uuids - known
    if missing:
        rows = Product.objects.filter(uuid__in=missing)
        load_states(batch, rows.values_list("id", flat=True))


def _mirror(target: Plan, code: str, source: str, *, added: bool) -> None:
    held = target.state.associations.get(code, {"products": [], "groups": []})
    products = [tie for tie in held["products"] if tie[0] != source]
    if added:
        old = next((tie for tie in held["products"] if tie[0] == source), None)
        if old is not None:
            return
        products.append([source, None])
    ties = {**target.state.associations, code: {**held, "products": products}}
    target.state.associations = {c: t for c, t in ties.items() if any_tie(t)}
