"""Names stand where readers of a language look for them."""

import pytest

from syndication.rendering.collation import collation_key, initial


@pytest.mark.parametrize(
    ("locale", "ordered"),
    [
        ("fi", ["Aamu", "Zeppelin", "Åland", "Ääni", "Öljy"]),
        ("da", ["Abe", "Zebra", "Æble", "Øl", "Ål"]),
        ("de", ["Äpfel", "Apfelsine", "Straße", "Strauß"]),
        ("pl", ["Cena", "Ćma", "Lampa", "Łóżko", "Zebra", "Źródło", "Żaba"]),
        ("ar", ["الإبريق", "بطانية", "الكوب", "مصباح"]),
    ],
)
def test_order_is_that_of_the_language(locale, ordered):
    assert sorted(reversed(ordered), key=lambda t: collation_key(t, locale=locale)) == ordered


@pytest.mark.parametrize(
    ("locale", "text", "letter"),
    [
        ("fi", "Öljy", "Ö"),
        ("de", "Öl", "O"),
        ("da", "Ål", "Å"),
        ("en", "“Frost”", "F"),
        ("en", "3-legged", "#"),
        ("ar", "الكوب", "ك"),
        ("en", "", "#"),
    ],
)
def test_initial_is_a_letter_of_the_alphabet(locale, text, letter):
    assert initial(text, locale=locale) == letter
