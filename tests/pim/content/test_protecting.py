"""Protected texts: any text comes back exactly, and nothing that must stay can be lost."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pim.content.kinds.texts import sanitise
from pim.content.protecting import Code, check_codes, join, parts_of, words_of
from pim.content.refusals import InvalidValue

PIECES = st.sampled_from(
    ["<p>", "</p>", "<strong>", "</strong>", "<br>", "a", " ", "&", "<", "ä", "{name}", "%s",
     "\xa0", "<ul><li>x</li></ul>", "50 %", "{{ x }}", "<a href='https://x.org'>y</a>"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=12))
def test_any_rich_text_comes_back_exactly(pieces):
    html = sanitise("".join(pieces))
    # Bare text is stored as typed: a no-break space alone has two forms that mean the same.
    assume("<" in html or "&nbsp;" not in html)
    assert join(parts_of(html, rich=True), rich=True) == html


@given(st.text(max_size=60))
def test_any_plain_text_comes_back_exactly(text):
    assert join(parts_of(text, rich=False), rich=False) == text


def test_tags_and_placeholders_are_codes():
    parts = parts_of("<p>Hi {name}, <strong>50 %</strong> off<br>now</p>", rich=True)
    codes = [(c.id, c.kind) for c in parts if isinstance(c, Code)]
    assert codes == [
        ("1", "open"), ("2", "lone"), ("3", "open"), ("3", "close"), ("4", "lone"), ("1", "close"),
    ]  # fmt: skip
    assert words_of(parts) == "Hi , 50 % off now"


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("Terve {name}", None),
        ("Terve", "code_missing"),
        ("Terve {nimi}", "code_missing"),
        ("Terve {name} {name}", "code_added"),
    ],
)
def test_a_placeholder_is_neither_lost_nor_added(target, code):
    pair = parts_of("Hi {name}", rich=False), parts_of(target, rich=False)
    if code is None:
        assert check_codes(*pair) is None
        return
    with pytest.raises(InvalidValue) as refused:
        check_codes(*pair)
    assert refused.value.code == code
