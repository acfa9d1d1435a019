"""Locale codes: BCP 47 inside (sv-FI), the underscore form (sv_FI) at the edges."""

import re

_SHAPE = re.compile(r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$")


def is_locale(code: str) -> bool:
    """Return whether `code` has the shape of a language tag (RFC 5646, without extensions)."""
    return bool(_SHAPE.match(code))


def to_bcp47(code: str) -> str:
    """Return the canonical tag: language lower, Script title, REGION upper, joined by hyphens."""
    language, *rest = re.split(r"[-_]", code.strip())
    return "-".join([language.lower(), *map(_subtag, rest)])


def to_posix(code: str) -> str:
    """Return the underscore form that exchange files and existing clients use."""
    return to_bcp47(code).replace("-", "_")


def _subtag(part: str) -> str:
    if len(part) == 4 and part.isalpha():
        return part.title()
    return part.upper() if len(part) == 2 or part.isdigit() else part.lower()
