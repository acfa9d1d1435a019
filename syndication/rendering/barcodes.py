"""Bar codes at the sizes that GS1 allows: what is drawn, how large, how much stays white around.

GS1 General Specifications, section 5 (symbol specifications) and the X-dimension tables of 5.12:
EAN/UPC 0.264 to 0.660 mm (80 to 200 % of 0.330), ITF-14 0.495 to 1.016 mm, GS1 DataMatrix and QR
0.396 to 0.990 mm. Code 128 of a number of one's own follows ISO/IEC 15417: 0.25 mm and up.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from .gtins import gtin14
from .qr import QUIET as QR_QUIET
from .qr import qr_runs

DARK = re.compile(rb"\x00+")
EAN_GUARDS = {95: ((0, 3), (45, 50), (92, 95)), 67: ((0, 3), (31, 36), (64, 67))}


class Size(NamedTuple):
    """The X-dimension in mm (least, target, most), white modules left and right, bars in mm.

    `bars` is the height of the bars at the target; it grows and shrinks with X.
    """

    least: float
    target: float
    most: float
    left: int
    right: int
    bars: float


EAN_13 = Size(0.264, 0.330, 0.660, 11, 7, 22.85)
EAN_8 = Size(0.264, 0.330, 0.660, 7, 7, 18.23)
ITF_14 = Size(0.495, 0.495, 1.016, 10, 10, 31.75)
CODE_128 = Size(0.25, 0.33, 1.016, 10, 10, 12.7)
DATA_MATRIX = Size(0.396, 0.396, 0.990, 1, 1, 0)
QR = Size(0.396, 0.396, 0.990, QR_QUIET, QR_QUIET, 0)


@dataclass(frozen=True)
class Symbol:
    """A code as modules: dark runs (x, y, length), y from the top, quiet zones not included.

    `rows` is 1 for bars; then `guards` are the modules whose bars reach further down, and
    `below` is what stands under them, (first module, last module, text) each. `text` is its
    kind and what a reader gets.
    """

    size: Size
    across: int
    rows: int
    runs: tuple[tuple[int, int, int], ...]
    guards: tuple[tuple[int, int], ...] = ()
    below: tuple[tuple[float, float, str], ...] = ()
    text: str = ""

    @property
    def modules(self) -> int:
        """The modules across, quiet zones included."""
        return self.across + self.size.left + self.size.right

    @property
    def square(self) -> bool:
        return self.rows > 1


class Unfit(ValueError):
    """A text that a kind of code cannot hold."""


def ean(gtin: str) -> Symbol:
    """Return the EAN-13 or EAN-8 of a GTIN-8, -12 or -13; a GTIN-14 must begin with 0."""
    digits = gtin[1:] if len(gtin) == 14 and gtin[0] == "0" else gtin
    if len(digits) == 8:
        rows = _drawn("EAN8", digits)
        texts = ((3, 31, digits[:4]), (36, 64, digits[4:]))
        return _bars(f"EAN-8 {digits}", rows, EAN_8, guards=EAN_GUARDS[67], below=texts)
    if len(digits) not in (12, 13):
        raise Unfit(gtin)
    digits = digits.zfill(13)
    rows = _drawn("EAN13", digits)
    texts = ((-9, -1, digits[0]), (3, 45, digits[1:7]), (50, 92, digits[7:]))
    return _bars(f"EAN-13 {digits}", rows, EAN_13, guards=EAN_GUARDS[95], below=texts)


def itf14(gtin: str) -> Symbol:
    """Return the ITF-14 of any GTIN, padded to 14 digits."""
    padded = gtin14(gtin)
    rows = _drawn("ITF", padded)
    words = f"{padded[0]} {padded[1:3]} {padded[3:8]} {padded[8:13]} {padded[13]}"
    return _bars(f"ITF-14 {padded}", rows, ITF_14, below=((0, len(rows[0]), words),))


def code128(text: str) -> Symbol:
    """Return the Code 128 of a number of one's own; Unfit for what Latin-1 does not have."""
    if not text or len(text) > 48 or not all(" " <= c <= "~" for c in text):
        raise Unfit(text)
    rows = _drawn("Code128", text)
    return _bars(f"Code 128 {text}", rows, CODE_128, below=((0, len(rows[0]), text),))


def data_matrix(gtin: str) -> Symbol:
    """Return the GS1 DataMatrix of a GTIN (application identifier 01)."""
    text = f"(01){gtin14(gtin)}"
    rows = _drawn("DataMatrix", text, gs1=True, force_square=True)
    text = f"DataMatrix {text}"
    return Symbol(DATA_MATRIX, len(rows[0]), len(rows), tuple(_dark(rows)), text=text)


def qr(url: str) -> Symbol:
    """Return the QR code of an address."""
    across, runs = qr_runs(url)
    inner = tuple((x - QR_QUIET, y - QR_QUIET, n) for x, y, n in runs)
    return Symbol(QR, across - 2 * QR_QUIET, across - 2 * QR_QUIET, inner, text=f"QR {url}")


def fitting_x(symbol: Symbol, *, width: float, scale: float) -> float:
    """Return the X-dimension (mm) at `scale` (1 is the target) or what `width` mm allow; 0 where
    that is less than the least one allowed."""
    wanted = min(max(symbol.size.target * scale, symbol.size.least), symbol.size.most)
    x = min(wanted, width / symbol.modules)
    return x if x >= symbol.size.least - 1e-9 else 0


@lru_cache(maxsize=4096)
def _drawn(form: str, text: str, **options) -> tuple[bytes, ...]:
    """Return the rows of a code, a byte a module, 0 for dark."""
    import zxingcpp

    try:
        made = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, form), **options)
    except ValueError as error:
        raise Unfit(text) from error
    view = memoryview(made.to_image(scale=1, add_quiet_zones=False))
    height, width = view.shape
    flat = view.tobytes()
    return tuple(flat[n * width : (n + 1) * width] for n in range(height))


def _bars(text: str, rows, size: Size, *, guards=(), below=()) -> Symbol:
    return Symbol(size, len(rows[0]), 1, tuple(_dark(rows[:1])), guards, tuple(below), text)


def _dark(rows) -> Iterator[tuple[int, int, int]]:
    for y, row in enumerate(rows):
        for found in DARK.finditer(row):
            yield found.start(), y, found.end() - found.start()


def operators(symbol: Symbol, *, x: float, y: float, module: float, height: float = 0) -> bytes:
    """Return the PDF operators that draw a symbol in black, its quiet zone beginning at (x, y).

    All in points, from the bottom left. Bars are `height` high and stand on y; those of guards
    reach five modules further down, so leave room for them. Squares have their quiet zone below.
    """
    left = x + symbol.size.left * module
    parts = [b"q 0 g\n"]
    for at, row, length in symbol.runs:
        if symbol.square:
            low = y + (symbol.size.right + symbol.rows - 1 - row) * module
            box = (left + at * module, low, length * module, module)
        else:
            deep = 5 * module if _guards(symbol, at) else 0
            box = (left + at * module, y - deep, length * module, height + deep)
        parts.append(b"%.4f %.4f %.4f %.4f re\n" % box)
    return b"".join([*parts, b"f Q\n"])


def _guards(symbol: Symbol, at: int) -> bool:
    return any(first <= at < last for first, last in symbol.guards)
