"""Applying tables of assets, prices and availability."""

from collections.abc import Iterator
from datetime import datetime

from pim.actions.import_media import MediaIntake
from pim.content.actor import Actor
from pim.content.refusals import Refused, _
from pim.importing.cells import labels_of
from pim.importing.report import CHANGED, CREATED, UNCHANGED, Place, Report
from pim.importing.tables import Table
from pim.models import Asset

BATCH = 1000


def import_assets(
    table: Table, *, media: MediaIntake, report: Report, actor: Actor, at: datetime
) -> None:
    """Take in the files that the rows name, under their codes, with texts and rights."""
    for line, row in _rows(table):
        code, path = row.get("code", ""), row.get("file") or row.get("path", "")
        place = Place(table.name, line, code)
        try:
            if not path:
                raise Refused(_("The row names no file."), code="needed", field="file")
            before = Asset.objects.filter(code=code).values_list("row_version", flat=True).first()
            asset = media.take(
                path,
                folder=table.folder,
                code=code or None,
                alt=_texts(row, "alt"),
                caption=_texts(row, "caption"),
                licence=row.get("licence", ""),
                author=row.get("author", ""),
            )
            report.count("assets", _outcome(before, asset.row_version))
        except Refused as refusal:
            report.refuse("assets", place, [(refusal.field or "file", refusal)])


def _texts(row: dict[str, str], name: str) -> dict[str, str]:
    return {locale: text for locale, text in labels_of(row, name).items() if text}


def _outcome(before: int | None, after: int) -> str:
    if before is None:
        return CREATED
    return UNCHANGED if before == after else CHANGED


def import_facts(kind: str, table: Table, *, report: Report, actor: Actor, at: datetime) -> None:
    """Set prices or availability, row by row as the table says."""
    raise NotImplementedError


def _rows(table: Table) -> Iterator[tuple[int, dict[str, str]]]:
    for line, cells in table.read():
        yield line, {n: c.strip() for n, c in zip(table.header, cells, strict=False)}
