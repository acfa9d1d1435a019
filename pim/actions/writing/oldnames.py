"""Wishes that speak of things by what they were called before are put in today's words."""

from collections.abc import Iterable

from pim.content.address import Address
from pim.content.structure import Structure
from pim.models import CodeAlias

from .intents import ProductWrite


def speak_today(write: ProductWrite, structure: Structure) -> None:
    """Replace old codes of the structure in a wish; a code that exists is taken as it is."""
    for name, kind, known in (
        ("family", "family", structure.families),
        ("family_variant", "family_variant", structure.family_variants),
    ):
        code = getattr(write, name)
        if code and code not in known:
            setattr(write, name, structure.current(kind, code))
    if write.categories:
        write.categories = _today(write.categories, "category", structure.categories, structure)
    if write.groups:
        write.groups = _today(write.groups, "group", structure.product_groups, structure)
    if write.associations:
        types = structure.association_types
        named = _today(write.associations, "association_type", types, structure)
        write.associations = dict(zip(named, write.associations.values(), strict=True))
    if ("attribute", "") in structure.aliases:
        write.values = {_address(a, structure): raw for a, raw in write.values.items()}


def renamed_products(names: Iterable[str]) -> dict[str, str]:
    """Return {old identifier: identifier} of those that are another product's old name."""
    rows = CodeAlias.objects.filter(kind="product", owner="", old__among=set(names))
    return dict(rows.values_list("old", "code"))


def _today(codes: Iterable[str], kind: str, known, structure: Structure) -> list[str]:
    return [code if code in known else structure.current(kind, code) for code in codes]


def _address(address: Address, structure: Structure) -> Address:
    attribute, channel, locale = address
    if attribute not in structure.attributes:
        attribute = structure.current("attribute", attribute)
    return Address(attribute, channel, locale)
