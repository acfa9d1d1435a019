"""The other languages of a card in a combined edition: names, introductions, labels, values."""

from collections.abc import Callable

from django.utils.html import escape

from syndication.contract import RenderContext, Unit

from ..tongues import BETWEEN, Text, joined
from ..view import View, views

NOTATED = {"number", "measurement", "date", "price"}  # kinds that languages only write apart
WITHIN = " / "  # between languages where the dot already parts one thing from the next


def other_views(unit: Unit, context: RenderContext) -> list[View]:
    """Return the unit's main listing in every language but the first."""
    return [members[0] for members in other_members(unit, context)]


def other_members(unit: Unit, context: RenderContext) -> list[list[View]]:
    """Return all listings of the unit, the main one first, in every language but the first."""
    return [views(unit, context.labels[code], locale=code) for code in context.locales[1:]]


def side_by_side(
    view: View, others: list[View], code: str, *, clean: Callable[[str], str] = str
) -> tuple[str, str]:
    """Return label and value of an attribute in all languages; what they share stands once."""
    labels = (each.format.label(code) for each in [view, *others])
    return joined(labels), shown_by(view, others, code, clean=clean)


def shown_by(
    view: View,
    others: list[View],
    code: str,
    *,
    clean: Callable[[str], str] = str,
    between: str = BETWEEN,
) -> str:
    """Return the value of an attribute in all languages; what they share stands once.

    Numbers and dates stand once for each direction of reading.
    """
    known = [view, *others]
    kind = view.labels.body["attributes"].get(code, {}).get("kind")
    data = [each.listing.value(code) for each in known]
    if kind in NOTATED and all(value == data[0] for value in data):
        known = list({each.format.direction: each for each in reversed(known)}.values())[::-1]
    return joined((clean(each.show(code)) for each in known), between=between)


def block(view: View, clean: Callable[[str], str]) -> dict[str, str]:
    """Return the name and the introduction of one language, with how they are read."""
    return {
        "locale": view.locale,
        "dir": view.format.direction,
        "name": clean(view.name),
        "intro": clean(view.text("short_description")),
    }


def each(told: list[Text]) -> str:
    """Return what is said in several languages, those that are read the same way in one line."""
    if not told[1:]:
        return "".join(escape(text["text"]) for text in told)
    ways = dict.fromkeys(text["dir"] for text in told)
    shown = (f'<bdi dir="{way}">{_in_line(told, way)}</bdi>' for way in ways)
    return f'<span class="each">{"".join(shown)}</span>'


def _in_line(told: list[Text], way: str) -> str:
    said = (text for text in told if text["dir"] == way)
    return BETWEEN.join(f'<span lang="{t["locale"]}">{escape(t["text"])}</span>' for t in said)
