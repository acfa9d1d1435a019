"""Taking a remodelling back leaves later edits of the same rows alone, and says what clashes."""

import pytest

from pim.actions.remodel.keeping import STRUCTURE
from pim.models import (
    Attribute,
    AttributeOption,
    Audience,
    Family,
    FamilyAttribute,
    FamilyVariantAttribute,
    JobLine,
    Requirement,
)
from pim.queries.structure import forget_structure
from tests.factories.catalogue import lamp_catalogue

from .test_remodel import lamps, run, undo, values

pytestmark = pytest.mark.django_db
NOTES = {"attribute": "notes", "to": "select"}


@pytest.fixture(autouse=True)
def _catalogue():
    lamp_catalogue()


def notes() -> Attribute:
    return Attribute.objects.get(code="notes")


def told(job) -> list[tuple[str, str]]:
    lines = JobLine.objects.filter(job=job, code="changed_since").order_by("id")
    return list(lines.values_list("subject", "column"))


def test_a_later_edit_of_another_field_stays():
    lamps({"notes||": "Soft"})
    Attribute.objects.filter(code="notes").update(rules={"max_length": 50})
    forget_structure()
    job = run("convert", **NOTES)
    assert (notes().kind, notes().rules) == ("select", {})
    Attribute.objects.filter(code="notes").update(labels={"en": "Remarks"}, sort_order=99)
    back = undo(job)
    row = notes()
    assert (back.state, told(back)) == ("done", [])
    assert (row.kind, row.rules, row.labels, row.sort_order) == (
        "textarea", {"max_length": 50}, {"en": "Remarks"}, 99,
    )  # fmt: skip


def test_a_later_edit_of_the_same_field_stays_and_is_told():
    lamps({"notes||": "Soft"})
    Attribute.objects.filter(code="notes").update(rules={"max_length": 50})
    forget_structure()
    job = run("convert", **NOTES)
    Attribute.objects.filter(code="notes").update(rules={"max_items": 2})
    back = undo(job)
    assert (back.state, notes().kind, notes().rules) == ("done", "textarea", {"max_items": 2})
    assert told(back) == [("notes", "rules")]
    assert back.counts[STRUCTURE] == {"noted": 1}


def test_a_kind_that_was_changed_again_refuses_the_whole():
    pk = lamps({"notes||": "Soft"})[0]
    job = run("convert", **NOTES)
    again = run("convert", attribute="notes", to="multiselect")
    before = (values(pk), list(Attribute.objects.values()), list(AttributeOption.objects.values()))
    back = undo(job)
    assert back.state == "failed"
    assert "changed since (kind)" in back.cause
    assert (
        values(pk), list(Attribute.objects.values()), list(AttributeOption.objects.values())
    ) == before  # fmt: skip
    assert (undo(again).state, undo(job).state, notes().kind) == ("done", "done", "textarea")


def test_an_option_that_is_there_again_stays_and_values_come_back():
    pk = lamps({"color||": "red"})[0]
    job = run("merge_options", attribute="color", options=["red"], into="blue")
    color = Attribute.objects.get(code="color")
    AttributeOption.objects.create(attribute=color, code="red", labels={"en": "New red"})
    back = undo(job)
    assert (back.state, values(pk)[""]["color"], told(back)) == (
        "done", {"": "red"}, [("red", "attributeoption")],
    )  # fmt: skip
    assert AttributeOption.objects.get(code="red").labels == {"en": "New red"}


def test_a_family_keeps_what_was_edited_since():
    Family.objects.update(image_attribute=None)
    forget_structure()
    lamps({"name||en": "Lamp"})
    job = run("remove_from_family", family="lamp", attribute="name")
    assert Family.objects.get().label_attribute is None
    sku = Attribute.objects.get(code="sku")
    Family.objects.update(labels={"en": "Lamps"}, label_attribute=sku)
    lamp, name = Family.objects.get(), Attribute.objects.get(code="name")
    FamilyAttribute.objects.create(family=lamp, attribute=name, sort_order=77)
    back = undo(job)
    assert (Family.objects.get().labels, Family.objects.get().label_attribute) == (
        {"en": "Lamps"}, sku,
    )  # fmt: skip
    assert FamilyAttribute.objects.get(attribute=name).sort_order == 77
    assert Requirement.objects.filter(attribute=name).count() == 2
    assert [column for _subject, column in told(back)] == ["familyattribute", "label_attribute"]


def test_an_attribute_that_is_there_again_refuses_the_whole():
    lamps({"notes||": "Soft"})
    job = run("delete_attribute", attribute="notes")
    group = Attribute.objects.first().group
    Attribute.objects.create(code="notes", kind="number", group=group)
    back = undo(job)
    assert (back.state, notes().kind) == ("failed", "number")


def test_a_deleted_attribute_comes_back_with_its_audiences_and_without_lost_families():
    notes().audiences.set([Audience.objects.get(code="consumer")])
    forget_structure()
    pk = lamps({"notes||": "Soft"})[0]
    job = run("delete_attribute", attribute="notes")
    assert undo(job).state == "done"
    assert [a.code for a in notes().audiences.all()] == ["consumer"]
    assert values(pk)[""]["notes"] == {"": "Soft"}


def test_a_level_that_was_changed_again_refuses_the_whole():
    params = {"family_variant": "lamp_color", "attribute": "notes"}
    job = run("move_level", **params, level=1)
    again = run("move_level", **params, level=0)
    placed = FamilyVariantAttribute.objects.filter(attribute__code="notes")
    assert (again.state, undo(job).state, placed.count()) == ("done", "failed", 0)
    assert (undo(again).state, placed.get().level) == ("done", 1)
    assert (undo(job).state, placed.count()) == ("done", 0)


def test_a_level_that_was_moved_on_refuses_the_whole():
    params = {"family_variant": "lamp_color_size", "attribute": "notes"}
    job = run("move_level", **params, level=1)
    run("move_level", **params, level=2)
    placed = FamilyVariantAttribute.objects.filter(attribute__code="notes")
    assert (undo(job).state, placed.get().level) == ("failed", 2)
