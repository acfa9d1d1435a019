"""Texts of printed sheets: what languages share, how large a file is."""

from babel.numbers import format_decimal

from ..formats import cldr_locale

STEPS = ((1_000_000, "MB"), (1_000, "kB"))


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
