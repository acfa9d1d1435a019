"""Sets a data sheet: one document per unit, tighter where it would take too many pages."""

from typing import Any

from django.utils.translation import gettext_noop as _

from syndication.contract import ItemRefused, Made, Refusal, RenderContext, Unit

from ..formats import cldr_locale
from ..pages import render
from ..pdf import Sheets, lay_out
from ..press.stage import is_tagged
from ..print.dress import style
from ..print.parts import Pack
from ..print.sheet import MM
from ..print.taking_apart import take_apart
from ..printable import shortened
from ..tongues import joined
from .content import SheetContent

FOLDER = "outputs/data_sheet"
PAGE = (210 * MM, 297 * MM)
CODE = (168 * MM, 238 * MM, 24 * MM)  # x, y and side of the code on the first page
ROOMY = "roomy"
LEVELS = (ROOMY, "close", "tight")
THIN = 100 * MM  # from the top of a last page that is filled no further: a third of it
MOST = 40  # more pages than this are no data sheet
ROOM = 2_500  # characters that a page has room for at the first level, generously
HEAD = 240  # characters of names that the head of further pages has room for
HOPELESS = MOST * 12_000  # characters that no level brings on so many pages


def set_sheet(unit: Unit, context: RenderContext) -> Made:
    """Return the sheet of a unit as a pack; raise ItemRefused when it cannot be set."""
    content = SheetContent(unit, context)
    said = content.says()
    sheets = _fitting(content, said, context)
    if len(sheets) > MOST:
        message = _("The data sheet would have %(pages)d pages.")
        raise _refused(content, "too_long", message, pages=len(sheets))
    payload = sheets.pdf(tagged=is_tagged(context))
    _note_gaps(content, sheets)
    return Made(_packed(payload), tuple(content.warnings))


def _fitting(content: SheetContent, said: dict, context: RenderContext) -> Sheets:
    """Return the sheet at the first level that keeps to the number of pages wanted."""
    wanted = int(context.options.get("pages") or 4)
    size = sum(len(text["text"]) for text in said["texts"])
    if size > HOPELESS:
        message = _("The texts of the data sheet have %(characters)d characters.")
        raise _refused(content, "too_long", message, characters=size)
    for level in LEVELS[size > ROOM * wanted :]:
        sheets = _laid_out(content, said, context, level)
        if len(sheets) <= wanted:
            return _without_rest(content, said, context, sheets) if level == ROOMY else sheets
    message = _("The data sheet has %(pages)d pages instead of %(wanted)d at most.")
    content.warn("many_pages", message, pages=len(sheets), wanted=wanted)
    return sheets


def _without_rest(content: SheetContent, said: dict, context: RenderContext, sheets: Sheets):
    """Return the sheet a level closer where that saves a last page that bears next to nothing."""
    if len(sheets) < 2 or sheets.depth(len(sheets) - 1) > THIN:
        return sheets
    closer = _laid_out(content, said, context, LEVELS[1])
    return closer if len(closer) < len(sheets) else sheets


def _laid_out(content: SheetContent, said: dict, context: RenderContext, level: str) -> Sheets:
    share = HEAD // len(said["names"])
    head = joined(shortened(name["text"], room=share) for name in said["names"])
    values = {**said, **_frame(content, context), "level": level, "head": head}
    css = style(f"{FOLDER}/sheet.css", context, **_measures(content, level))
    sheets = lay_out(
        render(f"{FOLDER}/sheet.html", values), css=css, pictures=dict(content.pictures)
    )
    if sheets.errors:
        message = _("The data sheet could not be set: %(why)s")
        raise _refused(content, "render_error", message, why=sheets.errors[0][:500])
    return sheets


def _frame(content: SheetContent, context: RenderContext) -> dict[str, Any]:
    """Return what stands around the content."""
    locale = context.locale
    url = context.public_url.removeprefix("https://").removeprefix("http://")
    return {
        "locale": locale,
        "direction": cldr_locale(locale).text_direction,
        "words": content.first.words,
        "titles": _titles(content),
        "tongues": str(len(content.tongues)),
        "label_tongues": _columns(content),
        "wordmark": context.tokens.get("brand") or "",
        "url": url,
        "coded": "yes" if context.options.get("codes") != "none" else "",
    }


def _columns(content: SheetContent) -> dict[str, list[int]]:
    """Return which labels stand before the value and which behind it.

    A language that is read the other way has its label at its own beginning of the line.
    """
    first = content.first.direction
    same = [n for n, tongue in enumerate(content.tongues) if tongue.direction == first]
    return {"before": same, "behind": [n for n in range(len(content.tongues)) if n not in same]}


def _titles(content: SheetContent) -> dict[str, list[dict[str, str]]]:
    names = ("data_sheet", "specifications", "articles", "article", "drawings")
    names += ("documents", "certificates", "more")
    return {name: [t.mark(t.words[name]) for t in content.tongues] for name in names}


def _measures(content: SheetContent, level: str) -> dict[str, str]:
    rtl = content.first.direction == "rtl"
    sizes = {"roomy": "9", "close": "8", "tight": "7"}
    picture = {"roomy": "76", "close": "60", "tight": "46"}
    return {
        "size": sizes[level],
        "picture": picture[level],
        "start": "right" if rtl else "left",
        "end": "left" if rtl else "right",
    }


def _packed(payload: bytes) -> bytes:
    pack: Pack = take_apart(payload)
    return pack.to_bytes()


def _note_gaps(content: SheetContent, sheets: Sheets) -> None:
    if sheets.missing:
        message = _("No font has: %(characters)s")
        characters = " ".join(sorted(set(sheets.missing)))[:100]
        content.warn("characters_without_glyph", message, characters=characters)


def _refused(content: SheetContent, code: str, message: str, **params) -> ItemRefused:
    return ItemRefused(Refusal(content.main.identifier, code, message, params=params))


def code_place(*, rtl: bool) -> tuple[float, float, float]:
    """Return x, y and side of the code on the first page."""
    x, y, side = CODE
    return (PAGE[0] - x - side if rtl else x), y, side


def strip(text: str, context: RenderContext) -> bytes:
    """Return a pack of one line of the foot: the edition that a sheet belongs to."""
    rtl = cldr_locale(context.locale).text_direction == "rtl"
    sides = {"start": "right" if rtl else "left", "end": "left" if rtl else "right"}
    html = render(
        f"{FOLDER}/strip.html",
        {"text": text, "locale": context.locale, "direction": "rtl" if rtl else "ltr"},
    )
    sheets = lay_out(html, css=style(f"{FOLDER}/strip.css", context, **sides))
    return take_apart(sheets.pdf()).to_bytes()
