"""Labels: every code is read back from the sheet, at its size and with its white around it."""

import re
from dataclasses import replace

import pikepdf
import pytest
import zxingcpp

from syndication.contract import Facts, ItemRefused, Unit
from syndication.outputs.labels import LabelSheets
from syndication.rendering.labels.content import Label
from syndication.rendering.labels.setting import Laid
from syndication.rendering.labels.small import small_print
from syndication.rendering.labels.stock import STOCKS, Stock, stock_of
from syndication.rendering.view import View
from syndication.rendering.words import words as words_of
from tests.factories import listings as samples
from tests.factories import printed
from tests.factories.golden import assert_golden

from .contract_cases import OutputKindCases

KIND = LabelSheets()
DPI = 600
FORMATS = {
    "ean": zxingcpp.BarcodeFormat.EAN13,
    "itf14": zxingcpp.BarcodeFormat.ITF14,
    "code128": zxingcpp.BarcodeFormat.Code128,
    "datamatrix": zxingcpp.BarcodeFormat.DataMatrix,
    "link": zxingcpp.BarcodeFormat.QRCode,
    "qr": zxingcpp.BarcodeFormat.QRCode,
}


def articles(count: int, locale: str = "en") -> list[Unit]:
    """Return units of one article each, all with a GTIN."""
    shirts = (u for u in samples.units(60, locale) if len(u.listings[locale]) > 1)
    rows = ((listing, u.facts) for u in shirts for listing in u.listings[locale][1:])
    found = [Unit(listing.product_id, {locale: (listing,)}, facts) for listing, facts in rows]
    return found[:count]


class TestLabels(OutputKindCases):
    kind = KIND

    def units(self, locale, painted):
        return [samples.unit(0, locale), *articles(4, locale)]

    def context(self, locale, folder, **options):
        return super().context(locale, folder, fallback=True, **options)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("labels")


def issued(folder, units, locale="en", *, number=7, **options):
    context = samples.context(KIND, locale, folder, **options)
    files, refusals = printed.issue(KIND, units, context, folder, number=number)
    assert refusals == []
    return files[f"labels.{locale}.pdf"]


def codes(path, page=1, dpi=300) -> list:
    return zxingcpp.read_barcodes(printed.raster(path, page, dpi=dpi).convert("L"))


def expected(code: str, listing) -> str:
    gtin = listing.value("gtin")
    return {
        "ean": gtin,
        "itf14": gtin.zfill(14),
        "code128": listing.identifier,
        "datamatrix": f"(01){gtin.zfill(14)}",
        "link": f"https://halla.example/01/{gtin.zfill(14)}",
        "qr": samples.plan(1).touchpoint(listing.identifier, "label"),
    }[code]


@pytest.mark.parametrize("locale", ["de", "ar"])
def test_text_of_the_sheet_is_as_last_looked_at(locale, folder):
    path = issued(folder, articles(8, locale), locale)
    assert_golden(f"labels-{locale}.txt", printed.text(path).encode())


@pytest.mark.parametrize("code", list(FORMATS))
@pytest.mark.parametrize("locale", ["en", "ar"])
def test_every_code_is_read_back_from_the_sheet(code, locale, folder):
    units = articles(8, locale)
    path = issued(folder, units, locale, number=11, code=code, stock="99.1x67.7")
    found = codes(path)
    wanted = {expected(code, unit.main(locale)) for unit in units}
    assert {read.text for read in found} == wanted
    kinds = {read.format for read in found}
    assert kinds <= {FORMATS[code], zxingcpp.BarcodeFormat.ITF}
    if code == "datamatrix":
        assert {read.symbology_identifier for read in found} == {"]d2"}


