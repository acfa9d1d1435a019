"""Texts folded for search: capitals, accents and ligatures do not matter."""

import unicodedata

# Letters that have no decomposition in Unicode and that people type without their mark.
_LETTERS = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ŧ": "t"}
)


def fold(text: str) -> str:
    """Return the form in which texts are compared: "Öljyväri" and "oljyvari" are the same."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(c for c in apart if not unicodedata.combining(c)).casefold()
