"""Every code in a file for the press is read back from the black plate, where it alone stands, with
the module size and the quiet zone that ISO/IEC 18004 and the GS1 General Specifications ask for.
"""

import pytest
import zxingcpp

from syndication.outputs.catalogue import Catalogue
from syndication.outputs.data_sheet import DataSheet
from syndication.outputs.labels import LabelSheets
from syndication.outputs.leaflet import Leaflet
from syndication.rendering.barcodes import EAN_13
from syndication.rendering.barcodes import QR as QR_SIZE
from syndication.rendering.qr import QUIET
from tests.factories import listings as samples
from tests.factories import pictures, printed
from tests.factories.books import plates

from .test_catalogue_codes import edges, module_of, quiet
from .test_labels import articles

DPI = 300
MM = DPI / 25.4
PIXEL = 1 / MM
FORMATS = zxingcpp.BarcodeFormat.QRCode | zxingcpp.BarcodeFormat.EAN13
UPRIGHT = {"formats": FORMATS, "try_rotate": False, "try_invert": False, "try_downscale": False}
OTHERS = ("Cyan", "Magenta", "Yellow")
BOOKLET = {"booklet": "saddle", "booklet_creep": 0.2}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("plates")


def issued(kind, units, folder, locale="en", **options) -> list:
    context = samples.context(kind, locale, folder, form="press", **options)
    files, _ = printed.issue(kind, units, context, folder / f"{kind.code}-{locale}")
    return [path for name, path in files.items() if name.endswith(".pdf")]


def seen(path, units, folder) -> list[tuple[object, dict]]:
    """Return (code, plates of its page) of every code on a page that names one of the units, as the
    black plate shows it.
    """
    named, found = [next(iter(u.listings.values()))[0].identifier for u in units], []
    texts = printed.text(path).split("\f")
    for page in (n for n, text in enumerate(texts, 1) if any(name in text for name in named)):
        shown = plates(path, page, folder / f"{path.name}-{page}", dpi=DPI)
        read = zxingcpp.read_barcodes(shown["Black"], **UPRIGHT)
        found += [(code, shown) for code in read]
    return found


def is_clean(code, shown: dict, *, margin: int) -> bool:
    """Say whether nothing but black ink lies on a code and on the margin around it."""
    x0, y0, x1, y1 = edges(code.position)
    box = (x0 - margin, y0 - margin, x1 + margin, y1 + margin)
    return all(shown[ink].crop(box).getextrema() == (255, 255) for ink in OTHERS)


def check_squares(codes: list) -> None:
    for code, shown in codes:
        module = module_of(shown["Black"], code.position)
        assert QR_SIZE.least - PIXEL / 7 <= module / MM <= QR_SIZE.most + PIXEL / 7, (
            code.text,
            module / MM,
        )
        margin = round(QUIET * module) - 3
        assert quiet(shown["Black"], code.position, margin), code.text
        assert is_clean(code, shown, margin=margin), code.text


def texts(codes: list) -> list[str]:
    return sorted(code.text for code, _shown in codes)


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_codes_of_a_leaflet_and_of_its_booklet(locale, folder):
    units = samples.units(3, locale, pictures=pictures.paint(folder, count=1))
    sheets, pages = issued(Leaflet(), units, folder, locale, **BOOKLET)
    assert sheets.name.endswith(".booklet.pdf")
    found = [seen(path, units, folder) for path in (pages, sheets)]
    # Each code carries its product and its page.
    wanted = {samples.plan(3).touchpoint(u.main(locale).identifier, "page-1") for u in units}
    assert texts(found[0]) == texts(found[1])
    assert len(set(texts(found[0])) & wanted) == 2
    for codes in found:
        check_squares(codes)


def test_codes_of_a_catalogue_and_of_its_booklet(folder):
    units = samples.units(2, pictures=pictures.paint(folder, count=1))
    sheets, pages = issued(Catalogue(), units, folder, **BOOKLET)
    found = [seen(path, units, folder) for path in (pages, sheets)]
    place = samples.plan(2).touchpoint
    wanted = [place(u.main("en").identifier, f"page-{n}") for u in units for n in range(1, 9)]
    assert texts(found[0]) == texts(found[1])
    assert (len(found[0]), set(texts(found[0])) <= set(wanted)) == (2, True)
    for codes in found:
        check_squares(codes)


def test_code_of_a_data_sheet(folder):
    units = samples.units(1, pictures=pictures.paint(folder, count=1))
    (path,) = issued(DataSheet(), units, folder)
    codes = seen(path, units, folder)
    place = samples.plan(1).touchpoint
    assert texts(codes) == [place(units[0].main("en").identifier, "data-sheet")]
    check_squares(codes)


def test_squares_of_labels(folder):
    units = articles(2)
    (path,) = issued(LabelSheets(), units, folder, "en", code="qr", stock="105x74")
    codes = seen(path, units, folder)
    place = samples.plan(2).touchpoint
    assert texts(codes) == sorted(place(u.main("en").identifier, "label") for u in units)
    check_squares(codes)


def test_bars_of_labels(folder):
    units = articles(2)
    (path,) = issued(LabelSheets(), units, folder / "bars", "en", stock="105x74", bars=12)
    codes = seen(path, units, folder)
    assert texts(codes) == sorted(unit.main("en").value("gtin") for unit in units)
    for code, shown in codes:
        x0, y0, x1, y1 = edges(code.position)
        module = (x1 - x0 + 1) / 95
        assert EAN_13.least - PIXEL / 95 <= module / MM <= EAN_13.most
        assert module / MM == pytest.approx(EAN_13.target, rel=0.02)
        middle, black = (y0 + y1) // 2, shown["Black"]
        before = black.crop((x0 - round(EAN_13.left * module) + 2, middle, x0 - 1, middle + 1))
        after = black.crop((x1 + 2, middle, x1 + round(EAN_13.right * module) - 2, middle + 1))
        assert (before.getextrema()[0], after.getextrema()[0]) == (255, 255)
        assert is_clean(code, shown, margin=4)
