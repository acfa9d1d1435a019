"""Values in plain words, as tables of differences show them."""

import pytest

from pim.admin.differences import Words, difference_rows, plain, words_for
from pim.models import (
    AssociationType,
    Attribute,
    Category,
    Group,
    GroupType,
    MeasurementFamily,
    Product,
)
from pim.queries.structure import forget_structure, load_structure
from tests.factories.catalogue import lamp_catalogue, wish, write


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (None, "–"),
        ("<p>One</p><ul><li>a &amp; b</li><li>c</li></ul>", "One a & b c"),
        ("<b>not</b> rich &amp; 1 < 2", "<b>not</b> rich &amp; 1 < 2"),
        ("x" * 401, "x" * 400 + "…"),
        ({"amount": "2.5", "unit": "KILOGRAM"}, "2.5 KILOGRAM"),
        (["a", "b"], "a, b"),
    ],
)
def test_a_value_is_said_in_one_line(data, words):
    assert plain(data) == words


@pytest.mark.django_db
def test_differences_speak_of_options_and_units_by_their_names():
    lamp_catalogue()
    units = [{"code": "KILOGRAM", "symbol": "kg", "factor": "1"}]
    MeasurementFamily.objects.update(units=units)
    Category.objects.filter(code="indoor").update(labels={"en": "Indoors", "fi": "Sisällä"})
    detail = {
        "color||": ["red", "gone"],
        "weight||": [{"amount": "2.5", "unit": "KILOGRAM"}, None],
        "notes||": ["red", {"$state": "empty"}],
        "@categories": [["indoor"], ["gone", "indoor"]],
        "@family": ["gone", "lamp"],
    }
    rows = difference_rows(detail, Words(load_structure(), "en"))
    assert [(row["label"], row["before"], row["after"]) for row in rows] == [
        ("[color]", "[red]", "gone"),
        ("[weight]", "2.5 kg", "–"),
        ("[notes]", "red", "(empty on purpose)"),
        ("categories", "Indoors", "gone, Indoors"),
        ("family", "gone", "[lamp]"),
    ]


@pytest.mark.django_db
def test_differences_name_associations_groups_and_products_by_what_they_are_called(
    django_assert_num_queries,
):
    lamp_catalogue()
    write(wish("A"), wish("B"))
    a, b = (str(Product.objects.get(identifier=name).uuid) for name in "AB")
    AssociationType.objects.filter(code="set").update(labels={"en": "Delivered with"})
    Group.objects.create(
        code="summer", type=GroupType.objects.create(code="season"), labels={"en": "Summer"}
    )
    Attribute.objects.filter(code="care").update(kind="product")
    forget_structure()
    ties = {"set": {"products": [[a, 2]], "groups": ["summer"]}, "gone": {"products": [[b, None]]}}
    detail = {
        "@associations": [None, ties],
        "@groups": [["summer", "gone"], []],
        "care||": [["cold", "warm"], [a, "019b0000-0000-7000-8000-000000000000"]],
    }
    structure = load_structure()
    with django_assert_num_queries(2):
        words = words_for([detail, detail], structure, "en")
    rows = difference_rows(detail, words)
    assert [(row["label"], row["before"], row["after"]) for row in rows] == [
        ("associations", "–", "Delivered with: 2 × A, Summer; gone: B"),
        ("product groups", "Summer, gone", "–"),
        ("[care]", "cold, warm", "A, 019b0000-0000-7000-8000-000000000000"),
    ]
    with django_assert_num_queries(0):
        words_for([{"name||en": ["a", "b"]}], structure, "en")
