"""Whom media are shown to: a medium is in the branches of the products that use it."""

import pytest

from pim.content.rights import EVERYTHING, NOTHING, Level
from pim.models import (
    Asset,
    Category,
    FamilyVariant,
    Product,
    ReferenceEntity,
    ReferenceRecord,
)
from pim.queries.media_rights import is_hidden, rights_over, visible_media
from pim.queries.structure import forget_structure
from tests.factories.catalogue import lamp_catalogue, wish, write
from tests.factories.rights import grants, rights

pytestmark = pytest.mark.django_db
ALL = ["both", "free", "house", "inside", "logo", "outside", "page", "red", "root", "shared"]
INDOOR = {"*": "none", "indoor": "view"}


def shelf() -> None:
    """Store media of one branch, of both, of none, of categories, records and a variant's model."""
    lamp_catalogue()
    for code in (*ALL, "gone"):
        Asset.objects.create(code=code, filename=f"{code}.png", kind="image", size=1)
    Asset.objects.filter(code="gone").delete()
    made = {"family": "lamp"}
    done = write(
        wish("in", **made, categories=["indoor"], at={"photo||": ["inside"]}),
        wish("out", **made, categories=["outdoor"], at={"photo||": ["outside"]}),
        wish("two", **made, categories=["indoor", "outdoor"], at={"photo||": ["both"]}),
        wish("in2", **made, categories=["indoor"], at={"photo||": ["shared"]}),
        wish("out2", **made, categories=["outdoor"], at={"photo||": ["shared"]}),
        wish("out3", **made, categories=["outdoor"], at={"photo||": ["logo"]}),
        wish("empty", **made, categories=["outdoor"], at={"photo||": None}),
        wish("M", role="model", **made, family_variant="lamp_color_size", categories=["outdoor"]),
        wish("M-red", role="model", parent="M", at={"color||": "red", "photo||": ["red"]}),
        wish("M-red-s", parent="M-red", categories=["indoor"], at={"size||": "s"}),
    )
    assert {result.outcome for result in done} == {"created"}
    house, page = (Asset.objects.get(code=code) for code in ("house", "page"))
    Category.objects.filter(code="outdoor").update(image=page)
    Category.objects.filter(code="master").update(image=Asset.objects.get(code="root"))
    maker = ReferenceEntity.objects.get(code="maker")
    maker.image, maker.fields = house, [{"code": "logo", "kind": "media"}]
    maker.save()
    ReferenceRecord.objects.filter(code="aino").update(values={"logo": {"": "logo"}})
    forget_structure()


def codes(rows) -> list[str]:
    return sorted(rows.values_list("code", flat=True))


@pytest.mark.parametrize(
    ("branches", "hidden"),
    [
        ({}, []),
        (INDOOR, ["outside", "page", "root"]),
        ({"*": "view", "outdoor": "none"}, ["outside", "page"]),
        ({"*": "none", "outdoor": "view"}, ["inside", "root"]),
        ({"*": "none"}, ["both", "inside", "outside", "page", "red", "root", "shared"]),
        ({"": "none"}, []),
    ],
)
def test_media_are_in_the_branches_of_what_uses_them(branches, hidden):
    shelf()
    held = rights(grants(category=branches))
    expected = [code for code in ALL if code not in hidden]
    assert codes(visible_media(Asset.objects.all(), held)) == expected
    assert [code for code in (*ALL, "none") if is_hidden(code, held)] == hidden


def test_a_variant_shows_what_its_model_has_without_any_family_variant():
    shelf()
    Product.objects.update(family_variant=None)
    FamilyVariant.objects.all().delete()
    forget_structure()
    assert "red" in codes(visible_media(Asset.objects.all(), rights(grants(category=INDOOR))))


def test_two_roles_show_the_media_of_both():
    shelf()
    held = rights(grants(category=INDOOR), grants(category={"*": "none", "outdoor": "view"}))
    assert codes(visible_media(Asset.objects.all(), held)) == [c for c in ALL if c != "root"]


def test_nobody_sees_nothing_and_the_unlimited_all():
    shelf()
    assert codes(visible_media(Asset.objects.all(), NOTHING)) == []
    assert codes(visible_media(Asset.objects.all(), EVERYTHING)) == ALL


def test_a_level_is_the_highest_of_the_products(db):
    shelf()
    held = rights(
        grants(category={"*": "view", "indoor": "edit"}),
        grants(category={"*": "none", "outdoor": "publish"}, locale="view"),
    )
    found = codes(visible_media(Asset.objects.all(), held, at_least=Level.EDIT))
    assert found == [code for code in ALL if code != "root"]
    levels = {
        code: rights_over(Asset.objects.get(code=code), held).locale("en")
        for code in ("inside", "outside", "shared", "free", "root")
    }
    assert levels == {
        "inside": Level.PUBLISH,
        "outside": Level.VIEW,
        "shared": Level.PUBLISH,
        "free": Level.PUBLISH,
        "root": Level.NONE,
    }


def test_without_limits_on_branches_it_costs_nothing(django_assert_num_queries):
    lamp_catalogue()
    held = rights(grants(locale={"*": "view"}), grants(category={"*": "edit", "indoor": "own"}))
    asset = Asset.objects.create(code="a", filename="a.png", kind="image", size=1)
    with django_assert_num_queries(0):
        rows = Asset.objects.all()
        assert visible_media(rows, held) is rows
        assert rights_over(asset, held) == held


def test_one_and_three_media_take_the_same_statements(django_assert_num_queries):
    shelf()
    held = rights(grants(category=INDOOR))
    codes(visible_media(Asset.objects.all(), held))  # the structure is read
    for names in (["inside"], ["inside", "outside", "free"]):
        with django_assert_num_queries(2):
            codes(visible_media(Asset.objects.filter(code__in=names), held))
