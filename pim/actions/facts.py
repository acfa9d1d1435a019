"""Facts: prices and availability, set by the batch; readers hear of what really changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from pim.content.actor import Actor
from pim.content.refusals import InvalidValue, Refused, UnknownCode, _
from pim.content.rights import Level, refuse_below
from pim.models import AVAILABILITIES, AvailabilityFact, Change, PriceFact, PriceList, Product
from pim.models.fields import canonical_json
from pim.queries.drafts import chunks
from pim.queries.rights import hidden_from, rights_on

from . import bulk
from .locking import locked, settled
from .log import Entry, append_to_log

_STATES = frozenset(code for code, _label in AVAILABILITIES)
_MOST = Decimal(10) ** 10
_LOGGED = 1000
_WRONG = {
    "amount": _("“%(value)s” is no price: write a number from 0 on, such as 12.50."),
    "min_quantity": _("“%(value)s” is no quantity to buy from: write a whole number from 1 on."),
    "valid_to": _("The price ends at %(value)s, before it begins."),
    "state": _("“%(value)s” is none of in_stock, out_of_stock, preorder, backorder, discontinued."),
    "quantity": _("“%(value)s” is no quantity: write a number from 0 on."),
}


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A price in a price list from a quantity on; amount None takes it away.

    Its key is (product, price list, min_quantity, valid_from).
    """

    identifier: str
    price_list: str
    amount: Any
    min_quantity: int = 1
    valid_from: datetime | None = None
    valid_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class AvailabilityRow:
    """Whether a product is to be had at a place; state "" takes the fact away."""

    identifier: str
    state: str
    place: str = ""
    quantity: Any = None
    available_on: date | None = None


@dataclass(slots=True)
class FactResult:
    """What became of a row: created, changed, removed, unchanged or refused (and why)."""

    identifier: str
    outcome: str = "unchanged"
    refusal: Refused | None = None


def set_prices(rows: Sequence[PriceRow], *, actor: Actor, at: datetime) -> list[FactResult]:
    """Set the prices; one result per row, a bad row is refused and stops no other."""
    hidden = hidden_from(actor.rights).get("price_list", ())
    rows_of_lists = PriceList.objects.values_list("code", "id")
    lists = {code: pk for code, pk in rows_of_lists if code not in hidden}

    def key(row: PriceRow, product: int) -> tuple:
        if row.price_list not in lists:
            raise UnknownCode(what="price list", name=row.price_list, field="price_list")
        if row.min_quantity < 1:
            raise _bad("min_quantity", row.min_quantity)
        return (product, lists[row.price_list], row.min_quantity, row.valid_from)

    def data(row: PriceRow) -> tuple | None:
        if row.amount in (None, ""):
            return None
        if row.valid_from and row.valid_to and row.valid_to <= row.valid_from:
            raise _bad("valid_to", row.valid_to)
        return (_decimal("amount", row.amount, places=4), row.valid_to)

    columns = ("product_id", "price_list_id", "min_quantity", "valid_from", "amount", "valid_to")
    channels = _channels_of_lists() if not actor.rights.unlimited else {}
    return _set(
        PriceFact,
        rows,
        key,
        data,
        columns,
        actor=actor,
        at=at,
        channels=lambda row: channels.get(row.price_list, ()) if row.price_list in lists else (),
    )


def set_availability(
    rows: Sequence[AvailabilityRow], *, actor: Actor, at: datetime
) -> list[FactResult]:
    """Set the availability; one result per row, a bad row is refused and stops no other."""

    def data(row: AvailabilityRow) -> tuple | None:
        if not row.state:
            return None
        if row.state not in _STATES:
            raise _bad("state", row.state)
        quantity = row.quantity
        if quantity not in (None, ""):
            return (row.state, _decimal("quantity", quantity, places=3), row.available_on)
        return (row.state, None, row.available_on)

    columns = ("product_id", "place", "state", "quantity", "available_on")
    how = {"actor": actor, "at": at}
    return _set(AvailabilityFact, rows, lambda r, pk: (pk, r.place), data, columns, **how)


