"""XML as strings: escaping that keeps a feed well-formed whatever the texts hold."""

import re
import unicodedata

# XML 1.0 §2.2: characters that may not occur at all, not even escaped.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
SPECIAL = re.compile("[<>&\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def escape(text: str) -> str:
    """Return `text` for element content; characters that XML forbids are left out."""
    if not SPECIAL.search(text):
        return text
    allowed = FORBIDDEN.sub("", text)
    return allowed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def element(name: str, text: str) -> str:
    """Return one element with escaped text and a line end."""
    return f"<{name}>{escape(text)}</{name}>\n"


def shorten(text: str, limit: int) -> str:
    """Return at most `limit` characters, cut between words, never within a written sign."""
    if len(text) <= limit:
        return text
    end = limit - 1
    while end > 0 and (_joins(text[end]) or text[end - 1] == "\u200d"):
        end -= 1
    space = max(text.rfind(" ", 0, end + 1), text.rfind("\n", 0, end + 1))
    cut = text[: space if space > limit * 0.5 else end].rstrip()
    return cut + "…"


def _joins(character: str) -> bool:
    """Tell whether a character belongs to the sign before it (accents, joiners, selectors)."""
    return (
        unicodedata.combining(character) != 0
        or character in "\u200d\ufe0e\ufe0f"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )
