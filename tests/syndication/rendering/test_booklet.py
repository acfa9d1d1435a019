"""Booklets: the order of pages, from either side, and sheets that hold them."""

import io
import re

import pikepdf
import pytest

from syndication.rendering.booklet.imposing import AROUND, Fold, booklet_name, impose
from syndication.rendering.booklet.order import AT_END, padded, spreads
from syndication.rendering.print.sheet import MM
from syndication.rendering.print.writer import PdfWriter
from tests.factories.books import plates

PAGE = (100 * MM, 140 * MM)


def sides(count, **fold):
    return [(s.left, s.right) for s in spreads(count, **fold)]


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (4, [(4, 1), (2, 3)]),
        (8, [(8, 1), (2, 7), (6, 3), (4, 5)]),
        (12, [(12, 1), (2, 11), (10, 3), (4, 9), (8, 5), (6, 7)]),
        (10, [(10, 1), (2, 0), (0, 3), (4, 9), (8, 5), (6, 7)]),
        (1, [(0, 1), (0, 0)]),
        (0, []),
    ],
)
def test_pages_lie_in_the_order_of_printing(count, expected):
    assert sides(count) == expected


def test_booklet_read_from_the_right_has_its_spine_there():
    assert sides(8, rtl=True) == [(1, 8), (7, 2), (3, 6), (5, 4)]
    for count in (4, 8, 12, 10):
        assert sides(count, rtl=True) == [(right, left) for left, right in sides(count)]


def test_blanks_stand_before_the_back_cover_or_at_the_end():
    assert padded(10) == [1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 10]
    assert padded(10, blanks=AT_END) == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 0]
    assert padded(12) == list(range(1, 13))


def test_folding_every_sheet_gives_the_pages_in_order():
    for count in (4, 8, 12, 16, 20):
        found = sides(count)
        fronts, backs = found[::2], found[1::2]
        first = [page for f, b in zip(fronts, backs, strict=True) for page in (f[1], b[0])]
        second = [page for f, b in zip(fronts, backs, strict=True) for page in (f[0], b[1])]
        assert first + second[::-1] == list(range(1, count + 1))


def test_signatures_are_folded_one_by_one():
    assert sides(16, sheets=2) == [
        *[(8, 1), (2, 7), (6, 3), (4, 5)],
        *[(16, 9), (10, 15), (14, 11), (12, 13)],
    ]
    assert sides(12, sheets=2)[4:] == [(12, 9), (10, 11)]
    assert [s.depth for s in spreads(16, sheets=2)] == [0, 0, 1, 1, 0, 0, 1, 1]