@pytest.mark.parametrize(("percent", "module"), [(80, 0.264), (100, 0.330), (150, 0.495)])
def test_modules_and_quiet_zones_measure_what_gs1_asks_for(percent, module, folder):
    path = issued(
        folder, articles(1), number=20 + percent, magnification=percent, stock="105x74", bars=12
    )
    picture = printed.raster(path, dpi=DPI).convert("L")
    (read,) = zxingcpp.read_barcodes(picture)
    middle = (read.position.top_left.y + read.position.bottom_left.y) // 2
    row = [picture.getpixel((x, middle)) < 128 for x in range(picture.width // 2)]
    first, last = row.index(True), len(row) - 1 - row[::-1].index(True)
    pixel = 25.4 / DPI
    # Price and texts stand above or beside, never on the line of the bars within the quiet zone.
    bars = [x for x in range(len(row)) if row[x] and x - first < 96 * module / pixel]
    measured = (bars[-1] - first + 1) * pixel / 95
    assert measured == pytest.approx(module, rel=0.01)
    assert not any(row[max(0, first - round(11 * module / pixel)) : first])
    assert not any(row[bars[-1] + 1 : bars[-1] + round(7 * module / pixel)])
    assert first * pixel >= 11 * module - 0.05
    assert last >= bars[-1]


def test_square_codes_have_modules_of_gs1_size(folder):
    for code, modules, quiet in (("datamatrix", 16, 1), ("link", 29, 4)):
        path = issued(folder, articles(1), number=300 + modules, code=code, stock="105x74")
        picture = printed.raster(path, dpi=DPI).convert("L")
        (read,) = zxingcpp.read_barcodes(picture)
        wide = (read.position.top_right.x - read.position.top_left.x) * 25.4 / DPI
        across = wide / modules
        assert 0.396 * 0.97 <= across <= 0.990, (code, across)
        left, middle = read.position.top_left.x, read.position.top_left.y + 20
        zone = range(round(left - (quiet - 0.5) * across * DPI / 25.4), round(left) - 6)
        assert all(picture.getpixel((x, middle)) > 200 for x in zone)


def test_article_without_gtin_is_an_error_or_bears_its_number(folder):
    unit = samples.unit(0, "en")
    with pytest.raises(ItemRefused) as refused:
        KIND.fragment(unit, samples.context(KIND, "en", folder))
    assert [(r.code, r.field) for r in refused.value.refusals] == [("gtin_missing", "gtin")]
    wrong = printed.altered(unit, gtin="6429999001013")
    with pytest.raises(ItemRefused) as refused:
        KIND.fragment(wrong, samples.context(KIND, "en", folder))
    assert [r.code for r in refused.value.refusals] == ["gtin_invalid"]
    path = issued(folder, [wrong], number=41, fallback=True)
    assert [(c.format, c.text) for c in codes(path)] == [
        (zxingcpp.BarcodeFormat.Code128, "BLANKET-001")
    ]


def test_code_that_does_not_fit_is_an_error_and_never_smaller_than_allowed(folder):
    (unit,) = articles(1)
    with pytest.raises(ItemRefused) as refused:
        KIND.fragment(unit, samples.context(KIND, "en", folder, code="itf14", stock="38.1x21.2"))
    (refusal,) = refused.value.refusals
    assert (refusal.code, refusal.params) == ("code_too_large", {"width": "76.7", "label": "38.1"})


@pytest.mark.parametrize("stock", sorted(STOCKS))
def test_stock_lies_within_its_sheet(stock):
    assert STOCKS[stock].faults() == ""
    ends = [STOCKS[stock].place(n, rtl=False) for n in range(STOCKS[stock].count)]
    assert len(set(ends)) == STOCKS[stock].count


def test_measures_that_do_not_work_out_are_named():
    wide = {"stock": "custom", "sheet_width": 100, "sheet_height": 100, "label_width": 60}
    wide |= {"label_height": 30, "columns": 2, "rows": 3}
    with pytest.raises(ValueError, match="need 120 × 90 mm of 100 × 100"):
        stock_of(wide)
    assert stock_of(wide | {"columns": 1}) == Stock((100, 100), (60, 30), 1, 3, 0, 0)
    with pytest.raises(ValueError, match="above nought"):
        stock_of({"stock": "custom"})


def test_sheet_begins_where_it_is_told_and_repeats_what_it_is_told(folder):
    units = articles(3)
    path = issued(folder, units, number=51, start=23, copies=2)
    with pikepdf.open(path) as pdf:
        placed = [len(page.Contents.read_bytes().split(b" Do")) - 1 for page in pdf.pages]
    assert placed == [2, 4]
    assert len(codes(path, 1)) == 2


def test_number_of_labels_can_come_from_an_attribute(folder):
    unit = printed.altered(articles(1)[0], pieces="5")
    path = issued(folder, [unit], number=52, copies_by="pieces")
    assert len(codes(path)) == 5


def test_crop_marks_are_lines_outside_the_labels(folder):
    plain, marked = (issued(folder, articles(1), number=60 + n, crop=bool(n)) for n in (0, 1))
    drawn = []
    for path in (plain, marked):
        with pikepdf.open(path) as pdf:
            drawn.append(pdf.pages[0].Contents.read_bytes().count(b" l S"))
    assert drawn[0] == 0 < drawn[1]


def test_price_of_a_kilogram_stands_below_the_price(folder):
    unit = articles(1)[0]
    main = unit.main("en").identifier
    price = {"currency": "EUR", "amount": "3.00", "min_quantity": 1, "price_list": "retail"}
    facts = Facts(({**price, "tax_included": True, "valid_to": None},))
    unit = printed.altered(unit, facts=facts, weight={"amount": "250", "unit": "GRAM"})
    assert main == unit.main("en").identifier
    path = issued(folder, [unit], number=71, contents="weight")
    assert "1 kg = €12.00" in printed.text(path).replace("\xa0", " ")


def packed(unit: Unit, **parts) -> Unit:
    """Return the unit packed in cases of 24."""
    case = {"level": "case", "gtin": "16429999001019", "contains": "each", "quantity": 24,
            "base_units": 24, **parts}  # fmt: skip
    return printed.altered(unit, packs=[{"level": "each", "base_units": 1}, case])


def packing_context(folder):
    context = samples.context(KIND, "en", folder, pack="case", stock="99.1x67.7")
    body = context.labels["en"].body
    body = body | {"attributes": body["attributes"] | {"packs": {"kind": "packaging"}}}
    return replace(context, labels={"en": replace(context.labels["en"], body=body)})


def test_label_of_a_case_has_its_number_pieces_weight_and_size(folder):
    size = {side: {"amount": "40", "unit": "CENTIMETER"} for side in ("width", "height", "depth")}
    unit = packed(articles(1)[0], gross_weight={"amount": "6.5", "unit": "KILOGRAM"}, **size)
    context = packing_context(folder)
    files, refusals = printed.issue(KIND, [unit], context, folder, number=81)
    assert refusals == []
    text = printed.text(files["labels.en.pdf"]).replace("\xa0", " ")
    for words in ("Case · 24 × Each", "6.5 kg", "40 × 40 × 40 cm"):
        assert words in text
    assert "€" not in text
    (code,) = codes(files["labels.en.pdf"], dpi=DPI)
    assert code.text == "16429999001019"


def test_article_that_is_not_packed_so_is_an_error(folder):
    one, two, three = articles(3)
    units = [packed(one), two, packed(three, gtin="")]
    made = list(KIND.fragments(units, packing_context(folder)))
    assert [refused.refusals[0].code for refused in made if isinstance(refused, ItemRefused)] == [
        "pack_missing", "pack_missing",
    ]  # fmt: skip
    assert not isinstance(made[0], ItemRefused)


def test_label_without_a_price_says_in_which_currency(folder):
    context = samples.context(KIND, "de", folder, bars=8, currency="NOK")
    made = KIND.fragment(articles(1, "de")[0], context)
    assert [(w.code, w.params) for w in made.warnings] == [("price_missing", {"lists": "NOK"})]


def test_sizes_stay_on_their_line_in_a_name(folder, monkeypatch):
    monkeypatch.setattr(View, "axis_texts", lambda _view: [("size", "Size", "130 × 180 cm")])
    name = Label(articles(1)[0], samples.context(KIND, "en", folder)).name
    assert name.endswith("130\u00a0×\u00a0180\u00a0cm")


def test_long_name_shrinks_before_it_is_cut(folder):
    unit = articles(1, "de")[0]
    context = samples.context(KIND, "de", folder, bars=8)
    long = printed.altered(
        unit, "de", name="Donaudampfschifffahrtsgesellschaftskapitänsmütze, 3 Stück"
    )
    assert KIND.fragment(long, context).warnings == ()
    endless = printed.altered(unit, "de", name="Donaudampfschifffahrtsgesellschaft " * 30)
    assert [w.code for w in KIND.fragment(endless, context).warnings] == ["text_shortened"]


def test_labels_of_the_tree_come_in_its_order(folder):
    units = [*articles(2), *samples.units(3, "en")]
    context = samples.context(KIND, "en", folder, fallback=True)
    files, _ = printed.issue(KIND, units, context, folder, number=81)
    found = printed.text(files["labels.en.pdf"])
    order = [found.index(u.main("en").identifier) for u in (units[2], units[4], units[0])]
    assert order == sorted(order)


def test_labels_for_the_press_are_proved_and_read_back(folder):
    units = articles(3)
    context = samples.context(KIND, "en", folder, form="press", stock="60x38", bars=10)
    files, _ = printed.issue(KIND, units, context, folder, number=91)
    assert list(files) == ["labels.en.press.pdf"]
    wanted = {unit.main("en").value("gtin") for unit in units}
    assert {read.text for read in codes(files["labels.en.press.pdf"])} == wanted


def test_every_label_is_noted_where_it_stands(tmp_path):
    context = samples.context(KIND, "ar", tmp_path, code="code128", stock="99.1x67.7")
    units = articles(10, "ar")
    found = printed.words_noted(KIND, units, context, tmp_path)
    assert [row for row in found if row[1] not in row[2]] == []
    assert [page for page, _identifier, _words in found] == ["1"] * 8 + ["2"] * 2


LOCALES = ("de", "en", "ar")


def together(count: int) -> list[Unit]:
    """Return articles whose listings are in several locales."""
    per = [articles(count, code) for code in LOCALES]
    return [
        Unit(same[0].id, {c: u.listings[c] for c, u in zip(LOCALES, same, strict=True)},
             same[0].facts)
        for same in zip(*per, strict=True)
    ]  # fmt: skip


@pytest.mark.parametrize("stock", ["60x38", "70x37"])
def test_combined_labels_bear_the_name_and_the_tax_in_every_language(stock, tmp_path):
    units = together(3)
    context = printed.combined(samples.context(KIND, "de", tmp_path, stock=stock, bars=9), LOCALES)
    made = list(KIND.fragments(iter(units), context))
    assert [w.code for m in made for w in m.warnings if w.code == "text_shortened"] == []
    files, _ = printed.issue(KIND, units, context, tmp_path)
    said = {*re.findall(r"\w+", printed.text(files["labels.de-en-ar.pdf"]))}
    for code in LOCALES:
        told = [u.main(code).body["name"] for u in units] + [words_of(code)["incl_tax"]]
        assert [{*re.findall(r"\w+", text)} <= said for text in told] == [True] * 4, code


def test_small_print_is_as_small_as_its_place_asks(tmp_path):
    context = printed.combined(samples.context(KIND, "de", tmp_path, stock="60x38"), LOCALES)
    laid = Laid(Label(together(1)[0], context), context)
    narrow = replace(laid.frame, beside=True, price=(0, 0, 14, 5))
    sizes = [float(small_print(laid.label, frame)["size"]) for frame in (laid.frame, narrow)]
    assert sizes[0] == 5.6 > sizes[1] > 3.4


def test_labels_are_of_the_article_itself_unless_a_level_is_chosen(folder):
    option = next(option for option in KIND.options if option.code == "pack")
    assert (option.default, "" in dict(option.choices)) == ("article", False)
    unit = articles(1)[0]
    texts = [
        printed.text(issued(folder, [packed(unit)], number=number, **chosen))
        for number, chosen in ((91, {}), (92, {"pack": "article"}))
    ]
    assert texts[0] == texts[1]
    assert "Case" not in texts[0]
