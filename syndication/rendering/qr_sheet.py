"""A PDF of QR codes, twenty to an A4 page, written page by page so that memory stays flat.

Vector modules in black, one per module of the symbol: 36 mm wide with the quiet zone, so that a
version 4 code has modules of 0.88 mm (GS1 General Specifications: 0.396 to 0.990 mm).
"""

import re
import zlib
from collections.abc import Iterable, Iterator

from .qr import qr_runs

MM = 72 / 25.4
DARK = re.compile("1+")
WIDE, HIGH = 595.28, 841.89
COLUMNS, ROWS, SIZE = 4, 5, 36 * MM
LEFT, TOP, STEP_X, STEP_Y = 15 * MM, 15 * MM, 45 * MM, 53 * MM


class PdfWriter:
    """The few objects that a PDF of drawn pages needs (ISO 32000-1 §7.5)."""

    def __init__(self, target):
        self.target, self.at, self.offsets, self.pages = target, 0, {}, []
        self._write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
        self.object(3, b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
        self.next = 4

    def _write(self, data: bytes) -> None:
        self.target.write(data)
        self.at += len(data)

    def object(self, number: int, body: bytes) -> None:
        """Write one indirect object."""
        self.offsets[number] = self.at
        self._write(b"%d 0 obj\n" % number + body + b"\nendobj\n")

    def page(self, drawing: bytes) -> None:
        """Write one A4 page with this content stream."""
        packed = zlib.compress(drawing, 6)
        head = b"<</Length %d/Filter/FlateDecode>>\nstream\n" % len(packed)
        self.object(self.next, head + packed + b"\nendstream")
        box = b"[0 0 %.2f %.2f]" % (WIDE, HIGH)
        self.object(
            self.next + 1,
            b"<</Type/Page/Parent 2 0 R/MediaBox"
            + box
            + b"/Contents %d 0 R" % self.next
            + b"/Resources<</Font<</F 3 0 R>>>>>>",
        )
        self.pages.append(self.next + 1)
        self.next += 2

    def close(self) -> None:
        """Write the page tree, the catalogue and the cross-reference table."""
        kids = b" ".join(b"%d 0 R" % page for page in self.pages)
        self.object(2, b"<</Type/Pages/Count %d/Kids[" % len(self.pages) + kids + b"]>>")
        self.object(1, b"<</Type/Catalog/Pages 2 0 R>>")
        start, count = self.at, self.next
        self._write(b"xref\n0 %d\n0000000000 65535 f \n" % count)
        self._write(b"".join(b"%010d 00000 n \n" % self.offsets[n] for n in range(1, count)))
        self._write(b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count, start))


def _text(words: str, *, x: float, y: float, size: float) -> bytes:
    plain = words.encode("cp1252", "replace")
    for special in (b"\\", b"(", b")"):
        plain = plain.replace(special, b"\\" + special)
    return b"BT /F %.1f Tf %.2f %.2f Td (%s) Tj ET\n" % (size, x, y, plain)


def qr_modules(url: str) -> list:
    """Return a code as [modules across, rows of hexadecimal], quiet zone included."""
    size, runs = qr_runs(url)
    rows = [0] * size
    for x, y, length in runs:
        rows[y] |= ((1 << length) - 1) << (size - x - length)
    digits = -(-size // 4)
    return [size, "".join(f"{row << (digits * 4 - size):0{digits}x}" for row in rows)]


def _runs(size: int, digits: str) -> Iterator[tuple[int, int, int]]:
    wide = -(-size // 4)
    for y in range(size):
        bits = f"{int(digits[y * wide : (y + 1) * wide], 16):0{wide * 4}b}"
        for found in DARK.finditer(bits):
            yield found.start(), y, found.end() - found.start()


def _code(modules: list, *, x: float, y: float) -> bytes:
    unit = SIZE / modules[0]
    rectangles = (
        b"%.3f %.3f %.3f %.3f re\n" % (x + a * unit, y + SIZE - (b + 1) * unit, n * unit, unit)
        for a, b, n in _runs(*modules)
    )
    return b"".join(rectangles) + b"f\n"


def _place(n: int, identifier: str, url: str, modules: list) -> bytes:
    x = LEFT + (n % COLUMNS) * STEP_X
    y = HIGH - TOP - SIZE - (n // COLUMNS) * STEP_Y
    label = _text(identifier[:34], x=x + 4, y=y - 8, size=8)
    return (
        _code(modules, x=x, y=y)
        + label
        + _text(url.split("//")[-1][:46], x=x + 4, y=y - 16, size=5)
    )


class QrSheet:
    """Collects codes and writes a page whenever one is full."""

    def __init__(self, target):
        self.pdf, self.waiting = PdfWriter(target), []

    def add(self, identifier: str, url: str, modules: list) -> None:
        """Add a code, given as `qr_modules` returns it, with what stands below it."""
        self.waiting.append((identifier, url, modules))
        if len(self.waiting) == COLUMNS * ROWS:
            self._flush()

    def _flush(self) -> None:
        self.pdf.page(b"".join(_place(n, *row) for n, row in enumerate(self.waiting)))
        self.waiting = []

    def close(self) -> None:
        if self.waiting or not self.pdf.pages:
            self._flush()
        self.pdf.close()


def write_sheet(target, codes: Iterable[tuple[str, str]]) -> None:
    """Write a sheet of (identifier, URL) to the binary file `target`."""
    sheet = QrSheet(target)
    for identifier, url in codes:
        sheet.add(identifier, url, qr_modules(url))
    sheet.close()
