"""Sets the offers of a leaflet, a page each, smaller where their words do not fit."""

from collections.abc import Iterable, Iterator
from itertools import islice

from django.utils.translation import gettext_noop as _

from syndication.contract import ItemRefused, Made, Refusal, RenderContext, Unit

from ..formats import cldr_locale
from ..pages import render
from ..pdf import Sheets, lay_out
from ..press.stage import is_tagged
from ..press.structure import headed
from ..print.dress import style
from ..print.sheet import MM
from ..print.taking_apart import take_apart
from ..print_words import print_words
from ..tongues import distinct, texts
from .offer import LAST, Offer

FOLDER = "outputs/leaflet"
BATCH = 12
PAGE = (210 * MM, 297 * MM)
EDGE, TOP, BOTTOM, GAP = 12 * MM, 20 * MM, 17 * MM, 7 * MM
GRIDS = {"2": (1, 2), "4": (2, 2), "6": (2, 3)}
CODE = 17 * MM
PHOTO = {1: 0.58, 2: 0.5, 3: 0.43}  # of an offer, by the languages that its words are in
BREAKS = _("The offer could not be set: %(why)s")


def grid_of(context: RenderContext) -> tuple[int, int]:
    """Return columns and rows of a page."""
    return GRIDS.get(str(context.options.get("per_page") or "4"), (2, 2))


def card_size(context: RenderContext) -> tuple[float, float]:
    """Return width and height of an offer in points."""
    columns, rows = grid_of(context)
    width = (PAGE[0] - 2 * EDGE - GAP * (columns - 1)) / columns
    return width, (PAGE[1] - TOP - BOTTOM - GAP * (rows - 1)) / rows


def set_offers(units: Iterable[Unit], context: RenderContext) -> Iterator[Made | ItemRefused]:
    """Yield one card per unit, in order."""
    source = iter(units)
    while batch := list(islice(source, BATCH)):
        yield from _set(batch, context)


def _set(units: list[Unit], context: RenderContext) -> list[Made | ItemRefused]:
    made: dict[int, Made | ItemRefused] = {}
    waiting: dict[int, Offer] = {}
    for n, unit in enumerate(units):
        offer = Offer(unit, context)
        try:
            offer.check()
            waiting[n] = offer
        except ItemRefused as refused:
            made[n] = refused
    while waiting:
        waiting = _round(waiting, made, context)
    return [made[n] for n in range(len(units))]


def _round(waiting: dict[int, Offer], made: dict, context: RenderContext) -> dict[int, Offer]:
    """Set what waits; return the offers that run over, a level smaller."""
    sheets = _lay_out(list(waiting.values()), context)
    if sheets.errors and len(waiting) > 1:
        for n, offer in waiting.items():
            left = {n: offer}
            while left:
                left = _round(left, made, context)
        return {}
    again, first = {}, _firsts(sheets, len(waiting))
    ends = [*first[1:], len(sheets)]
    for (n, offer), start, end in zip(waiting.items(), first, ends, strict=True):
        if sheets.errors:
            told = Refusal(
                offer.main.identifier, "render_error", BREAKS, params={"why": sheets.errors[0]}
            )
            made[n] = ItemRefused(told)
        elif end - start > 1 and offer.level < LAST:
            offer.level += 1
            again[n] = offer
        else:
            made[n] = _made(offer, sheets, start)
    return again


def _firsts(sheets: Sheets, count: int) -> list[int]:
    found: dict[str, int] = {}
    for page, ids in enumerate(sheets.anchors()):
        for mark in ids:
            found.setdefault(mark, page)
    return [found[f"o{n}"] for n in range(count)]


def _lay_out(offers: list[Offer], context: RenderContext) -> Sheets:
    pictures, rows = {}, []
    for n, offer in enumerate(offers):
        row = {"id": f"o{n}", **offer.says()}
        if offer.picture:
            pictures[offer.picture.name] = offer.picture
            row["photo"] = offer.picture.name
        rows.append(row)
    direction = cldr_locale(context.locale).text_direction
    values = {
        "offers": rows,
        "locale": context.locale,
        "direction": direction,
        "coded": "yes" if context.options.get("codes") is not False else "",
        "scan": distinct(texts(context.locales, lambda code: print_words(code)["show_code"])),
        "broad": "broad" if grid_of(context)[0] == 1 else "",
    }
    width, height = card_size(context)
    css = style(f"{FOLDER}/cards.css", context, width=f"{width:.3f}pt", height=f"{height:.3f}pt",
                photo=f"{height * PHOTO[min(len(context.locales), 3)]:.3f}pt")  # fmt: skip
    return lay_out(render(f"{FOLDER}/cards.html", values), css=css, pictures=pictures)


def _made(offer: Offer, sheets: Sheets, page: int) -> Made:
    payload = sheets.pdf(page, tagged=is_tagged(offer.context))
    if sheets.missing:
        characters = " ".join(sorted(set(sheets.missing)))[:100]
        message = _("No font has: %(characters)s")
        offer.warn("characters_without_glyph", message, characters=characters)
    pack = take_apart(payload)
    pack.trees = [[["Sect", "", headed(tree)]] for tree in pack.trees]
    return Made(pack.to_bytes(), tuple(offer.warnings))
