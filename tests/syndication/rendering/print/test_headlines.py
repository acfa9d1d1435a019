"""Titles and heads keep to their strips, and tell where they had to lose words."""

import pytest

from syndication.rendering.print.headlines import BELOW_LEAST, HEAD, TITLE, Headlines
from syndication.rendering.tokens import TOKENS

SIZES = (12.0, 9.0)


def lines() -> Headlines:
    return Headlines(TOKENS["fonts"])


def other(text, locale="de", direction="ltr"):
    return {"locale": locale, "dir": direction, "text": text}


def width(found) -> float:
    return lines().width(found["text"], TITLE) * float(found["size"])


def test_title_is_set_smaller_before_it_loses_words():
    fit = lines()
    short = fit.line("Chairs", TITLE, room=200, sizes=SIZES)
    long = fit.line("Chairs, stools and benches for halls", TITLE, room=200, sizes=SIZES)
    assert short == {"text": "Chairs", "size": "12.00"}
    assert (long["text"], fit.cut) == ("Chairs, stools and benches for halls", False)
    assert 9 <= float(long["size"]) < 12
    assert width(long) <= 201


def test_title_that_has_no_room_at_the_least_size_loses_words_and_says_so():
    fit = lines()
    found = fit.line(
        "Chairs, stools and benches for halls and gardens", TITLE, room=150, sizes=SIZES
    )
    assert (found["size"], found["text"][-1], fit.cut) == ("9.00", "…", True)
    assert width(found) <= 150


def test_three_languages_stand_behind_one_another_where_all_fit_else_below():
    others = [other("Chairs", "en"), other("كراسي", "ar", "rtl")]
    beside = lines().titled("Stühle", others, TITLE, room=400, sizes=SIZES)
    below = lines().titled("Stühle", others, TITLE, room=80, sizes=SIZES)
    assert (beside["below"], beside["others"], beside["size"]) == ("", others, "12.00")
    assert (float(below["below"]) > BELOW_LEAST, below["others"], below["text"]) == (
        *(True, others, "Stühle"),
    )


@pytest.mark.parametrize("short", ["Sofas", ""])
def test_only_languages_that_take_more_than_their_share_are_shortened(short):
    others = [other(short), other("Polstermöbelverbindungselemente und Wohnlandschaften " * 3)]
    fit = lines()
    found = fit.titled("Sohvat", others, HEAD, room=200, sizes=SIZES)
    assert (found["others"][0]["text"], found["others"][1]["text"][-1], fit.cut) == (
        *(short, "…", True),
    )
    used = sum(fit.width(o["text"], HEAD) for o in found["others"]) * float(found["below"])
    assert used <= 200
