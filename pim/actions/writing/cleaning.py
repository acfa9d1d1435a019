"""Cleaning: what is wished at an address in the canonical form of its kind, remembered."""

import uuid
from typing import Any

from pim.content.address import Address, check_address
from pim.content.kinds import clean
from pim.content.refusals import UnknownCode
from pim.content.structure import AttributeDef, Structure

from .batch import Batch, named_products

# Kinds whose values repeat from product to product: each is cleaned once.
_REPEATED = frozenset(
    {"select", "multiselect", "boolean", "number", "measurement", "price", "date"}
)
_TEXTS = frozenset({"text", "textarea", "richtext", "identifier"})
_REMEMBERED = 20_000


class Place:
    """An address that exists: its attribute, its key in change logs, and whether it is a value.

    `memo` holds what texts have become, where they repeat; None where they do not.
    """

    __slots__ = ("attribute", "is_text", "is_value", "key", "memo")

    def __init__(self, attribute: AttributeDef, key: str, *, is_value: bool, memo: dict | None):
        self.attribute, self.key, self.is_value, self.memo = attribute, key, is_value, memo
        self.is_text = attribute.kind in _TEXTS


def places_of(structure: Structure) -> dict[Address, Place]:
    """Return the places that were asked for so far."""
    return structure.__dict__.setdefault("_places", {})


def place_of(address: Address, structure: Structure) -> Place:
    """Return what an address stands for, checked once per structure; raise if nothing."""
    address = Address(*address)
    attribute = check_address(address, structure)
    memos = structure.__dict__.setdefault("_cleaned", {})
    memo = memos.setdefault(attribute.code, {}) if attribute.kind in _REPEATED else None
    is_value = attribute != structure.identifier_attribute
    place = Place(attribute, address.key(), is_value=is_value, memo=memo)
    places_of(structure)[address] = place
    return place


def clean_at(place: Place, raw: Any, batch: Batch) -> Any:
    """Return the canonical data of a wish, None where it means "no value"; raise `Refused`."""
    if raw is None:
        return None
    if place.is_text:
        return clean(place.attribute, raw, batch.structure)
    if place.memo is not None and (key := _key(raw)) is not None:
        data = place.memo.get(key)
        if data is None:
            if len(place.memo) > _REMEMBERED:
                place.memo.clear()
            data = place.memo[key] = clean(place.attribute, raw, batch.structure)
        return data
    return clean_value(place.attribute, raw, batch)


def clean_value(definition: AttributeDef, raw: Any, batch: Batch) -> Any:
    """Return the canonical data of a wish for an attribute, whatever its address."""
    if definition.kind == "product" and isinstance(raw, str | list | tuple):
        raw = [_uuid(name, definition, batch) for name in named_products(raw) if name]
    return clean(definition, raw, batch.structure)


def _key(raw: Any) -> Any:
    """Return what a wish is remembered by, None where it cannot be."""
    if type(raw) is str:
        return raw
    if type(raw) is dict and all(type(part) is str for part in raw.values()):
        return tuple(raw.items())
    if type(raw) is list and all(type(part) is str for part in raw):
        return (None, *raw)
    return None


def _uuid(name: str, definition: AttributeDef, batch: Batch) -> str:
    """Return the uuid of the product that `name` (an identifier or a uuid) stands for."""
    ref = batch.ref(name)
    if ref is not None:
        return ref.uuid
    try:
        canonical = str(uuid.UUID(name))
    except ValueError:
        canonical = ""
    if canonical in batch.by_uuid or batch.ref(canonical):
        return canonical
    raise UnknownCode(code="unknown_product", what="product", name=name, field=definition.code)
