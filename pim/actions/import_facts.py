"""Applying tables of assets, prices and availability."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import is_naive, make_aware

from pim.actions.facts import AvailabilityRow, PriceRow, set_availability, set_prices
from pim.actions.import_media import MediaIntake
from pim.content.actor import Actor
from pim.content.refusals import InvalidValue, Refused, _
from pim.importing.cells import Cells, labels_of, whole
from pim.importing.report import CHANGED, CREATED, UNCHANGED, Place, Report, place_in
from pim.importing.tables import Table
from pim.models import Asset
from pim.queries.drafts import chunks

BATCH = 1000
NAMES = ("product", "identifier", "sku")


def import_assets(
    table: Table, *, after: int = 0, media: MediaIntake, report: Report, actor: Actor, at: datetime
) -> Iterator[int]:
    """Take in the files that the rows name, under their codes, with texts and rights.

    Rows up to the line `after` are passed over; yields the line of each row that is done.
    """
    for line, row in _rows(table):
        if line <= after:
            continue
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
                valid_from=_moment(row, "valid_from"),
                valid_to=_moment(row, "valid_to"),
            )
            report.count("assets", _outcome(before, asset.row_version))
        except Refused as refusal:
            report.refuse("assets", place, [(refusal.field or "file", refusal)])
        yield line


def _texts(row: Cells, name: str) -> dict[str, str]:
    return {locale: text for locale, text in labels_of(row, name).items() if text}


def _outcome(before: int | None, after: int) -> str:
    if before is None:
        return CREATED
    return UNCHANGED if before == after else CHANGED


def import_facts(
    kind: str,
    table: Table,
    *,
    after: int = 0,
    keep: Callable[[int, int], None],
    report: Report,
    actor: Actor,
    at: datetime,
) -> Iterator[None]:
    """Set prices or availability, a batch at a time; a bad row stops no other.

    Rows up to the line `after` are passed over. `keep` is called within the transaction of a
    batch, with its last line and the number of its rows; afterwards one step is yielded.
    """
    read, write = (_price, set_prices) if kind == "prices" else (_availability, set_availability)
    rows = (row for row in _rows(table) if row[0] > after)
    for batch in chunks(rows, BATCH):
        readable = list(_readable(kind, batch, table, read, report))
        with transaction.atomic():
            _set(kind, readable, write, report, actor=actor, at=at)
            keep(batch[-1][0], len(batch))
        yield


def _readable(kind: str, batch, table: Table, read, report: Report) -> Iterator[tuple]:
    for line, row in batch:
        place = place_in(table, line, _product(row))
        try:
            yield place, read(row)
        except Refused as refusal:
            report.refuse(kind, place, [(refusal.field, refusal)])


def _set(kind: str, batch: list, write, report: Report, *, actor: Actor, at: datetime) -> None:
    results = write([row for _place, row in batch], actor=actor, at=at)
    for (place, _row), result in zip(batch, results, strict=True):
        if result.refusal:
            report.refuse(kind, place, [(result.refusal.field, result.refusal)])
        else:
            report.count(kind, CHANGED if result.outcome == "removed" else result.outcome)


def _price(row: Cells) -> PriceRow:
    quantity = whole(row, "min_quantity")
    return PriceRow(
        _product(row),
        row.get("price_list", ""),
        row.get("amount") or None,
        min_quantity=1 if quantity is None else quantity,
        valid_from=_moment(row, "valid_from"),
        valid_to=_moment(row, "valid_to"),
    )


def _availability(row: Cells) -> AvailabilityRow:
    day = _moment(row, "available_on")
    return AvailabilityRow(
        _product(row),
        row.get("state", ""),
        place=row.get("place", ""),
        quantity=row.get("quantity") or None,
        available_on=date.fromisoformat(row["available_on"][:10]) if day else None,
    )


def _product(row: Cells) -> str:
    return next((row[name] for name in NAMES if row.get(name)), "")


def _moment(row: Cells, name: str) -> datetime | None:
    """Return an ISO 8601 moment; without an offset it is in the time zone of the settings."""
    if not row.get(name):
        return None
    try:
        moment = datetime.fromisoformat(row[name])
    except ValueError:
        raise InvalidValue(
            _("“%(name)s” needs a moment such as %(form)s, not “%(value)s”."),
            code="not_a_date",
            field=name,
            name=name,
            value=row[name][:30],
            form="2026-11-22T08:00",
        ) from None
    return make_aware(moment) if is_naive(moment) else moment


def _rows(table: Table) -> Iterator[tuple[int, Cells]]:
    for line, cells in table.read():
        yield line, {n: c.strip() for n, c in zip(table.header, cells, strict=False)}
