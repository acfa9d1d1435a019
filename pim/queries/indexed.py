"""What the narrow index of values holds: which attributes, and measurements in which unit."""

from decimal import Decimal

from pim.content.kinds.scalars import convert
from pim.content.packaging import packaging_attributes
from pim.content.structure import AttributeDef, Structure


def indexed_attributes(structure: Structure) -> frozenset[str]:
    """Return the attributes that are indexed: those that are searched, and media.

    The rows of media say which product uses which: they decide whom a medium is shown to.
    """
    cache = structure.__dict__
    if "_indexed_codes" not in cache:
        cache["_indexed_codes"] = searched_attributes(structure) | media_attributes(structure)
    return cache["_indexed_codes"]


def searched_attributes(structure: Structure) -> frozenset[str]:
    """Return the attributes that are found by the index: filterable, unique, packaging, naming."""
    cache = structure.__dict__
    if "_searched_codes" not in cache:
        asked = {a.code for a in structure.attributes.values() if a.filterable or a.unique}
        asked |= packaging_attributes(structure)
        cache["_searched_codes"] = frozenset(asked | name_attributes(structure))
    return cache["_searched_codes"]


def media_attributes(structure: Structure) -> frozenset[str]:
    """Return the attributes that hold media; kept while the structure is."""
    cache = structure.__dict__
    if "_media_codes" not in cache:
        found = (a.code for a in structure.attributes.values() if a.kind == "media")
        cache["_media_codes"] = frozenset(found)
    return cache["_media_codes"]


def name_attributes(structure: Structure) -> frozenset[str]:
    """Return the attributes that name products; they are indexed like filterable ones."""
    cache = structure.__dict__
    if "_name_codes" not in cache:
        labels = {f.label_attribute for f in structure.families.values() if f.label_attribute}
        named = {a.code for a in structure.attributes.values() if a.role == "name"}
        cache["_name_codes"] = frozenset((labels | named) & set(structure.attributes))
    return cache["_name_codes"]


def standard_amount(
    amount: Decimal, unit: str, attribute: AttributeDef, structure: Structure
) -> Decimal:
    """Return a measurement in its family's standard unit: what the index holds."""
    family = structure.measurements.get(attribute.measurement_family)
    unit = unit or attribute.default_unit
    if family is None or unit not in family.units or family.standard_unit not in family.units:
        return amount
    return convert(amount, unit=unit, to=family.standard_unit, family=family)
