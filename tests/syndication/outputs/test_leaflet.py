"""Leaflets: headline and dates, prices beside list prices, order by hand, what finds no room."""

import re
import subprocess

import pikepdf
import pytest
import zxingcpp

from syndication.contract import Facts, ItemRefused, Unit
from syndication.outputs.leaflet import Leaflet
from syndication.rendering.leaflet.closing import free_areas
from syndication.rendering.leaflet.order import listed, written
from syndication.rendering.leaflet.setting import EDGE, GAP, PAGE, TOP
from syndication.rendering.print_words import print_words
from syndication.rendering.words import words
from tests.factories import listings as samples
from tests.factories import pictures, printed
from tests.factories.golden import assert_golden

from .contract_cases import OutputKindCases

KIND = Leaflet()


class TestLeaflet(OutputKindCases):
    kind = KIND

    def units(self, locale, painted):
        return samples.units(4, locale, pictures=painted)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("leaflets")


@pytest.fixture(scope="module")
def painted(folder):
    return pictures.paint(folder, count=2)


def issued(folder, units, locale="en", *, number=7, **options):
    context = samples.context(KIND, locale, folder, **options)
    files, refusals = printed.issue(KIND, units, context, folder, number=number)
    return files[f"leaflet.{locale}.pdf"], refusals


def reduced(unit: Unit, *prices, locale="en") -> Unit:
    """Return the unit with these prices: (list, amount, end) each, in euro."""
    rows = tuple(
        {"price_list": code, "amount": amount, "valid_to": end, "currency": "EUR"}
        | {"min_quantity": 1, "tax_included": True}
        for code, amount, end in prices
    )
    facts = {listing.identifier: Facts(rows) for listing in unit.listings[locale]}
    return Unit(unit.id, unit.listings, facts)


@pytest.mark.parametrize("locale", ["de", "ar"])
def test_text_of_the_leaflet_is_as_last_looked_at(locale, folder, painted):
    units = samples.units(5, locale, pictures=painted)
    prices = (("sale", "75", "2026-12-24"), ("retail", "100", None))
    units[0] = reduced(units[0], *prices, locale=locale)
    path, _ = issued(folder, units, locale)
    assert_golden(f"leaflet-{locale}.txt", printed.text(path).encode())


def test_price_stands_beside_the_list_price_with_what_is_saved(folder):
    unit = reduced(samples.unit(0), ("sale", "66.70", "2026-12-24"), ("retail", "100", None))
    path, refusals = issued(folder, [unit], number=11)
    found = printed.text(path)
    assert [t in found for t in ("€66.70", "€100.00", "−33", "Valid until Dec 24, 2026")] == [
        True
    ] * 4
    assert refusals == []


def test_promotion_can_have_a_price_list_of_its_own(folder):
    unit = reduced(samples.unit(0), ("retail", "100", None), ("autumn", "80", None))
    found = printed.text(issued(folder, [unit], number=12, price_list="autumn")[0])
    assert [t in found for t in ("€80.00", "€100.00", "−20")] == [True] * 3
    for options, missing in (({"price_list": "spring"}, "spring"), ({"currency": "NOK"}, "NOK")):
        with pytest.raises(ItemRefused) as refused:
            KIND.fragment(unit, samples.context(KIND, "en", folder, **options))
        told = [(r.code, r.params) for r in refused.value.refusals]
        assert told == [("price_missing", {"lists": missing})]


def test_what_is_not_cheaper_is_warned_of_or_left_out(folder):
    dear = reduced(samples.unit(0), ("retail", "5000", None))
    made = KIND.fragment(dear, samples.context(KIND, "en", folder))
    assert "no_offer" in [w.code for w in made.warnings]
    with pytest.raises(ItemRefused) as refused:
        KIND.fragment(dear, samples.context(KIND, "en", folder, only_offers=True))
    assert [r.code for r in refused.value.refusals] == ["no_offer"]


