"""Sample listings put into the database as if upkeep had built them, for public pages."""

import hashlib
import json
from datetime import UTC, datetime

from syndication.contract import Facts, Unit
from syndication.models import (
    LIVE,
    ChannelSequence,
    ContextDocument,
    Listing,
    ListingBody,
    ListingCategory,
    Output,
)

from . import listings as samples

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CHANNEL, AUDIENCE = "shop", "consumer"


def open_shop(*, locales=("en", "de", "ar"), public: bool = True) -> None:
    """Create the channel's sequence and labels; its one audience is public or not."""
    ChannelSequence.objects.create(
        channel=CHANNEL,
        value=1,
        contexts={"locales": list(locales), "audiences": [[AUDIENCE, public]]},
    )
    for locale in locales:
        labels = samples.labels(locale)
        ContextDocument.objects.create(
            channel=CHANNEL, locale=locale, digest=labels.digest, body=json.dumps(labels.body)
        )


def landing_output(*, locales=("en", "de", "ar"), **fields) -> Output:
    """Create the output that landing pages are served from."""
    values = {"code": "pages", "name": "Pages", "kind": "landing", "channel": CHANNEL}
    values |= {"audience": AUDIENCE, "locales": list(locales)}
    return Output.objects.create(**(values | {"options": {"tokens": {"brand": "Halla"}}} | fields))


def put(unit: Unit, locale: str, *, state: str = LIVE) -> list[Listing]:
    """Store every listing of a unit in a locale; return the rows, the root first."""
    root = unit.main(locale).product_id
    return [
        _row(listing, unit.facts.get(listing.identifier), locale, root, state)
        for listing in unit.listings[locale]
    ]


def _row(listing, facts: Facts | None, locale: str, root: int, state: str) -> Listing:
    body = listing.body
    _categories(listing.product_id, body["categories"])
    return Listing.objects.create(
        channel=CHANNEL,
        audience=AUDIENCE,
        locale=locale,
        product_id=listing.product_id,
        uuid=body["uuid"],
        identifier=body["identifier"],
        role=body["role"],
        parent_id=root if body["parent"] else None,
        root_id=root,
        name=body["name"][:500],
        image=body["image"] or "",
        slug=body["slug"],
        gtin=listing.value("gtin") or "",
        state=state,
        digest=_store(body) if state == LIVE else "",
        facts_digest=_store(_facts(facts)) if facts and state == LIVE else "",
        sequence=1,
        updated_at=AT,
    )


def _facts(facts: Facts) -> dict:
    return {"prices": list(facts.prices), "availability": facts.availability}


def _categories(product_id: int, codes: list[str]) -> None:
    above = {code: [] for code in codes}
    for code in codes:
        path = samples.labels("en").body["categories"].get(code, {"path": [code]})["path"]
        above[code] = path
    for code in {c for path in above.values() for c in path}:
        ListingCategory.objects.get_or_create(channel=CHANNEL, product_id=product_id, category=code)


def _store(document: dict) -> str:
    text = json.dumps(document, sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    ListingBody.objects.get_or_create(digest=digest, defaults={"body": text})
    return digest
