"""Sample listings put into the database as if upkeep had built them, for public pages."""

import hashlib
import json
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from syndication import store
from syndication.contract import Facts, Piece, Pieces, Unit
from syndication.models import (
    LIVE,
    Artefact,
    ChannelSequence,
    ContextDocument,
    Edition,
    EditionArtefact,
    Listing,
    ListingBody,
    ListingCategory,
    Output,
    Pointer,
)
from syndication.registry import output_kind
from syndication.rendering.memo import FolderMemo
from syndication.rendering.tokens import merged

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


def issue(output: Output, units_by_locale: dict[str, list[Unit]], folder) -> Edition:
    """Render, assemble and promote an edition in this process, combined where there are locales.

    A stand-in for the engine where only the files matter.
    """
    kind, locales = output_kind(output.kind), tuple(units_by_locale)
    memo = FolderMemo(Path(tempfile.gettempdir()) / "pim-test-memo")
    first = samples.context(kind, locales[0], folder, memo=memo, **(output.options or {}))
    labels = {locale: samples.labels(locale) for locale in locales}
    context = replace(
        first,
        output=output.code,
        locales=locales,
        labels=labels,
        public_url=settings.PUBLIC_URL,
        tokens=merged((output.options or {}).get("tokens")),
    )
    units = [_together(rows) for rows in zip(*units_by_locale.values(), strict=True)]
    made = (
        Piece(
            u.id,
            u.main(locales[0]).identifier,
            kind.fragment(u, context).payload,
            kind.summary(u, context),
        )
        for u in units
    )
    target = folder / "files"
    sink = Sink(target)
    list(kind.assemble(samples.plan(len(units)), Pieces(made), context, sink))
    edition = Edition.objects.create(
        output=output,
        number=1 + output.editions.count(),
        locale=locales[0] if len(locales) == 1 else "",
        trigger_key=f"test:{output.editions.count()}",
        state="issued",
        created_at=AT,
        finished_at=AT,
    )
    _adopt(edition, target, sink.types)
    Pointer.objects.update_or_create(
        output=output,
        locale=edition.locale,
        defaults={"edition": edition, "moved_at": AT, "data_version": 1},
    )
    return edition


def _together(units: tuple[Unit, ...]) -> Unit:
    merged_listings = {k: v for unit in units for k, v in unit.listings.items()}
    return Unit(units[0].id, merged_listings, units[0].facts)


class Sink(samples.FolderSink):
    """A folder sink that remembers media types."""

    def __init__(self, folder):
        super().__init__(folder=folder, types={})

    def open(self, name: str, *, media_type: str):
        self.types[name] = media_type
        return super().open(name, media_type=media_type)


def _adopt(edition: Edition, folder, types: dict[str, str]) -> None:
    for name, media_type in types.items():
        path = folder / name
        sha, size = store.digest_of(path), path.stat().st_size
        store.adopt(path, sha256=sha)
        artefact, _ = Artefact.objects.get_or_create(
            sha256=sha, defaults={"size": size, "media_type": media_type}
        )
        EditionArtefact.objects.create(
            edition=edition, artefact=artefact, name=name, audience=AUDIENCE
        )
