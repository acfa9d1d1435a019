"""Naming rules of files: which product, attribute, locale and place a name speaks of."""

import re
from functools import lru_cache
from typing import NamedTuple

from .refusals import InvalidValue, _

PLACES = {
    "identifier": r"(?P<identifier>.+?)",
    "attribute": r"(?P<attribute>[A-Za-z0-9_.\-]+?)",
    "locale": r"(?P<locale>[A-Za-z]{2,3}(?:[_-][A-Za-z0-9]{2,8})*)",
    "channel": r"(?P<channel>[A-Za-z0-9_.\-]+?)",
    "position": r"(?P<position>\d{1,4})",
    "any": r".*?",
}
_PLACE = re.compile(r"\{([a-z]*)\}")


class Named(NamedTuple):
    """What a file's name says; "" and 0 for what it does not say."""

    identifier: str
    attribute: str = ""
    locale: str = ""
    channel: str = ""
    position: int = 0


def read_name(stem: str, pattern: str) -> Named | None:
    """Return what a name without its ending says by the rule, None where it does not fit."""
    match = _compiled(pattern).fullmatch(stem)
    if match is None:
        return None
    found = {name: text for name, text in match.groupdict().items() if text}
    found["position"] = int(found.get("position", 0))
    return Named(**found)


def check_pattern(pattern: str) -> None:
    """Raise `InvalidValue` unless the rule can be read and names a product."""
    places = _PLACE.findall(pattern)
    unknown = [name for name in places if name not in PLACES]
    repeated = [name for name in set(places) - {"any"} if places.count(name) > 1]
    if unknown or repeated:
        raise InvalidValue(
            _("“{%(name)s}” is not a place of a naming rule, or stands there twice."),
            code="bad_place",
            field="pattern",
            name=(unknown or repeated)[0],
        )
    if "identifier" not in places:
        raise InvalidValue(
            _("The rule needs {identifier}: without it no product is named."),
            code="no_identifier",
            field="pattern",
        )


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern:
    parts, end = [], 0
    for match in _PLACE.finditer(pattern):
        parts += [re.escape(pattern[end : match.start()]), PLACES[match.group(1)]]
        end = match.end()
    return re.compile("".join([*parts, re.escape(pattern[end:])]), re.IGNORECASE)
