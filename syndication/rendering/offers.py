"""What a product costs and whether it is to be had: the fact where there is one, else content."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

from babel.core import get_global, parse_locale
from babel.numbers import get_territory_currencies
from django.utils.translation import gettext_noop as _

from ..contract import Facts, Refusal

STATES = ("in_stock", "out_of_stock", "preorder", "backorder", "discontinued")
# Minor units of ISO 4217 where they are not two.
MINOR_UNITS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF"), 0),
    **dict.fromkeys(("UGX", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
QUANTA = {places: Decimal(1).scaleb(-places) for places in (0, 2, 3)}


@dataclass(frozen=True, slots=True)
class Price:
    """A price for one piece; `regular` is the standing price where `amount` is a lower,
    limited one. Amounts are plain decimal strings with the currency's minor units."""

    amount: str
    currency: str
    regular: str = ""
    valid_to: str = ""
    tax_included: bool = True


def currency_of(channel: dict, *, locale: str, chosen: str = "") -> str:
    """Return the currency that a reader is shown: the chosen one, else that of the locale's
    country where the channel has it, else the channel's first ("" without any).

    `channel` is the channel part of a context document.
    """
    currencies = channel.get("currencies") or []
    if chosen or not currencies:
        return chosen
    own = _own_currencies(locale)
    return next((code for code in own if code in currencies), currencies[0])


@cache
def _own_currencies(locale: str) -> tuple[str, ...]:
    """Return the currencies of the country that a locale names, or most likely means."""
    found = parse_locale(likely_subtags().get(locale, locale.replace("-", "_")))
    territory = found[1]
    return tuple(get_territory_currencies(territory)) if territory else ()


def likely_subtags() -> dict[str, str]:
    """Return CLDR's likely subtags, {"da": "da_Latn_DK", …}."""
    return get_global("likely_subtags")


def unpriced(currency: str) -> Refusal:
    """Return what is told, once, where prices are wanted and no product has one in a currency."""
    message = _("No product has a price in %(currency)s: none is shown.")
    return Refusal("", "no_prices", message, "currency", "warning", {"currency": currency})


def money(amount, currency: str) -> str:
    """Return `amount` rounded to the currency's minor units; "" when it is not above zero."""
    try:
        value = Decimal(str(amount))
    except InvalidOperation:
        return ""
    if not value.is_finite() or value <= 0:
        return ""
    rounded = value.quantize(QUANTA[MINOR_UNITS.get(currency, 2)])
    return f"{rounded:f}" if rounded > 0 else ""


def _standing(facts: Facts, currency: str) -> list[dict]:
    return [
        p for p in facts.prices if p["currency"] == currency and (p.get("min_quantity") or 1) <= 1
    ]


def price(facts: Facts, *, listed: dict | None, currency: str) -> Price | None:
    """Return the price of one piece in `currency`, or None.

    A fact wins over the list price (`listed`, {currency: amount}). A fact that ends and is
    lower than the standing price is a sale: the standing price then becomes `regular`.
    """
    found = _standing(facts, currency)
    plain = money((listed or {}).get(currency), currency)
    if not found:
        return Price(plain, currency) if plain else None
    best = found[0]
    amount = money(best["amount"], currency)
    if not amount:
        return Price(plain, currency) if plain else None
    return Price(
        amount,
        currency,
        regular=_regular(best, found, plain=plain, amount=amount),
        valid_to=best.get("valid_to") or "",
        tax_included=best.get("tax_included", True),
    )


def _regular(best: dict, found: list[dict], *, plain: str, amount: str) -> str:
    if not best.get("valid_to"):
        return ""
    standing = next((p for p in found if not p.get("valid_to")), None)
    regular = money(standing["amount"], best["currency"]) if standing else plain
    return regular if regular and Decimal(regular) > Decimal(amount) else ""


def tiers(facts: Facts, *, currency: str) -> list[tuple[int, str]]:
    """Return the quantity prices in `currency` as (from quantity, amount), rising."""
    rows = {
        p["min_quantity"]: money(p["amount"], currency)
        for p in reversed(facts.prices)
        if p["currency"] == currency and (p.get("min_quantity") or 1) > 1
    }
    return sorted(rows.items())


def availability(facts: Facts) -> str:
    """Return one of STATES, or "" when nothing is known."""
    state = (facts.availability or {}).get("state", "")
    return state if state in STATES else ""
