"""Spreadsheets: every sheet of an XLSX or ODS file as a table of text."""

import datetime
import io
import zipfile
from collections.abc import Iterator
from decimal import Decimal

from pim.content.refusals import _

from .refusals import FileRefused
from .tables import Row, Table

SHEET_LIMIT = 200 * 1024 * 1024
UNPACKED_LIMIT = 1024**3


def sheet_tables(name: str, *, data: bytes, folder: str = "") -> list[Table]:
    """Return one table per filled sheet; the sheet's name tells more than the file's."""
    from python_calamine import CalamineError, CalamineWorkbook

    _check_size(name, data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        heads = {sheet: head for sheet in book.sheet_names if (head := _head(book, sheet))}
    except (CalamineError, OSError, ValueError) as fault:
        raise FileRefused(
            _("“%(name)s” is not a spreadsheet that can be read."),
            code="damaged_file",
            name=name,
        ) from fault
    return [_table(book, sheet, head, name=name, folder=folder) for sheet, head in heads.items()]


def _head(book, sheet: str) -> Row | None:
    """Return the first filled row of a sheet, None where there is none."""
    return next(_rows(book, sheet), None)


def _rows(book, sheet: str) -> Iterator[Row]:
    # The sheet is parsed anew for every reading: kept ones would add up in memory.
    for line, cells in enumerate(book.get_sheet_by_name(sheet).iter_rows(), start=1):
        texts = [cell_text(cell) for cell in cells]
        if any(texts):
            yield line, texts


def _table(book, sheet: str, head: Row, *, name: str, folder: str) -> Table:
    line, titles = head

    def body() -> Iterator[Row]:
        return (row for row in _rows(book, sheet) if row[0] > line)

    height = book.get_sheet_by_name(sheet).total_height
    titles = [title.strip() for title in titles]
    return Table(f"{name}[{sheet}]", sheet, titles, body, folder, rows=max(height - line, 0))


def cell_text(cell) -> str:
    """Return a cell as the text that a CSV file would have: 800.0 is "800", dates are ISO."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else format(Decimal(repr(cell)), "f")
    if isinstance(cell, datetime.datetime) and not (cell.hour or cell.minute or cell.second):
        return cell.date().isoformat()
    if isinstance(cell, datetime.datetime | datetime.date | datetime.time):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def _check_size(name: str, data: bytes) -> None:
    too_large = len(data) > SHEET_LIMIT
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            too_large |= sum(i.file_size for i in archive.infolist()) > UNPACKED_LIMIT
    except zipfile.BadZipFile as fault:
        raise FileRefused(
            _("“%(name)s” is not a spreadsheet that can be read."), code="damaged_file", name=name
        ) from fault
    if too_large:
        raise FileRefused(
            _("“%(name)s” is too large for a spreadsheet; save it as CSV."),
            code="unpacks_too_large",
            name=name,
        )
