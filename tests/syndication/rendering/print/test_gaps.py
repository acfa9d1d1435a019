"""Adverts stand in the gaps that cards leave, and move no card."""

import pikepdf
import pytest

from syndication.outputs.catalogue import Catalogue
from syndication.rendering.print.gaps import CutIn, filled, gaps
from syndication.rendering.print.planning import Entry, Leaf, Slot
from syndication.rendering.print.sheet import MM, Cell, Sheet
from tests.factories import listings as samples
from tests.factories import printed
from tests.factories.adverts import advert

from .test_fixed import stored

QUARTER, SHEET = (6, 6), Sheet()


def leaf(*cells: tuple[int, int, int, int], page: int = 4) -> Leaf:
    entry = Entry("a", "A", "", "", None, lambda: b"")
    return Leaf(page, "", False, [Slot(Cell(*cell), entry) for cell in cells])


def cutin(width: float, height: float, *, fit: str = "exact", page: int = 0) -> CutIn:
    return CutIn({"sha256": "x"}, page, fit, (width, height))


@pytest.mark.parametrize(
    ("cells", "free"),
    [
        ([(0, 0, 6, 6)], [(6, 0, 6, 6), (0, 6, 12, 6)]),
        ([(0, 0, 6, 6), (6, 0, 6, 6), (0, 6, 6, 6)], [(6, 6, 6, 6)]),
        ([(0, 0, 12, 12)], []),
        ([(0, 0, 6, 12), (6, 0, 6, 6)], []),
        ([], []),
    ],
)
def test_gaps_are_beside_the_last_card_of_a_row_and_below_the_last_row(cells, free):
    assert [tuple(cell) for cell in gaps(leaf(*cells))] == free


@pytest.mark.parametrize(
    ("fit", "growth", "suits"),
    [
        ("exact", (0.9 * MM, 0), True),
        ("exact", (1.1 * MM, 0), False),
        ("crop", (50 * MM, 9 * MM), True),
        ("crop", (-2 * MM, 0), False),
        ("scale", (40 * MM, 60 * MM), True),
        ("scale", (90 * MM, 0), False),
    ],
)
def test_size_decides_which_gap_an_advert_suits(fit, growth, suits):
    area = SHEET.extent(*QUARTER)
    size = [have + more for have, more in zip(area, growth, strict=True)]
    assert cutin(*size, fit=fit).suits(area) is suits


def test_adverts_take_turns():
    area = SHEET.extent(*QUARTER)
    first, second = cutin(*area), cutin(*area, page=1)
    pages = [leaf((0, 0, 6, 6), (0, 6, 12, 6), page=page) for page in (4, 5, 6)]
    found = filled(pages, [first, second], SHEET)
    assert {page: [f.advert for f in fills] for page, fills in found.items()} == {
        4: [first], 5: [second], 6: [first],
    }  # fmt: skip


def bound(folder, number: int, *rows: dict):
    context = samples.context(
        Catalogue(), "en", folder, layout="four", inserts=list(rows), index=False
    )
    units = [samples.unit(n, "en") for n in range(3)]
    files, refusals = printed.issue(Catalogue(), units, context, folder, number=number)
    pages = files["catalogue.en.pdf"]
    return printed.text(pages), pages, [r for r in refusals if r.code == "insert_refused"]


def test_advert_in_a_gap_moves_no_card_and_is_cut_at_its_edges(tmp_path):
    width, height = SHEET.extent(*QUARTER)
    asset = stored(advert(width=width, height=height, bleed=3 * MM), tmp_path)
    plain, _, _ = bound(tmp_path, 7)
    with_advert, path, refused = bound(tmp_path, 8, {"asset": asset, "place": "gap"})
    assert with_advert.replace("Edition 8", "Edition 7") == plain
    assert refused == []
    with pikepdf.open(path) as pdf:
        forms = [f for page in pdf.pages for n, f in page.resources.XObject.items() if "/X" in n]
    boxes = [[round(float(n)) for n in form.BBox] for form in forms]
    assert [0, 0, round(width), round(height)] in boxes


def test_advert_that_suits_no_gap_is_reported_with_its_size(tmp_path):
    asset = stored(advert(width=30 * MM, height=40 * MM), tmp_path)
    _, _, (refused,) = bound(tmp_path, 7, {"asset": asset, "place": "gap"})
    assert refused.params["size"] == "30 × 40 mm"


def test_document_that_could_act_is_refused_in_gaps_too(tmp_path):
    asset = stored(b"%PDF-1.7 broken", tmp_path)
    _, _, (refused,) = bound(tmp_path, 7, {"asset": asset, "place": "gap"})
    assert "damaged" in refused.message
