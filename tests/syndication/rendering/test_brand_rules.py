"""What a brand's document must hold: every no names the place and the cure."""

import copy

import pytest

from syndication.rendering.brand_rules import objections, whole
from syndication.rendering.contrast import contrast, legible
from syndication.rendering.scripts import letters_of, script_of

LOCALES = ["en", "fi", "pl", "ar"]


def changed(path: str, value, **more):
    document = copy.deepcopy(whole({}))
    for one, data in {path: value, **more}.items():
        *parts, last = one.split(".")
        held = document
        for part in parts:
            held = held[part]
        held[last] = data
    return document


def told(document, locales=LOCALES):
    return [(o.field, o.message % o.params) for o in objections(document, locales=locales)]


def test_house_tokens_hold_for_every_locale_of_the_demonstration():
    assert told(whole({}), ["en", "fi", "da", "pl", "de", "ar"]) == []


def test_text_that_cannot_be_read_is_refused_with_the_nearest_colour_that_can():
    [(field, sentence)] = told(changed("colours.muted", "#9a9a90"))
    assert field == "colours.muted"
    cure = sentence.split("Take ")[1][:7]
    assert told(changed("colours.muted", cure)) == []
    assert contrast(cure, "#efe8db") >= 4.5
    assert "“Muted” on “Linen” has a contrast of 2.3 : 1" in sentence


def test_grounds_that_no_colour_can_be_read_on_are_said_to_be_too_far_apart():
    document = changed("colours.paper", "#ffffff", **{"colours.linen": "#000000"})
    texts = ("ink", "muted", "accent", "pine")
    found = told(document)
    assert [field for field, _ in found] == [f"colours.{text}" for text in texts]
    assert all(sentence.endswith("bring them closer together.") for _, sentence in found)


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("colours.ink", "red", "colours.ink"),
        ("colours.ink", "#FFF", "colours.ink"),
        ("colours.ink", "#22282a; } body { display: none", "colours.ink"),
        ("cmyk.ink", [0, 0, 0], "cmyk.ink"),
        ("cmyk.ink", [0, 0, 0, 101], "cmyk.ink"),
        ("cmyk.ink", [0, 0, 0, True], "cmyk.ink"),
        ("cmyk.ink", [0, 0, 0, float("nan")], "cmyk.ink"),
        ("cmyk.gone", [0, 0, 0, 0], "cmyk.gone"),
        ("cmyk.pine", [90, 80, 80, 80], "cmyk.pine"),
        ("spots.accent", {"name": "PANTONE 7526 C"}, "spots.accent"),
        ("spots.accent", {"name": "a(b)/c", "cmyk": [0, 0, 0, 0]}, "spots.accent"),
        ("spots.accent", {"name": "Rust", "cmyk": [100, 100, 100, 100]}, "spots.accent"),
        ("fonts.sans", ["Nowhere Grotesk"], "fonts.sans"),
        ("fonts.sans", ['Noto Sans"; } * { color: red'], "fonts.sans"),
        ("fonts.sans", "Noto Sans", "fonts.sans"),
        ("type.h1", 60, "type.h1"),
        ("radius", "1rem", "radius"),
        ("space", [1, 2], "space"),
        ("print.text", 2, "print.text"),
        ("print.inner", 0, "print.inner"),
        ("ink_limit", 900, "ink_limit"),
        ("brand", "x" * 81, "brand"),
        ("brand", "Aava\u202eluoto", "brand"),
        ("surprise", 1, "surprise"),
        ("colours", [], "colours"),
        ("logo", "sha", "logo"),
    ],
)
def test_what_does_not_hold_is_refused_at_its_place(path, value, field):
    assert [place for place, _ in told(changed(path, value))] == [field]


def test_ink_above_the_limit_says_how_much_to_take_away():
    [(_, sentence)] = told(changed("cmyk.pine", [90, 80, 80, 80]))
    assert "330 % of ink is more than the limit of 300 %" in sentence
    assert "Take 30 % away" in sentence


def test_missing_and_unknown_colours_are_both_named():
    document = copy.deepcopy(whole({}))
    document["colours"]["teal"] = document["colours"].pop("pine")
    assert told(document) == [
        ("colours.pine", "This is missing."),
        ("colours.teal", "There is no such token."),
    ]


def test_families_must_have_the_letters_of_every_locale():
    document = changed("fonts.sans", ["Noto Sans"], **{"fonts.last": []})
    [(field, sentence)] = [t for t in told(document, ["fi", "ar"]) if t[0] == "fonts.sans"]
    assert field == "fonts.sans"
    assert "of the locale ar" in sentence
    assert [t for t in told(document, ["fi", "pl"]) if t[0] == "fonts.sans"] == []


@pytest.mark.parametrize(
    ("locale", "script"),
    [("fi", "Latn"), ("ar", "Arab"), ("sr-Latn", "Latn"), ("zh-TW", "Hant"), ("de-AT", "Latn"),
     ("ja", "Jpan"), ("he", "Hebr"), ("uk", "Cyrl")],
)  # fmt: skip
def test_script_of_a_locale_is_the_likely_one(locale, script):
    assert script_of(locale) == script


def test_letters_of_a_language_are_asked_for():
    assert set("ąĘ") <= set(letters_of("pl"))
    assert set("ąĘ") & set(letters_of("fi")) == set()


def test_legible_keeps_a_colour_that_can_be_read():
    assert legible("#22282a", ["#ffffff"]) == "#22282a"
    assert legible("#808080", ["#ffffff", "#000000"], least=7) == ""
