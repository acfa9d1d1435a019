"""How large a file is said to be."""

import pytest

from syndication.rendering.sizes import format_size

SPACE = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("size", "locale", "said"),
    [
        (0, "en", ""),
        (1, "en", f"1{SPACE}kB"),
        (240_400, "de", f"240{SPACE}kB"),
        (1_240_000, "de", f"1,2{SPACE}MB"),
        (2_000_000, "fi", f"2{SPACE}Mt"),
    ],
)
def test_sizes_in_the_words_of_the_language(size, locale, said):
    assert format_size(size, locale=locale) == said
