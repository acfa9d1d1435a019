"""Data sheets: a file per product, what they say in one language and in several, what is kept."""

import hashlib
import json
import subprocess
import zipfile
from dataclasses import replace

import pikepdf
import pytest
import zxingcpp

from syndication.contract import ItemRefused, Piece
from syndication.outputs.data_sheet import DataSheet
from syndication.rendering.data_sheet import setting
from syndication.rendering.data_sheet.names import sheet_name
from syndication.rendering.print.sheet import MM
from tests.factories import listings as samples
from tests.factories import pictures, printed
from tests.factories.golden import assert_golden

from .contract_cases import OutputKindCases

KIND = DataSheet()
SHIRT = 4  # the number of the sample that has variants


class TestDataSheet(OutputKindCases):
    kind = KIND

    def units(self, locale, painted):
        return samples.units(2, locale, pictures=painted)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("sheets")


@pytest.fixture(scope="module")
def painted(folder):
    return pictures.paint(folder, count=2)


def shirt(locale, painted):
    return next(
        u for u in samples.units(8, locale, pictures=painted) if len(u.listings[locale]) > 1
    )


def sheet(unit, folder, locale="en", *, number, **options):
    context = samples.context(KIND, locale, folder, **options)
    files, _ = printed.issue(KIND, [unit], context, folder, number=number)
    return next(path for name, path in files.items() if name.startswith("data-sheets/"))


@pytest.mark.parametrize("locale", ["de", "ar"])
def test_text_of_a_sheet_is_as_last_looked_at(locale, folder, painted):
    path = sheet(shirt(locale, painted), folder, locale, number=len(locale) + ord(locale[0]))
    assert_golden(f"data_sheet-{locale}.txt", printed.text(path).encode())


def test_every_product_has_a_file_in_the_archive_and_in_the_index(folder, painted):
    units = samples.units(3, "en", pictures=painted)
    files, refusals = printed.issue(KIND, units, samples.context(KIND, "en", folder), folder)
    names = [sheet_name(u.main("en").identifier, tag="en") for u in units]
    assert sorted(files) == sorted([*names, "data-sheets.en.json", "data-sheets.en.zip"])
    assert refusals == []
    index = json.loads(files["data-sheets.en.json"].read_bytes())
    assert [row["file"] for row in index["sheets"]] == names
    for row in index["sheets"]:
        payload = files[row["file"]].read_bytes()
        assert (row["sha256"], row["size"]) == (hashlib.sha256(payload).hexdigest(), len(payload))
    with zipfile.ZipFile(files["data-sheets.en.zip"]) as archive:
        inside = {n: archive.read(n) for n in archive.namelist()}
    assert inside == {n.rpartition("/")[2]: files[n].read_bytes() for n in names}


def test_separate_files_can_be_left_out(folder, painted):
    context = samples.context(KIND, "en", folder, separate=False)
    files, _ = printed.issue(KIND, samples.units(1, "en"), context, folder, number=70)
    assert sorted(files) == ["data-sheets.en.json", "data-sheets.en.zip"]


def test_code_and_foot_are_of_the_edition_and_the_fragment_is_not(folder, painted):
    unit = samples.unit(0, "en", pictures=painted)
    one, two = (sheet(unit, folder, number=n) for n in (21, 22))
    place = samples.plan(1).touchpoint
    for path, number in ((one, 21), (two, 22)):
        assert f"Edition {number} · Nov 22, 2026" in printed.text(path, 1)
        read = [found.text for found in zxingcpp.read_barcodes(printed.raster(path, dpi=200))]
        assert read == [place(unit.main("en").identifier, "data-sheet")]


def test_sheet_without_edition_and_count_is_the_same_file_in_every_edition(folder, painted):
    unit, kept = samples.unit(0, "en", pictures=painted), {"codes": "permanent", "imprint": False}
    one, two = (sheet(unit, folder, number=n, **kept).read_bytes() for n in (31, 32))
    # The date of the edition stands in the metadata; the samples' editions are of one day.
    assert one == two


def test_a_change_elsewhere_does_not_set_a_sheet_again(folder, painted):
    unit = samples.unit(0, "en", pictures=painted)
    context = samples.context(KIND, "en", folder)
    reads = KIND.reads(unit, context)
    assert KIND.reads(printed.altered(unit, gtin="4006381333931"), context) != reads
    assert KIND.reads(printed.altered(unit, google_only="x"), context) == reads


def test_variants_are_a_table_of_what_sets_them_apart(folder, painted):
    unit = shirt("en", painted)
    found = printed.text(sheet(unit, folder, number=41), 0, "-layout")
    for listing in unit.listings["en"][1:]:
        line = next(line for line in found.splitlines() if listing.identifier in line)
        assert line.split()[-1] == listing.value("gtin")
    assert found.count("Colour") == len([p for p in found.split("\f") if "Art. no." in p])