def test_first_are_those_chosen_by_hand_in_their_order(folder):
    units = samples.units(5)
    by_hand = [units[3].main("en").identifier, units[1].main("en").identifier]
    path, _ = issued(folder, units, number=21, order=", ".join(by_hand))
    first = printed.text(path, 1)
    assert [code in first for code in by_hand] == [True, True]
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) == 2


def test_offers_without_room_are_reported_one_by_one(folder):
    units = samples.units(9)
    path, refusals = issued(folder, units, number=31, pages=1, per_page="4")
    assert [(r.code, r.severity, r.params) for r in refusals] == [
        ("no_room", "warning", {"pages": 1, "room": 2})
    ] * 7
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) == 1


@pytest.mark.parametrize(("per_page", "pages"), [("2", 5), ("4", 3), ("6", 2)])
def test_pages_are_no_more_than_the_offers_need(per_page, pages, folder):
    path, refusals = issued(folder, samples.units(9), number=40 + pages, per_page=per_page)
    with pikepdf.open(path) as pdf:
        assert (len(pdf.pages), refusals) == (pages, [])


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_codes_carry_product_and_page_of_this_edition(locale, folder, painted):
    units = samples.units(4, locale, pictures=painted)
    path, _ = issued(folder, units, locale, number=51)
    place = samples.plan(4).touchpoint
    for page in (1, 2):
        read = zxingcpp.read_barcodes(printed.raster(path, page, dpi=200).convert("L"))
        known = {place(u.main(locale).identifier, f"page-{page}") for u in units}
        assert len(read) == 2
        assert {found.text for found in read} < known


def test_dates_that_are_chosen_go_before_those_of_prices(folder):
    unit = reduced(samples.unit(0), ("sale", "66.70", "2026-12-24"), ("retail", "100", None))
    dates = {"valid_from": "2026-11-01", "valid_to": "2026-11-30"}
    found = printed.text(issued(folder, [unit], number=61, **dates)[0])
    assert "Nov 1, 2026 to Nov 30, 2026" in found
    assert "Dec 24" not in found


def test_headline_is_that_of_the_language_then_the_one_for_all(folder):
    rows = [{"locale": "de", "text": "Herbst"}, {"locale": "fi", "text": ""}]
    told = {"headline": "Autumn", "headlines": rows}
    heads = {}
    for n, locale in enumerate(("de", "fi", "en")):
        path, _ = issued(folder, samples.units(1, locale), locale, number=70 + n, **told)
        with pikepdf.open(path) as pdf:
            heads[locale] = str(pdf.docinfo["/Title"])
    assert heads == {"de": "Herbst", "fi": "Autumn", "en": "Autumn"}


