"""Which characters no font of print has, by the character maps of the fonts."""

from collections.abc import Iterator
from typing import Any

from .. import tokens as design
from ..fonts import characters_of, installed

# What no font needs to have: breaks, joiners, marks of direction, spaces that are set as gaps.
INVISIBLE = frozenset(
    "\t\n\r \u00a0\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u2009\u202f\u2028\u2029\u2060\ufeff"
)


def strangers(text: str, tokens: dict[str, Any]) -> list[str]:
    """Return the characters of `text` that none of the families of the tokens has, sorted."""
    left = {c for c in set(text) - INVISIBLE if not c.isascii()}
    for family in _families(tokens):
        if not left:
            break
        known = characters_of(family)
        left = {character for character in left if ord(character) not in known}
    return sorted(left)


def _families(tokens: dict[str, Any]) -> Iterator[str]:
    """Yield the families, those that most text needs first: a large one is opened if need be."""
    fonts = design.merged(tokens)["fonts"]
    roles = ("sans", "serif", "display", "last")
    named = dict.fromkeys(family for role in roles for family in fonts[role])
    for family in sorted(named, key=lambda name: "CJK" in name or "Emoji" in name):
        if installed(family):
            yield family