def test_tables_and_drawings_have_places_of_their_own(folder, painted):
    drawing = {**painted[0], "alt": "side view", "caption": "Seen from the side"}
    unit = samples.unit(0, "en", pictures=painted)
    rows = [{"size": "S", "width": "12"}, {"size": "L", "width": "18.5"}]
    unit = printed.altered(unit, sizes=rows, plans=["plan"])
    body = unit.main("en").body
    body["assets"]["plan"] = drawing
    context = samples.context(KIND, "en", folder, drawings="plans")
    context.labels["en"].body["attributes"]["plans"] = {
        "label": "Plans", "kind": "media", "role": "", "group": "technical", "sort": 90,
        "default_unit": "", "measurement_family": "",
    }  # fmt: skip
    files, _ = printed.issue(KIND, [unit], context, folder, number=42)
    found = printed.text(next(p for n, p in files.items() if n.startswith("data-sheets/")))
    assert ("Drawings" in found, "Seen from the side" in found, "18.5" in found) == (True,) * 3


def test_text_begins_close_below_its_title(folder):
    unit = printed.altered(samples.unit(0, "en"), advice="<p>Sponged, never soaked.</p>")
    context = samples.context(KIND, "en", folder)
    known = context.labels["en"]
    advice = {
        "label": "Upkeep", "kind": "richtext", "role": "", "group": "technical", "sort": 91,
        "default_unit": "", "measurement_family": "",
    }  # fmt: skip
    body = known.body | {"attributes": known.body["attributes"] | {"advice": advice}}
    context.labels["en"] = replace(known, digest="with advice", body=body)
    files, _ = printed.issue(KIND, [unit], context, folder, number=43)
    path = next(p for n, p in files.items() if n.startswith("data-sheets/"))
    boxes = [line.split('"') for line in printed.text(path, 0, "-bbox").splitlines()]
    at = {b[8].strip(">").split("<")[0]: (float(b[3]), float(b[7])) for b in boxes if len(b) > 8}
    assert 0 < at["Sponged,"][0] - at["Upkeep"][1] < 4 * MM


def rows_of(path) -> list[int]:
    """Return how many rows of the first table stand on each page."""
    labels = ("Weight", "Width", "Height", "Material", "Care", "Machine", "Pieces", "range since")
    return [sum(label in page for label in labels) for page in printed.text(path).split("\f")[:-1]]


def test_no_row_stands_alone_on_a_page(folder, painted, monkeypatch):
    monkeypatch.setattr(setting, "THIN", 0)
    unit = samples.unit(0, "en", pictures=painted)
    for lines, shared in ((16, [6, 2]), (22, [0, 8])):
        long = printed.altered(unit, text="<p>A line.</p>" * lines)
        assert rows_of(sheet(long, folder, number=300 + lines)) == shared


def test_sheet_is_set_closer_where_that_saves_a_page_with_next_to_nothing(folder, painted):
    unit = samples.unit(0, "en", pictures=painted)
    few, many = (printed.altered(unit, text="<p>A line.</p>" * n) for n in (18, 60))
    assert rows_of(sheet(few, folder, number=341)) == [8]
    assert len(rows_of(sheet(many, folder, number=342))) == 2


def test_long_sheet_is_set_tighter_before_it_is_warned_of(folder):
    unit = samples.unit(0, "en")
    roomy = KIND.fragment(unit, samples.context(KIND, "en", folder))
    long = printed.altered(unit, text="<p>" + "A sentence that says a thing. " * 420 + "</p>")
    context = samples.context(KIND, "en", folder, pages=2)
    assert [w.code for w in roomy.warnings] == ["picture_missing"]
    assert [w.code for w in KIND.fragment(long, context).warnings] == ["picture_missing"]
    longer = printed.altered(unit, text="<p>" + "A sentence that says a thing. " * 900 + "</p>")
    (warning,) = [w for w in KIND.fragment(longer, context).warnings if w.code == "many_pages"]
    assert warning.params["wanted"] == 2


def test_endless_sheet_is_refused_with_its_pages(folder):
    endless = printed.altered(samples.unit(0, "en"), text="<p>" + "a word " * 80_000 + "</p>")
    with pytest.raises(ItemRefused) as refused:
        KIND.fragment(endless, samples.context(KIND, "en", folder))
    assert [r.code for r in refused.value.refusals] == ["too_long"]


def test_languages_stand_side_by_side_and_share_what_is_common(folder, painted):
    locales = ("en", "ar")
    units = printed.together(1, locales, pictures=painted)
    context = printed.combined(samples.context(KIND, "en", folder), locales)
    files, _ = printed.issue(KIND, units, context, folder, number=51)
    assert sorted(files)[0] == "data-sheets.en-ar.json"
    path = files["data-sheets/BLANKET-001.en-ar.pdf"]
    found = printed.text(path)
    assert found.split().count(units[0].main("en").value("pieces")) == 1
    assert ("Weight" in found, "الوزن" in found) == (True, True)
    words = [line.split('"') for line in printed.text(path, 1, "-bbox").splitlines()]
    words = [(float(w[1]), float(w[3]), w[8]) for w in words if "<word " in w[0]]
    left, top, _ = next(word for word in words if ">Weight<" in word[2])
    line = [across for across, down, _ in words if abs(down - top) < 4]
    assert (left < 595 / 3, max(line) > 595 * 2 / 3) == (True, True)