def test_leaflet_for_the_press_is_proved_and_bleeds(folder, painted):
    units = samples.units(3, pictures=painted)
    context = samples.context(KIND, "en", folder, form="press")
    files, refusals = printed.issue(KIND, units, context, folder, number=80)
    assert list(files) == ["leaflet.en.press.pdf"]  # verified by the reader of PDF/X-4
    assert {r.code for r in refusals} <= {"picture_coarse", "ink_heavy"}
    picture = printed.raster(files["leaflet.en.press.pdf"], 1, dpi=100).convert("RGB")
    with pikepdf.open(files["leaflet.en.press.pdf"]) as pdf:
        page = pdf.pages[0]
        bleed, media = [float(n) for n in page.BleedBox], [float(n) for n in page.MediaBox]
        assert pdf.pages[0].get("/Annots") is None
    x = round((bleed[0] - media[0] + 3) * 100 / 72)
    red, green, blue = picture.getpixel((x, picture.height // 5))
    assert green > red, (red, green, blue)  # the band of the headline reaches the bleed's edge


def test_leaflet_as_a_booklet_lies_beside_it(folder, painted):
    units = samples.units(9, pictures=painted)
    context = samples.context(KIND, "en", folder, booklet="saddle", form="press")
    files, _ = printed.issue(KIND, units, context, folder, number=81)
    assert sorted(files) == ["leaflet.en.press.booklet.pdf", "leaflet.en.press.pdf"]
    sides = printed.text(files["leaflet.en.press.booklet.pdf"]).split("\f")[:-1]
    pages = printed.text(files["leaflet.en.press.pdf"]).split("\f")[:-1]
    assert (len(pages), len(sides)) == (3, 2)
    codes = [re.findall(r"[A-Z]+-00\d", text) for text in pages]
    # Three pages and a blank before the last: 3 and 1, then 2 and the blank.
    assert sorted(re.findall(r"[A-Z]+-00\d", sides[0])) == sorted(codes[2] + codes[0])
    assert sorted(re.findall(r"[A-Z]+-00\d", sides[1])) == sorted(codes[1])


def test_identifiers_with_spaces_come_first_by_comma_or_line_and_are_read_back():
    assert listed("AB 12, C-3;\nD 4") == ["AB 12", "C-3", "D 4"]
    assert listed("A B\tC") == ["A", "B", "C"]
    for names in (["AB 12"], ["AB 12", "C"], ["C"], []):
        assert listed(written(names)) == names


@pytest.mark.parametrize(
    ("used", "beside", "below"),
    [(4, False, False), (3, True, False), (2, False, True), (1, True, True)],
)
def test_what_offers_leave_free_of_the_last_page_is_known(used, beside, below):
    tile, panel = free_areas(used, columns=2, rows=2, size=(200.0, 300.0))
    assert (bool(tile), bool(panel)) == (beside, below)
    if panel:
        assert panel.top == pytest.approx(TOP + 300 + GAP)
    if tile:
        assert (tile.start, tile.width) == (pytest.approx(EDGE + 200 + GAP), 200)


@pytest.mark.parametrize(("count", "closed"), [(4, 1), (6, 0)])
def test_the_brand_closes_a_last_page_that_is_not_full(count, closed, folder):
    units = samples.units(count, "en")
    context = samples.context(KIND, "en", folder)
    context.tokens["tagline"] = "Made by the sea"
    files, _ = printed.issue(KIND, units, context, folder, number=60 + count)
    assert printed.text(files["leaflet.en.pdf"], 2).count("Made by the sea") == closed


LOCALES = ("de", "en", "ar")


@pytest.mark.parametrize("per_page", ["4", "2"])
def test_combined_leaflet_says_everything_in_every_language(per_page, tmp_path):
    units = printed.together(2, LOCALES)
    headlines = [{"locale": code, "text": f"Titel {code}"} for code in LOCALES]
    chosen = samples.context(
        KIND, "de", tmp_path, per_page=per_page, headlines=headlines, valid_from="2027-01-01"
    )
    files, refusals = printed.issue(KIND, units, printed.combined(chosen, LOCALES), tmp_path)
    assert "text_shortened" not in {refusal.code for refusal in refusals}
    whole = printed.text(files["leaflet.de-en-ar.pdf"])
    said = {*re.findall(r"\w+", re.sub(r"(?<=\w)[-‐]\n(?=[a-z])", "", whole))}
    for code in LOCALES:
        known = words(code) | print_words(code)
        told = [known[key] for key in ("incl_tax", "edition", "show_code")]
        told += [f"Titel {code}", known["valid_from"] % "", units[0].main(code).body["name"]]
        assert [{*re.findall(r"\w+", text)} <= said for text in told] == [True] * 6, code


def test_headline_and_dates_end_where_the_offers_do(folder, painted):
    units = samples.units(4, "en", pictures=painted)
    until = {"valid_from": "2027-01-01", "valid_to": "2027-02-28"}
    path, _ = issued(folder, units, headline="Winter", pages=2, **until)
    done = subprocess.run(
        ["pdftotext", "-bbox", "-f", "2", "-l", "2", path, "-"], capture_output=True, check=True
    )
    found = re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)".*', done.stdout.decode())
    top = [(float(left), float(right)) for left, y, right in found if float(y) < 50]
    assert min(left for left, _ in top) == pytest.approx(EDGE, abs=1.5)
    assert max(right for _, right in top) == pytest.approx(PAGE[0] - EDGE, abs=1.5)
