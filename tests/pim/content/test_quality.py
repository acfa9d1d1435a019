"""The checks, one by one, and the score that their findings leave."""

import pytest

from pim.content.quality import Picture, Rule, Subject, grade, judge
from pim.content.quality.checks import fingerprint, is_gtin
from pim.content.structure import FamilyDef, LocaleDef
from tests.factories.structures import small_structure

STRUCTURE = small_structure(
    families={"shirt": FamilyDef("shirt", attributes=("name", "story", "notes", "photo"))}
)


def subject(values=None, *, above=None, locale="en", **more) -> Subject:
    chain = [("S1", values or {})] + ([("M1", above)] if above else [])
    channel = STRUCTURE.channels["web"]
    return Subject(chain, STRUCTURE, STRUCTURE.families["shirt"], channel, locale, **more)


def found(subject: Subject, *rules: Rule) -> list[tuple]:
    verdict = judge(subject, rules)
    return [(f.kind, f.attribute, f.locale, dict(f.params)) for f in verdict.findings]


def named(text: str, locale="en") -> dict:
    return {locale: {"name": {"": text}}}


def test_texts_are_measured_without_their_tags():
    rule = Rule("r", "length", roles=("name",), attributes=("story",), params={"min": 4, "max": 6})
    good = {"en": {"name": {"": "Shirt"}, "story": {"web": "<p><b>Shirts</b></p>"}}}
    assert found(subject(good), rule) == []
    assert found(subject(named("Shi")), rule) == [
        ("too_short", "name", "en", {"size": 3, "limit": 4})
    ]
    assert found(subject(named("Shirtly")), rule) == [
        ("too_long", "name", "en", {"size": 7, "limit": 6})
    ]


def test_what_falls_back_is_judged_where_it_stands():
    rule = Rule("r", "length", roles=("name",), params={"min": 9})
    assert len(found(subject(named("Shirt"), locale="en"), rule)) == 1
    assert found(subject(named("Shirt"), locale="sv-FI"), rule) == []
    assert len(found(subject({}, above=named("Shirt")), rule)) == 1


def test_forbidden_words_are_whole_words_of_their_locale():
    rule = Rule("r", "forbidden_words", params={"words": {"en": ["cheap", "best"]}})
    assert found(subject(named("Cheap and BEST")), rule) == [
        ("forbidden_word", "name", "en", {"words": "best, cheap"})
    ]
    assert found(subject(named("Cheaply bestowed")), rule) == []
    assert found(subject(named("cheap", "sv-FI"), locale="sv-FI"), rule) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<p>Good</p><p>cheap</p>", "cheap"),
        ("Good<br>cheap", "cheap"),
        ("very <b>cheap</b>!", "cheap"),
        ("At the BEST\u00a0 price", "best price"),
        ("caf\u00e9", "caf\u00e9"),
        ("这是最好的灯", "最好"),
        ("ราคาถูกที่สุด", "ถูก"),
        ("cheap&amp;fine", "cheap"),
        ("cheaper, bestprice, cafés", ""),
    ],
)
def test_forbidden_words_are_found_in_every_script_and_between_tags(text, words):
    forbidden = ["cheap", "best price", "cafe\u0301", "最好", "ถูก"]
    rule = Rule("r", "forbidden_words", attributes=("story",), params={"words": {"en": forbidden}})
    seen = found(subject({"en": {"story": {"web": text}}}), rule)
    assert [params["words"] for _kind, _code, _locale, params in seen] == ([words] if words else [])


def test_a_locale_without_forbidden_words_has_those_of_its_language():
    rule = Rule("r", "forbidden_words", params={"words": {"sv": ["billig"], "en": ["cheap"]}})
    assert len(found(subject(named("billig", "sv-FI"), locale="sv-FI"), rule)) == 1
    assert found(subject(named("cheap", "sv-FI"), locale="sv-FI"), rule) == []


def test_a_text_for_all_locales_is_read_in_each():
    rule = Rule("r", "forbidden_words", attributes=("notes",), params={"words": {"en": ["cheap"]}})
    assert found(subject({"": {"notes": {"": "Cheap."}}}), rule) == [
        ("forbidden_word", "notes", "", {"words": "cheap"})
    ]


def test_what_is_no_markup_is_measured_as_it_is():
    rule = Rule("r", "length", roles=("name",), params={"max": 5})
    assert found(subject(named("a <b> c")), rule) == [
        ("too_long", "name", "en", {"size": 7, "limit": 5})
    ]


TRANSLATED = small_structure(
    locales={"en": LocaleDef("en"), "sv-FI": LocaleDef("sv-FI", "en", source="en")},
    families=STRUCTURE.families,
)


