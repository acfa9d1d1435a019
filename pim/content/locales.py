"""Locale codes: BCP 47 inside (sv-FI), the underscore form (sv_FI) at the edges."""

import re
from collections.abc import Iterable
from functools import cache

from babel import Locale, UnknownLocaleError

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


def named_locales(codes: Iterable[str], *, language: str) -> list[tuple[str, str]]:
    """Return (code, "Name · code") in the order of the names, which are CLDR's in `language`."""
    named = [(code, _name(code, language)) for code in codes]
    return sorted(named, key=lambda pair: pair[1].casefold())


@cache
def _name(code: str, language: str) -> str:
    try:
        name = Locale.parse(code, sep="-").get_display_name(Locale.parse(language, sep="-"))
    except (ValueError, UnknownLocaleError):
        name = None
    return f"{name} · {code}" if name else code
