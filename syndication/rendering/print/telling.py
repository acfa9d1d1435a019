"""What the furniture of a book tells of a product besides its card: its articles' numbers, what
it goes with, the note at the foot of its page, the symbols that stand on it.
"""

from collections.abc import Iterator
from typing import NamedTuple

from syndication.contract import RenderContext, Unit

from ..tongues import joined
from ..view import View, views
from .prices import Prices
from .tongues import WITHIN, other_views

MOST_OTHERS = 12  # of them as many are shown as a card has lines for
NOTE_ROOM = 600  # characters of a note
YES = True


class More(NamedTuple):
    """What the summary of a fragment keeps for the furniture.

    `others` are (association, identifier) pairs in the order of the editor, `symbols`
    (attribute, key of its picture) pairs, `names` (locale, name) pairs of the other languages;
    `priced` says that it has a price.
    """

    numbers: tuple[str, ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    note: str = ""
    symbols: tuple[tuple[str, str], ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    priced: bool = False


NOTHING_MORE = More()


def told(unit: Unit, context: RenderContext) -> dict:
    """Return what a summary says of a unit for `more_of`."""
    locale = context.locale
    main, *variants = views(unit, context.labels[locale], locale=locale)
    others = other_views(unit, context)
    found = {
        "numbers": [view.identifier for view in variants or [main]],
        "others": list(_others([main, *variants], codes(context.options.get("references")))),
        "note": joined((note_of(v, context) for v in (main, *others)), between=WITHIN),
        "symbols": symbols_of(main, context),
        "names": [(each.locale, " ".join(each.name.split())) for each in others],
        "priced": Prices(main, variants, context).known,
    }
    return {name: value for name, value in found.items() if value}


def more_of(summary: dict) -> More:
    """Return what a summary tells the furniture."""
    pairs = {
        name: tuple((one, other) for one, other in summary.get(name) or ())
        for name in ("others", "symbols", "names")
    }
    numbers = tuple(summary.get("numbers") or ())
    told = {"note": summary.get("note") or "", "priced": summary.get("priced") is True}
    return More(numbers, **told, **pairs)


def codes(said: object) -> list[str]:
    """Return the codes of an option: a list, or a text with commas or spaces between them."""
    found = said.replace(",", " ").split() if isinstance(said, str) else said
    return [str(code) for code in found] if isinstance(found, list | tuple) else []


def _others(members: list[View], kinds: list[str]) -> Iterator[tuple[str, str]]:
    own = {view.identifier for view in members}
    seen: set[str] = set()
    for kind in kinds:
        for view in members:
            for other in view.body.get("associations", {}).get(kind) or []:
                name = other.get("identifier")
                if name and name not in own and name not in seen and len(seen) < MOST_OTHERS:
                    seen.add(name)
                    yield kind, name


def note_of(view: View, context: RenderContext) -> str:
    """Return the text of the note of a product, "" without one."""
    attribute = context.options.get("note") or ""
    text = " ".join(view.show(attribute).split()) if attribute else ""
    return text if len(text) <= NOTE_ROOM else text[: NOTE_ROOM - 1].rstrip() + "…"


def symbols_of(view: View, context: RenderContext) -> list[tuple[str, str]]:
    """Return the symbols of a product, (attribute, key of the picture), that have a picture.

    The picture of an option is named by attribute and option, or by the option alone; that of a
    yes by the attribute.
    """
    pictures = context.options.get("symbol_pictures")
    known = pictures if isinstance(pictures, dict) else {}
    return [
        (attribute, key)
        for attribute in codes(context.options.get("symbols"))
        for key in _keys(attribute, view.listing.value(attribute), known)
    ]


def _keys(attribute: str, data: object, known: dict) -> Iterator[str]:
    if data is YES:
        yield from (key for key in (attribute,) if key in known)
    for option in [data] if isinstance(data, str) else data if isinstance(data, list) else []:
        names = (f"{attribute}-{option}", str(option))
        yield from list(key for key in names if key in known)[:1]
