"""What new products get where nothing was said: the default values of their family's attributes."""

from pim.content.address import Address
from pim.content.structure import AttributeDef, Structure

from .batch import Batch
from .intents import Plan, ProductWrite


def set_defaults(plan: Plan, write: ProductWrite, batch: Batch) -> None:
    """Give a new product the default values (rule `default`) of attributes that live on it.

    What the wish names, if only to leave it empty, stays as it was wished.
    """
    if plan.before is not None or plan.refusals:
        return
    structure, state = batch.structure, plan.state
    variant = structure.family_variants.get(state.family_variant)
    for definition in _defaulted(state.family, structure):
        level = variant.levels.get(definition.code, 0) if variant else 0
        if level != state.level:
            continue
        for address in _addresses(definition, structure):
            held = state.values.setdefault(address.locale, {}).setdefault(address.attribute, {})
            if address not in write.values and address.channel not in held:
                held[address.channel] = definition.rules["default"]
                plan.differences[address.key()] = [None, definition.rules["default"]]
                plan.attributes.add(address.attribute)


def _defaulted(family: str, structure: Structure) -> list[AttributeDef]:
    """Return the attributes of a family that have a default; kept while the structure is."""
    known = structure.__dict__.setdefault("_defaulted", {})
    if family not in known:
        codes = structure.families[family].attributes if family in structure.families else ()
        found = (structure.attributes.get(code) for code in codes)
        known[family] = [a for a in found if a and a.kind == "boolean" and "default" in a.rules]
    return known[family]


def _addresses(definition: AttributeDef, structure: Structure) -> list[Address]:
    """Return the addresses of an attribute in the channels and locales that are in use."""
    if definition.scopable:
        pairs = [
            (channel.code, locale)
            for channel in structure.channels.values()
            for locale in (channel.locales if definition.localizable else ("",))
        ]
    else:
        used = {code for channel in structure.channels.values() for code in channel.locales}
        pairs = [("", locale) for locale in (sorted(used) if definition.localizable else ("",))]
    only = definition.available_locales
    return [
        Address(definition.code, channel, locale)
        for channel, locale in pairs
        if not locale or not only or locale in only
    ]
