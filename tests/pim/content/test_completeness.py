"""Completeness counts what a channel requires, over all its locales, and lists what is missing."""

from pim.content.completeness import Completeness, completeness
from pim.content.states import EMPTY, NOT_APPLICABLE, UNKNOWN
from tests.factories.structures import small_structure

S = small_structure()


def of(*chain, channel="web", level=None, variant=None):
    return completeness(
        chain,
        family=S.families["lamp"],
        channel=S.channels[channel],
        structure=S,
        family_variant=S.family_variants.get(variant),
        level=level,
    )


FULL = {
    "": {"price": {"": {"EUR": "9"}}, "color": {"": "red"}},
    "en": {"name": {"": "Lamp"}},
    "sv": {"name": {"": "Lampa"}},
}


def test_all_filled_is_a_hundred_per_cent():
    assert of(("V", FULL)) == Completeness(4, 4, [])
    assert of(("V", FULL)).percent == 100


def test_nothing_filled_lists_everything_in_order():
    assert of(("V", {})).missing == [
        ["name", "en"],
        ["name", "sv-FI"],
        ["price", ""],
        ["color", ""],
    ]


def test_another_language_does_not_count_unless_the_requirement_says_so():
    english = {**FULL, "sv": {}}
    assert of(("V", english)).missing == [["name", "sv-FI"]]
    story = {"en": {"name": {"": "L"}, "story": {"print": "<p>x</p>"}}}
    assert of(("V", story), channel="print").missing == [["name", "de"], ["price", ""]]


def test_inherited_values_count():
    assert of(("V", {}), ("M", FULL)) == Completeness(4, 4, [])


def test_a_price_needs_every_currency_of_the_channel():
    assert ["price", ""] in of(("V", FULL), channel="print").missing


def test_a_model_is_not_asked_for_what_lives_on_its_variants():
    values = {"en": {"name": {"": "L"}}, "sv": {"name": {"": "L"}}}
    assert of(("M", values), level=0, variant="lamp_by_color") == Completeness(2, 2, [])


def test_empty_on_purpose_counts_and_unknown_does_not():
    for state, missing in ((EMPTY, []), (NOT_APPLICABLE, []), (UNKNOWN, [["color", ""]])):
        values = {**FULL, "": {**FULL[""], "color": {"": state}}}
        assert of(("V", values)).missing == missing


def test_percent_is_rounded_down():
    assert Completeness(3, 2, [["a", ""]]).percent == 66
    assert Completeness(1000, 999, [["a", ""]]).percent == 99
    assert Completeness().percent == 100
