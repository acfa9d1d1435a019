"""Files written row by row: CSV, XLSX in constant memory, JSON lines; several go into a zip."""

import csv
import gzip
import io
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from pim.content.refusals import Refused, _

from .cells import safe
from .settings import ExportSettings

# A sheet of XLSX has no more rows (ECMA-376); a cell no more characters.
MOST_ROWS, MOST_CHARACTERS = 1_048_576, 32_767


class Sink(Protocol):
    """Where tables go; afterwards `close` returns the finished file."""

    def table(self, name: str, titles: Sequence[str]) -> None: ...

    def write(self, cells: Sequence[Any]) -> None: ...

    def close(self) -> Path: ...


class TextSink:
    """Tables of text, one file each: CSV, or JSON lines where a cell is a whole line."""

    def __init__(self, folder: Path, settings: ExportSettings):
        self._folder, self._settings = folder, settings
        self._files: list[Path] = []
        self._out: Any = None

    def table(self, name: str, titles: Sequence[str]) -> None:
        """Begin a table."""
        self._finish()
        self._files.append(self._folder / f"{name}.{self._settings.format}")
        self._out = open(self._files[-1], "w", encoding="utf-8", newline="")  # noqa: SIM115
        if self._settings.format == "jsonl":
            return
        if not self._settings.exact:
            self._out.write("\ufeff")  # spreadsheets take a file without it for another encoding
        self._csv = csv.writer(self._out, delimiter=self._settings.separator)
        self._csv.writerow(titles if self._settings.exact else [safe(t) for t in titles])

    def write(self, cells: Sequence[Any]) -> None:
        """Write one row."""
        if self._settings.format == "jsonl":
            self._out.write(cells[0].decode() + "\n")
        elif self._settings.exact:
            self._csv.writerow(cells)
        else:
            self._csv.writerow([self._shown(cell) for cell in cells])

    def close(self) -> Path:
        """Return the file: packed where that was asked for, a zip where there are several."""
        self._finish()
        if len(self._files) > 1:
            return _zipped(self._folder / "export.zip", self._files)
        return _packed(self._files[0]) if self._settings.gzip else self._files[0]

    def _shown(self, cell: Any) -> Any:
        if isinstance(cell, float):
            text = f"{cell:.15g}"
            return text.replace(".", ",") if self._settings.decimal_comma else text
        return safe(cell)

    def _finish(self) -> None:
        if self._out is not None:
            self._out.close()


class SheetSink:
    """A workbook with a sheet per table; what does not fit one sheet goes on in the next."""

    def __init__(self, folder: Path, settings: ExportSettings):
        import xlsxwriter

        self._path, self._settings = folder / "export.xlsx", settings
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book = xlsxwriter.Workbook(str(self._path), options)
        self._bold = self._book.add_format({"bold": True})
        self._name, self._titles = "", ()

    def table(self, name: str, titles: Sequence[str]) -> None:
        """Begin a table."""
        self._name, self._titles, self._part = name, titles, 0
        self._begin()

    def write(self, cells: Sequence[Any]) -> None:
        """Write one row."""
        if self._row == MOST_ROWS:
            self._part += 1
            self._begin()
        for place, cell in enumerate(cells):
            if isinstance(cell, float):
                self._sheet.write_number(self._row, place, cell)
            elif cell not in ("", None):
                self._sheet.write_string(self._row, place, self._text(cell))
        self._row += 1

    def close(self) -> Path:
        """Return the file."""
        self._book.close()
        return self._path

    def _text(self, cell: Any) -> str:
        # A string cell is no formula, yet it becomes one in whatever is saved from it as CSV.
        if self._settings.exact and len(str(cell)) > MOST_CHARACTERS:
            raise Refused(
                _("A text is too long for a cell of XLSX: export CSV or JSON lines."),
                code="too_long_for_xlsx",
            )
        return str(cell if self._settings.exact else safe(cell))[:MOST_CHARACTERS]

    def _begin(self) -> None:
        name = f"{self._name}_{self._part + 1}" if self._part else self._name
        self._sheet = self._book.add_worksheet(name[:31])
        self._sheet.freeze_panes(1, 1)
        for place, title in enumerate(self._titles):
            self._sheet.write_string(0, place, title, self._bold)
        self._row = 1


def open_sink(folder: Path, settings: ExportSettings) -> Sink:
    """Return the sink of a format; what it writes on the way stays in the folder."""
    return SheetSink(folder, settings) if settings.format == "xlsx" else TextSink(folder, settings)


def _zipped(path: Path, files: Sequence[Path]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in files:
            packed.write(file, file.name)
    return path


def _packed(file: Path) -> Path:
    path = file.with_name(f"{file.name}.gz")
    with open(file, "rb") as raw, gzip.GzipFile(path, "wb", mtime=0) as out:
        shutil.copyfileobj(raw, out, io.DEFAULT_BUFFER_SIZE * 16)
    return path