def _set(
    model,
    rows,
    key,
    data,
    columns,
    *,
    actor: Actor,
    at: datetime,
    channels: Callable = lambda row: (),
) -> list[FactResult]:
    """Compare the rows with what is there and write what differs, in one transaction."""

    def work() -> list[FactResult]:
        results = [FactResult(row.identifier) for row in rows]
        products = _products(rows)
        held_rights = rights_on(products.values(), actor.rights)
        products = {name: pk for name, pk in products.items() if held_rights[pk].level}
        wanted: dict[tuple, tuple] = {}
        for row, result in zip(rows, results, strict=True):
            try:
                product = _product(row, products)
                refuse_below(
                    held_rights[product].facts(channels(row)),
                    Level.EDIT,
                    _("Your roles do not let you set facts of %(name)s here."),
                    name=row.identifier,
                )
                place = key(row, product)
                wanted[place] = (data(row), result)
            except Refused as refusal:
                result.outcome, result.refusal = "refused", refusal
        width = len(next(iter(wanted), ()))
        held = _held(model, columns, {place[0] for place in wanted}, width)
        _write(model, columns, width, wanted, held, at=at)
        moved = sorted({place[0] for place, (_d, r) in wanted.items() if r.outcome != "unchanged"})
        tell_facts(model, moved, actor=actor, at=at)
        return results

    return settled(work)


def _channels_of_lists() -> dict[str, list[str]]:
    """Return {price list: channels that show it}."""
    found: dict[str, list[str]] = {}
    for code, channel in PriceList.objects.values_list("code", "channels__code"):
        found.setdefault(code, []).extend([channel] if channel else [])
    return found


def _products(rows) -> dict[str, int]:
    """Return {identifier: id}, locked so that no two writers add the same fact (PostgreSQL)."""
    found = Product.objects.filter(identifier__in={row.identifier for row in rows}).order_by("id")
    return dict(locked(found).values_list("identifier", "id"))


def _product(row, products: dict[str, int]) -> int:
    if row.identifier not in products:
        raise UnknownCode(
            code="unknown_product", what="product", name=row.identifier, field="identifier"
        )
    return products[row.identifier]


def _held(model, columns: tuple, products: set[int], width: int) -> dict[tuple, tuple]:
    rows = model.objects.filter(product_id__in=products).values_list("id", *columns)
    return {row[1 : width + 1]: (row[0], row[width + 1 :]) for row in rows}


def _write(model, columns, width, wanted, held, *, at: datetime) -> None:
    gone, changed, made = [], [], []
    for place, (data, result) in wanted.items():
        pk, old = held.get(place, (None, None))
        if data == old:
            continue
        if data is None:
            gone.append((pk,))
        elif pk is None:
            made.append((*place, *data, at))
        else:
            changed.append((*data, at, pk))
        result.outcome = "removed" if data is None else "created" if pk is None else "changed"
    bulk.delete(model, ["id"], gone)
    bulk.update(model, [*columns[width:], "updated_at"], changed)
    bulk.insert(model, [*columns, "updated_at"], made)


def tell_facts(model, moved: list[int], *, actor: Actor, at: datetime) -> None:
    """Write one change for the batch and tell the log which products' facts moved."""
    if not moved:
        return
    kind = "prices" if model is PriceFact else "availability"
    detail = canonical_json({"@facts": [None, len(moved)]}).decode()
    bulk.insert(
        Change,
        ["row_version", "subject", "action", "actor", "source", "reason", "at", "detail"],
        [(0, f"facts:{kind}", "facts", actor.name, actor.source, "", at, detail)],
    )
    parts = list(chunks(moved, _LOGGED))
    append_to_log([Entry("facts", None, {"products": part}) for part in parts], at=at)


def _decimal(field: str, raw: Any, *, places: int) -> Decimal:
    try:
        number = Decimal(str(raw).strip())
    except InvalidOperation:
        raise _bad(field, raw) from None
    if not number.is_finite() or not 0 <= number < _MOST:
        raise _bad(field, raw)
    return round(number, places)


def _bad(field: str, value: Any) -> InvalidValue:
    return InvalidValue(_WRONG[field], code=f"bad_{field}", field=field, value=str(value)[:50])
