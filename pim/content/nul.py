"""NUL, the one character that no text of ours may hold: PostgreSQL has no room for it."""

from collections.abc import Iterator
from typing import Any

from .refusals import InvalidValue, _

NUL = "\x00"
ESCAPED = "\\u0000"
# What stands for a NUL where its place is named.
_SHOWN = "␀"


class HoldsNul(InvalidValue):
    """A text holds a NUL; `name` says where."""

    code = "nul"
    sentence = _("“%(name)s” holds a NUL character: take it out and send it again.")


def places_of_nul(document: Any, place: str = "") -> Iterator[str]:
    """Yield where a document holds a NUL, in keys and texts: `labels.en`, `values.name.0.data`."""
    if isinstance(document, str):
        if NUL in document:
            yield place
        return
    if isinstance(document, dict):
        parts = document.items()
    elif isinstance(document, list | tuple):
        parts = enumerate(document)
    else:
        return
    for key, held in parts:
        name = f"{place}.{key}" if place else str(key)
        if NUL in name:
            yield name.replace(NUL, _SHOWN)
        else:
            yield from places_of_nul(held, name)


def nul_at(place: str) -> HoldsNul:
    """Return the refusal of a NUL at a place; its field is what the place begins with."""
    return HoldsNul(field=place.partition(".")[0], name=place)


def refuse_nul(document: Any, place: str = "") -> None:
    """Raise `HoldsNul` where a document holds a NUL."""
    for found in places_of_nul(document, place):
        raise nul_at(found)
