"""Marks on the pages of a finished PDF: frames around what changed, and notes that say what."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

COLOURS = {"added": (0.10, 0.48, 0.26), "changed": (0.80, 0.43, 0.02)}
OTHER = (0.13, 0.36, 0.68)
WIDTH, OUT = 1.6, 2.5  # points: of the frame, and how far it stands off


class Mark(NamedTuple):
    """A frame on a page (counted from 1), in points from the lower left of the trimmed page."""

    page: int
    box: tuple[float, float, float, float]
    kind: str
    title: str
    text: str


def mark_pages(source: Path, target: Path, *, marks: Iterable[Mark]) -> int:
    """Write a copy of a PDF with the marks as annotations that every reader shows; return how many.

    They are drawn above the page and never printed into it: their texts open on a click
    (ISO 32000-2, section 12.5.6.8). Marks of pages that are not there are left out.
    """
    import pikepdf

    count = 0
    with pikepdf.open(source) as pdf:
        for mark in marks:
            if 1 <= mark.page <= len(pdf.pages):
                _add(pdf, pdf.pages[mark.page - 1], mark)
                count += 1
        pdf.save(target)
    return count


def _add(pdf, page, mark: Mark) -> None:
    import pikepdf

    trim = [float(n) for n in page.trimbox]
    x, y, width, height = mark.box
    box = [trim[0] + x - OUT, trim[1] + y - OUT, trim[0] + x + width + OUT]
    box.append(trim[1] + y + height + OUT)
    colour = COLOURS.get(mark.kind, OTHER)
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Square,
        Rect=[round(n, 2) for n in box],
        C=list(colour),
        Border=[0, 0, WIDTH],
        F=4,
        T=pikepdf.String(mark.title),
        Contents=pikepdf.String(mark.text),
        AP=pikepdf.Dictionary(N=_frame(pdf, box, colour)),
    )
    if "/Annots" not in page:
        page.Annots = pdf.make_indirect(pikepdf.Array())
    page.Annots.append(pdf.make_indirect(note))


def _frame(pdf, box: list[float], colour: tuple[float, float, float]):
    import pikepdf

    width, height = box[2] - box[0], box[3] - box[1]
    inside = (WIDTH / 2, WIDTH / 2, width - WIDTH, height - WIDTH)
    numbers = " ".join(f"{n:.2f}" for n in (*colour, WIDTH, *inside))
    red, green, blue, thick, *rest = numbers.split()
    drawn = f"{red} {green} {blue} RG {thick} w {' '.join(rest)} re S"
    form = pikepdf.Stream(pdf, drawn.encode())
    form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    form.BBox = [0, 0, round(width, 2), round(height, 2)]
    return form
