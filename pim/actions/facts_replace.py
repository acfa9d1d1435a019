"""Replacing facts whole: what is named is set, what is not named goes, in one stream of rows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from pim.content.actor import Actor
from pim.content.refusals import Refused, _
from pim.content.rights import NotAllowed
from pim.models import AvailabilityFact, PriceFact
from pim.queries.drafts import chunks

from . import bulk
from .facts import (
    AvailabilityRow,
    FactResult,
    PriceRow,
    set_availability,
    set_prices,
    tell_facts,
)

CHUNK = 2000
REPORTED = 1000
# Above this share, a replacement that would take facts away is a mistake until somebody insists.
GUARD, FEW = 0.3, 20


@dataclass
class Replaced:
    """Counts by outcome, and the first refusals as (line, refusal); lines are counted from 1."""

    counts: dict[str, int] = field(default_factory=dict)
    refused: list[tuple[int, str, Refused]] = field(default_factory=list)

    def add(self, line: int, result: FactResult) -> None:
        """Count one row, and keep why it was refused."""
        self.count(result.outcome)
        if result.refusal and len(self.refused) < REPORTED:
            self.refused.append((line, result.identifier, result.refusal))

    def count(self, outcome: str, number: int = 1) -> None:
        """Add to an outcome."""
        self.counts[outcome] = self.counts.get(outcome, 0) + number


@dataclass(frozen=True, slots=True)
class Unread:
    """A row of which a field cannot be read; `place` is its price list, or its place."""

    identifier: str
    place: str
    refusal: Refused


class TooManyVanish(Refused):
    """Far fewer facts came in than there are; nothing was taken away."""

    code = "too_many_vanish"
    sentence = _("%(count)s of %(total)s would vanish. What was named is set; nothing was removed.")


def take_prices(
    rows: Iterable[PriceRow | Unread],
    *,
    actor: Actor,
    at: datetime,
    replace: str = "",
    insist: bool = False,
) -> Replaced:
    """Set prices from a stream; with `replace`, the price list of that code keeps no others.

    Short transactions of some thousand rows each: readers are never held up. Products of rows
    that were refused keep what they have. Raises `TooManyVanish` unless `insist`.
    """
    held = PriceFact.objects.filter(price_list__code=replace)
    how = {"actor": actor, "at": at, "insist": insist, "replace": replace}
    return _take(rows, set_prices, held if replace else None, **how)


def take_availability(
    rows: Iterable[AvailabilityRow | Unread],
    *,
    actor: Actor,
    at: datetime,
    replace: str | None = None,
    insist: bool = False,
) -> Replaced:
    """Set availability from a stream; with `replace`, the place of that name keeps no other."""
    held = None if replace is None else AvailabilityFact.objects.filter(place=replace)
    how = {"actor": actor, "at": at, "insist": insist, "replace": replace}
    return _take(rows, set_availability, held, **how)


def _take(
    rows, write, held: QuerySet | None, *, replace: str | None, actor: Actor, at: datetime,
    insist: bool,
) -> Replaced:  # fmt: skip
    if held is not None and not actor.rights.unlimited:
        raise NotAllowed(_("Replacing takes facts of any product away: your roles have limits."))
    before = 0 if held is None else held.count()
    done, named = Replaced(), set()
    for part in chunks(enumerate(rows, 1), CHUNK):
        results = _written(part, write, actor=actor, at=at)
        for (line, row), result in zip(part, results, strict=True):
            done.add(line, result)
            if held is not None and _list(row) == replace:
                named.add(row.identifier if result.refusal else _key(row))
    if held is not None:
        gone = list(_unnamed(held, named))
        if len(gone) > max(FEW, GUARD * before) and not insist:
            raise TooManyVanish(count=len(gone), total=before)
        _remove(held, gone, done, actor=actor, at=at)
    return done


def _written(part: list[tuple], write, *, actor: Actor, at: datetime) -> list[FactResult]:
    readable = [row for _line, row in part if not isinstance(row, Unread)]
    written = iter(write(readable, actor=actor, at=at))
    return [
        FactResult(row.identifier, "refused", row.refusal)
        if isinstance(row, Unread)
        else next(written)
        for _line, row in part
    ]


def _list(row: PriceRow | AvailabilityRow | Unread) -> str:
    """Return which list, or place, a row is of: those of others keep nothing in this one."""
    return row.price_list if isinstance(row, PriceRow) else row.place


def _key(row: PriceRow | AvailabilityRow) -> tuple:
    if isinstance(row, PriceRow):
        return (row.identifier, row.min_quantity, row.valid_from)
    return (row.identifier,)


def _remove(held: QuerySet, gone: list, done: Replaced, *, actor: Actor, at: datetime) -> None:
    for part in chunks(gone, CHUNK):
        with transaction.atomic():
            bulk.delete(held.model, ["id"], [(pk,) for pk, _product in part])
            tell_facts(held.model, sorted({p for _pk, p in part}), actor=actor, at=at)
        done.count("removed", len(part))


def _unnamed(held: QuerySet, named: set) -> Iterator[tuple[int, int]]:
    """Yield (fact id, product id) of what no row has named."""
    prices = held.model is PriceFact
    columns: tuple[str, ...] = ("min_quantity", "valid_from") if prices else ()
    rows = held.order_by("id").values_list("id", "product_id", "product__identifier", *columns)
    for pk, product, identifier, *rest in rows.iterator(chunk_size=CHUNK):
        key: tuple[Any, ...] = (identifier, *rest)
        if key not in named and identifier not in named:
            yield pk, product
