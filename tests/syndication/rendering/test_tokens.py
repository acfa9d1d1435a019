"""The tokens can be read on their grounds."""

import pytest

from syndication.rendering import tokens


def luminance(hue):
    parts = [int(hue[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        (text, ground)
        for text in ("ink", "muted", "accent", "pine")
        for ground in ("paper", "birch", "linen")
    ]
    + [("on_dark", "pine"), ("on_dark", "accent")],
)
def test_text_has_contrast_of_wcag_aa(text, ground):
    pair = [luminance(tokens.TOKENS["colours"][name]) + 0.05 for name in (text, ground)]
    assert max(pair) / min(pair) >= 4.5


def test_merged_keeps_what_is_not_overridden():
    result = tokens.merged({"brand": "Halla", "colours": {"accent": "#000000"}})
    assert result["brand"] == "Halla"
    assert result["colours"] == {**tokens.TOKENS["colours"], "accent": "#000000"}
    assert tokens.TOKENS["brand"] == ""


def test_digest_changes_with_a_colour():
    plain = tokens.tokens_digest(tokens.merged({}))
    assert plain == tokens.tokens_digest(tokens.merged(None))
    assert plain != tokens.tokens_digest(tokens.merged({"colours": {"ink": "#000000"}}))
