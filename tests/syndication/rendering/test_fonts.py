"""Fonts come from the fixed folders; subsets keep what Arabic needs."""

import pytest
from fontTools.ttLib import TTFont

from syndication.rendering import fonts


def test_subset_holds_the_characters_and_arabic_joining(tmp_path):
    path = fonts.woff2("Noto Sans Arabic", style="Regular", text="مرحبا", cache=tmp_path)
    font = TTFont(path)
    features = {r.FeatureTag for r in font["GSUB"].table.FeatureList.FeatureRecord}
    assert {ord(c) for c in "مرحبا"} <= set(font.getBestCmap())
    assert {"init", "medi", "fina"} <= features


def test_subset_of_same_text_is_same_file(tmp_path):
    first = fonts.woff2("Noto Sans", style="Bold", text="äö", cache=tmp_path / "a")
    second = fonts.woff2("Noto Sans", style="Bold", text="öää", cache=tmp_path / "b")
    assert first.name == second.name
    assert first.read_bytes() == second.read_bytes()


def test_missing_family_is_named():
    with pytest.raises(fonts.FontMissing, match="No Such Family"):
        fonts.font_path("No Such Family")


def test_cjk_collection_is_found(tmp_path):
    path = fonts.woff2("Noto Sans CJK SC", style="Regular", text="编织", cache=tmp_path)
    assert {ord("编"), ord("织")} <= set(TTFont(path).getBestCmap())


def test_covers_says_which_family_is_needed():
    assert fonts.covers("Noto Sans Arabic", "قميص")
    assert not fonts.covers("Noto Sans Arabic", "plain")
