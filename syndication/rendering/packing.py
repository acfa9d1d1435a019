"""Packaging as a table in the reader's language: a row per level, a column for what is known."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .packing_words import packing_words

SIDES = ("width", "height", "depth")
_SHORT = ("level", "contains", "gtin", "gross_weight", "size")
Amount = Callable[[dict], str]
Grid = tuple[list[str], list[list[str]]]


def packing_table(levels: Sequence[Mapping], *, locale: str, number, amount: Amount) -> Grid:
    """Return (headings, rows) without the columns that no level fills.

    `number` and `amount` say a number and a measurement in the reader's notation.
    """
    words = packing_words(locale)
    rows = [_row(held, words, number, amount) for held in levels]
    used = [name for name in rows[0] if any(row[name] for row in rows)] if rows else []
    heads = ["GTIN" if name == "gtin" else words[name] for name in used]
    return heads, [[row[name] for name in used] for row in rows]


def packing_lines(levels: Sequence[Mapping], *, locale: str, number, amount: Amount) -> str:
    """Return one line of text per level, where there is no room for a table."""
    words = packing_words(locale)
    rows = [_row(held, words, number, amount) for held in levels]
    return "\n".join(" · ".join(row[n] for n in _SHORT if row[n]) for row in rows)


def packing_parts(held: Mapping, *, locale: str, number, amount: Amount) -> dict[str, str]:
    """Return {part: text} of one level; `inside` says how many pieces are in it."""
    words = packing_words(locale)
    row = _row(held, words, number, amount)
    return {**row, "inside": f"{row['pieces']} × {words['each']}"}


def _row(held: Mapping, words: Mapping[str, str], number, amount: Amount) -> dict[str, str]:
    layers = [number(held[part]) for part in ("layers", "per_layer") if part in held]
    contains = ""
    if "quantity" in held:
        inside = words.get(held["contains"], held["contains"])
        contains = f"{number(held['quantity'])} × {inside}"
    return {
        "level": words.get(held["level"], held["level"]),
        "gtin": held.get("gtin", ""),
        "contains": contains,
        "pieces": number(held["base_units"]),
        **{part: amount(held[part]) if part in held else "" for part in _WEIGHTS},
        "size": _size([held.get(side) for side in SIDES], amount, number),
        "layers": " × ".join(layers),
        "material": held.get("material", ""),
    }


_WEIGHTS = ("gross_weight", "net_weight")


def _size(sides: list[Any], amount: Amount, number) -> str:
    """Return "40 × 30 × 20 cm", each side with its unit where they differ, – for one unknown."""
    known = [side for side in sides if side]
    if len(known) == len(sides) and len({side["unit"] for side in known}) == 1:
        first = [number(side["amount"]) for side in sides[:-1]]
        return " × ".join([*first, amount(sides[-1])])
    return " × ".join(amount(side) if side else "–" for side in sides) if known else ""
