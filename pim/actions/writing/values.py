"""Values: what is wished at each address, cleaned by its kind and set beside what is there."""

from typing import Any

from pim.content.address import Address, check_address
from pim.content.refusals import InvalidValue, Refused, UnknownCode, _
from pim.content.rights import Holding, Level
from pim.content.seen import seen_structure
from pim.content.structure import AttributeDef, Structure
from pim.queries.drafts import DraftState

from .batch import Batch
from .cleaning import Place, clean_at, clean_value, place_of, places_of
from .intents import Plan, ProductWrite
from .permits import holding_of, refuse_value, shown_references, with_hidden
from .wording import same_words


def set_values(plan: Plan, write: ProductWrite, batch: Batch) -> None:
    """Set the wished values that differ; refuse those that do not fit, each with its reason.

    A value that equals the one inherited is left to be inherited.
    """
    places = places_of(batch.structure)
    alone = not plan.state.family_variant and not plan.state.parent_id
    holding = holding_of(plan, batch)
    if plan.before is None and alone and holding is None and not plan.attributes:
        _set_new(plan, write, batch)
        return
    inherits = write.inherits and plan.state.parent_id is not None
    for address, raw in write.values.items():
        attribute, channel, locale = address
        if holding is not None and _forbidden(plan, address, raw, holding, batch):
            continue
        held = plan.state.values.get(locale)
        if held is not None and (held := held.get(attribute)) is not None:
            held = held.get(channel)
        if raw == held or (write.in_words and same_words(address, raw, plan.state, batch)):
            continue
        try:
            place = places.get(address) or place_of(address, batch.structure)
            data = clean_at(place, raw, batch)
            data = _kept(data, address, place, plan, batch) if batch.hidden_targets else data
            if data == held:
                continue
            plain = data is None or (alone and place.is_value)
            if inherits and _lives_above(place.attribute, address, data, plan, batch):
                continue
            if not plain and _stays_out(place.attribute, address, data, plan.state, batch):
                continue
        except Refused as refusal:
            refusal.params.setdefault("address", Address(*address).key())
            plan.refuse(refusal)
            continue
        _set(plan, address, data)
        plan.differences[place.key] = [held, data]
        plan.attributes.add(attribute)


def _set_new(plan: Plan, write: ProductWrite, batch: Batch) -> None:
    """Set the values of a new product that stands alone: nothing is held, nothing inherited."""
    places, values, structure = places_of(batch.structure), plan.state.values, batch.structure
    differences = plan.differences
    for address, raw in write.values.items():
        try:
            place = places.get(address) or place_of(address, structure)
            data = place.clean(raw) if place.clean else clean_at(place, raw, batch)
            if data is None or not (place.is_value or _is_value(place, address, data, plan, batch)):
                continue
        except Refused as refusal:
            refusal.params.setdefault("address", Address(*address).key())
            plan.refuse(refusal)
            continue
        attribute, channel, locale = address
        if locale not in values:
            values[locale] = {}
        held = values[locale]
        if attribute in held:
            held[attribute][channel] = data
        else:
            held[attribute] = {channel: data}
        differences[place.key] = [None, data]
    plan.attributes.update(attribute for held in values.values() for attribute in held)


def _is_value(place: Place, address: Address, data: Any, plan: Plan, batch: Batch) -> bool:
    return not _stays_out(place.attribute, address, data, plan.state, batch)


def _forbidden(plan: Plan, address: Address, raw: Any, holding: Holding, batch: Batch) -> bool:
    """Refuse what the actor may not write; return whether it was.

    What may be seen and is there already is no write. Whether a hidden value is the one
    wished is told to nobody; hidden attributes, channels and locales there are none of.
    """
    definition = batch.structure.attributes.get(address[0])
    try:
        check_address(Address(*address), seen_structure(batch.structure, batch.rights))
        refuse_value(address, definition, holding, Level.VIEW)
        if definition in (None, batch.structure.identifier_attribute):
            return False
        if _same(definition, raw, _held(address, plan.state, batch), batch):
            return False
        refuse_value(address, definition, holding, Level.EDIT)
    except Refused as refusal:
        refusal.params.setdefault("address", Address(*address).key())
        plan.refuse(refusal)
        return True
    return False


def _kept(data: Any, address: Address, place: Place, plan: Plan, batch: Batch) -> Any:
    return with_hidden(data, _held(address, plan.state, batch), place.attribute, batch)


def _held(address: Address, state: DraftState, batch: Batch) -> Any:
    """Return the value at an address, the inherited one where the product has none."""
    attribute, channel, locale = address
    own = state.values.get(locale, {}).get(attribute, {}).get(channel)
    return own if own is not None else _inherited(Address(*address), state, batch)


