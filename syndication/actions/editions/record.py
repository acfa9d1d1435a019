"""What an edition leaves behind: its files, item errors and touchpoints, as rows."""

from collections.abc import Iterable
from typing import NamedTuple

import orjson
from django.db import connection

from syndication.models import (
    Artefact,
    Edition,
    EditionArtefact,
    Fragment,
    ItemError,
    Listing,
    Touchpoint,
)

from .assemble import Assembled
from .rows import refusals_of

BATCH = 1000


class Error(NamedTuple):
    """An item error or warning; `unit` is None where it is about no unit of its own."""

    unit: int | None
    identifier: str
    field: str
    code: str
    message: str
    severity: str


def errors_of(edition: Edition, refusals: Iterable[list[str]]) -> list[Error]:
    """Return what rendering and assembly reported of an edition."""
    errors = [
        Error(unit, *refusal)
        for unit, _, text in refusals_of(edition)
        for refusal in orjson.loads(text)
    ]
    units = _units(edition, {refusal[0] for refusal in refusals if refusal[0]})
    return errors + [Error(units.get(refusal[0]), *refusal) for refusal in refusals]


def _units(edition: Edition, identifiers: set[str]) -> dict[str, int]:
    mine = Fragment.objects.filter(output_id=edition.output_id, locale=edition.locale)
    known = sorted(identifiers)
    return {
        identifier: unit
        for start in range(0, len(known), BATCH)
        for identifier, unit in mine.filter(
            identifier__in=known[start : start + BATCH]
        ).values_list("identifier", "unit")
    }


def write_results(edition: Edition, made: Assembled, errors: list[Error]):
    """Write an edition's files, errors and touchpoints, in place of what was there."""
    ItemError.objects.filter(edition=edition).delete()
    ItemError.objects.bulk_create(
        (
            ItemError(
                edition=edition,
                identifier=e.identifier[:255],
                field=e.field[:100],
                code=e.code[:60],
                message=e.message,
                severity=e.severity if e.severity == "warning" else "error",
            )
            for e in errors
        ),
        batch_size=BATCH,
    )
    Artefact.objects.bulk_create(
        [Artefact(sha256=f.sha256, size=f.size, media_type=f.media_type) for f in made.files],
        ignore_conflicts=True,
    )
    _link(edition, [(file.name, file.sha256) for file in made.files])
    _write_touchpoints(edition, made.touchpoints)


def _link(edition: Edition, files: list[tuple[str, str]]):
    EditionArtefact.objects.filter(edition=edition).delete()
    audience = edition.settings["audience"]
    EditionArtefact.objects.bulk_create(
        [
            EditionArtefact(edition=edition, artefact_id=sha256, name=name, audience=audience)
            for name, sha256 in files
        ],
        batch_size=BATCH,
    )


def _write_touchpoints(edition: Edition, given: dict[str, list[str]]):
    if not given:
        return
    uuids = _uuids(edition, {identifier for identifier, _ in given.values()})
    Touchpoint.objects.bulk_create(
        [
            Touchpoint(
                code=code,
                output=edition.output.code,
                edition=edition,
                product_uuid=uuids[identifier],
                channel=edition.settings["channel"],
                locale=edition.settings["locales"][0],
                place=place[:100],
            )
            for code, (identifier, place) in given.items()
            if identifier in uuids
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )


def _uuids(edition: Edition, identifiers: set[str]) -> dict:
    known, frozen = sorted(identifiers), edition.settings
    listings = Listing.objects.filter(
        channel=frozen["channel"], audience=frozen["audience"], locale=frozen["locales"][0]
    )
    return {
        identifier: uuid
        for start in range(0, len(known), BATCH)
        for identifier, uuid in listings.filter(
            identifier__in=known[start : start + BATCH]
        ).values_list("identifier", "uuid")
    }


def copy_results(edition: Edition, served: Edition):
    """Give an edition the files and item errors of the one before it."""
    files = EditionArtefact.objects.filter(edition=served).values_list("name", "artefact_id")
    _link(edition, list(files))
    ItemError.objects.filter(edition=edition).delete()
    table = ItemError._meta.db_table
    columns = "identifier, field, code, message, severity, part"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (edition_id, {columns})"
            f" SELECT %s, {columns} FROM {table} WHERE edition_id = %s ORDER BY id",
            [edition.pk, served.pk],
        )


def refused_before(served: Edition) -> set[str]:
    """Return the identifiers that an edition had left out."""
    errors = ItemError.objects.filter(edition=served, severity="error")
    return set(errors.values_list("identifier", flat=True))
