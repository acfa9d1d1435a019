"""Levels: what one role allows, what several allow together, and what masks leave out."""

import pytest

from pim.content.masks import visible_keys, visible_missing, visible_values
from pim.content.rights import (
    EVERYTHING,
    NOTHING,
    Level,
    Rights,
    Scale,
    read_grants,
)
from pim.content.structure import CategoryDef
from tests.factories.rights import grants, rights
from tests.factories.structures import small_structure


def branches():
    """Return the small structure with the trees master › lamps › desk and shop."""
    return small_structure(
        categories={
            "master": CategoryDef("master", path=("master",)),
            "lamps": CategoryDef("lamps", "master", path=("master", "lamps")),
            "desk": CategoryDef("desk", "lamps", path=("master", "lamps", "desk")),
            "shop": CategoryDef("shop", path=("shop",)),
        }
    )


def test_what_a_document_does_not_mention_is_not_allowed():
    read = read_grants({"group": {"*": "edit"}})
    assert (read.group.of("texts"), read.locale.of("fi")) == (Level.EDIT, Level.NONE)
    assert read_grants({"group": {"*": "everything"}}).group.of("texts") == Level.NONE


def test_the_grant_nearest_to_a_category_counts():
    scale = Scale(Level.VIEW, (("desk", Level.NONE), ("lamps", Level.EDIT)))
    paths = [("master",), ("master", "lamps"), ("master", "lamps", "desk"), ("shop",)]
    assert [scale.nearest(path) for path in paths] == [
        Level.VIEW,
        Level.EDIT,
        Level.NONE,
        Level.VIEW,
    ]


def test_a_product_in_several_branches_has_the_highest_level():
    some = rights(grants(category={"*": "none", "lamps": "edit", "shop": "own", "": "view"}))
    structure = branches()
    levels = {
        "desk": some.on({"desk"}, structure).level,
        "both": some.on({"desk", "shop"}, structure).level,
        "none": some.on((), structure).level,
        "other": some.on({"master"}, structure).level,
    }
    assert levels == {
        "desk": Level.EDIT,
        "both": Level.OWN,
        "none": Level.VIEW,
        "other": Level.NONE,
    }


def test_an_address_has_the_lowest_of_its_levels():
    some = rights(
        grants(
            group={"texts": "own"},
            locale={"*": "view", "sv": "publish", "": "edit"},
            channel={"print": "none"},
        )
    )
    structure = branches()
    held = some.on({"lamps"}, structure)
    story, notes = structure.attributes["story"], structure.attributes["notes"]
    assert held.value(story, "web", "sv") == Level.OWN
    assert held.value(story, "web", "en") == Level.VIEW
    assert held.value(story, "print", "sv") == Level.NONE
    assert held.value(notes, "", "") == Level.EDIT


def test_two_roles_allow_what_one_of_them_allows_and_no_mixture():
    one = grants(group={"*": "none", "texts": "edit"}, locale={"*": "none", "sv": "edit"})
    two = grants(group={"*": "none", "main": "edit"}, locale={"*": "none", "": "edit"})
    both = rights(one, two)
    structure = branches()
    held = both.on({"lamps"}, structure)
    assert held.value(structure.attributes["name"], "", "sv") == Level.EDIT
    assert held.value(structure.attributes["pieces"], "", "") == Level.EDIT
    assert held.value(structure.attributes["notes"], "", "") == Level.NONE


def test_a_role_reaches_its_values_in_its_own_branch_only():
    one = grants(group={"*": "none", "texts": "edit"}, category={"*": "none", "lamps": "edit"})
    two = grants(group={"*": "none", "main": "edit"}, category={"*": "none", "shop": "edit"})
    structure = branches()
    held = rights(one, two).on({"shop"}, structure)
    assert held.value(structure.attributes["name"], "", "sv") == Level.NONE
    assert held.value(structure.attributes["pieces"], "", "") == Level.EDIT


def test_the_value_of_an_attribute_that_is_gone_has_the_lowest_level():
    assert rights(grants(group={"secret": "none"})).value(None) == Level.NONE
    assert rights(grants(group="edit")).value(None) == Level.EDIT


@pytest.mark.parametrize(("held", "level"), [(EVERYTHING, Level.PUBLISH), (NOTHING, Level.NONE)])
def test_everything_and_nothing_answer_every_question(held: Rights, level):
    structure = branches()
    assert {
        held.group("texts"),
        held.locale("fi"),
        held.channel("web"),
        held.category("desk", structure),
        held.output("book"),
        held.rest("channel"),
        held.attribute(structure.attributes["name"]),
        held.on({"desk"}, structure).level,
        held.on({"desk"}, structure).structure,
    } == {level}


def test_masks_leave_out_hidden_addresses_and_nothing_else():
    structure = branches()
    held = rights(grants(group={"main": "none"}, locale={"sv": "none"})).on((), structure)
    values = {
        "": {"pieces": {"": 3}, "notes": {"": "x"}, "gone": {"": 1}},
        "sv": {"name": {"": "Lampa"}},
        "en": {"name": {"": "Lamp"}},
    }
    assert visible_values(values, held, structure) == {
        "": {"notes": {"": "x"}},
        "en": {"name": {"": "Lamp"}},
    }
    detail = {"name||sv": [1, 2], "name||en": [1, 2], "pieces||": [1, 2], "@version": [1, 2]}
    detail["@deleted"] = [{}, None]
    assert visible_keys(detail, held, structure) == {"name||en": [1, 2], "@version": [1, 2]}
    missing = [["name", "sv"], ["name", "en"], ["pieces", ""]]
    assert visible_missing(missing, "web", held, structure) == [["name", "en"]]
