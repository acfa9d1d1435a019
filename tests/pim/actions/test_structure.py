"""Structure: every change reaches the log, and the kept structure follows it."""

import pytest

from pim.actions.structure import move_category, record_structure_change
from pim.content.refusals import InvalidValue, UnknownCode
from pim.models import Attribute, Category, Change, LogEntry
from pim.queries.structure import load_structure
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue

pytestmark = pytest.mark.django_db
HOW = {"actor": ANNA, "at": NOW}


@pytest.fixture(autouse=True)
def _catalogue():
    lamp_catalogue()


def test_the_structure_is_kept_until_the_log_tells_of_a_change(django_assert_num_queries):
    first = load_structure()
    with django_assert_num_queries(1):
        assert load_structure() is first
    Attribute.objects.filter(code="notes").update(labels={"en": "Notes"})
    record_structure_change("attribute", ["notes"], **HOW)
    assert load_structure().attributes["notes"].labels == {"en": "Notes"}
    assert load_structure().seq == 1


def test_a_change_is_noted_per_code_and_logged_once():
    detail = {"notes": {"labels": [{}, {"en": "Notes"}]}}
    record_structure_change("attribute", ["notes", "name"], detail=detail, **HOW)
    assert list(Change.objects.order_by("id").values_list("subject", "detail")) == [
        ("attribute:notes", detail["notes"]),
        ("attribute:name", {}),
    ]
    assert list(LogEntry.objects.values_list("kind", "scope")) == [
        ("structure", {"kind": "attribute", "codes": ["notes", "name"]})
    ]


def test_moving_a_category_moves_everything_below_it():
    move_category("outdoor", parent="indoor", **HOW)
    move_category("indoor", parent="", **HOW)
    paths = {c.code: c.path for c in Category.objects.all()}
    ids = {c.code: c.pk for c in Category.objects.all()}
    assert paths["indoor"] == f"/{ids['indoor']}/"
    assert paths["outdoor"] == f"/{ids['indoor']}/{ids['outdoor']}/"
    assert load_structure().categories["outdoor"].path == ("indoor", "outdoor")
    assert LogEntry.objects.latest("seq").scope == {
        "kind": "category",
        "codes": ["indoor", "outdoor"],
    }


@pytest.mark.parametrize(
    ("code", "parent", "refusal"),
    [("master", "indoor", InvalidValue), ("nope", "", UnknownCode), ("indoor", "x", UnknownCode)],
)
def test_a_category_cannot_hang_anywhere(code, parent, refusal):
    before = list(Category.objects.values())
    with pytest.raises(refusal):
        move_category(code, parent=parent, **HOW)
    assert list(Category.objects.values()) == before
    assert LogEntry.objects.count() == 0
