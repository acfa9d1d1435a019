"""A bound book is held to what it says of itself, down to the place of every object."""

import pytest

from syndication.rendering.print.binding import Binder
from syndication.rendering.print.parts import Pack, Part
from syndication.rendering.print.proof import proof
from syndication.rendering.print.sheet import Sheet

FORM = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]"
PICTURE = b"<</Type/XObject /Subtype /Image/Width 1/Height 1/ColorSpace/DeviceGray"
FONT = b"<</Type/FontDescriptor/FontName/Plain/FontFile2 %d 0 R>>"


def galley() -> bytes:
    """Return a page with two cards; one shows a picture in a font, the other nothing."""
    pack = Pack()
    picture = pack.add(Part(PICTURE, stream=b"\0"))
    font = pack.add(Part(FONT, (pack.add(Part(b"<<", stream=b"glyphs")),)))
    shown = b"/Resources<</XObject<</i1 %d 0 R>>/Font<</F %d 0 R>>>>"
    cards = [pack.add(Part(FORM + shown, (picture, font), b" ")), pack.add(Part(FORM, (), b"  "))]
    named = b"/Resources<</XObject<</C0_0 %d 0 R/C6_0 %d 0 R>>>>"
    pack.forms, pack.notes = [pack.add(Part(FORM + named, tuple(cards), b"   "))], [[]]
    pack.counts = (2, 1)
    return pack.to_bytes()


def book(path, spoil=lambda binder: None):
    """Write a book of a page of products and an empty one, spoiled before its end is written."""
    with path.open("wb") as target:
        made = Binder(target, sheet=Sheet(), locale="en", remember=lambda _key, make: make())
        form = made.file.add_stream(FORM, b"    ")
        frame = type("Frame", (), {"head": form, "foot": form, "titles": ()})
        made.product_page(galley(), codes=(), frame=frame, folio="1")
        made.mark("The end")
        made.blank()
        spoil(made)
        made.finish(title="T", author="A", issued_on="2026-11-22", labels=[(0, "D", 1)])
    return path


def test_sound_book_passes(tmp_path):
    assert proof(book(tmp_path / "book.pdf")) is None


SPOILS = {
    "2 cards instead of 3": lambda made: setattr(made, "products", 3),
    "1 pictures instead of 2": lambda made: setattr(made, "pictures", 2),
    "2 pages instead of 3": lambda made: _page_too_many(made),
    "font Plain is not embedded": lambda made: made.file.add(
        FONT.replace(b"/FontFile2 %d 0 R", b"")
    ),
    "a link leads to no page": lambda made: made.file.add(b"<</Dest[%d 0 R/Fit]>>" % made.tree),
    "a link was left unresolved": lambda made: made.file.add(b"<</A<</S/URI/URI(x-page:3)>>>>"),
}


def _page_too_many(made: Binder) -> None:
    """Let the tree name a page that is none."""
    made.file.add_stream(b"<<", b"", number=made.page(made.count + 1))
    made.count += 1


@pytest.mark.parametrize("why", SPOILS)
def test_book_that_is_not_what_it_says_is_refused(why, tmp_path):
    path = book(tmp_path / "book.pdf", SPOILS[why])
    with pytest.raises(ValueError, match=why):
        proof(path)


@pytest.mark.parametrize("kept", [0.3, 0.9, 0.999])
def test_book_that_is_cut_is_refused(kept, tmp_path):
    path = book(tmp_path / "book.pdf")
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises(ValueError, match="not a PDF: its end is missing"):
        proof(path)


def test_book_that_lost_a_piece_in_its_midst_is_refused(tmp_path):
    path = book(tmp_path / "book.pdf")
    whole = path.read_bytes()
    middle = whole.index(b"glyphs")
    path.write_bytes(whole[:middle] + whole[middle + 3 :])
    with pytest.raises(ValueError, match="not a PDF"):
        proof(path)


def test_book_with_another_length_of_the_same_size_is_refused(tmp_path):
    path = book(tmp_path / "book.pdf")
    path.write_bytes(path.read_bytes().replace(b"/Length 6>>", b"/Length 5>>"))
    with pytest.raises(ValueError, match="does not follow"):
        proof(path)


def test_damaged_objects_are_refused(tmp_path):
    path = book(tmp_path / "book.pdf")
    whole = bytearray(path.read_bytes())
    at = whole.index(b"/Type/ObjStm")
    place = whole.index(b"stream\n", at) + 12
    whole[place] ^= 0xFF
    path.write_bytes(whole)
    with pytest.raises(ValueError, match="not a PDF"):
        proof(path)
