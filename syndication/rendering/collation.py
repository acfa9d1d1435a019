"""Alphabetical order as readers of a language expect it, and the letters of an index.

Accents are dropped, except where the language counts the letter as one of its own (CLDR's
tailorings of the Nordic and Polish alphabets); Arabic leaves the article out of account.
"""

import unicodedata
from functools import cache, lru_cache

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


class _Kept(dict):
    """For `str.translate`: letters, digits and spaces stay, everything else goes."""

    def __missing__(self, code: int) -> int | None:
        character = chr(code)
        self[code] = kept = code if character.isalnum() or character == " " else None
        return kept


class _Weights(dict):
    """For `str.translate`: what a character sorts by in a language, two characters for each letter:
    the letter it is counted as or follows, and how far behind it.
    """

    def __init__(self, language: str):
        super().__init__()
        self.own = TAILORED.get(language, {})

    def __missing__(self, code: int) -> str:
        character = chr(code)
        after, places = self.own.get(character, ("", 0))
        found = after + chr(places) if after else "".join(c + "\0" for c in _base(character))
        self[code] = found
        return found


_kept = _Kept()


@cache
def _weights(locale: str) -> _Weights:
    return _Weights(_language(locale))


@lru_cache(maxsize=100_000)
def collation_key(text: str, *, locale: str) -> tuple[str, str]:
    """Return the key to sort `text` by; equal keys keep their order by the text itself."""
    plain = text.casefold().translate(_kept).strip().removeprefix(ARABIC_ARTICLE)
    return unicodedata.normalize("NFC", plain).translate(_weights(locale)), text


def initial(text: str, *, locale: str) -> str:
    """Return the heading of an index that `text` stands under; "#" for digits and signs."""
    plain = unicodedata.normalize("NFC", text.casefold()).removeprefix(ARABIC_ARTICLE)
    first = next((c for c in plain if c.isalnum()), "")
    return _heading(first, _language(locale))


@lru_cache(maxsize=4_000)
def _heading(first: str, language: str) -> str:
    if not first.isalpha():
        return "#"
    return (first if first in TAILORED.get(language, {}) else _base(first)[0]).upper()


def _language(locale: str) -> str:
    return locale.split("-")[0].lower()


def _base(character: str) -> str:
    spelled = SPELLED.get(character, character)
    return unicodedata.normalize("NFKD", spelled)[: len(spelled)] or character
