"""Walks through a large PDF in stretches: what is open keeps all that was looked at in memory."""

from collections.abc import Iterator
from pathlib import Path

PAGES, OBJECTS = 300, 20_000  # looked at before the file is opened anew


def pages_of(path: Path) -> Iterator[tuple]:
    """Yield every page with its name in sentences; it lasts until the next is asked for."""
    import pikepdf

    start, count = 0, 1
    while start < count:
        with pikepdf.open(path) as pdf:
            count = len(pdf.pages)
            for n, page in enumerate(pdf.pages[start : start + PAGES], start + 1):
                yield page, f"page {n}"
            # Closed, it still holds what was looked at.
            page = pdf = None
        start += PAGES


def objects_of(path: Path) -> Iterator:
    """Yield every object; it lasts until the next is asked for."""
    import pikepdf

    start, size = 1, 2
    while start < size:
        with pikepdf.open(path) as pdf:
            size = int(pdf.trailer["/Size"])
            for number in range(start, min(start + OBJECTS, size)):
                yield pdf.get_object(number, 0)
            pdf = None
        start += OBJECTS
