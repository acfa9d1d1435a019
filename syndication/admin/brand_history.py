"""The steps of a brand's history as people read them: lists in words, not as they are stored."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from syndication.models import BrandChange

NOTHING = "–"


class Step(NamedTuple):
    """One change of a brand with what it changed: path, before and after, in words."""

    change: BrandChange
    rows: list[tuple[str, str, str]]


def steps(changes: Iterable[BrandChange]) -> list[Step]:
    return [
        Step(each, [(path, *map(in_words, pair)) for path, pair in (each.detail or {}).items()])
        for each in changes
    ]


def in_words(value: Any) -> str:
    """Return a value of a brand's document as words: fonts by family and style, inks and families
    one behind another."""
    if value in (None, "", [], {}):
        return NOTHING
    if isinstance(value, list):
        return ", ".join(map(in_words, value))
    if isinstance(value, dict):
        return _face(value) or str(value.get("code") or "") or ", ".join(map(str, value.values()))
    return str(value)


def _face(value: dict) -> str:
    """Return the family and the style of a font, "" for anything else."""
    style = str(value.get("style") or "").replace("BoldItalic", "Bold Italic")
    return f"{value['family']} {style}".strip() if value.get("family") else ""