def _same(definition: AttributeDef, raw: Any, held: Any, batch: Batch) -> bool:
    shown = shown_references(held, definition, batch)
    try:
        return raw in (held, shown) or clean_value(definition, raw, batch) == shown
    except Refused:
        return False


def refuse_lost_products(batch: Batch) -> bool:
    """Refuse product references to new products that are refused; return whether any was."""
    lost = {p.state.uuid for p in batch.plans if p.refusals and p.before is None}
    found = False
    for plan in batch.plans if lost else ():
        named = set() if plan.refusals else _named(plan, batch)
        for other in named & lost:
            name = batch.by_uuid[other].identifier
            plan.refuse(UnknownCode(code="unknown_product", what="product", name=name))
            found = True
    return found


def _named(plan: Plan, batch: Batch) -> set[str]:
    """Return the uuids of the products that new values and ties of the plan name."""
    found = {
        other
        for key, (_before, after) in plan.differences.items()
        if not key.startswith("@") and isinstance(after, list)
        if batch.structure.attributes[key.split("|", 1)[0]].kind == "product"
        for other in after
    }
    ties = plan.state.associations.values()
    return found | {other for held in ties for other, _quantity in held["products"]}


def _set(plan: Plan, address: Address, data: Any) -> None:
    """Set one value without touching the dictionaries that `before` holds."""
    attribute, channel, locale = address
    values = plan.state.values
    if plan.before is None and data is not None:
        values.setdefault(locale, {}).setdefault(attribute, {})[channel] = data
        return
    before = plan.before.values if plan.before else {}
    if plan.before is not None and values is before:
        values = plan.state.values = dict(before)
    held = values.get(locale)
    if held is None or held is before.get(locale):
        held = values[locale] = dict(held or {})
    by_channel = dict(held.get(attribute, {}))
    if data is None:
        by_channel.pop(channel, None)
    else:
        by_channel[channel] = data
    if by_channel:
        held[attribute] = by_channel
    else:
        held.pop(attribute, None)


def _stays_out(
    definition: AttributeDef, address: Address, data: Any, state: DraftState, batch: Batch
) -> bool:
    """Return whether the value need not be stored here; raise where it must not be.

    The identifier is no value, and what the product inherits anyway is not repeated. An
    attribute that lives on a deeper level has no place on this one; one of a higher level
    may be overridden, unless it is an axis.
    """
    if definition is batch.structure.identifier_attribute:
        return _same_identifier(definition, data, state)
    if not state.family_variant and not state.parent_id:
        return False
    attribute, channel, locale = address
    own_level = _level(definition, state, batch.structure)
    if own_level < state.level and _inherited(address, state, batch) == data:
        return channel not in state.values.get(locale, {}).get(attribute, {})
    if own_level > state.level or (own_level < state.level and _axis(attribute, state, batch)):
        raise InvalidValue(
            _("“%(attribute)s” belongs on level %(level)s of the product tree."),
            code="wrong_level",
            field=attribute,
            attribute=attribute,
            level=own_level,
        )
    return False


def _lives_above(
    definition: AttributeDef, address: Address, data: Any, plan: Plan, batch: Batch
) -> bool:
    """Return whether the value belongs to an ancestor and the product has none of its own.

    Where it is not what the ancestor says, the plan keeps it in mind.
    """
    state = plan.state
    if not state.parent_id or _level(definition, state, batch.structure) >= state.level:
        return False
    attribute, channel, locale = address
    own = channel in state.values.get(locale, {}).get(attribute, {})
    if own or definition is batch.structure.identifier_attribute:
        return False
    if data != _inherited(address, state, batch):
        plan.above.add(attribute)
    return True


def _same_identifier(definition: AttributeDef, data: str, state: DraftState) -> bool:
    if data != state.identifier:
        raise InvalidValue(
            _("“%(attribute)s” is the product's identifier: it is changed there."),
            code="identifier_differs",
            field=definition.code,
            attribute=definition.code,
        )
    return True


def _level(definition: AttributeDef, state: DraftState, structure: Structure) -> int:
    variant = structure.family_variants.get(state.family_variant)
    return variant.levels.get(definition.code, 0) if variant else 0


def _axis(attribute: str, state: DraftState, batch: Batch) -> bool:
    variant = batch.structure.family_variants.get(state.family_variant)
    return bool(variant) and any(attribute in codes for codes in variant.axes.values())


def _inherited(address: Address, state: DraftState, batch: Batch) -> Any:
    attribute, channel, locale = address
    for _identifier, values in batch.chain(state)[1:]:
        data = values.get(locale, {}).get(attribute, {}).get(channel)
        if data is not None:
            return data
    return None
