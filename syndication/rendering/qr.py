"""QR codes (ISO/IEC 18004): for screens, for files to print from, and as bare modules.

Error correction is as asked for, never silently raised, so that the size of the symbol depends
on the length of the URL alone; the quiet zone is the four modules that the standard demands.
"""

import io
import re
from collections.abc import Iterator
from functools import lru_cache

import segno

QUIET = 4
PDF_DATE = re.compile(rb"/CreationDate\(D:[^)]*\)")


# Trying all eight masks is four fifths of the work. For addresses that end in a random code each
# mask reads equally well (150 codes, turned and blurred until reading failed for all alike).
PRINT_MASK = 4


@lru_cache(maxsize=64)  # the same code is wanted as SVG, PNG, PDF and vectors in a row
def _make(url: str, *, error: str, mask: int | None = None) -> segno.QRCode:
    return segno.make_qr(url, error=error, boost_error=False, mask=mask)


def qr_svg(url: str, *, error: str = "m", dark: str = "#000") -> str:
    """Return an SVG element with a viewBox and no size of its own."""
    out = io.BytesIO()
    code = _make(url, error=error)
    code.save(
        out, kind="svg", border=QUIET, dark=dark, xmldecl=False, svgns=True, omitsize=True, nl=False
    )
    return out.getvalue().decode()


def qr_png(url: str, *, error: str = "m", scale: int = 10) -> bytes:
    """Return a PNG with `scale` pixels a module."""
    out = io.BytesIO()
    _make(url, error=error).save(out, kind="png", border=QUIET, scale=scale)
    return out.getvalue()


def qr_pdf(url: str, *, error: str = "m", scale: float = 4) -> bytes:
    """Return a one-page vector PDF, `scale` points a module; the same URL gives the same bytes."""
    out = io.BytesIO()
    _make(url, error=error).save(out, kind="pdf", border=QUIET, scale=scale, compresslevel=9)
    # A date of the same length keeps the offsets of the file's cross-reference table right.
    return PDF_DATE.sub(lambda m: re.sub(rb"\d", b"0", m.group()), out.getvalue())


def qr_runs(url: str, *, error: str = "m") -> tuple[int, Iterator[tuple[int, int, int]]]:
    """Return the modules across (quiet zone included) and the dark runs (x, y, length).

    y counts from the top. For drawing the code as vectors on a page of one's own.
    """
    matrix = _make(url, error=error, mask=PRINT_MASK).matrix
    return len(matrix) + 2 * QUIET, _runs(matrix)


def _runs(matrix) -> Iterator[tuple[int, int, int]]:
    for y, row in enumerate(matrix):
        for found in re.finditer(rb"\x01+", bytes(row)):
            yield found.start() + QUIET, y + QUIET, found.end() - found.start()
