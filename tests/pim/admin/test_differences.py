"""Values in plain words, as tables of differences show them."""

import pytest

from pim.admin.differences import Words, difference_rows, plain
from pim.models import Category, MeasurementFamily
from pim.queries.structure import load_structure
from tests.factories.catalogue import lamp_catalogue


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
