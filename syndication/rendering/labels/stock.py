"""Sheets of labels by their measures: how many, how large, where."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..print.sheet import MM

A4 = (210.0, 297.0)
MOST = 500  # labels on a sheet
FIELDS = ("sheet_width", "sheet_height", "label_width", "label_height", "columns", "rows")
FIELDS += ("margin_left", "margin_top", "gap_x", "gap_y")


@dataclass(frozen=True)
class Stock:
    """A sheet with its labels, in millimetres from the top left."""

    sheet: tuple[float, float]
    label: tuple[float, float]
    columns: int
    rows: int
    left: float
    top: float
    gap_x: float = 0
    gap_y: float = 0

    @property
    def count(self) -> int:
        return self.columns * self.rows

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the sheet in points."""
        return self.sheet[0] * MM, self.sheet[1] * MM

    def place(self, n: int, *, rtl: bool) -> tuple[float, float]:
        """Return the bottom left of the n-th label (from 0) in points, in reading order."""
        row, column = divmod(n, self.columns)
        if rtl:
            column = self.columns - 1 - column
        x = self.left + column * (self.label[0] + self.gap_x)
        y = self.sheet[1] - self.top - row * (self.label[1] + self.gap_y) - self.label[1]
        return x * MM, y * MM

    def faults(self) -> str:
        """Return what is wrong with the measures, "" where the labels fit on the sheet."""
        wide = self.left + self.columns * self.label[0] + (self.columns - 1) * self.gap_x
        high = self.top + self.rows * self.label[1] + (self.rows - 1) * self.gap_y
        if min(*self.sheet, *self.label, self.columns, self.rows) <= 0:
            return "every measure must be above nought"
        if min(self.left, self.top, self.gap_x, self.gap_y) < 0:
            return "margins and gaps must not be negative"
        if self.count > MOST:
            return f"{self.count} labels on a sheet are more than {MOST}"
        if max(self.sheet) > 2000:
            return "a sheet is at most two metres long"
        if wide > self.sheet[0] + 0.2 or high > self.sheet[1] + 0.2:
            return (
                f"the labels need {wide:g} × {high:g} mm of {self.sheet[0]:g} × {self.sheet[1]:g}"
            )
        return ""


STOCKS = {
    "70x37": Stock(A4, (70, 37), 3, 8, 0, 0.5),
    "63.5x38.1": Stock(A4, (63.5, 38.1), 3, 7, 7.25, 15.15, 2.5),
    "99.1x67.7": Stock(A4, (99.1, 67.7), 2, 4, 4.65, 13.1, 2.5),
    "105x37": Stock(A4, (105, 37), 2, 8, 0, 0.5),
    "105x74": Stock(A4, (105, 74), 2, 4, 0, 0.5),
    "105x148.5": Stock(A4, (105, 148.5), 2, 2, 0, 0),
    "52.5x29.7": Stock(A4, (52.5, 29.7), 4, 10, 0, 0),
    "38.1x21.2": Stock(A4, (38.1, 21.2), 5, 13, 4.75, 10.7, 2.5),
    "60x38": Stock(A4, (60, 38), 3, 7, 15, 15.5),
    "90x38": Stock(A4, (90, 38), 2, 7, 15, 15.5),
}


def stock_of(options: Mapping[str, Any]) -> Stock:
    """Return the sheet that the options choose; ValueError names what does not fit."""
    chosen = options.get("stock") or "70x37"
    if chosen in STOCKS:
        return STOCKS[chosen]
    numbers = {name: _number(options.get(name)) for name in FIELDS}
    stock = Stock(
        (numbers["sheet_width"], numbers["sheet_height"]),
        (numbers["label_width"], numbers["label_height"]),
        int(numbers["columns"]),
        int(numbers["rows"]),
        *(numbers[name] for name in FIELDS[6:]),
    )
    if faults := stock.faults():
        raise ValueError(f"The sheet of labels does not work out: {faults}.")
    return stock


def _number(value: Any) -> float:
    try:
        return float(value or 0)
    except (TypeError, ValueError):
        return 0.0
