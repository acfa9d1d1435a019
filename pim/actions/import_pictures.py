"""Pictures of categories and reference entities: the `image` column, once the assets are there."""

from datetime import datetime

from pim.actions.upserts import upsert_structure
from pim.content.actor import Actor
from pim.content.refusals import InvalidValue, Refused, _
from pim.importing.report import Place, Report
from pim.importing.tables import Table

from .import_media import MediaIntake

COLUMN = "image"
PICTURED = ("categories", "reference_entities")


def import_pictures(
    kind: str, table: Table, *, media: MediaIntake, report: Report, actor: Actor, at: datetime
) -> bool:
    """Set the pictures that the rows name, by file or asset code; return whether any changed.

    The rows themselves are in already: what cannot be taken is noted, and the rest stands.
    """
    if COLUMN not in table.header:
        return False
    documents, places = [], []
    for line, cells in table.read():
        row = {name: text.strip() for name, text in zip(table.header, cells, strict=False)}
        place = Place(table.name, line, row.get("code", ""))
        try:
            documents.append({"code": place.subject, COLUMN: _picture(row, media, table.folder)})
            places.append(place)
        except Refused as refusal:
            report.note(kind, place, COLUMN, refusal)
    results = upsert_structure(kind, documents, actor=actor, at=at)
    for place, result in zip(places, results, strict=True):
        if result.refusal and result.refusal.field == COLUMN:
            report.note(kind, place, COLUMN, result.refusal)
    return any(result.outcome == "changed" for result in results)


def _picture(row: dict[str, str], media: MediaIntake, folder: str) -> str:
    cell = row.get(COLUMN, "")
    if not cell:
        return ""
    asset = media.asset(cell, folder=folder)
    if asset.kind != "image":
        raise InvalidValue(
            _("“%(name)s” is no picture."), code="wrong_media", field=COLUMN, name=cell
        )
    return asset.code
