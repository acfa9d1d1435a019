"""Values resolve by nearest locale first, own before inherited, and keep their origin."""

from pim.content.resolve import Resolved, resolve
from pim.content.states import EMPTY
from tests.factories.structures import small_structure

S = small_structure()


def read(*chain, locale="en", channel="web", audience="consumer"):
    return resolve(chain, structure=S, channel=channel, locale=locale, audience=audience)


def test_own_value_overrides_the_parents():
    own, parent = {"": {"color": {"": "red"}}}, {"": {"color": {"": "blue"}, "pieces": {"": "2"}}}
    assert read(("V", own), ("M", parent)) == {
        "color": Resolved("red", "own", ""),
        "pieces": Resolved("2", "inherited:M", ""),
    }


def test_nearer_locale_wins_over_nearer_product():
    own, parent = {"en": {"name": {"": "Lamp"}}}, {"sv": {"name": {"": "Lampa"}}}
    assert read(("V", own), ("M", parent), locale="sv-FI") == {
        "name": Resolved("Lampa", "inherited:M;fallback:sv", "sv")
    }


def test_empty_on_purpose_ends_the_walk():
    values = {"sv": {"name": {"": EMPTY}}, "en": {"name": {"": "Lamp"}}}
    assert read(("V", values), locale="sv-FI")["name"] == Resolved(EMPTY, "fallback:sv", "sv")


def test_scopable_value_is_read_in_its_channel_only():
    values = {"en": {"story": {"print": "<p>Paper</p>"}}}
    assert read(("V", values), channel="web") == {}
    assert read(("V", values), channel="print")["story"].data == "<p>Paper</p>"


def test_audience_sees_only_its_attributes():
    values = {"": {"cost": {"": "3"}}}
    assert read(("V", values), audience="consumer") == {}
    assert read(("V", values), audience="reseller") == {"cost": Resolved("3", "own", "")}
    assert read(("V", values), audience=None) == {"cost": Resolved("3", "own", "")}


def test_locale_specific_attribute_is_absent_elsewhere():
    values = {"de": {"legal": {"": "Hinweis"}}}
    assert read(("V", values), locale="en", channel="print") == {}
    assert read(("V", values), locale="de", channel="print")["legal"].data == "Hinweis"


def test_value_of_an_unknown_attribute_is_left_out():
    assert read(("V", {"": {"gone": {"": "x"}}})) == {}
