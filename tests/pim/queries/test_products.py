"""Searching: every operator finds exactly what it says, inherited values included."""

from decimal import Decimal

import pytest

from pim.actions.publishing import publish_products, withdraw_products
from pim.content.refusals import Refused
from pim.models import Product
from pim.queries.products import Condition, search
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write

pytestmark = pytest.mark.django_db
HOW = {"actor": ANNA, "at": NOW}


@pytest.fixture(autouse=True)
def _catalogue():
    lamp_catalogue()
    at = {"name||en": "Desk lamp", "price||": {"EUR": "9"}, "name||fi": "x", "name||sv": "y"}
    write(
        wish("M", role="model", family="lamp", family_variant="lamp_color", at=at),
        wish("M-red", parent="M", at={"color||": "red"}),
        wish("A", categories=["indoor"], at={"pieces||": "12.5", "care||": ["cold", "warm"]}),
        wish("B", categories=["outdoor"], enabled=False, at={"pieces||": "3"}),
    )


def found(*args, **asked) -> str:
    names = search(*args, **asked).order_by("identifier").values_list("identifier", flat=True)
    return " ".join(names)


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"text": "desk"}, "M M-red"),
        ({"text": "m-r"}, "M-red"),
        ({"families": ["lamp"]}, "M M-red"),
        ({"categories": ["master"]}, "A B"),
        ({"categories": ["indoor"]}, "A"),
        ({"role": "model"}, "M"),
        ({"enabled": False}, "B"),
        ({"complete": ("web", "=", 100)}, "A B M M-red"),
        ({"complete": ("print", "<", 100)}, "M M-red"),
        ({"complete": ("print", ">=", 51)}, "A B"),
    ],
)
def test_a_search_finds(asked, names):
    assert found(**asked) == names


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        (("color", "=", "red"), "M-red"),
        (("color", "!=", "red"), "A B M"),
        (("color", "in", ["red", "blue"]), "M-red"),
        (("color", "not in", ["blue"]), "A B M M-red"),
        (("color", "empty", None), "A B M"),
        (("color", "not empty", None), "M-red"),
        (("care", "=", "warm"), "A"),
        (("pieces", ">", "3"), "A"),
        (("pieces", ">=", 3), "A B"),
        (("pieces", "<", Decimal("12.5")), "B"),
        (("pieces", "<=", "12.50"), "A B"),
        (("pieces", "=", "12.500"), "A"),
    ],
)
def test_a_condition_finds(condition, names):
    assert found(conditions=[Condition(*condition)]) == names


def test_several_conditions_must_all_hold():
    conditions = [Condition("pieces", ">", 1), Condition("care", "=", "cold")]
    assert found(conditions=conditions) == "A"


def test_states_tell_draft_from_publication():
    ids = {p.identifier: p.id for p in Product.objects.all()}
    publish_products([ids["A"], ids["B"], ids["M"]], **HOW)
    withdraw_products([ids["B"]], **HOW)
    write(wish("A", at={"pieces||": "1"}))
    assert found(state="never") == "M-red"
    assert found(state="unpublished") == "A M-red"
    assert found(state="published") == "M"
    assert found(state="withdrawn") == "B"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"conditions": [Condition("notes", "=", "x")]}, "not_filterable"),
        ({"conditions": [Condition("nope", "=", "x")]}, "unknown_code"),
        ({"conditions": [Condition("color", "~", "x")]}, "unknown_code"),
        ({"conditions": [Condition("pieces", ">", "many")]}, "not_a_number"),
        ({"state": "nope"}, "unknown_code"),
        ({"complete": ("web", "~", 1)}, "unknown_code"),
    ],
)
def test_what_cannot_be_asked_is_refused(asked, code):
    with pytest.raises(Refused) as refused:
        search(**asked)
    assert refused.value.code == code


def test_a_search_is_one_statement(django_assert_num_queries):
    search("x")  # the structure is kept from here on
    conditions = [Condition("pieces", ">", 1)]
    with django_assert_num_queries(2):
        list(search("lamp", state="never", complete=("web", ">", 1), conditions=conditions))
