"""Where a medium is used: products, categories and records, as far as somebody sees them."""

import pytest

from pim.content.rights import EVERYTHING
from pim.models import Asset, AttributeGroup
from pim.queries.media_uses import used_media, uses_of
from tests.factories.rights import grants, rights

from .test_media_rights import codes, shelf

pytestmark = pytest.mark.django_db


def told(code: str, held=EVERYTHING, **how) -> tuple:
    uses = uses_of(code, held, **how)
    names = [product.identifier for product in uses.products]
    return uses.count, names, [category.code for category in uses.categories], uses.in_records


def test_products_categories_and_records_are_named():
    shelf()
    assert told("shared") == (2, ["in2", "out2"], [], False)
    assert told("page") == (0, [], ["outdoor"], False)
    assert told("logo") == (1, ["out3"], [], True)
    assert told("house") == (0, [], [], True)
    assert (told("free"), bool(uses_of("free", EVERYTHING))) == ((0, [], [], False), False)
    assert told("shared", limit=1) == (2, ["in2"], [], False)


def test_only_what_may_be_seen_is_named_and_counted():
    shelf()
    held = rights(grants(category={"outdoor": "none"}))
    assert [told(code, held) for code in ("shared", "logo", "red")] == [
        (1, ["in2"], [], False),
        (0, [], [], True),
        (0, [], [], False),
    ]
    blind = rights(grants(group={"data": "none"}), grants(category={"*": "none"}))
    assert AttributeGroup.objects.filter(code="data").exists()
    assert told("shared", blind) == (0, [], [], False)


def test_each_role_shows_its_own_products():
    shelf()
    held = rights(
        grants(category={"*": "none", "indoor": "view"}),
        grants(category={"*": "none", "outdoor": "view"}, group={"data": "none"}),
    )
    assert told("shared", held) == (1, ["in2"], [], False)


def test_media_are_parted_by_whether_anything_uses_them():
    shelf()
    rows = Asset.objects.all()
    assert codes(used_media(rows, used=False)) == ["free"]
    assert len(codes(used_media(rows))) == rows.count() - 1


@pytest.mark.parametrize("code", ["free", "shared"])
def test_uses_cost_the_same_however_many_there_are(code, django_assert_num_queries):
    shelf()
    uses_of(code, EVERYTHING)  # the structure is read
    with django_assert_num_queries(4):
        uses_of(code, EVERYTHING)
