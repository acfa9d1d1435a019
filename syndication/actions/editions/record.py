"""What an edition leaves behind: its files, item errors and touchpoints, as rows."""

import orjson
from django.db import connection

from syndication.contract import PageNote
from syndication.models import (
    Artefact,
    Edition,
    EditionArtefact,
    EditionPage,
    ItemError,
    Listing,
    Touchpoint,
)

from .assemble import Assembled
from .report import Entry, Report
from .rows import insert_rows

BATCH = 1000
COPIED = {
    ItemError: "identifier, field, code, message, severity, params, part",
    EditionPage: "file, number, folio, title, products",
}
ERROR_COLUMNS = {
    "edition_id": "int8",
    "identifier": "varchar",
    "field": "varchar",
    "code": "varchar",
    "message": "text",
    "severity": "varchar",
    "params": "text",
}


def write_results(edition: Edition, made: Assembled, report: Report):
    """Write an edition's files, errors and touchpoints, in place of what was there."""
    ItemError.objects.filter(edition=edition).delete()
    _write_errors(edition, report.entries)
    Artefact.objects.bulk_create(
        [Artefact(sha256=f.sha256, size=f.size, media_type=f.media_type) for f in made.files],
        ignore_conflicts=True,
    )
    _link(edition, [(file.name, file.sha256) for file in made.files])
    _write_touchpoints(edition, made.touchpoints)
    _write_pages(edition, made.pages)


def _write_errors(edition: Edition, entries: list[Entry]):
    rows = [_error_row(edition, entry) for entry in entries]
    insert_rows(ItemError._meta.db_table, ERROR_COLUMNS, rows)


def _error_row(edition: Edition, entry: Entry) -> tuple:
    names = (entry.identifier[:255], entry.field[:100], entry.code[:60])
    params = orjson.dumps(dict(entry.params)).decode()
    return (edition.pk, *names, entry.message, entry.severity, params)


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


def _write_pages(edition: Edition, notes: list[PageNote]):
    EditionPage.objects.filter(edition=edition).delete()
    EditionPage.objects.bulk_create(
        [
            EditionPage(
                edition=edition,
                file=note.file,
                number=note.page,
                folio=note.folio[:20],
                title=note.title[:255],
                products=orjson.dumps(note.products).decode(),
            )
            for note in notes
        ],
        batch_size=BATCH,
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
    """Give an edition the files, pages and item errors of the one before it."""
    files = EditionArtefact.objects.filter(edition=served).values_list("name", "artefact_id")
    _link(edition, list(files))
    for model, columns in COPIED.items():
        model.objects.filter(edition=edition).delete()
        _copy_rows(model._meta.db_table, columns, edition, served)


def _copy_rows(table: str, columns: str, edition: Edition, served: Edition):
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
