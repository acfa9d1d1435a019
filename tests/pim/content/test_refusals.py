"""What refusals say in the reader's language: the words inside a sentence are translated too."""

import re
from pathlib import Path

from pim.content.refusals import THINGS, NotFound, UnknownCode

ROOT = Path(__file__).resolve().parents[3]
GERMAN = {
    "There is no %(what)s “%(name)s”.": "„%(name)s“ gibt es nicht als %(what)s.",
    "page": "Seite",
}


def german(text: str) -> str:
    return GERMAN.get(text, text)


def test_words_of_ours_are_translated_and_names_are_not():
    refused = UnknownCode(what="page", name="page")
    assert refused.say(german) == "„page“ gibt es nicht als Seite."
    assert refused.say() == "There is no page “page”."
    assert NotFound(what="page", name="", why=3).say(german)


def test_all_that_is_said_to_be_missing_can_be_found_for_translation():
    code = [p.read_text() for app in ("pim", "syndication") for p in (ROOT / app).rglob("*.py")]
    used = {word for text in code for word in re.findall(r'\bwhat="([^"]+)"', text)}
    assert used - set(THINGS) == set()


def test_levels_of_packaging_and_their_parts_are_told_in_words():
    words = {"%(level)s: %(part)s is above 0.": "%(level)s: %(part)s über 0.", "case": "Karton",
             "gross weight": "Bruttogewicht"}  # fmt: skip
    refused = UnknownCode("%(level)s: %(part)s is above 0.", level="case", part="gross_weight")
    assert refused.say(lambda text: words.get(text, text)) == "Karton: Bruttogewicht über 0."
    assert refused.say() == "case: gross weight is above 0."
    assert refused.params == {"level": "case", "part": "gross_weight"}
