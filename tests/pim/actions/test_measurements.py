"""The usual measurement families are made once, and convert."""

from decimal import Decimal

import pytest

from pim.actions.measurements import ensure_measurement_families
from pim.content.kinds.scalars import convert
from pim.models import LogEntry, MeasurementFamily
from pim.queries.structure import load_structure
from tests.factories.catalogue import ANNA, NOW

pytestmark = pytest.mark.django_db
HOW = {"actor": ANNA, "at": NOW}


def test_what_is_there_stays_and_the_rest_is_made_once():
    MeasurementFamily.objects.create(code="Weight", standard_unit="MINE", units=[])
    assert ensure_measurement_families(**HOW) > 20
    count = LogEntry.objects.count()
    assert ensure_measurement_families(**HOW) == 0
    assert LogEntry.objects.count() == count
    assert MeasurementFamily.objects.get(code="Weight").standard_unit == "MINE"


@pytest.mark.parametrize(
    ("family", "amount", "unit", "to", "result"),
    [
        ("Weight", "800", "GRAM", "KILOGRAM", "0.8"),
        ("Length", "1", "INCH", "CENTIMETER", "2.54"),
        ("Temperature", "100", "CELSIUS", "KELVIN", "373.15"),
        ("Area", "1", "HECTARE", "SQUARE_METER", "10000"),
        ("Speed", "36", "KILOMETER_PER_HOUR", "METER_PER_SECOND", "10"),
    ],
)
def test_the_units_convert(family, amount, unit, to, result):
    ensure_measurement_families(**HOW)
    definition = load_structure().measurements[family]
    found = convert(Decimal(amount), unit=unit, to=to, family=definition)
    assert round(found, 6) == Decimal(result)


def test_every_family_has_its_standard_unit_with_factor_one():
    ensure_measurement_families(**HOW)
    for family in load_structure().measurements.values():
        standard = family.units[family.standard_unit]
        assert (Decimal(standard["factor"]), Decimal(standard["offset"])) == (1, 0)
