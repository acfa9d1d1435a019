"""How wide the columns of a price list are, and which way its page is turned.

Languages of a combined list have columns of names side by side. Where these would be narrow the
page is turned; where they are even then, the languages of a name stand one below another.
"""

from dataclasses import dataclass
from typing import Any

from ..print.sheet import MM

UPRIGHT = (210 * MM, 297 * MM)
EDGE = 12 * MM
WIDE_FROM = 4  # as many columns of prices turn the page
SHARES = {"sku": 0.165, "pack": 0.075, "gtin": 0.135}  # of the text
PRICE, PRICES = 0.14, 0.42  # of the text: a column of prices, all of them at most
NAME_LEAST, NAME_NARROW = 36 * MM, 27 * MM  # of a column of names, before and after turning


@dataclass(frozen=True)
class Columns:
    """Widths in points; `names` is how many columns of names there are."""

    page: tuple[float, float]
    sku: float
    pack: float
    gtin: float
    price: float
    name: float
    names: int

    def css(self) -> dict[str, str]:
        """Return the measures that the style sheet asks for."""
        wide, high = self.page
        found = {"page_width": wide, "page_height": high, "name_width": self.name}
        found |= {f"{n}_width": getattr(self, n) for n in ("sku", "pack", "gtin", "price")}
        return {name: f"{length:.3f}pt" for name, length in found.items()}


def columns_of(prices: int, *, packed: bool, coded: bool, languages: int) -> Columns:
    """Return the columns of a list with so many columns of prices and languages."""
    given = {"prices": prices, "packed": packed, "coded": coded}
    upright = _shared(turned=prices >= WIDE_FROM, names=languages, **given)
    if languages == 1 or upright.name >= NAME_LEAST:
        return upright
    turned = _shared(turned=True, names=languages, **given)
    if turned.name >= NAME_NARROW:
        return turned
    return _shared(turned=prices >= WIDE_FROM, names=1, **given)


def _shared(*, prices: int, packed: bool, coded: bool, turned: bool, names: int) -> Columns:
    page = UPRIGHT[::-1] if turned else UPRIGHT
    text = page[0] - 2 * EDGE
    # Numbers need no more room on a page that was turned for the names.
    base = text if names == 1 else min(text, UPRIGHT[0] - 2 * EDGE)
    sku, gtin = SHARES["sku"] * base, SHARES["gtin"] * base * coded
    pack, price = SHARES["pack"] * base * packed, min(PRICE, PRICES / prices) * base
    name = (text - sku - gtin - pack - price * prices) / names
    return Columns(page, sku, pack, gtin, price, name, names)


def measures(heads: dict[str, Any], *, languages: int) -> Columns:
    """Return the columns under these heads."""
    packed, coded = bool(heads["pack"]), bool(heads["gtin"])
    return columns_of(len(heads["prices"]), packed=packed, coded=coded, languages=languages)
