"""What the furniture of a book tells of a product besides its card: numbers, others, notes."""

from typing import NamedTuple

from syndication.contract import Unit


class More(NamedTuple):
    """The numbers of the articles of a product, as the summary of its fragment keeps them."""

    numbers: tuple[str, ...] = ()


NOTHING_MORE = More()


def told(unit: Unit, *, locale: str) -> dict:
    """Return what a summary says of a unit for `more_of`."""
    main, *variants = unit.listings[locale]
    return {"numbers": [listing.identifier for listing in variants or [main]]}


def more_of(summary: dict) -> More:
    """Return what a summary tells the furniture."""
    return More(tuple(summary.get("numbers") or ()))
