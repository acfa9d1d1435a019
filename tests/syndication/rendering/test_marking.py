"""Marks stand on the pages they are for, beside what was there, in files of ours and of others."""

import pikepdf
import pytest

from syndication.rendering.marking import Mark, mark_pages
from syndication.rendering.print.volume import Link, Volume

SIZE = (200.0, 300.0)
MARKS = [
    Mark(2, (10, 20, 30, 40), "changed", "L1: Changed", "name: Lampe → Lamp (new)"),
    Mark(1, (1, 2, 3, 4), "added", "L2", ""),
    Mark(2, (50, 60, 70, 80), "moved", "L3", "Before on page 1"),
    Mark(9, (1, 2, 3, 4), "added", "L4", ""),
]


def ours(path, *, pages: int = 3):
    with path.open("wb") as target:
        volume = Volume(target, locale="en", rtl=False)
        for n in range(pages):
            link = Link(1, 1, 9, 9, f"x-page:{n + 1}")
            volume.page(SIZE, [], forms={}, links=[link] if n == 1 else [])
        volume.finish(title="T", author="A", issued_on="2026-11-22")
    return path


def others(path):
    with pikepdf.open(ours(path.with_suffix(".ours"))) as pdf:
        pdf.save(path)
    return path


def notes(path) -> list:
    with pikepdf.open(path) as pdf:
        return [
            (
                page,
                str(note.Subtype),
                [float(n) for n in note.Rect],
                str(note.get("/T", "")),
                str(note.get("/Contents", "")),
                note.AP.N.read_bytes() if "/AP" in note else b"",
            )
            for page, found in enumerate(pdf.pages, 1)
            for note in found.get("/Annots", [])
        ]


@pytest.mark.parametrize("made", [ours, others])
def test_marks_stand_on_their_pages_beside_what_was_there(made, tmp_path):
    path = made(tmp_path / "book.pdf")
    assert mark_pages(path, tmp_path / "marked.pdf", marks=iter(MARKS)) == 3
    changed, added, moved = b"0.80 0.43 0.02", b"0.10 0.48 0.26", b"0.13 0.36 0.68"

    def frame(colour: bytes, wide: float, high: float) -> bytes:
        return b"%b RG 1.60 w 0.80 0.80 %.2f %.2f re S" % (colour, wide + 3.4, high + 3.4)

    assert notes(tmp_path / "marked.pdf") == [
        (1, "/Square", [-1.5, -0.5, 6.5, 8.5], "L2", "", frame(added, 3, 4)),
        (2, "/Link", [1, 1, 9, 9], "", "", b""),
        (2, "/Square", [7.5, 17.5, 42.5, 62.5], *MARKS[0][3:], frame(changed, 30, 40)),
        (2, "/Square", [47.5, 57.5, 122.5, 142.5], *MARKS[2][3:], frame(moved, 70, 80)),
    ]


def test_marked_file_is_sound_and_as_it_was_but_for_the_marks(tmp_path):
    path = ours(tmp_path / "book.pdf")
    mark_pages(path, tmp_path / "marked.pdf", marks=MARKS)
    with pikepdf.open(tmp_path / "marked.pdf") as pdf:
        assert pdf.check_pdf_syntax() == []
        assert [page.mediabox for page in pdf.pages] == [pikepdf.Array(SIZED)] * 3
        (link, *_rest) = pdf.pages[1].Annots
        assert link.Dest[0].objgen == pdf.pages[1].obj.objgen
        assert str(pdf.docinfo.Title) == "T"


SIZED = [0, 0, *SIZE]


def test_the_same_marks_make_the_same_file(tmp_path):
    path = ours(tmp_path / "book.pdf")
    for name in ("one", "two"):
        mark_pages(path, tmp_path / name, marks=MARKS)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
