"""Where a document holds a NUL is said, and what only speaks of one is left alone."""

import pytest

from pim.content.nul import HoldsNul, places_of_nul, refuse_nul


def test_every_place_is_named():
    document = {
        "code": "a",
        "labels": {"en": "x\x00", "f\x00i": "y"},
        "values": [{"data": "\x00"}, {"data": 1}, None],
    }
    assert list(places_of_nul(document)) == ["labels.en", "labels.f␀i", "values.0.data"]
    assert list(places_of_nul({"text": "\\u0000 is written so"})) == []


def test_a_refusal_names_the_place_and_the_cure():
    with pytest.raises(HoldsNul) as caught:
        refuse_nul({"labels": {"en": "\x00"}})
    assert (caught.value.code, caught.value.field) == ("nul", "labels")
    assert caught.value.say() == (
        "“labels.en” holds a NUL character: take it out and send it again."
    )
