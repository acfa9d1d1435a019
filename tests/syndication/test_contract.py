"""What an output kind gives back: sentences that are always shown, whatever they hold."""

import pytest

from syndication.contract import ItemRefused, Refusal, said


@pytest.mark.parametrize(
    ("message", "params", "expected"),
    [
        ("100 % sure", {}, "100 % sure"),
        ("%(limit)d characters", {"limit": 5}, "5 characters"),
        ("%(limit)d characters", {"other": 5}, "%(limit)d characters"),
        ("%(name)s is 100 %", {"name": "x"}, "%(name)s is 100 %"),
    ],
)
def test_sentence_is_filled_or_shown_as_it_stands(message, params, expected):
    assert said(message, params) == expected


def test_translation_that_does_not_fit_gives_way_to_the_sentence():
    assert said("No %(what)s", {"what": "x"}, lambda text: "Ei: %(mikä)s") == "No x"
    assert said("No %(what)s", {"what": "x"}, lambda text: "Ei: %(what)s") == "Ei: x"


def test_refusals_with_params_can_be_compared_and_kept_once():
    one, two = (Refusal("A", "c", "%(n)d", params={"n": n}) for n in (1, 2))
    assert list(dict.fromkeys([one, two, one])) == [one, two]
    assert str(ItemRefused(one, two)) == "1; 2"
