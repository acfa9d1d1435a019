"""A catalogue for the printing house, held to its promises by readers that did not write it."""

import subprocess

import pikepdf
import pypdf
import pytest

from syndication.rendering.memo import FolderMemo
from syndication.rendering.press.keeping import check_form
from syndication.rendering.press.marks import AROUND
from syndication.rendering.press.profile import STANDARD
from syndication.rendering.print.sheet import MM, PAGE
from tests.factories import pressroom
from tests.factories.books import bound, plates, words

BLEED = 3 * MM
SPOT = {"accent": {"name": "Halla Rust", "cmyk": [10, 80, 90, 20]}}
PROCESS = ["Black", "Cyan", "Magenta", "Yellow"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("press")


@pytest.fixture(scope="module")
def book(folder):
    return bound(folder, "press")


@pytest.fixture(scope="module")
def pages(book):
    return pypdf.PdfReader(book.path).pages


def test_file_says_what_it_is(book):
    assert book.path.name == "catalogue.en.press.pdf"
    reader = pypdf.PdfReader(book.path)
    (intent,) = reader.trailer["/Root"]["/OutputIntents"]
    profile = intent["/DestOutputProfile"].get_object()
    assert (intent["/S"], profile["/N"]) == ("/GTS_PDFX", 4)
    assert profile.get_data() == STANDARD.read_bytes()
    assert (reader.pdf_header, reader.metadata["/Trapped"]) == ("%PDF-1.6", "/False")
    packet = reader.trailer["/Root"]["/Metadata"].get_object().get_data()
    assert b"<pdfxid:GTS_PDFXVersion" in packet
    told = subprocess.run(["pdfinfo", book.path], capture_output=True, text=True).stdout
    assert "PDF subtype:    PDF/X-4" in told


def test_boxes_lie_inside_one_another(pages):
    for page in pages:
        trim, bleed, media = (
            [float(n) for n in box] for box in (page.trimbox, page.bleedbox, page.mediabox)
        )
        assert trim == pytest.approx([0, 0, *PAGE], abs=0.01)
        assert bleed == pytest.approx([-BLEED, -BLEED, PAGE[0] + BLEED, PAGE[1] + BLEED], abs=0.01)
        around = BLEED + AROUND
        assert media == pytest.approx(
            [-around, -around, PAGE[0] + around, PAGE[1] + around], abs=0.01
        )


def test_nothing_can_be_clicked_on(pages):
    assert [page.get("/Annots") for page in pages] == [None] * len(pages)


def test_nothing_is_painted_in_light(book, pages):
    seen: set[int] = set()
    reader = pypdf.PdfReader(book.path)
    for page in reader.pages:
        pressroom.look_through(page, reader, seen)
    assert len(seen) > 20
    told = subprocess.run(["pdfimages", "-list", book.path], capture_output=True, text=True).stdout
    assert {line.split()[5] for line in told.splitlines()[2:]} == {"cmyk"}


def test_emoji_are_printed_in_inks(folder):
    book = bound(folder, "press", count=2, name="emoji", ending=" 💡")
    assert "💡" in words(book.path, 4)
    told = subprocess.run(["pdfimages", "-list", book.path], capture_output=True, text=True).stdout
    assert {line.split()[5] for line in told.splitlines()[2:]} <= {"cmyk", "gray"}


def test_black_text_is_on_the_black_plate_alone(book, folder):
    page = 4
    found = plates(book.path, page, folder / "plates", dpi=144)
    assert sorted(found) == PROCESS
    box = [round(2 * n) for n in words(book.path, page)["Woven"]]
    darkest = {ink: found[ink].crop(box).getextrema()[0] for ink in PROCESS}
    assert darkest.pop("Black") < 128
    assert set(darkest.values()) == {255}


def test_marks_are_in_all_inks_and_outside_the_bleed(book, folder):
    found = plates(book.path, 4, folder / "marked", dpi=144)
    for ink in PROCESS:
        plate = found[ink]
        slug = round(2 * AROUND) - 2
        strips = [
            plate.crop((0, 0, plate.width, slug)),
            plate.crop((0, plate.height - slug, plate.width, plate.height)),
            plate.crop((0, 0, slug, plate.height)),
            plate.crop((plate.width - slug, 0, plate.width, plate.height)),
        ]
        assert [strip.getextrema()[0] < 100 for strip in strips] == [True] * 4
    edge = round(2 * AROUND) + 2
    ring = found["Cyan"].crop((edge, edge, edge + 8, found["Cyan"].height - edge))
    assert ring.getextrema() == (255, 255)


def test_grounds_and_pictures_reach_over_the_edge(book, folder):
    found = plates(book.path, 1, folder / "cover")
    black = found["Black"]
    trimmed, outer = BLEED + AROUND, AROUND + 1
    for y in (80, 200):  # the ground of the cover
        inside, over = black.getpixel((round(trimmed + 3), y)), black.getpixel((round(outer), y))
        assert (inside < 200, over) == (True, inside)
    yellow = found["Yellow"]
    low = yellow.height - round(outer) - 1  # the picture at its foot, in the bleed
    assert yellow.getpixel((yellow.width // 2, low)) < 250
    assert yellow.getpixel((yellow.width // 2, yellow.height - 1)) == 255


def test_spot_ink_has_a_plate_of_its_own(folder):
    spotted = bound(folder, "press", count=2, name="spotted", tokens={"spots": SPOT})
    found = plates(spotted.path, 1, folder / "spots")
    assert sorted(found) == sorted([*PROCESS, "Halla Rust"])
    assert found["Halla Rust"].getextrema()[0] == 0
    slug = round(AROUND) - 2  # its plate has marks to lay it by, as the others
    assert found["Halla Rust"].crop((0, 0, slug, found["Black"].height)).getextrema()[0] < 100


def test_coarse_pictures_are_reported_with_page_and_product(folder):
    coarse = bound(folder, "press", count=2, name="coarse", size=(120, 120))
    products = [r for r in coarse.told if r.identifier]
    assert {(r.code, r.identifier, r.params["page"]) for r in products} == {
        ("picture_very_coarse", "BLANKET-001", 4),
        ("picture_very_coarse", "STOOL-001", 4),
    }
    listed = subprocess.run(["pdfimages", "-list", coarse.path], capture_output=True, text=True)
    shown = {int(line.split()[12]) for line in listed.stdout.splitlines()[2:]}
    assert {r.params["dpi"] for r in products} == shown
    with pytest.raises(ValueError, match=r"fewer than 150 pixels an inch: \d+ on page 4"):
        bound(folder, "press", count=2, name="refused", size=(120, 120), refused_dpi=150)


def test_too_much_ink_is_reported(folder):
    inky = {"cmyk": {"pine": [90, 80, 80, 90]}}
    heavy = bound(folder, "press", count=2, name="heavy", tokens=inky)
    assert ("ink_heavy", 340, 300, 1) in [
        (r.code, r.params.get("ink"), r.params.get("limit"), r.params["page"]) for r in heavy.told
    ]
    light = bound(folder, "press", count=2, name="light", tokens=inky, ink_limit=350)
    assert "ink_heavy" not in light.codes()


def test_readers_see_what_is_wrong_with_inks(folder):
    inky = {"cmyk": {"pine": [90, 80, 80, 90], "ink": [40, 30, 30, 92]}}
    made = bound(folder, "press", count=2, name="inky", tokens=inky)
    found = pressroom.faults(made.path, pressroom.all_plates(made.path, folder / "inky-plates"))
    assert "page 1: 340 % ink" in found
    assert "page 4: “Woven” is not black alone" in found


def test_bleed_and_marks_are_the_printers_to_choose(folder):
    plain = bound(folder, "press", count=1, name="plain", bleed=5, marks=False)
    page = pypdf.PdfReader(plain.path).pages[0]
    wide = [-5 * MM, -5 * MM, PAGE[0] + 5 * MM, PAGE[1] + 5 * MM]
    assert [float(n) for n in page.bleedbox] == pytest.approx(wide, abs=0.01)
    assert [float(n) for n in page.mediabox] == pytest.approx(wide, abs=0.01)


def test_next_edition_turns_nothing_to_ink_again(folder, monkeypatch):
    memo = FolderMemo(folder / "memo")
    first = bound(folder, "press", count=3, name="first", memo=memo)
    monkeypatch.setattr("syndication.rendering.press.convert._made", None)
    second = bound(folder, "press", count=3, name="second", memo=memo)
    assert second.path.read_bytes() == first.path.read_bytes()


SPOILS = {
    "intent": (lambda pdf: pdf.Root.__delitem__("/OutputIntents"), "intent"),
    "note": (lambda pdf: _note(pdf), "links"),
    "boxes": (lambda pdf: _widen(pdf), "boxes"),
    "light": (lambda pdf: _paint(pdf, b"1 0 0 rg 0 0 9 9 re f"), "painted in RGB"),
    "space": (lambda pdf: _paint(pdf, b"/DeviceRGB cs 1 0 0 sc 0 0 9 9 re f"), "painted in RGB"),
    "picture": (lambda pdf: _picture(pdf), "RGB"),
    "curve": (lambda pdf: _state(pdf, TR=pikepdf.Name.Identity), "/TR"),
    "blend": (lambda pdf: _state(pdf, BM=pikepdf.Name.Glow), "blending"),
    "postscript": (lambda pdf: _state(pdf, Subtype=pikepdf.Name.PS), "PostScript"),
    "script": (lambda pdf: _state(pdf, S=pikepdf.Name.JavaScript), "actions"),
    "trapped": (lambda pdf: pdf.docinfo.__delitem__("/Trapped"), "trapped"),
}


def _state(pdf, **entries):
    pdf.Root.Extra = pdf.make_indirect(pikepdf.Dictionary(**entries))


def _note(pdf):
    pdf.pages[3].obj.Annots = pikepdf.Array([pikepdf.Dictionary(Subtype=pikepdf.Name.Link)])


def _widen(pdf):
    pdf.pages[3].obj.TrimBox = pikepdf.Array([-99, 0, 100, 100])


def _paint(pdf, operators: bytes):
    pdf.pages[3].contents_add(operators)


def _picture(pdf):
    image = next(
        o for o in pdf.objects if isinstance(o, pikepdf.Stream) and o.get("/Subtype") == "/Image"
    )
    image["/ColorSpace"] = pikepdf.Name.DeviceRGB


@pytest.mark.parametrize("spoil", SPOILS)
def test_file_that_breaks_its_promise_is_not_issued(spoil, book, tmp_path):
    path, (break_it, why) = tmp_path / book.path.name, SPOILS[spoil]
    with pikepdf.open(book.path) as pdf:
        break_it(pdf)
        pdf.save(path)
    with pytest.raises(ValueError, match=why):
        check_form(path, path.name)
