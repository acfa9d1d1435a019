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
    """Return one table per filled sheet, named by the sheet; a single sheet by the file."""
    from python_calamine import CalamineError, CalamineWorkbook

    _check_size(name, data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        filled = [s for s in book.sheet_names if book.get_sheet_by_name(s).height]
    except (CalamineError, OSError, ValueError) as fault:
        raise FileRefused(
            _("“%(name)s” is not a spreadsheet that can be read."),
            code="damaged_file",
            name=name,
        ) from fault
    file_stem = name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    stems = [file_stem] if len(filled) == 1 else filled
    return [
        _sheet_table(book, sheet, name=name, stem=stem, folder=folder)
        for sheet, stem in zip(filled, stems, strict=True)
    ]


def _sheet_table(book, sheet: str, *, name: str, stem: str, folder: str) -> Table:
    # Sheets often keep a default name although the file has the telling one, and vice versa:
    # both are tried when the table is recognised.
    def read() -> Iterator[Row]:
        for line, cells in enumerate(book.get_sheet_by_name(sheet).iter_rows(), start=1):
            texts = [cell_text(cell) for cell in cells]
            if any(texts):
                yield line, texts

    rows = read()
    header = next(rows, (0, []))
    rows.close()
    skip = header[0]
    titles = [cell.strip() for cell in header[1]]

    def body() -> Iterator[Row]:
        return (row for row in read() if row[0] > skip)

    table = Table(f"{name}[{sheet}]", stem, titles, body, folder)
    return table


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
