"""Leaflets, price lists, labels and data sheets for everybody's reading, as others read them."""

import pikepdf
import pytest

from syndication.outputs.data_sheet import DataSheet
from syndication.outputs.labels import LabelSheets
from syndication.outputs.leaflet import Leaflet
from syndication.outputs.price_list import PriceList
from tests.factories import listings as samples
from tests.factories import pictures, printed, readers

from .test_labels import articles as labelled
from .test_price_list import articles

COLUMNS = [{"price_list": "retail", "heading": "List"}]
KINDS = {
    "leaflet": (Leaflet(), {}),
    "price-list": (PriceList(), {"columns": COLUMNS}),
    "labels": (LabelSheets(), {"stock": "99.1x67.7", "copies": 2}),
    "data-sheet": (DataSheet(), {}),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("read")


@pytest.fixture(scope="module")
def made(folder):
    """Return a function that makes the files of a kind, once for each language."""
    known: dict[tuple, list] = {}
    painted = pictures.paint(folder, count=2)

    def make(name: str, locale: str) -> list:
        kind, options = KINDS[name]
        if (name, locale) not in known:
            units = {
                "leaflet": lambda: samples.units(5, locale, pictures=painted),
                "price-list": lambda: articles(80, locale),
                "labels": lambda: labelled(3, locale),
                "data-sheet": lambda: samples.units(5, locale, pictures=painted)[-1:],
            }[name]()
            context = samples.context(kind, locale, folder, form="accessible", **options)
            place = folder / f"{name}-{locale}"
            files, _ = printed.issue(kind, units, context, place)
            known[name, locale] = [p for n, p in files.items() if n.endswith(".accessible.pdf")]
        return known[name, locale]

    return make


@pytest.mark.parametrize("locale", ["en", "ar"])
@pytest.mark.parametrize("name", KINDS)
def test_validators_find_no_fault(name, locale, made):
    (path,) = made(name, locale)
    assert readers.faults(path) == []
    with pikepdf.open(path) as pdf:
        assert (str(pdf.Root.Lang), bool(pdf.Root.ViewerPreferences.DisplayDocTitle)) == (
            *(locale, True),
        )
        noted = [page for page in pdf.pages if "/Annots" in page.obj]
        assert [str(page.obj.get("/Tabs")) for page in noted] == ["/S"] * len(noted)


def order(text: str, *wanted: str) -> bool:
    places = [text.index(word) for word in wanted]
    return places == sorted(places)


def test_leaflet_is_read_offer_by_offer_with_its_code(made):
    (path,) = made("leaflet", "en")
    text = readers.read_aloud(path)
    first, second = (samples.plan(5).touchpoint(f"{c}-001", "page-1") for c in ("LAMP", "STOOL"))
    assert text.count("H1 (block)") == 1
    assert text.count("Edition 7") == 1  # the foot of the first page; the others' are not read
    heads = [part.split('"')[1] for part in text.split("H2 (block)")[1:]]
    assert len(heads) == 5
    assert order(text, "H1 (block)", "Edition 7", "H2 (block)", "Figure", "€", "Link")
    with pikepdf.open(path) as pdf:
        said = [str(o.Alt) for o in figures(pdf)]
    assert {first, second} & set(said)
    assert all(said)


def figures(pdf) -> list:
    found = (o for o in pdf.objects if isinstance(o, pikepdf.Dictionary))
    return [o for o in found if o.get("/S") == "/Figure"]


def test_price_list_is_one_table_over_all_pages_with_heads_read_once(made):
    (path,) = made("price-list", "en")
    text = readers.read_aloud(path)
    assert text.count('TH: /Scope /Column "Name"') == 1
    rows = text.split('"Contents"')[1].split("Table (block)")
    assert len(rows) == 3  # the contents, and the list
    assert 'TH: /Scope /Row "BLANKET-001" TD "Wool blanket' in rows[2]
    assert rows[2].count("TR ") > 80
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) > 2
        pages = {kid.Pg.objgen for table in tables(pdf) for kid in table.K if "/Pg" in kid}
        assert len(pages) == len(pdf.pages)


def tables(pdf) -> list:
    found = (o for o in pdf.objects if isinstance(o, pikepdf.Dictionary))
    return [o for o in found if o.get("/S") == "/Table"]


def test_label_is_read_once_however_many_are_wanted(made):
    (path,) = made("labels", "en")
    text = readers.read_aloud(path)
    assert text.count("H1 (block)") == 3
    with pikepdf.open(path) as pdf:
        said = {str(found.Alt) for found in figures(pdf)}
    mains = [unit.main("en") for unit in labelled(3)]
    assert {text.split(", EAN-13 ")[1] for text in said} == {m.value("gtin") for m in mains}


def test_data_sheet_has_its_code_as_a_link_with_a_picture(made):
    (path,) = made("data-sheet", "en")
    with pikepdf.open(path) as pdf:
        said = [str(found.Alt) for found in figures(pdf)]
        (sheet,) = (str(o.Alt) for o in pdf.objects if _is_code(o))
    assert sheet in said
    assert sheet.endswith("data-sheet") or "halla.example" in sheet


def _is_code(found) -> bool:
    link = isinstance(found, pikepdf.Dictionary) and found.get("/S") == "/Link"
    return link and "/Alt" in found


@pytest.mark.parametrize("name", ["leaflet", "data-sheet"])
def test_missing_alternative_text_is_reported(name, folder):
    kind, options = KINDS[name]
    painted = [{**picture, "alt": ""} for picture in pictures.paint(folder, count=1)]
    unit = samples.unit(0, "en", pictures=painted)
    for asset in unit.main("en").body["assets"].values():
        asset["alt"] = ""
    for form, wanted in (("accessible", True), ("press", False)):
        context = samples.context(kind, "en", folder, form=form, **options)
        (made,) = kind.fragments(iter([unit]), context)
        assert ("alt_missing" in [w.code for w in made.warnings]) is wanted
