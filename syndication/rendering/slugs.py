"""Slugs: readable ASCII for addresses, from a name in any script and an identifier."""

import re
from functools import lru_cache

_LIMIT = 120
_APART = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=8192)  # the same product comes in many contexts
def ascii_slug(text: str) -> str:
    """Return `text` in lower-case ASCII letters and digits, words joined by hyphens."""
    if not text.isascii():
        from anyascii import anyascii

        text = anyascii(text)
    return _APART.sub("-", text.lower()).strip("-")


def slug_of(name: str, *, identifier: str) -> str:
    """Return name and identifier as one slug; the identifier alone where the name adds nothing."""
    tail = ascii_slug(identifier) or identifier.encode().hex()
    head = ascii_slug(name)[:_LIMIT].strip("-")
    if not head or head == tail:
        return tail
    return f"{head}-{tail}"