def translated(own, *, above=None, locale="sv-FI", outdated=()) -> Subject:
    chain = [("S1", own)] + ([("M1", above)] if above else [])
    channel = TRANSLATED.channels["web"]
    family = TRANSLATED.families["shirt"]
    places = frozenset((who, "name", "", "sv-FI") for who in outdated)
    return Subject(chain, TRANSLATED, family, channel, locale, outdated=places)


BOTH = {"en": {"name": {"": "Shirt"}}, "sv-FI": {"name": {"": "Skjorta"}}}


def test_a_translation_whose_source_changed_is_found_where_it_stands():
    rule = Rule("r", "outdated")
    stale = [("outdated", "name", "sv-FI", {"source": "en"})]
    assert found(translated(BOTH, outdated=["S1"]), rule) == stale
    assert found(translated({}, above=BOTH, outdated=["M1"]), rule) == stale
    assert found(translated(BOTH, above=BOTH, outdated=["M1"]), rule) == []
    assert found(translated(BOTH), rule) == []
    assert judge(translated(BOTH, outdated=["S1"]), [rule]).score == 0


def test_what_is_no_translation_is_never_outdated():
    rule = Rule("r", "outdated")
    assert found(translated(BOTH, locale="en", outdated=["S1"]), rule) == []
    alone = {"sv-FI": BOTH["sv-FI"]}
    assert found(translated(alone, outdated=["S1"]), rule) == []
    nothing = BOTH | {"sv-FI": {"name": {"": {"$state": "empty"}}}}
    assert found(translated(nothing, outdated=["S1"]), rule) == []
    elsewhere = Rule("r", "outdated", attributes=("story",))
    assert found(translated(BOTH, outdated=["S1"]), elsewhere) == []


def test_a_copied_text_names_who_has_it():
    rule = Rule("r", "duplicate", attributes=("name",))
    twins = {("name", "", "en"): ["S2", "S3"]}
    assert found(subject(named("Shirt"), twins=twins), rule) == [
        ("duplicate", "name", "en", {"products": ["S2", "S3"]})
    ]
    assert found(subject({}, above=named("Shirt"), twins=twins), rule) == []
    assert fingerprint("<p>A  b</p>", rich=True) == fingerprint("a B") != fingerprint("a c")
    assert fingerprint("Ø <20 mm, > 3 m") != fingerprint("Ø <25 mm, > 3 m")


def test_pictures_are_measured_at_their_printed_size():
    rule = Rule("r", "image_resolution", params={"mm": 100, "dpi": 254})
    values = {"": {"photo": {"": ["small", "tall", "paper"]}}}
    pictures = {
        "small": Picture("small", "image", 999, 500, {}),
        "tall": Picture("tall", "image", 400, 1000, {}),
        "paper": Picture("paper", "document", None, None, {}),
    }
    assert found(subject(values, pictures=pictures), rule) == [
        ("low_resolution", "photo", "", {"asset": "small", "size": 999, "limit": 1000})
    ]


def test_an_alternative_text_may_fall_back():
    rule = Rule("r", "alt_text")
    values = {"": {"photo": {"": ["one", "two"]}}}
    pictures = {
        "one": Picture("one", "image", 9, 9, {"en": "Shirt"}),
        "two": Picture("two", "image", 9, 9, {"de": "Hemd"}),
    }
    assert found(subject(values, pictures=pictures, locale="sv-FI"), rule) == [
        ("no_alt_text", "photo", "sv-FI", {"asset": "two"})
    ]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("4006381333931", True),
        ("4006381333932", False),
        ("73513537", True),
        ("036000291452", True),
        ("00012345600012", True),
        ("400638133393", False),
        ("12345", False),
        ("４００６３８１３３３９３１", False),
        ("", False),
    ],
)
def test_check_digits_of_trade_item_numbers(text, right):
    assert is_gtin(text) is right


def test_the_score_weighs_the_share_that_is_wrong():
    length = Rule("a", "length", 10, roles=("name",), params={"min": 9})
    complete = Rule("b", "completeness", 30)
    missing = [["notes", ""], ["name", "sv-FI"]]
    one = subject(named("Shirt"), missing=missing, required=4)
    assert judge(one, [complete]).score == 75
    assert judge(one, [length]).score == 0
    assert judge(one, [length, complete]).score == 56  # 100 - (10 + 30 / 4) / 40 · 100, cut off
    assert judge(one, []).score == 100
    elsewhere = Rule("c", "length", 10, channels=frozenset({"print"}), roles=("name",))
    assert judge(one, [elsewhere, complete]).score == 75


def test_only_what_has_no_finding_is_whole():
    rule = Rule("b", "completeness", 1)
    verdict = judge(subject({}, missing=[["notes", ""]], required=1000), [rule])
    assert (verdict.score, len(verdict.findings)) == (99, 1)


def test_grades_have_their_limits():
    assert [grade(n) for n in (100, 90, 89, 80, 79, 70, 69, 60, 59, 0)] == list("AABBCCDDEE")