def book(
    count: int, *, bleed: float = 0, ground: bytes = b"", root: bytes = b"", notes: bool = False
) -> io.BytesIO:
    """Return a PDF as we write it, whose pages say their number on a ground, with a `root`."""
    out = io.BytesIO()
    file = PdfWriter(out)
    tree, kids = file.reserve(), [file.reserve() for _ in range(count)]
    font = file.add(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
    wide, high = PAGE[0] + 2 * bleed, PAGE[1] + 2 * bleed
    boxes = b"/MediaBox[0 0 %.3f %.3f]" % (wide, high)
    boxes += b"/TrimBox[%.3f %.3f %.3f %.3f]" % (bleed, bleed, wide - bleed, high - bleed)
    boxes += b"/BleedBox[0 0 %.3f %.3f]" % (wide, high) if ground else b""
    for n, number in enumerate(kids, 1):
        drawn = ground and ground % (wide, high)
        drawn = file.add_stream(b"<<", drawn + b"BT /F 20 Tf 60 60 Td (page %d) Tj ET" % n)
        text = b"<</Type/Page/Parent %d 0 R%b/Contents %d 0 R/Resources<</Font<</F %d 0 R>>>>"
        text %= (tree, boxes, drawn, font)
        if notes:
            text += b"/Annots[%d 0 R ]" % file.add(b"<</Subtype/Link/Dest[%d 0 R/Fit]>>" % kids[0])
        file.add_page(text + b">>", number=number)
    named = b"".join(b"%d 0 R " % number for number in kids)
    file.add(b"<</Type/Pages/Count %d/Kids[%b]>>" % (count, named), number=tree)
    told = file.add_stream(b"<</Type/Metadata/Subtype/XML", b"<told/>")
    about = b"<</Type/Catalog/Pages %d 0 R/Metadata %d 0 R%b/Lang(en)/PageMode/UseNone>>"
    catalogue = file.add(about % (tree, told, root))
    file.close(root=catalogue, info=file.add(b"<</Title(A book)>>"))
    out.seek(0)
    return out


def imposed(source, **fold) -> pikepdf.Pdf:
    out = io.BytesIO()
    impose(source, out, Fold(**fold))
    return pikepdf.open(out)


def shown(sheet) -> tuple[str, str]:
    """Return the words of the form on the left and of the one on the right."""
    forms = sheet.Resources.XObject
    texts = []
    for name in ("/L", "/R"):
        data = forms[name].read_bytes() if name in forms else b"(blank)"
        texts.append(re.search(rb"\((.*?)\)", data)[1].decode())
    return tuple(texts)


@pytest.mark.parametrize("rtl", [False, True])
def test_sheets_hold_the_pages_that_the_order_names(rtl):
    with imposed(book(10), rtl=rtl) as pdf:
        found = [shown(page) for page in pdf.pages]
    expected = [tuple(f"page {n}" if n else "blank" for n in pair) for pair in sides(10, rtl=rtl)]
    assert found == expected


def test_sheet_is_two_pages_wide_with_room_for_marks():
    with imposed(book(4)) as pdf:
        box = [float(n) for n in pdf.pages[0].MediaBox]
        trim = [float(n) for n in pdf.pages[0].TrimBox]
    assert box[2:] == pytest.approx([2 * PAGE[0] + 2 * AROUND, PAGE[1] + 2 * AROUND], abs=0.01)
    assert [trim[2] - trim[0], trim[3] - trim[1]] == pytest.approx([2 * PAGE[0], PAGE[1]], abs=0.01)


def moves(pdf) -> list[list[float]]:
    found = []
    for page in pdf.pages:
        drawn = page.Contents.read_bytes()
        found.append([float(x) for x in re.findall(rb"1 0 0 1 (\S+) \S+ cm", drawn)])
    return found


def test_pages_further_in_are_moved_to_the_spine():
    creep = 0.1 * MM
    with imposed(book(12), creep=0) as still, imposed(book(12), creep=creep) as crept:
        pairs = list(zip(moves(still), moves(crept), strict=True))
    shifts = [[round((b - a) / creep) for a, b in zip(x, y, strict=True)] for x, y in pairs]
    assert shifts == [[0, 0], [0, 0], [1, -1], [1, -1], [2, -2], [2, -2]]


def test_fold_and_crop_marks_are_drawn_or_not():
    counts = []
    for marks in (True, False):
        with imposed(book(4), marks=marks) as pdf:
            counts.append([page.Contents.read_bytes().count(b" l S") for page in pdf.pages])
    assert counts == [[10, 10], [0, 0]]


def test_bleed_is_kept_outside_and_cut_at_the_spine():
    bleed = 3 * MM
    with imposed(book(4, bleed=bleed), marks=False) as pdf:
        drawn = pdf.pages[0].Contents.read_bytes()
    clips = [[float(n) for n in m.split()] for m in re.findall(rb"q ([\d. ]+) re W", drawn)]
    spine = AROUND + PAGE[0]
    (left, _, left_wide, high), (right, _, right_wide, _) = clips
    assert [left, left + left_wide] == pytest.approx([AROUND - bleed, spine], abs=0.01)
    assert [right, right + right_wide] == pytest.approx([spine, spine + PAGE[0] + bleed], abs=0.01)
    assert high == pytest.approx(PAGE[1] + 2 * bleed, abs=0.01)


def test_same_book_gives_the_same_sheets_and_keeps_its_title():
    made = []
    for _time in range(2):
        out = io.BytesIO()
        impose(book(8), out, Fold())
        made.append(out.getvalue())
    assert made[0] == made[1]
    with pikepdf.open(io.BytesIO(made[0])) as pdf:
        assert (str(pdf.docinfo["/Title"]), str(pdf.Root.Lang)) == ("A book", "en")


def test_name_stands_beside_that_of_the_book():
    assert booklet_name("catalogue.de.pdf") == "catalogue.de.booklet.pdf"


def press_book(count: int, *, bleed: float) -> io.BytesIO:
    """Return a book whose pages bleed, with an output intent."""
    ground = b"0.5 0 0 0 k 0 0 %.2f %.2f re f 0 0 0 1 k "
    intent = b"/OutputIntents[<</S/GTS_PDFX>>]"
    return book(count, bleed=bleed, ground=ground, root=intent)


def test_sheets_are_sound_and_hold_nothing_of_the_pages_but_what_they_show():
    with imposed(book(10, notes=True)) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert "/Annots" not in pdf.pages[0].obj
        found = (o for o in pdf.objects if isinstance(o, pikepdf.Dictionary))
        assert [str(o.get("/Type", "")) for o in found].count("/Page") == 6


def test_what_a_file_says_of_itself_its_sheets_say_too():
    with imposed(press_book(4, bleed=0)) as pdf:
        assert str(pdf.Root.OutputIntents[0].S) == "/GTS_PDFX"
        assert pdf.Root.Metadata.read_bytes() == b"<told/>"
        assert "/PageMode" not in pdf.Root


def test_marks_of_plates_are_on_all_of_them_and_clear_of_the_bleed(tmp_path):
    bleed, path = 5 * MM, tmp_path / "booklet.pdf"
    with path.open("wb") as target:
        impose(press_book(4, bleed=bleed), target, Fold())
    found = plates(path, 1, tmp_path / "plates", dpi=144)
    scale, edge = 2.0, AROUND - bleed
    ground = found["Cyan"]
    inside, outside = round((edge + 1) * scale), round((edge - 1) * scale)
    assert ground.getpixel((inside, ground.height // 3)) == pytest.approx(128, abs=2)
    assert ground.getpixel((outside, ground.height // 3)) == 255
    # At the spine both pages meet: there is no paper between them.
    middle = ground.width // 2
    row = [ground.getpixel((x, ground.height // 3)) for x in range(middle - 6, middle + 7)]
    assert max(row) <= 130
    strip = round((AROUND - bleed) * scale)
    seen = {}
    for ink in ("Cyan", "Magenta", "Yellow", "Black"):
        top = found[ink].crop((0, 0, found[ink].width, strip - 1))
        seen[ink] = [
            x for x in range(top.width) if top.crop((x, 0, x + 1, top.height)).getextrema()[0] < 128
        ]
    assert seen["Cyan"] == seen["Magenta"] == seen["Yellow"] == seen["Black"]
    trim = [round(AROUND * scale), round((AROUND + 2 * PAGE[0]) * scale)]
    crosses = [round((AROUND + n * PAGE[0]) * scale) for n in (0.5, 1.5)]
    for x in (*trim, *crosses):
        assert any(abs(x - mark) <= 1 for mark in seen["Black"])


def test_pages_further_in_are_moved_to_the_spine_and_keep_their_bleed():
    target = io.BytesIO()
    impose(press_book(16, bleed=3 * MM), target, Fold(creep=0.2 * MM, marks=False))
    with pikepdf.open(target) as pdf:
        drawn = [page.Contents.read_bytes() for page in pdf.pages]
    moved = [re.findall(rb"1 0 0 1 ([\d.]+) [\d.]+ cm", content) for content in drawn]
    lefts = [float(pair[0]) for pair in moved]
    rights = [float(pair[1]) for pair in moved]
    assert [round((x - lefts[0]) / (0.2 * MM), 2) for x in lefts] == [0, 0, 1, 1, 2, 2, 3, 3]
    assert [round((rights[0] - x) / (0.2 * MM), 2) for x in rights] == [0, 0, 1, 1, 2, 2, 3, 3]
