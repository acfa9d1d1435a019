"""Facts as listings show them: the prices and the availability of many products at a moment."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q

from pim.models import AvailabilityFact, PriceFact, PriceList
from pim.queries.structure import load_structure


def facts(ids: Iterable[int], channel: str, audience: str, at: datetime) -> dict[int, dict]:
    """Return {id: {"prices": […], "availability": … | None}} of those that have facts.

    The shapes are those of `syndication.contract.Facts`: prices valid at `at`, from the
    channel's price lists that the audience may see, lists limited to the audience first, then
    in the order of the channel's currencies, from the smallest quantity on.
    """
    ids = list(ids)
    found: dict[int, dict] = {}
    for pk, price in _prices(ids, channel, audience, at):
        found.setdefault(pk, {"prices": [], "availability": None})["prices"].append(price)
    for pk, availability in _availabilities(ids):
        found.setdefault(pk, {"prices": [], "availability": None})["availability"] = availability
    best = _best_first(channel, audience)
    for held in found.values():
        held["prices"].sort(key=best)
    return found


def fact_boundaries(after: datetime, until: datetime) -> set[int]:
    """Return the ids of products with a price that begins or ends in (after, until]."""
    begins = Q(valid_from__gt=after, valid_from__lte=until)
    ends = Q(valid_to__gt=after, valid_to__lte=until)
    return set(PriceFact.objects.filter(begins | ends).values_list("product_id", flat=True))


def _best_first(channel: str, audience: str) -> Callable[[dict], tuple]:
    """Return the order of prices: lists made for the audience, then the channel's currencies."""
    own = PriceList.objects.filter(channels__code=channel, audiences__code=audience)
    limited = set(own.values_list("code", flat=True))
    here = load_structure().channels.get(channel)
    place = {code: n for n, code in enumerate(here.currencies if here else ())}

    def order(price: dict) -> tuple:
        return (
            price["price_list"] not in limited,
            place.get(price["currency"], len(place)),
            price["currency"],
            price["min_quantity"],
            Decimal(price["amount"]),
        )

    return order


def _prices(ids: list[int], channel: str, audience: str, at: datetime):
    lists = PriceList.objects.filter(channels__code=channel)
    lists = lists.filter(Q(audiences__isnull=True) | Q(audiences__code=audience))
    rows = PriceFact.objects.filter(product_id__in=ids, price_list__in=lists.values("id"))
    rows = rows.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=at))
    rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=at))
    for pk, currency, amount, quantity, code, tax, until in rows.order_by(
        "product_id", "price_list__currency__code", "min_quantity", "amount", "price_list__code"
    ).values_list(
        "product_id", "price_list__currency__code", "amount", "min_quantity", "price_list__code",
        "price_list__tax_included", "valid_to",
    ):  # fmt: skip
        yield (
            pk,
            {
                "currency": currency,
                "amount": _plain(amount),
                "min_quantity": quantity,
                "price_list": code,
                "tax_included": tax,
                "valid_to": _iso(until),
            },
        )


def _availabilities(ids: list[int]):
    rows = AvailabilityFact.objects.filter(product_id__in=ids).order_by("product_id", "-place")
    for pk, state, quantity, day in rows.values_list(
        "product_id", "state", "quantity", "available_on"
    ):
        yield (
            pk,
            {
                "state": state,
                "quantity": None if quantity is None else _plain(quantity),
                "available_on": _iso(day),
            },
        )


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _iso(moment: date | datetime | None) -> str | None:
    return moment.isoformat() if moment else None
