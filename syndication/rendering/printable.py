"""What of a text can be printed, and what keeps together on its line."""

import re
from functools import cache

from .fonts import installed

EMOJI_FONT = "Noto Color Emoji"
OVERRIDES = re.compile(r"[\u202a-\u202e\u2066-\u2069]")  # every text is isolated by the page
CONTROLS = r"[\x00-\x08\x0b-\x1f\x7f]"
EMOJI = r"[\ufe0f\u20e3\U0001F000-\U0001FBFF\U000E0000-\U000E007F]"
# A digit and the frame of its key come from two fonts: the digit alone is printed.
KEYCAP = re.compile(r"(?<=[0-9#*])\ufe0f?\u20e3")
# A number keeps its unit and its factor on the line: "24 cm", "70 × 180 cm".
TIED = re.compile(r"(?<=\d) (?=[^\W\d]{1,2}\b)|(?<=\d) (?=×)|(?<=×) (?=\d)")
# Text engines take a word of thousands of letters minutes; no language has one over sixty.
ENDLESS = re.compile(r"[^\s<>&;]{40}(?=[^\s<>&;]{20})")


def printable(text: str) -> tuple[str, bool]:
    """Return the text as print can show it, and whether that is all of it."""
    plain, strange = cleaned(text)
    return tied(ENDLESS.sub("\\g<0>\N{ZERO WIDTH SPACE}", plain)), not strange


def cleaned(text: str) -> tuple[str, list[str]]:
    """Return the text in one line without what no font prints, and the characters left out.

    Emoji are printed where their font is installed.
    """
    bare = KEYCAP.sub("", OVERRIDES.sub("", text))
    unprintable = _unprintable(emoji=installed(EMOJI_FONT))
    return " ".join(unprintable.sub("", bare).split()), sorted(set(unprintable.findall(bare)))


@cache
def _unprintable(*, emoji: bool) -> re.Pattern:
    return re.compile(CONTROLS if emoji else f"{CONTROLS}|{EMOJI}")


def tied(text: str) -> str:
    """Return the text with spaces that do not break between numbers and what belongs to them."""
    return TIED.sub("\N{NO-BREAK SPACE}", text)


def spelt(character: str) -> str:
    """Return a character with its code point, as people look it up."""
    shown = character if character.isprintable() else ""
    return f"{shown} U+{ord(character):04X}".strip()


def shortened(text: str, *, room: int) -> str:
    """Return `text` cut at a word within `room` characters, with an ellipsis if it was cut."""
    if len(text) <= room:
        return text
    head = text[: room - 1]
    word = head.rsplit(None, 1)[0] if " " in head[room // 2 :] else head
    return word.rstrip(" ,;:–-") + "…"
