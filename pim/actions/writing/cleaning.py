"""Cleaning: what is wished at an address in the canonical form of its kind, remembered."""

import uuid
from typing import Any, NamedTuple

from pim.content.address import Address, check_address
from pim.content.kinds import clean
from pim.content.refusals import UnknownCode
from pim.content.structure import AttributeDef, Structure

from .batch import Batch, named_products
from .quick import Cleaner, quick_cleaner

# Kinds whose values repeat from product to product: each is cleaned once.
_REPEATED = frozenset(
    {"select", "multiselect", "boolean", "number", "measurement", "price", "date"}
)
_REMEMBERED = 5_000


class Place(NamedTuple):
    """An address that exists: its attribute, its key in change logs, whether it is a value,
    and what cleans its values; None where that takes the batch."""

    attribute: AttributeDef
    key: str
    is_value: bool
    clean: Cleaner | None


def places_of(structure: Structure) -> dict[Address, Place]:
    """Return the places that were asked for so far."""
    return structure.__dict__.setdefault("_places", {})


def place_of(address: Address, structure: Structure) -> Place:
    """Return what an address stands for, checked once per structure; raise if nothing."""
    address = Address(*address)
    attribute = check_address(address, structure)
    is_value = attribute != structure.identifier_attribute
    place = Place(attribute, address.key(), is_value, _cleaner(attribute, structure))
    places_of(structure)[address] = place
    return place


def clean_at(place: Place, raw: Any, batch: Batch) -> Any:
    """Return the canonical data of a wish, None where it means "no value"; raise `Refused`."""
    if raw is None:
        return None
    return place.clean(raw) if place.clean else clean_value(place.attribute, raw, batch)


def _cleaner(attribute: AttributeDef, structure: Structure) -> Cleaner | None:
    """Return the cleaner of an attribute, made once per structure; None if it takes the batch."""
    made = structure.__dict__.setdefault("_cleaners", {})
    if attribute.kind == "product":
        return None
    if attribute.code not in made:
        kept = attribute.kind in _REPEATED
        slow = (_remembering if kept else _plain)(attribute, structure)
        made[attribute.code] = quick_cleaner(attribute, structure, slow=slow)
    return made[attribute.code]


def _plain(attribute: AttributeDef, structure: Structure) -> Cleaner:
    def cleaned(raw: Any) -> Any:
        return clean(attribute, raw, structure)

    return cleaned


def _remembering(attribute: AttributeDef, structure: Structure) -> Cleaner:
    memo: dict[Any, Any] = {}

    def cleaned(raw: Any) -> Any:
        key = _key(raw)
        if key is None:
            return clean(attribute, raw, structure)
        data = memo.get(key)
        if data is None:
            if len(memo) > _REMEMBERED:
                memo.clear()
            data = memo[key] = clean(attribute, raw, structure)
        return data

    return cleaned


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
