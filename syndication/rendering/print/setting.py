"""Sets cards in batches: many fixed-size pages in one layout, one small PDF per card."""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Any

from django.utils.translation import gettext_noop as _

from syndication.contract import ItemRefused, Made, Refusal, RenderContext, Unit

from .. import tokens as design
from ..formats import cldr_locale
from ..pages import render
from ..pdf import Sheets, lay_out
from ..press.stage import is_tagged
from ..words import words
from .cards import LAST_LEVEL, Card
from .layouts import BY_NUMBER, LAYOUTS, Layout
from .sheet import MM, REFERENCE_SIZE, Sheet

REFERENCE = {
    f"reference_{side}": f"{size:.3f}"
    for side, size in zip(("width", "height"), REFERENCE_SIZE, strict=True)
}
BATCH = 24  # one layout grows faster than its cards; smaller ones repeat the fixed cost
IMAGE = b"/Subtype /Image"


def set_units(units: Iterable[Unit], context: RenderContext) -> Iterator[Made | ItemRefused]:
    """Yield one card per unit, in order."""
    source = iter(units)
    while batch := list(islice(source, BATCH)):
        yield from _set([Card(unit, context) for unit in batch], context)


def sheet_of(context: RenderContext) -> Sheet:
    """Return the page format that the options ask for."""
    rtl = cldr_locale(context.locale).text_direction == "rtl"
    # Notes at the foot of pages need room above the running foot.
    return Sheet(rtl=rtl, bottom=25 * MM) if context.options.get("note") else Sheet(rtl=rtl)


def layout_of(context: RenderContext) -> Layout:
    """Return the layout of the output's cards."""
    return LAYOUTS[BY_NUMBER[int(context.options.get("per_page") or 6)]]


def colours(context: RenderContext) -> dict[str, Any]:
    """Return the design tokens as the style sheets name them."""
    merged = design.merged(context.tokens)
    stacks = {role: design.font_stack(merged, role) for role in ("sans", "serif", "display")}
    # Naskh joins lam and alef in two glyphs: the text of the PDF can be searched and copied.
    stacks = {r: s.replace("Noto Sans Arabic", "Noto Naskh Arabic") for r, s in stacks.items()}
    rtl = cldr_locale(context.locale).text_direction == "rtl"
    sides = {"start": "right", "end": "left"} if rtl else {"start": "left", "end": "right"}
    return {**merged["colours"], **stacks, **sides, "print": _texts(merged["print"])}


def _texts(sizes: dict[str, float]) -> dict[str, str]:
    return {name: f"{size:g}" for name, size in sizes.items()}


def _set(cards: list[Card], context: RenderContext) -> list[Made | ItemRefused]:
    made: dict[int, Made | ItemRefused] = {}
    waiting = {n: card.first_level for n, card in enumerate(cards)}
    while waiting:
        waiting = _round(cards, waiting, made, context)
    return [made[n] for n in range(len(cards))]


def _round(cards, waiting: dict[int, int], made: dict, context) -> dict[int, int]:
    """Set the waiting cards at their levels; return those that overflow, a level further."""
    sheets = _lay_out([(cards[n], level) for n, level in waiting.items()], context)
    if sheets is None or sheets.errors:
        for n, level in waiting.items():
            made[n] = _alone(cards[n], level, context)
        return {}
    again = {}
    pages = _pages(sheets, [cards[n] for n in waiting])
    for (n, level), (first, count) in zip(waiting.items(), pages, strict=True):
        if count > 1 and level < LAST_LEVEL:
            again[n] = level + 1
        else:
            made[n] = _made(cards[n], sheets, first)
    return again


def _alone(card: Card, level: int, context) -> Made | ItemRefused:
    """Set one card by itself, so that what is wrong with it is its own."""
    while True:
        sheets = _lay_out([(card, level)], context)
        if sheets is None or sheets.errors:
            return _refused(card, *(sheets.errors[:1] if sheets else ()))
        if len(sheets) == 1 or level == LAST_LEVEL:
            return _made(card, sheets, 0)
        level += 1


def _lay_out(cards: list[tuple[Card, int]], context: RenderContext) -> Sheets | None:
    pictures, rows = {}, []
    for card, level in cards:
        row = {"id": card.mark, **card.says(level)}
        pictures |= card.trimmings.pictures
        if card.picture:
            name = card.picture.path.name
            pictures[name] = card.picture.path
            row |= {"photo": name, "alt": card.picture.alt}
            row["fit"] = "cover" if card.picture.cover else "whole"
        rows.append(row)
    try:
        return lay_out(_html(rows, context), css=_css(context), pictures=pictures)
    except MemoryError:
        raise
    except Exception:
        # One of the cards breaks the layout: setting them one by one tells which.
        return None


def _html(rows: list[dict], context: RenderContext) -> str:
    values = {
        "cards": rows,
        "locale": context.locale,
        "direction": cldr_locale(context.locale).text_direction,
        "per_page": str(context.options.get("per_page") or 6),
        "words": words(context.locale),
    }
    return render("outputs/catalogue/cards.html", values)


def _css(context: RenderContext) -> str:
    sheet = sheet_of(context)
    width, height = sheet.extent(*layout_of(context).cells[0])
    size = {"width": f"{width:.3f}", "height": f"{height:.3f}", **REFERENCE}
    return style("cards", context, **size, per_page=str(context.options.get("per_page") or 6))


def style(name: str, context: RenderContext, **values: str) -> str:
    """Return a style sheet of the catalogue with the tokens filled in."""
    key = tuple(sorted({**_flat(colours(context)), **values}.items()))
    return _style(name, key)


def _flat(values: dict) -> dict[str, str]:
    flat = {key: value for key, value in values.items() if isinstance(value, str)}
    return flat | {f"print_{key}": value for key, value in values["print"].items()}


@cache
def _style(name: str, values: tuple) -> str:
    from django.utils.safestring import mark_safe

    # Tokens are the operator's own; quotes in font names must reach the style sheet as they are.
    return render(f"outputs/catalogue/{name}.css", {key: mark_safe(v) for key, v in values})


def _pages(sheets: Sheets, cards: list[Card]) -> list[tuple[int, int]]:
    """Return (first page, number of pages) of every card."""
    # A card that runs over leaves its anchor on every page it touches: the first one counts.
    anchors = sheets.anchors()
    starts = [next(p for p, ids in enumerate(anchors) if c.mark in ids) for c in cards]
    ends = [*starts[1:], len(sheets)]
    return [(start, end - start) for start, end in zip(starts, ends, strict=True)]


def _made(card: Card, sheets: Sheets, page: int) -> Made | ItemRefused:
    payload = sheets.pdf(page, tagged=is_tagged(card.context))
    if sheets.missing:
        characters = " ".join(sorted(set(sheets.missing)))
        message = _("No font has: %(characters)s")
        card.warn("characters_without_glyph", message, characters=characters[:100])
    if card.picture and IMAGE not in payload:
        return _refused(card, "the picture is missing")
    return Made(payload, tuple(dict.fromkeys(card.warnings)))


def _refused(card: Card, why: str = "it cannot be laid out") -> ItemRefused:
    message = _("The card could not be set: %(why)s")
    told = {"why": why[:500]}
    return ItemRefused(Refusal(card.main.identifier, "render_error", message, params=told))
