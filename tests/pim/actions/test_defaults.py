"""Default values of new products, and the largest file that an attribute takes."""

import pytest

from pim.models import Asset, Attribute, AttributeGroup, Family, FamilyAttribute, Product
from pim.queries.drafts import read_drafts
from tests.factories.catalogue import lamp_catalogue, wish, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _catalogue():
    lamp_catalogue()
    group = AttributeGroup.objects.first()
    flags = {"handmade": {}, "vegan": {"scopable": True}}
    for code, more in flags.items():
        made = Attribute.objects.create(
            code=code, kind="boolean", group=group, rules={"default": True}, **more
        )
        FamilyAttribute.objects.create(family=Family.objects.get(code="lamp"), attribute=made)


def values_of(identifier):
    product = Product.objects.get(identifier=identifier)
    values = read_drafts([product.pk])[product.pk].values.get("", {})
    return {code: values[code] for code in ("handmade", "vegan") if code in values}


def test_a_new_product_gets_the_defaults_of_its_family():
    results = write(wish("A", family="lamp"), wish("B"))
    assert [r.outcome for r in results] == ["created", "created"]
    assert values_of("A") == {"handmade": {"": True}, "vegan": {"print": True, "web": True}}
    assert values_of("B") == {}
    assert results[0].differences["handmade||"] == [None, True]


def test_what_was_wished_stays_also_where_it_is_nothing():
    write(wish("A", family="lamp", at={"handmade||": False, "vegan|web|": None}))
    assert values_of("A") == {"handmade": {"": False}, "vegan": {"print": True}}


def test_a_product_that_is_there_gets_none():
    write(wish("A"))
    write(wish("A", family="lamp"))
    assert values_of("A") == {}


def test_a_file_that_is_too_large_is_refused():
    picture = Attribute.objects.filter(kind="media").first()
    picture.rules = {**picture.rules, "max_megabytes": "1.5"}
    picture.save()
    for code, size in (("small", 1_500_000), ("large", 1_500_001)):
        Asset.objects.create(code=code, size=size, filename=code, kind="image")
    family = Family.objects.get(code="lamp")
    FamilyAttribute.objects.get_or_create(family=family, attribute=picture)
    good, bad = write(
        wish("A", at={f"{picture.code}||": ["small"]}),
        wish("B", at={f"{picture.code}||": ["large"]}),
    )
    assert good.outcome == "created"
    assert [r.code for r in bad.refusals] == ["too_large"]
    assert not Product.objects.filter(identifier="B").exists()
