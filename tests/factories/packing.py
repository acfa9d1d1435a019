"""Packaging for the lamp catalogue: an attribute of its own, and GTINs that are right."""

from pim.content.gtins import check_digit
from pim.models import Attribute, AttributeGroup, Family, FamilyAttribute, MeasurementFamily
from pim.queries.structure import forget_structure


def gtin(number: int, *, indicator: str = "") -> str:
    """Return the GTIN-13 of a number, with an indicator digit the GTIN-14 of a grouping."""
    digits = f"{indicator}642999900{number:03d}"
    return f"{digits}{check_digit(digits)}"


def with_packaging(**flags) -> Attribute:
    """Give the lamps an attribute `packs`, in a group of its own, and lengths to measure by."""
    units = [{"code": "MILLIMETER", "factor": "0.001"}, {"code": "METER", "factor": "1"}]
    MeasurementFamily.objects.create(code="Length", standard_unit="MILLIMETER", units=units)
    group = AttributeGroup.objects.create(code="logistics", sort_order=9)
    made = Attribute.objects.create(
        code="packs", kind="packaging", group=group, sort_order=50, labels={"en": "Packed in"},
        **flags,
    )  # fmt: skip
    FamilyAttribute.objects.create(
        family=Family.objects.get(code="lamp"), attribute=made, sort_order=50
    )
    forget_structure()
    return made
