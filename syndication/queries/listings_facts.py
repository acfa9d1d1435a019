"""Facts beside listings: prices and availability of a batch, per audience of a channel."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson

from pim import published

Stored = tuple[str, str]  # digest, canonical JSON; "" and "" where there are no facts
NONE: Stored = ("", "")


@dataclass(frozen=True)
class FactSheet:
    """The facts of a batch in one channel, by audience and product."""

    by_audience: Mapping[str, Mapping[int, Stored]]

    def of(self, product_id: int, audience: str) -> Stored:
        """Return (digest, canonical JSON), or ("", "")."""
        return self.by_audience.get(audience, {}).get(product_id, NONE)


def fact_sheet(
    channel: str, *, audiences: Iterable[str], ids: Iterable[int], at: datetime
) -> FactSheet:
    """Return what each audience may know of prices and availability at that moment."""
    ids = list(ids)
    return FactSheet({audience: _of(ids, channel, audience, at) for audience in audiences})


def _of(ids: list[int], channel: str, audience: str, at: datetime) -> dict[int, Stored]:
    if not ids:
        return {}
    found = published.facts(ids, channel, audience, at)
    return {i: _stored(facts) for i, facts in found.items()}


def _stored(facts: dict) -> Stored:
    if not facts.get("prices") and not facts.get("availability"):
        return NONE
    text = orjson.dumps(facts, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).hexdigest(), text.decode()
