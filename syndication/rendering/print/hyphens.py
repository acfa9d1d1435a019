"""Soft hyphens in very long words, which the layout would else break anywhere."""

import re
from functools import lru_cache

LONG = re.compile(r"[^\W\d_]{24,}")
ENDLESS = re.compile(r"\S{96}(?=\S)")  # looking for hyphens in it would take minutes
SHY, BREAK = "\u00ad", "\\g<0>\u200b"


def hyphenated(text: str, *, locale: str) -> str:
    """Return the text with soft hyphens in its long words, where the language has rules.

    A run of characters without end gets places to break, in any language.
    """
    if not LONG.search(text):
        return ENDLESS.sub(BREAK, text)
    text = ENDLESS.sub(BREAK, text)
    rules = _rules(locale)
    return LONG.sub(lambda found: rules.inserted(found[0], SHY), text) if rules else text


@lru_cache(maxsize=64)
def _rules(locale: str):
    import pyphen

    language = pyphen.language_fallback(locale)
    return pyphen.Pyphen(lang=language) if language else None
