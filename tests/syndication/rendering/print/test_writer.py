"""Parts are numbered without touching what only looks like a reference; the file is sound."""

import io
import subprocess

import pikepdf
import pytest

from syndication.rendering.print.about import About, information, text_string
from syndication.rendering.print.binding import Binder
from syndication.rendering.print.parts import Pack, Part, opened
from syndication.rendering.print.sheet import Sheet
from syndication.rendering.print.taking_apart import take_apart
from syndication.rendering.print.writer import PdfWriter

LABELS = [(0, "D", 1)]
FORM = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]"


def remember(_key, make):
    return make()


def binder(target) -> Binder:
    return Binder(target, sheet=Sheet(), locale="en", remember=remember)


def add(made: Binder, payload: bytes, **more) -> None:
    for placed in made.placed(payload):
        made.add(placed, **more)


def pack(*notes: list) -> bytes:
    """Return a pack of one empty page with links."""
    made = Pack()
    made.forms, made.notes = [made.add(Part(FORM, stream=b" "))], [list(notes)]
    return made.to_bytes()


def test_only_references_are_opened():
    text = rb"<< /A 12 0 R /B (not 12 0 R \) 7 0 R) /C [ 5 0 R 12 0 R ] /D <3120302052> /E (50%) >>"
    found, refs = opened(text, lambda number: number * 10)
    assert refs == (120, 50, 120)
    assert found % (1, 2, 3) == text.replace(b"12 0 R /B", b"1 0 R /B").replace(
        b"[ 5 0 R 12 0 R ]", b"[ 2 0 R 3 0 R ]"
    )


def test_pack_comes_back_as_it_was_kept():
    made = Pack()
    stream = made.add(Part(b"<</X 1", stream=b"\x00%d 1 0 R\xff"))
    made.add(Part(b"<</Z %d 0 R/Y %d 0 R/P (50%%)>>", (stream, stream)))
    made.forms = [made.add(Part(b"<</Y %d 0 R", (stream,), b"x"))]
    made.notes, made.counts = [[[1, 2, 3, 4, "https://halla.example"]]], (6, 5)
    found = Pack.from_bytes(made.to_bytes())
    assert (found.parts, found.forms, found.notes, found.counts) == (
        made.parts,
        made.forms,
        made.notes,
        made.counts,
    )


def test_equal_streams_are_written_once():
    target = io.BytesIO()
    file = PdfWriter(target)
    made = Pack.from_bytes(pack())
    assert file.place(made) == file.place(made)
    other = Pack([Part(FORM, stream=b"other")], made.forms, made.notes)
    assert file.place(other) != file.place(made)


def test_pages_taken_apart_and_bound_look_the_same(tmp_path):
    source = pikepdf.new()
    page = source.add_blank_page(page_size=(595.276, 841.89))
    page.contents_add(b"0.5 g 100 100 200 300 re f")
    before = tmp_path / "before.pdf"
    source.save(before)
    after = tmp_path / "after.pdf"
    with after.open("wb") as target:
        made = binder(target)
        made.mark("Page (one) – 1")
        add(made, take_apart(before.read_bytes()).to_bytes())
        made.finish(title="Title", author="", issued_on="2026-11-22", labels=LABELS)
    looks = [
        subprocess.run(["pdftoppm", "-r", "20", path], capture_output=True, check=True).stdout
        for path in (before, after)
    ]
    assert looks[0] == looks[1]
    with pikepdf.open(after) as pdf, pdf.open_outline() as outline:
        assert pdf.check_pdf_syntax() == []
        assert [item.title for item in outline.root] == ["Page (one) – 1"]
        with pdf.open_metadata() as xmp:
            assert (xmp["dc:title"], xmp["dc:creator"]) == ("Title", ["PIM catalogue"])


def test_same_pages_make_the_same_bytes():
    files = [io.BytesIO(), io.BytesIO()]
    for target in files:
        made = binder(target)
        add(made, pack([1, 2, 3, 4, "x-page:2"]), folio="iv")
        made.blank()
        made.finish(title="T", author="A", issued_on="2026-11-22", labels=LABELS)
    assert files[0].getvalue() == files[1].getvalue()


def test_link_to_a_page_that_is_not_bound_is_an_error():
    made = binder(io.BytesIO())
    add(made, pack([1, 2, 3, 4, "x-page:2"]))
    with pytest.raises(ValueError, match="not bound"):
        made.finish(title="T", author="A", issued_on="2026-11-22", labels=LABELS)


@pytest.mark.parametrize("text", ["plain (round) \\ back", "Ääkköset – 20 %", "كرسي", "a\nb", ""])
def test_texts_about_the_file_can_be_read_back(text):
    found = pikepdf.Object.parse(
        information(About(text, "A", "en", "2026-11-22"), counts=(1, 2, 3))
    )
    assert str(found["/Title"]) == text
    assert str(pikepdf.Object.parse(text_string(text))) == text


def test_pages_lie_together_and_apart_from_what_they_show():
    target = io.BytesIO()
    file = PdfWriter(target)
    tree = file.reserve()
    pages = [file.reserve() for _ in range(3)]
    for page in pages:
        notes = file.add(b"<</Shown true>>")
        file.add_page(b"<</Type/Page/Parent %d 0 R/Own %d 0 R>>" % (tree, notes), number=page)
    kids = b" ".join(b"%d 0 R" % page for page in pages)
    file.add(b"<</Type/Pages/Count 3/Kids[%b]/MediaBox[0 0 9 9]>>" % kids, number=tree)
    root = file.add(b"<</Type/Catalog/Pages %d 0 R>>" % tree)
    file.close(root=root, info=file.add(b"<<>>"))
    with pikepdf.open(target) as pdf:
        packed = [bytes(o.read_bytes()) for o in pdf.objects if o.get("/Type") == "/ObjStm"]
        assert len(pdf.pages) == 3
    assert [data.count(b"/Page/") for data in packed if b"/Page/" in data] == [3]
    assert not [data for data in packed if b"/Page/" in data and b"/Shown" in data]


def test_object_that_was_reserved_and_never_written_is_an_error():
    file = PdfWriter(io.BytesIO())
    root = file.add(b"<</Type/Catalog>>")
    forgotten = file.reserve()
    with pytest.raises(ValueError, match=f"object {forgotten} was reserved"):
        file.close(root=root, info=root)
