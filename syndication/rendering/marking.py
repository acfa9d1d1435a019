"""Marks on the pages of a finished PDF: frames around what changed, and notes that say what."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, NamedTuple

from .print.about import text_string
from .print.reading import Damaged, Reading
from .print.writer import PdfWriter

COLOURS = {"added": (0.10, 0.48, 0.26), "changed": (0.80, 0.43, 0.02)}
OTHER = (0.13, 0.36, 0.68)
WIDTH, OUT = 1.6, 2.5  # points: of the frame, and how far it stands off
TRIM = re.compile(rb"/TrimBox ?\[ ?(-?[\d.]+) (-?[\d.]+)")
NOTES = re.compile(rb"/Annots\[([^\]]*)\]")


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
    wanted: dict[int, list[Mark]] = {}
    for mark in marks:
        wanted.setdefault(mark.page, []).append(mark)
    with source.open("rb") as file:
        try:
            book = Reading(file)
        except Damaged:
            return _mark_foreign(source, target, wanted)
        with target.open("wb") as out:
            return _mark_ours(book, out, wanted)


def _mark_ours(book: Reading, target: BinaryIO, wanted: dict[int, list[Mark]]) -> int:
    """Mark a file as we write it: its objects are copied, only marked pages are written anew."""
    pages, writer, count = book.pages(), book.copied(target), 0
    for page, marks in wanted.items():
        if 1 <= page <= len(pages):
            text = _marked(book.text(pages[page - 1]), marks, writer)
            writer.add_page(text, number=pages[page - 1])
            count += len(marks)
    root, info = (book.number(book.trailer, name) for name in (b"/Root", b"/Info"))
    writer.close(root=root, info=info)
    return count


def _marked(page: bytes, marks: list[Mark], writer: PdfWriter) -> bytes:
    """Return the text of a page with its marks among its notes."""
    trim = TRIM.search(page)
    corner = (float(trim[1]), float(trim[2])) if trim else (0.0, 0.0)
    added = []
    for mark in marks:
        note = _Note(mark, corner)
        frame = writer.add_stream(note.frame, note.drawn)
        added.append(writer.add(note.text + b"/AP<</N %d 0 R>>>>" % frame))
    known = NOTES.search(page)
    before, after = (page[: known.start()], page[known.end() :]) if known else (page[:-2], b">>")
    notes = (known[1] if known else b"") + b"".join(b" %d 0 R" % number for number in added)
    return b"%b/Annots[%b]%b" % (before, notes, after)


def _mark_foreign(source: Path, target: Path, wanted: dict[int, list[Mark]]) -> int:
    """Mark a file that another program has written."""
    import pikepdf

    count = 0
    with pikepdf.open(source) as pdf:
        for number, marks in wanted.items():
            if 1 <= number <= len(pdf.pages):
                page = pdf.pages[number - 1]
                if "/Annots" not in page:
                    page.Annots = pdf.make_indirect(pikepdf.Array())
                notes = [_foreign(pdf, _Note(mark, _corner(page))) for mark in marks]
                page.Annots.extend(notes)
                count += len(notes)
        pdf.save(target)
    return count


def _corner(page) -> tuple[float, float]:
    return float(page.trimbox[0]), float(page.trimbox[1])


def _foreign(pdf, note: "_Note"):
    import pikepdf

    frame = pikepdf.Stream(pdf, note.drawn, pikepdf.Object.parse(note.frame + b">>"))
    found = pikepdf.Object.parse(note.text + b">>")
    found.AP = pikepdf.Dictionary(N=frame)
    return pdf.make_indirect(found)


class _Note:
    """A mark on a page whose trim begins at `corner`: the open dictionaries of its annotation and
    of its frame, and what draws that.
    """

    def __init__(self, mark: Mark, corner: tuple[float, float]):
        (x, y), (left, low, width, height) = corner, mark.box
        rectangle = (x + left - OUT, y + low - OUT, x + left + width + OUT, y + low + height + OUT)
        colour = COLOURS.get(mark.kind, OTHER)
        texts = (text_string(mark.title), text_string(mark.text))
        self.text = (
            b"<</Type/Annot/Subtype/Square/Rect[%.2f %.2f %.2f %.2f]/C[%.2f %.2f %.2f]"
            b"/Border[0 0 %.1f]/F 4/T%b/Contents%b" % (*rectangle, *colour, WIDTH, *texts)
        )
        size = (width + 2 * OUT, height + 2 * OUT)
        self.frame = b"<</Type/XObject/Subtype/Form/BBox[0 0 %.2f %.2f]" % size
        inside = (WIDTH / 2, WIDTH / 2, size[0] - WIDTH, size[1] - WIDTH)
        drawn = b"%.2f %.2f %.2f RG %.2f w %.2f %.2f %.2f %.2f re S"
        self.drawn = drawn % (*colour, WIDTH, *inside)
