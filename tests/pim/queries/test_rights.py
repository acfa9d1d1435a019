"""Whose rights are what, and which products they show."""

import pytest
from django.contrib.auth.models import AnonymousUser, User

from pim.actions.roles import delete_role, save_role
from pim.content.rights import EVERY_GRANT, EVERYTHING, NOTHING, Level, NotAllowed
from pim.models import Change, Product, Role
from pim.queries.rights import categories_of, rights_of, searchable_products, visible_products
from pim.queries.structure import load_structure
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write
from tests.factories.rights import grants, limited, rights

pytestmark = pytest.mark.django_db


def shelf():
    """Write one product per branch, one in none, and a model with a variant."""
    lamp_catalogue()
    write(
        wish("in", family="lamp", categories=["indoor"]),
        wish("out", family="lamp", categories=["outdoor"]),
        wish("both", family="lamp", categories=["indoor", "outdoor"]),
        wish("root", family="lamp", categories=["master"]),
        wish("none", family="lamp"),
        wish("M", role="model", family="lamp", family_variant="lamp_color", categories=["outdoor"]),
        wish("M-red", parent="M", at={"color||": "red"}),
    )


def names(found) -> list[str]:
    return list(found.order_by("identifier").values_list("identifier", flat=True))


@pytest.mark.parametrize(
    ("branches", "shown"),
    [
        ({"*": "none", "indoor": "view"}, ["both", "in"]),
        ({"*": "none", "outdoor": "view"}, ["M", "M-red", "both", "out"]),
        ({"*": "none", "master": "view"}, ["M", "M-red", "both", "in", "out", "root"]),
        ({"outdoor": "none"}, ["both", "in", "none", "root"]),
        ({"*": "none", "": "view"}, ["none"]),
        ({"": "none"}, ["M", "M-red", "both", "in", "out", "root"]),
        ({"*": "none"}, []),
        ({}, ["M", "M-red", "both", "in", "none", "out", "root"]),
    ],
)
def test_category_branches_show_their_products(branches, shown):
    shelf()
    held = rights(grants(category=branches))
    assert names(visible_products(Product.objects.all(), held)) == shown


def test_two_roles_show_the_products_of_both():
    shelf()
    held = rights(
        grants(category={"*": "none", "indoor": "view"}), grants(category={"*": "none", "": "view"})
    )
    assert names(visible_products(Product.objects.all(), held)) == ["both", "in", "none"]


def test_a_level_asked_for_narrows_further():
    shelf()
    held = rights(grants(category={"*": "view", "indoor": "own"}))
    found = visible_products(Product.objects.all(), held, at_least=Level.OWN)
    assert names(found) == ["both", "in"]


def test_a_hidden_attribute_can_neither_filter_nor_sort():
    shelf()
    held = rights(
        grants(category={"*": "none", "indoor": "view"}, group={"data": "none"}),
        grants(category={"*": "none", "outdoor": "view"}),
    )
    color = load_structure().attributes["color"]
    found = searchable_products(Product.objects.all(), held, color)
    assert names(found) == ["M", "M-red", "both", "out"]
    blind = rights(grants(group={"data": "none"}))
    with pytest.raises(NotAllowed) as refusal:
        searchable_products(Product.objects.all(), blind, color)
    assert refusal.value.code == "hidden_attribute"


def test_categories_of_a_variant_are_those_of_its_models(django_assert_num_queries):
    shelf()
    ids = dict(Product.objects.values_list("identifier", "pk"))
    structure = load_structure()
    with django_assert_num_queries(3):
        found = categories_of(ids.values(), structure)
    assert {name: sorted(found[pk]) for name, pk in ids.items()} == {
        "in": ["indoor"],
        "out": ["outdoor"],
        "both": ["indoor", "outdoor"],
        "root": ["master"],
        "none": [],
        "M": ["outdoor"],
        "M-red": ["outdoor"],
    }


def test_rights_come_from_roles_unless_nothing_or_nobody_limits_them():
    plain = User.objects.create_user("plain")
    boss = User.objects.create_superuser("boss")
    gone = User.objects.create_user("gone", is_active=False)
    finn = User.objects.create_user("finn")
    whole = User.objects.create_user("whole")
    document = grants(locale={"*": "view", "fi": "edit"})
    save_role("finnish", grants=document, users=[finn, boss, whole], actor=ANNA, at=NOW)
    save_role("all", grants=EVERY_GRANT, users=[whole], actor=ANNA, at=NOW)
    users = [plain, boss, gone, finn, whole, None, AnonymousUser()]
    assert [rights_of(user) for user in users] == [
        EVERYTHING,
        EVERYTHING,
        NOTHING,
        rights(document),
        EVERYTHING,
        NOTHING,
        NOTHING,
    ]


def test_a_role_gives_its_permissions_and_takes_them_along():
    user = User.objects.create_user("finn")
    how = {"actor": ANNA, "at": NOW}
    role = save_role(
        "finnish",
        labels={"en": "Finnish"},
        grants=grants(),
        permissions=["pim.view_product"],
        users=[user],
        **how,
    )
    assert User.objects.get(pk=user.pk).has_perm("pim.view_product")
    assert Change.objects.get(subject="role:finnish").detail["users"] == [None, ["finn"]]
    save_role("finnish", grants=grants(), **how)
    assert Change.objects.filter(subject="role:finnish").count() == 1
    delete_role(role, **how)
    assert not User.objects.get(pk=user.pk).has_perm("pim.view_product")
    assert Role.objects.count() == 0


def test_who_is_limited_changes_no_role():
    role = save_role("finnish", grants=grants(locale="view"), actor=ANNA, at=NOW)
    before = list(Role.objects.values())
    with pytest.raises(NotAllowed):
        save_role("finnish", grants=EVERY_GRANT, actor=limited(locale="own"), at=NOW)
    with pytest.raises(NotAllowed):
        delete_role(role, actor=limited(locale="own"), at=NOW)
    assert list(Role.objects.values()) == before
