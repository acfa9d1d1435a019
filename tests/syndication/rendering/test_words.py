"""Every language says everything."""

import pytest

from syndication.rendering.words import WORDS, words


@pytest.mark.parametrize("language", sorted(WORDS))
def test_language_has_all_words_with_their_places(language):
    assert WORDS[language].keys() == WORDS["en"].keys()
    for key, text in WORDS["en"].items():
        for place in ("%s", "%d"):
            assert WORDS[language][key].count(place) == text.count(place)


def test_region_reads_its_language():
    assert words("de-AT")["index"] == "Register"


@pytest.mark.parametrize("language", sorted(WORDS))
def test_what_is_said_of_tax_stays_in_one_line(language):
    for key in ("incl_tax", "excl_tax"):
        assert words(language)[key].split(" ") == [words(language)[key]]
