"""The other languages of a card in a combined edition: names, introductions, labels, values."""

from collections.abc import Callable

from syndication.contract import RenderContext, Unit

from ..view import View, views

NOTATED = {"number", "measurement", "date", "price"}  # kinds that languages only write apart
BETWEEN = " · "
FIRST, POP = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"


def other_views(unit: Unit, context: RenderContext) -> list[View]:
    """Return the unit's main listing in every language but the first."""
    return [views(unit, context.labels[code], locale=code)[0] for code in context.locales[1:]]


def side_by_side(
    view: View, others: list[View], code: str, *, clean: Callable[[str], str]
) -> tuple[str, str]:
    """Return label and value of an attribute in all languages; what they share stands once.

    Numbers and dates stand once for each direction of reading.
    """
    known = [view, *others]
    labels = dict.fromkeys(each.format.label(code) for each in known)
    kind = view.labels.body["attributes"].get(code, {}).get("kind")
    data = [each.listing.value(code) for each in known]
    if kind in NOTATED and all(value == data[0] for value in data):
        known = list({each.format.direction: each for each in reversed(known)}.values())[::-1]
    texts = dict.fromkeys(text for text in (each.show(code) for each in known) if text)
    return _joined(labels, str), _joined(texts, clean)


def _joined(texts, clean: Callable[[str], str]) -> str:
    """Return texts one behind another; each is read for itself, whatever stands beside it."""
    found = [clean(text) for text in texts]
    return BETWEEN.join(f"{FIRST}{text}{POP}" for text in found) if found[1:] else "".join(found)


def block(view: View, clean: Callable[[str], str]) -> dict[str, str]:
    """Return the name and the introduction of one language, with how they are read."""
    return {
        "locale": view.locale,
        "dir": view.format.direction,
        "name": clean(view.name),
        "intro": clean(view.text("short_description")),
    }
