"""The pack that a label is for: one level of an article's packaging."""

from collections.abc import Mapping
from typing import Any

from ..packing import packing_parts
from ..view import View

LEVELS = ("inner", "case", "display", "pallet")


def pack_of(view: View, level: str) -> Mapping[str, Any] | None:
    """Return what the article's packaging says of a level, None where it is not packed so."""
    attributes = view.labels.body["attributes"]
    for code in sorted(attributes):
        if attributes[code].get("kind") == "packaging":
            held = view.listing.value(code)
            for pack in held if isinstance(held, list) else ():
                if pack.get("level") == level:
                    return pack
    return None


def pack_texts(view: View, pack: Mapping[str, Any]) -> dict[str, str]:
    """Return the texts of a pack for the places of the price and of the small print."""
    show = view.format
    parts = packing_parts(pack, locale=show.locale, number=show.number, amount=show.amount)
    what = " · ".join(filter(None, (parts["level"], parts["inside"])))
    weight = parts["gross_weight"] or parts["net_weight"]
    small = [text for text in (weight, parts["size"]) if text]
    return {
        "price": what,
        "regular": "",
        "unit_price": small[0] if len(small) > 1 else "",
        "tax": small[-1] if small else "",
    }
