"""GTINs: check digits and the ranges that mean nothing outside one company."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.rendering.gtins import check_digit, gtin14, is_gtin, is_restricted


@pytest.mark.parametrize(
    "gtin", ["4006381333931", "09506000134352", "96385074", "036000291452", "9506000134352"]
)
def test_known_gtins_are_valid(gtin):
    assert is_gtin(gtin)


@pytest.mark.parametrize(
    "text", ["", "1", "4006381333932", "400638133393", "40063813339３1", "abc"]
)
def test_other_texts_are_not(text):
    assert not is_gtin(text)


@given(st.text("0123456789", min_size=13, max_size=13), st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(digits, place, off):
    gtin = digits + str(check_digit(digits))
    wrong = gtin[:place] + str((int(gtin[place]) + off) % 10) + gtin[place + 1 :]
    assert is_gtin(gtin)
    assert not is_gtin(wrong)


def test_short_gtins_are_padded_to_fourteen():
    assert gtin14("4006381333931") == "04006381333931"


@pytest.mark.parametrize(
    ("gtin", "restricted"),
    [
        ("2000000000008", True),
        ("0212345678909", True),
        ("9800000000007", True),
        ("20000004", True),
        ("4006381333931", False),
        ("036000291452", False),
        ("96385074", False),
    ],
)
def test_restricted_ranges(gtin, restricted):
    assert is_restricted(gtin) is restricted
