"""Texts of printed sheets: what fonts have, what languages share, how large a file is."""

import re

from babel.numbers import format_decimal

from ..formats import cldr_locale

OVERRIDES = re.compile(r"[\u202a-\u202e\u2066-\u2069]")  # every text is isolated by the page
UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f\ufe0f\U0001F000-\U0001FBFF\U000E0000-\U000E007F]"
)
# A number keeps its unit and its factor on the line: "24 cm", "70 × 180 cm".
TIED = re.compile(r"(?<=\d) (?=[^\W\d]{1,2}\b)|(?<=\d) (?=×)|(?<=×) (?=\d)")
# Text engines take a word of thousands of letters minutes; no language has one over sixty.
ENDLESS = re.compile(r"[^\s<>&;]{40}(?=[^\s<>&;]{20})")
STEPS = ((1_000_000, "MB"), (1_000, "kB"))


def printable(text: str) -> tuple[str, bool]:
    """Return the text as print can show it, and whether that is all of it."""
    bare = OVERRIDES.sub("", text)
    plain = " ".join(UNPRINTABLE.sub("", bare).split())
    plain = ENDLESS.sub("\\g<0>\N{ZERO WIDTH SPACE}", plain)
    return TIED.sub("\N{NO-BREAK SPACE}", plain), not UNPRINTABLE.search(bare)


def spread(found: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the texts that there are, each once however many languages say the same."""
    shown = {entry["text"]: entry for entry in reversed(found) if entry["text"]}
    return [entry for entry in found if shown.get(entry["text"]) is entry]


def size_text(asset: dict, locale: str) -> str:
    """Return how large a file is, "" where that is not known."""
    size = asset.get("size") or 0
    for step, unit in STEPS:
        if size >= step:
            number = format_decimal(round(size / step, 1), locale=cldr_locale(locale))
            return f"{number}\N{NO-BREAK SPACE}{unit}"
    return f"{size}\N{NO-BREAK SPACE}B" if size else ""
