"""Listings of the past: what a listing was at a moment, resolved anew from its versions."""

from datetime import datetime

import orjson

from pim import published
from syndication.models import Listing

from .listings_batch import Batch, Key


def listing_as_of(
    identifier: str, *, channel: str, audience: str, locale: str, moment: datetime
) -> dict | None:
    """Return {"state", "reasons", "version", "body", "facts"}, None for what was not there.

    Content and its parents are those of the moment; prices and stock by their validity then,
    as far as they are kept; structure, labels and linked products are today's.
    """
    name = published.current_codes("product", [identifier])[0]
    ids = Listing.objects.filter(identifier__in=[identifier, name]).values_list(
        "product_id", flat=True
    )
    pk = ids.first()
    if pk is None:
        return None
    family = {pk, *published.descendants([pk])}
    batch = Batch(published.structure(), tuple(sorted(family)), moment, as_of=moment)
    outcome = batch.outcome()
    row = outcome.rows.get(Key(pk, channel, audience, locale))
    subject = batch.subjects.get(pk)
    if row is None or subject is None:
        return None
    return {
        "identifier": row.identifier,
        "state": row.state,
        "reasons": row.reasons,
        "version": subject.product.version,
        "body": _parsed(outcome.texts, row.digest),
        "facts": _parsed(outcome.texts, row.facts_digest),
    }


def _parsed(texts: dict[str, str], digest: str) -> dict | None:
    return orjson.loads(texts[digest]) if digest else None