def test_further_pages_are_headed_in_every_language_as_far_as_there_is_room(folder, painted):
    locales = ("en", "ar")
    (unit,) = printed.together(1, locales, pictures=painted)
    arabic = unit.main("ar").body["name"].split()[0]
    for number, name in ((52, unit.main("en").body["name"]), (53, "Everlasting " * 40)):
        unit.main("en").body["name"] = name
        unit.main("en").body["values"]["text"] = ["many words " * 1_500, "own", ""]
        context = printed.combined(samples.context(KIND, "en", folder), locales)
        files, _ = printed.issue(KIND, [unit], context, folder, number=number)
        head = printed.head(files["data-sheets/BLANKET-001.en-ar.pdf"], 2)
        assert (name.split()[0] in head, arabic in head) == (True, True)


@pytest.mark.parametrize(
    ("options", "found"),
    [({}, []), ({"prices": True}, []), ({"currency": "JPY"}, []),
     ({"prices": True, "currency": "JPY"}, ["no_prices"])],
)  # fmt: skip
def test_currency_that_no_product_has_a_price_in_is_told_once(options, found, folder, painted):
    units = samples.units(2, "en", pictures=painted)
    context = samples.context(KIND, "en", folder, **options)
    _, told = printed.issue(KIND, units, context, folder, number=54)
    assert [t.code for t in told] == found


def test_names_of_files_are_safe_and_never_shared():
    odd = ["A/1", "A 1", "../A1", "A1", "Ä1", "x" * 300]
    names = [sheet_name(identifier, tag="en") for identifier in odd]
    assert len(set(names)) == len(odd)
    assert all(name.count("/") == 1 and ".." not in name and len(name) < 120 for name in names)
    assert sheet_name("A1", tag="en") == "data-sheets/A1.en.pdf"


def test_right_to_left_sheet_says_so(folder, painted):
    path = sheet(samples.unit(1, "ar", pictures=painted), folder, "ar", number=61)
    with pikepdf.open(path) as pdf:
        assert str(pdf.Root.Lang) == "ar"
        assert str(pdf.Root.ViewerPreferences.Direction) == "/R2L"
        assert len(pdf.pages[0].Annots) >= 1


def issued(form: str, folder, locale: str = "en"):
    """Return the sheets of three products in a form, and what was reported."""
    units = samples.units(3, locale, pictures=pictures.paint(folder, count=2))
    context = samples.context(KIND, locale, folder, form=form)
    pieces = [
        Piece(unit.id, unit.main(locale).identifier, made.payload, KIND.summary(unit, context))
        for unit, made in zip(units, KIND.fragments(iter(units), context), strict=True)
    ]
    place, plan = folder / f"{form}-{locale}", samples.plan(3)
    told = list(KIND.assemble(plan, pieces, context, samples.FolderSink(folder=place)))
    found = sorted(place.rglob("*.pdf"))
    for path in found:
        KIND.verify(path, path.name, plan)
    return found, told


def test_sheets_for_the_press_are_in_ink_with_marks(tmp_path):
    found, told = issued("press", tmp_path)
    assert [path.name for path in found] == [
        *("BLANKET-001.en.press.pdf", "MUG-001.en.press.pdf", "STOOL-001.en.press.pdf")
    ]
    for path in found:
        listed = subprocess.run(["pdfimages", "-list", path], capture_output=True, text=True)
        assert {line.split()[5] for line in listed.stdout.splitlines()[2:]} == {"cmyk"}
    assert told == []


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_accessible_sheets_please_the_validator(locale, tmp_path):
    import page as validator

    found, _ = issued("accessible", tmp_path, locale)
    for path in found:
        report = validator.validate_pdf(path, profile=validator.ValidationProfile.PDF_UA_1)
        assert [(fault.rule_id, fault.message) for fault in report.failures] == []


def test_booklets_of_all_sheets_are_an_archive_of_their_own(folder, painted):
    units = [samples.unit(0, "en", pictures=painted), shirt("en", painted)]
    context = samples.context(KIND, "en", folder, booklet="saddle", separate=False)
    files, _ = printed.issue(KIND, units, context, folder, number=71)
    assert sorted(files) == [
        "data-sheets.en.booklets.zip",
        "data-sheets.en.json",
        "data-sheets.en.zip",
    ]
    with zipfile.ZipFile(files["data-sheets.en.booklets.zip"]) as archive:
        names = archive.namelist()
        with archive.open(names[0]) as one, pikepdf.open(one) as pdf:
            assert len(pdf.pages) == 2
    assert names == [f"{u.main('en').identifier}.en.booklet.pdf" for u in units]
