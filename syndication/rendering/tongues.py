"""What the languages of a combined edition say: one behind another, or each for itself.

An edition in one language says everything once: all of this gives its words as they are.
"""

from collections.abc import Callable, Iterable

from .formats import cldr_locale

BETWEEN = " · "
FIRST, POP = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"

Text = dict[str, str]  # locale, dir, text
Said = Callable[[str], str]  # what is said in a locale


def texts(locales: Iterable[str], said: Said) -> list[Text]:
    """Return what is said in each locale, with how it is read."""
    return [
        {"locale": code, "dir": cldr_locale(code).text_direction, "text": said(code)}
        for code in locales
    ]


def distinct(found: Iterable[Text]) -> list[Text]:
    """Return the texts that there are, each once however many languages say the same."""
    known: dict[str, Text] = {}
    for each in found:
        if each["text"]:
            known.setdefault(each["text"], each)
    return list(known.values())


def joined(parts: Iterable[str], *, between: str = BETWEEN) -> str:
    """Return texts in one line, each once; each is read for itself, whatever stands beside it."""
    found = list(dict.fromkeys(part for part in parts if part))
    return between.join(f"{FIRST}{part}{POP}" for part in found) if found[1:] else "".join(found)


def in_line(parts: Iterable[str]) -> str:
    """Return texts in one line, each once, without marks: for outlines and readers aloud."""
    return BETWEEN.join(dict.fromkeys(part for part in parts if part))


def in_all(locales: Iterable[str], said: Said) -> str:
    """Return what is said in every locale, in one line."""
    return joined(said(code) for code in locales)
