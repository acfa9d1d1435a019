"""XML text: well-formed whatever it holds, cut between words and never inside a sign."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from syndication.rendering.xml import FORBIDDEN, element, shorten


@given(st.text())
def test_text_comes_back_without_what_xml_forbids(text):
    parsed = etree.fromstring(element("t", text).encode("utf-8")).text or ""
    # A parser reads every line end as a line feed (XML 1.0 §2.11).
    wanted = FORBIDDEN.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    assert parsed == wanted


@given(st.text(), st.integers(2, 40))
def test_shortened_text_is_never_longer_than_its_limit(text, limit):
    assert len(shorten(text, limit)) <= limit


def test_short_text_stays_as_it_is():
    assert shorten("exactly ten", 11) == "exactly ten"


def test_text_is_cut_between_words():
    assert shorten("one two three four", 12) == "one two…"


@pytest.mark.parametrize("sign", ["e\u0301", "👩\u200d🔬", "👍\U0001f3fd"])
def test_a_sign_is_kept_whole_or_left_out(sign):
    text = "abcdefg" + sign + "hijklmnop"
    for limit in range(8, len(text)):
        kept = shorten(text, limit).rstrip("…")
        assert kept in ("abcdefg", *("abcdefg" + sign + "hijklmnop"[:n] for n in range(10)))
