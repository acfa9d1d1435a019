"""The GTINs of packaging are kept per context as long as the product is live there."""

import pytest

from pim.models import Attribute, AttributeGroup, Audience
from pim.queries.structure import forget_structure
from syndication.actions.listings import upkeep
from syndication.models import ListingGtin
from tests.factories.lamps import NOW, build_structure, names, publish, withdraw

from .test_listings import body, listing

pytestmark = pytest.mark.django_db
CASE, PALLET = "16429999001019", "26429999001016"
LEVELS = [
    {"level": "each", "base_units": 1},
    {"level": "case", "gtin": CASE, "contains": "each", "quantity": 6, "base_units": 6},
]


@pytest.fixture(autouse=True)
def _structure():
    build_structure()
    group = AttributeGroup.objects.get(code="all")
    Attribute.objects.create(code="packs", kind="packaging", group=group, sort_order=90)
    forget_structure()


def packed(levels=LEVELS) -> dict:
    named = names(en="Lamp")
    return {**named, "": {**named.get("", {}), "packs": {"": levels}}}


def kept() -> set[tuple]:
    return set(ListingGtin.objects.values_list("channel", "audience", "gtin"))


def test_live_listings_carry_the_levels_and_their_numbers():
    publish("L-1", packed())
    upkeep(at=NOW)
    assert body("L-1")["values"]["packs"] == [LEVELS, "own", ""]
    assert kept() == {
        ("print", "consumer", CASE),
        *(("web", who, CASE) for who in ("consumer", "reseller", "technician")),
    }


def test_numbers_follow_what_is_published():
    product = publish("L-1", packed())
    upkeep(at=NOW)
    publish("L-1", packed([LEVELS[0], LEVELS[1] | {"gtin": PALLET}]))
    upkeep(at=NOW)
    assert {gtin for _channel, _audience, gtin in kept()} == {PALLET}
    withdraw(product)
    upkeep(at=NOW)
    assert (listing("L-1").state, kept()) == ("removed", set())


def test_an_audience_that_may_not_read_packaging_has_no_numbers():
    Attribute.objects.get(code="packs").audiences.set([Audience.objects.get(code="reseller")])
    forget_structure()
    publish("L-1", packed())
    upkeep(at=NOW)
    assert kept() == {("web", "reseller", CASE)}
    assert "packs" not in body("L-1")["values"]
