"""Values in plain words, as tables of differences show them."""

import pytest

from pim.admin.differences import plain


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (None, "–"),
        ("<p>One</p><ul><li>a &amp; b</li><li>c</li></ul>", "One a & b c"),
        ("<b>not</b> rich &amp; 1 < 2", "<b>not</b> rich &amp; 1 < 2"),
        ("x" * 401, "x" * 400 + "…"),
        ({"amount": "2.5", "unit": "KILOGRAM"}, "2.5 KILOGRAM"),
        (["a", "b"], "a, b"),
    ],
)
def test_a_value_is_said_in_one_line(data, words):
    assert plain(data) == words
