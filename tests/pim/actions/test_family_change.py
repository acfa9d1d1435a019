"""A product gets another family: what is lost, kept and missing; variants come along."""

import pytest

from pim.actions.family_change import change_family
from pim.actions.products import write_products
from pim.actions.publishing import publish_products, restore_product
from pim.content.refusals import Refused
from pim.models import (
    Attribute,
    Change,
    Channel,
    Completeness,
    Draft,
    Family,
    FamilyAttribute,
    FamilyVariant,
    FamilyVariantAttribute,
    Product,
    Requirement,
)
from pim.queries.drafts import read_drafts
from pim.queries.structure import forget_structure
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write
from tests.factories.rights import limited

pytestmark = pytest.mark.django_db
HOW = {"actor": ANNA, "at": NOW}


@pytest.fixture(autouse=True)
def _catalogue():
    """Beside lamps there are torches: without notes and care, with weight required."""
    lamp_catalogue()
    torch = Family.objects.create(code="torch")
    attributes = {a.code: a for a in Attribute.objects.all()}
    for code in ("sku", "name", "color", "size", "weight", "pieces"):
        FamilyAttribute.objects.create(family=torch, attribute=attributes[code])
    web = Channel.objects.get(code="web")
    Requirement.objects.create(family=torch, channel=web, attribute=attributes["weight"])
    by_color = FamilyVariant.objects.create(code="torch_color", family=torch)
    for code, axis in (("color", True), ("pieces", False)):
        FamilyVariantAttribute.objects.create(
            family_variant=by_color, attribute=attributes[code], level=1, axis=axis
        )
    by_size = FamilyVariant.objects.create(code="torch_size", family=torch)
    FamilyVariantAttribute.objects.create(
        family_variant=by_size, attribute=attributes["size"], level=1, axis=True
    )
    forget_structure()
    write(
        wish("A", family="lamp", at={"name||en": "Moon", "notes||": "Old", "care||": ["cold"]}),
        wish("M", role="model", family="lamp", family_variant="lamp_color",
             at={"name||en": "Model", "notes||": "Old", "pieces||": "3"}),
        wish("M-red", parent="M", at={"color||": "red", "care||": ["warm"]}),
        wish("M-blue", parent="M", at={"color||": "blue", "pieces||": "5"}),
    )  # fmt: skip


def pk(identifier: str) -> int:
    return Product.objects.get(identifier=identifier).pk


def draft(identifier: str):
    number = pk(identifier)
    return read_drafts([number])[number]


def placed() -> dict[str, tuple]:
    rows = Product.objects.order_by("identifier")
    return {
        name: place
        for name, *place in rows.values_list("identifier", "family__code", "family_variant__code")
    }


def stored() -> tuple:
    return (
        list(Product.objects.order_by("id").values()),
        list(Draft.objects.order_by("id").values()),
        list(Completeness.objects.order_by("id").values()),
        Change.objects.count(),
    )


def lost(change) -> list[tuple]:
    return sorted((one.product, one.attribute, one.moved) for one in change.lost)


def test_values_without_a_place_go_and_the_others_stay():
    change = change_family(pk("A"), family="torch", **HOW)
    assert lost(change) == [("A", "care", False), ("A", "notes", False)]
    assert (change.products, change.kept, change.stays_out) == (["A"], ["name"], [])
    assert change.missing == [("web", "weight", "")]
    assert draft("A").family == "torch"
    assert draft("A").values == {"en": {"name": {"": "Moon"}}}


def test_a_preview_says_the_same_and_changes_nothing():
    before = stored()
    seen = change_family(pk("M"), family="torch", family_variant="torch_color", dry_run=True, **HOW)
    assert stored() == before
    done = change_family(pk("M"), family="torch", family_variant="torch_color", **HOW)
    assert done == seen


def test_variants_come_along_and_values_go_where_they_live_now():
    change = change_family(pk("M"), family="torch", family_variant="torch_color", **HOW)
    assert change.products == ["M", "M-red", "M-blue"]
    assert lost(change) == [
        ("M", "notes", False), ("M", "pieces", True), ("M-red", "care", False),
    ]  # fmt: skip
    assert placed() == {
        "A": ["lamp", None],
        "M": ["torch", "torch_color"],
        "M-blue": ["torch", "torch_color"],
        "M-red": ["torch", "torch_color"],
    }
    assert draft("M").values == {"en": {"name": {"": "Model"}}}
    assert draft("M-red").values == {"": {"color": {"": "red"}, "pieces": {"": "3"}}}
    assert draft("M-blue").values == {"": {"color": {"": "blue"}, "pieces": {"": "5"}}}


@pytest.mark.parametrize(
    ("name", "wishes", "code"),
    [
        ("M-red", {"family": "torch"}, "family_of_model"),
        ("M", {"family": "torch"}, "wrong_family_variant"),
        ("M", {"family": "torch", "family_variant": "torch_size"}, "axis_missing"),
        ("M", {"family": "lamp", "family_variant": "lamp_color_size"}, "wrong_level"),
        ("A", {"family": "nothing"}, "unknown_code"),
        ("A", {"family": "torch", "expected_version": 99}, "conflict"),
    ],
)
def test_what_does_not_fit_is_refused_whole(name, wishes, code):
    before = stored()
    with pytest.raises(Refused) as refused:
        change_family(pk(name), **wishes, **HOW)
    assert (refused.value.code, stored()) == (code, before)


def test_versions_bring_the_old_family_back_with_the_variants():
    ids = [pk(name) for name in ("M", "M-red", "M-blue")]
    before = {name: draft(name).snapshot() for name in ("M", "M-red", "M-blue")}
    publish_products(ids, **HOW)
    change_family(pk("M"), family="torch", family_variant="torch_color", **HOW)
    publish_products(ids, **HOW)
    for number in ids:
        restore_product(number, number=1, **HOW)
    assert {name: draft(name).snapshot() for name in before} == before


def test_who_may_not_change_a_value_leaves_it_where_it_is():
    actor = limited(group={"data": "view"})
    change = change_family(pk("A"), family="torch", actor=actor, at=NOW)
    assert (lost(change), change.stays_out) == ([("A", "notes", False)], ["care"])
    blind = limited(group={"data": "none"}, category={"": "own"})
    change = change_family(
        pk("M"), family="torch", family_variant="torch_color", actor=blind, at=NOW
    )
    assert draft("M").values == {"en": {"name": {"": "Model"}}, "": {"pieces": {"": "3"}}}
    assert {one.attribute for one in change.lost} == {"notes"}
    with pytest.raises(Refused):
        change_family(pk("A"), family="lamp", actor=limited(group={"@structure": "edit"}), at=NOW)


def test_other_writes_keep_values_out_of_sight_and_bring_variants_too():
    results = write_products([wish("A", family="torch")], **HOW)
    assert (results[0].outcome, draft("A").values[""]["notes"]) == ("changed", {"": "Old"})
    write(wish("M", family="torch", family_variant="torch_color"))
    assert placed()["M-red"] == ["torch", "torch_color"]
    assert draft("M-red").values[""]["care"] == {"": ["warm"]}


def test_the_statements_do_not_depend_on_the_number_of_variants():
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            change_family(pk("M"), family="torch", family_variant="torch_color", dry_run=True,
                          **HOW)  # fmt: skip
        return len(queries)

    statements()
    two = statements()
    write(wish("M-none", parent="M", at={"color||": {"$state": "na"}}))
    assert statements() == two
