"""Applying tables of assets, prices and availability."""

from collections.abc import Iterator
from datetime import UTC, datetime

from pim.actions.facts import AvailabilityRow, PriceRow, set_availability, set_prices
from pim.actions.import_media import MediaIntake
from pim.content.actor import Actor
from pim.content.refusals import InvalidValue, Refused, _
from pim.importing.cells import labels_of, whole
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
    """Set prices or availability as the table says, a thousand rows at a time."""
    read, write = (_price, set_prices) if kind == "prices" else (_availability, set_availability)
    batch: list[tuple[Place, PriceRow | AvailabilityRow]] = []
    for line, row in _rows(table):
        place = Place(table.name, line, row.get("product") or row.get("identifier", ""))
        try:
            batch.append((place, read(place.subject, row)))
        except Refused as refusal:
            report.refuse(kind, place, [(refusal.field or "", refusal)])
        if len(batch) == BATCH:
            _write_facts(kind, batch, write, report=report, actor=actor, at=at)
            batch = []
    _write_facts(kind, batch, write, report=report, actor=actor, at=at)


def _write_facts(kind: str, batch: list, write, *, report: Report, actor: Actor, at) -> None:
    results = write([row for _place, row in batch], actor=actor, at=at)
    for (place, _row), result in zip(batch, results, strict=True):
        if result.refusal:
            report.refuse(kind, place, [(result.refusal.field or "", result.refusal)])
        else:
            report.count(kind, CHANGED if result.outcome == "removed" else result.outcome)


def _price(identifier: str, row: dict[str, str]) -> PriceRow:
    return PriceRow(
        identifier,
        row.get("price_list", ""),
        row.get("amount") or None,
        whole(row, "min_quantity") or 1,
        _moment(row, "valid_from"),
        _moment(row, "valid_to"),
    )


def _availability(identifier: str, row: dict[str, str]) -> AvailabilityRow:
    day = _moment(row, "available_on")
    return AvailabilityRow(
        identifier,
        row.get("state", ""),
        row.get("place", ""),
        row.get("quantity") or None,
        day.date() if day else None,
    )


def _moment(row: dict[str, str], name: str) -> datetime | None:
    """Return a date or moment of the row; one without a time zone is meant in UTC."""
    text = row.get(name, "")
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidValue(
            _("“%(name)s” needs a date such as 2026-11-22, not “%(value)s”."),
            code="not_a_date",
            field=name,
            name=name,
            value=text[:30],
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _rows(table: Table) -> Iterator[tuple[int, dict[str, str]]]:
    for line, cells in table.read():
        yield line, {n: c.strip() for n, c in zip(table.header, cells, strict=False)}
