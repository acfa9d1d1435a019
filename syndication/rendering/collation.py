"""Alphabetical order as readers of a language expect it, and the letters of an index.

Accents are dropped, except where the language counts the letter as one of its own (CLDR's
tailorings of the Nordic and Polish alphabets); Arabic leaves the article out of account.
"""

import unicodedata
from functools import lru_cache

# letter: (the letter it follows, how many places behind it)
SWEDISH = {"å": ("z", 1), "ä": ("z", 2), "ö": ("z", 3)}
DANISH = {"æ": ("z", 1), "ø": ("z", 2), "å": ("z", 3)}
TAILORED = {
    "fi": SWEDISH,
    "sv": SWEDISH,
    "da": DANISH,
    "nb": DANISH,
    "nn": DANISH,
    "no": DANISH,
    "pl": {
        "ą": ("a", 1), "ć": ("c", 1), "ę": ("e", 1), "ł": ("l", 1), "ń": ("n", 1),
        "ó": ("o", 1), "ś": ("s", 1), "ź": ("z", 1), "ż": ("z", 2),
    },
    "es": {"ñ": ("n", 1)},
}  # fmt: skip
SPELLED = {"ß": "ss", "æ": "ae", "ø": "o", "ł": "l", "œ": "oe", "đ": "d", "þ": "th"}
ARABIC_ARTICLE = "ال"


@lru_cache(maxsize=20_000)
def collation_key(text: str, *, locale: str) -> tuple:
    """Return the key to sort `text` by; equal keys keep their order by the text itself."""
    language = _language(locale)
    plain = "".join(c for c in text.casefold() if c.isalnum() or c == " ").strip()
    plain = plain.removeprefix(ARABIC_ARTICLE) if plain.startswith(ARABIC_ARTICLE) else plain
    return tuple(
        w for c in unicodedata.normalize("NFC", plain) for w in _weights(c, language)
    ), text


def initial(text: str, *, locale: str) -> str:
    """Return the heading of an index that `text` stands under; "#" for digits and signs."""
    own = TAILORED.get(_language(locale), {})
    plain = unicodedata.normalize("NFC", text.casefold()).removeprefix(ARABIC_ARTICLE)
    first = next((c for c in plain if c.isalnum()), "")
    if not first.isalpha():
        return "#"
    return (first if first in own else _base(first)[0]).upper()


def _language(locale: str) -> str:
    return locale.split("-")[0].lower()


def _base(character: str) -> str:
    spelled = SPELLED.get(character, character)
    return unicodedata.normalize("NFKD", spelled)[: len(spelled)] or character


@lru_cache(maxsize=4_000)
def _weights(character: str, language: str) -> list[tuple[int, int]]:
    own = TAILORED.get(language, {})
    if character in own:
        after, places = own[character]
        return [(ord(after), places)]
    return [(ord(c), 0) for c in _base(character)]
