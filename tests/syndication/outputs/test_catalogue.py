"""The catalogue as a book: order, numbers, links, real text, and what does not fit."""

import copy
import hashlib
import io
import os
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
import zxingcpp
from django.conf import settings
from PIL import Image

from syndication.contract import Facts, Listing, Piece, Pieces, Unit
from syndication.outputs.catalogue import Catalogue
from tests.factories import listings as samples
from tests.factories import pictures, printed
from tests.factories.golden import assert_golden

from .contract_cases import OutputKindCases

KIND = Catalogue()


class TestCatalogue(OutputKindCases):
    kind = KIND


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("catalogue")


@pytest.fixture(scope="module")
def books(folder):
    """One bound catalogue of 14 products per locale, made when first asked for."""
    made: dict[str, Path] = {}
    painted = pictures.paint(folder, count=3)

    def book(locale: str) -> Path:
        if locale not in made:
            units = samples.units(14, locale, pictures=painted)
            made[locale] = bound(units, locale, folder, name=locale)
        return made[locale]

    return book


def bound(units, locale, folder, *, name, number=7, **options) -> Path:
    context = samples.context(KIND, locale, folder, **options)
    pieces = [
        Piece(
            unit.id,
            unit.main(locale).identifier,
            made.payload,
            {**KIND.summary(unit, context), **made.summary},
        )
        for unit, made in zip(units, KIND.fragments(iter(units), context), strict=True)
    ]
    sink = samples.FolderSink(folder=folder / name)
    assert (
        list(KIND.assemble(samples.plan(len(units), number=number), Pieces(pieces), context, sink))
        == []
    )
    return folder / name / f"catalogue.{locale}.pdf"


def text(path: Path, page: int = 0) -> str:
    chosen = ["-f", str(page), "-l", str(page)] if page else []
    command = ["pdftotext", *chosen, str(path), "-"]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def forms(page) -> list[str]:
    return list(page.Resources.get("/XObject", {}).keys())


def raster(path: Path, page: int) -> Image.Image:
    command = ["pdftoppm", "-r", "200", "-f", str(page), "-l", str(page), "-png", str(path)]
    return Image.open(io.BytesIO(subprocess.run(command, capture_output=True, check=True).stdout))


def warnings(unit, folder, locale="en", **options):
    made = KIND.fragment(unit, samples.context(KIND, locale, folder, **options))
    told = {(code, "warning") for code, *_ in made.summary.get("told", ())}
    return sorted(told | {(w.code, w.severity) for w in made.warnings})


def altered(unit: Unit, *, facts=None, locale="en", **values) -> Unit:
    """Return the unit with other values, and other facts for its main listing."""
    main, *rest = unit.listings[locale]
    new = main.body["values"] | {code: [data, "own", ""] for code, data in values.items()}
    body = main.body | {"values": new, "name": values.get("name", main.body["name"])}
    listing = Listing(main.product_id, "altered", body)
    known = unit.facts | {main.identifier: facts} if facts else unit.facts
    return Unit(unit.id, {locale: (listing, *rest)}, known)


def card_text(unit, folder, locale="en", **options) -> str:
    made = KIND.fragment(unit, samples.context(KIND, locale, folder, **options))
    path = folder / "card.pdf"
    path.write_bytes(made.payload)
    return text(path)


@pytest.mark.parametrize("locale", ["de", "ar"])
def test_text_of_the_book_is_as_last_looked_at(locale, books):
    assert_golden(f"catalogue-{locale}.txt", text(books(locale)).encode())


def test_every_product_page_prints_its_number(books):
    path = books("en")
    with pikepdf.open(path) as pdf:
        pages = [n for n, page in enumerate(pdf.pages, 1) if "/G" in forms(page)]
    assert len(pages) == 4
    for page in pages:
        assert str(page) in text(path, page).split()


def test_chapter_opens_with_the_picture_and_the_words_of_its_category(folder, monkeypatch):
    green = io.BytesIO()
    Image.new("RGB", (1200, 800), (0, 128, 0)).save(green, "PNG")
    sha = hashlib.sha256(green.getvalue()).hexdigest()
    place = folder / "assets" / sha[:2] / sha[2:4] / sha
    place.parent.mkdir(parents=True)
    place.write_bytes(green.getvalue())
    words = "<p>Made <script>alert(1)</script><em>slowly</em>.</p>" + "<p>And so on.</p>" * 60
    labels = copy.deepcopy(samples.labels("en"))
    for category in labels.body["categories"].values():
        category |= {"intro": words, "image": {"sha256": sha, "width": 1200, "height": 800}}
    monkeypatch.setattr(samples, "labels", lambda locale: labels)
    path = bound(samples.units(3, "en"), "en", folder, name="told")
    opener = " ".join(text(path, 3).split())
    assert "Made slowly. And so on." in opener
    assert ("alert" in opener, opener.count("so on"), "so on.…" in opener) == (False, 9, True)
    page = raster(path, 3)
    red, shade, blue = page.getpixel((page.width // 2, page.height // 4))
    assert (red < 20, 110 < shade < 145, blue < 20) == (True, True, True)


def test_contents_and_index_lead_to_the_page_they_print(books):
    path = books("en")
    with pikepdf.open(path) as pdf:
        numbers = {page.obj.objgen: n for n, page in enumerate(pdf.pages, 1)}
        goals = {
            n: [
                numbers[note.Dest[0].objgen]
                for note in page.obj.get("/Annots", [])
                if "/Dest" in note
            ]
            for n, page in enumerate(pdf.pages, 1)
        }
    contents, index = (n for n, found in goals.items() if found)
    printed = [int(word) for word in text(path, contents).split() if word.isdigit()]
    assert sorted(set(goals[contents])) == sorted(set(printed) - {contents})
    assert len(goals[index]) == 14
    for goal in goals[index]:
        assert "Art" in text(path, goal) or "Halla" in text(path, goal)


def test_index_names_the_page_of_a_product(books):
    lines = text(books("en"), 10).splitlines()
    at = lines.index("Stoneware mug “Tern” Aalto")
    page = next(int(line) for line in lines[at:] if line.isdigit())
    assert "MUG-002" in text(books("en"), page)


def test_outline_holds_chapters_and_their_sections(books):
    with pikepdf.open(books("en")) as pdf, pdf.open_outline() as outline:
        found = [(i.title, [c.title for c in i.children]) for i in outline.root]
    assert found == [
        ("Product catalogue", []),
        ("Contents", []),
        ("At home", ["Blankets & textiles", "Small furniture", "At the table"]),
        ("Light", []),
        ("To wear", ["For the road"]),
        ("Index", []),
    ]


def test_codes_carry_product_and_page_of_this_edition(books):
    page = 4
    seen = {found.text for found in zxingcpp.read_barcodes(raster(books("en"), page))}
    skus = [*(f"BLANKET-00{n}" for n in "123"), "STOOL-001"]
    place = samples.plan(14).touchpoint
    assert seen == {place(sku, f"page-{page}") for sku in skus}


def test_arabic_book_is_bound_on_the_right_and_can_be_searched(books):
    path = books("ar")
    with pikepdf.open(path) as pdf:
        assert str(pdf.Root.ViewerPreferences.Direction) == "/R2L"
        assert str(pdf.Root.Lang) == "ar"
    plain = text(path, 4).replace("\u202b", "").replace("\u202c", "")
    assert "كرسي بثلاث أرجل «إلك»" in plain
    assert "منسوجة من صوف الحملان الطبيعي" in plain


def test_arabic_page_is_mirrored(books):
    command = ["pdftotext", "-bbox", "-f", "4", "-l", "4", str(books("ar")), "-"]
    words = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    first = next(line for line in words.splitlines() if "BLANKET-001" in line)
    assert float(first.split('xMin="')[1].split('"')[0]) > 595 / 2


def test_next_edition_reuses_every_card(folder):
    context = samples.context(KIND, "en", folder)
    units = samples.units(2, "en")
    one, two = (list(KIND.fragments(iter(units), context)) for _ in range(2))
    assert one == two
    first = bound(units, "en", folder, name="first", number=1)
    second = bound(units, "en", folder, name="second", number=2)
    assert first.read_bytes() != second.read_bytes()


def test_three_products_make_a_small_book(folder):
    path = bound(samples.units(3, "en"), "en", folder, name="small")
    with pikepdf.open(path) as pdf:
        # cover, contents, opener, one page of products, index, back cover
        assert len(pdf.pages) == 6


@pytest.mark.parametrize(
    ("layout", "pages"), [("one", 14), ("two", 12), ("four", 10), ("six", 10), ("eight", 10)]
)
def test_layout_sets_how_many_products_share_a_page(layout, pages, folder):
    units = samples.units(9, "en")
    units = [unit for unit in units if unit.main("en").body["role"] == "item"]
    path = bound(units, "en", folder, name=layout, layout=layout, index=False)
    KIND.verify(path, path.name, samples.plan(9))
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) == pages


def test_missing_picture_gets_a_place_of_its_own_and_a_warning(folder):
    unit = samples.unit(0, "en")
    assert warnings(unit, folder) == [("picture_missing", "warning")]
    assert "Picture to follow" in card_text(unit, folder)


def test_unreadable_picture_is_a_warning(folder):
    painted = [{**pictures.paint(folder, count=3)[0], "sha256": "0" * 64}]
    assert warnings(samples.unit(0, "en", pictures=painted), folder) == [
        ("picture_unusable", "warning")
    ]


def test_long_name_is_set_smaller_before_it_is_cut(folder):
    painted = pictures.paint(folder, count=3)
    plain = samples.unit(0, "de", pictures=painted)
    long = altered(
        plain, locale="de", name="Donaudampfschifffahrtsgesellschaftskapitänsmütze Größe L"
    )
    assert warnings(long, folder, "de") == []
    endless = altered(plain, locale="de", name="Donaudampfschifffahrtsgesellschaft " * 40)
    assert warnings(endless, folder, "de") == [("text_shortened", "warning")]
    assert "…" in card_text(endless, folder, "de")


def test_price_fact_wins_over_the_list_price(folder):
    price = {"currency": "EUR", "amount": "12.50", "min_quantity": 1, "tax_included": True}
    unit = altered(samples.unit(0, "en"), price={"EUR": "99", "DKK": "700"}, facts=Facts((price,)))
    assert "€12.50" in card_text(unit, folder)
    assert "DKK700.00" in card_text(unit, folder, currency="DKK")
    assert "€" not in card_text(unit, folder, prices=False)


def test_model_lists_its_variants_with_their_numbers(folder):
    shirt = samples.unit(4, "en")
    shown = card_text(shirt, folder, layout="two")
    assert [v.identifier in shown for v in shirt.listings["en"][1:]] == [True] * 8


def test_emoji_are_printed(folder):
    unit = altered(samples.unit(0, "en"), name="Mug 🧶 5️⃣ 👍🏽")
    assert ("characters_left_out", "warning") not in warnings(unit, folder)
    assert "Mug 🧶 5 👍🏽" in card_text(unit, folder)


def test_emoji_are_left_out_with_a_warning_where_their_font_is_not_installed(folder, monkeypatch):
    monkeypatch.setattr("syndication.rendering.printable.installed", lambda family: False)
    unit = altered(samples.unit(0, "en"), name="Mug 🧶")
    assert ("characters_left_out", "warning") in warnings(unit, folder)
    assert "Mug\n" in card_text(unit, folder)


def test_product_without_a_name_is_called_by_its_bare_number_once(folder):
    unit = altered(samples.unit(0, "en"), name="")
    number = unit.main("en").body["identifier"]
    unit.main("en").body["name"] = f"[{number}]"
    shown = card_text(unit, folder)
    assert (shown.count(number), "[" in shown) == (1, False)


def test_verify_refuses_a_spoiled_file(books, tmp_path):
    path = tmp_path / "spoiled.pdf"
    path.write_bytes(books("en").read_bytes()[:5000])
    with pytest.raises(ValueError, match="not a PDF"):
        KIND.verify(path, path.name, samples.plan(14))


def test_verify_refuses_a_file_of_another_form_than_its_name_says(books, tmp_path):
    path = tmp_path / "catalogue.en.press.pdf"
    path.write_bytes(books("en").read_bytes())
    with pytest.raises(ValueError, match="output intent"):
        KIND.verify(path, path.name, samples.plan(14))


def test_warming_leaves_no_thread_behind():
    # Children are forked from the process that is warmed: a lock held by a thread would stay held.
    code = (
        "import threading, os; from syndication.supervise.zygote import settle; settle();"
        "from syndication.outputs.catalogue import Catalogue; Catalogue().warm('en');"
        "print(len(os.listdir('/proc/self/task')), threading.active_count())"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.stdout.split() == ["1", "1"], done.stderr


def test_card_is_not_set_again_for_what_it_does_not_show(folder):
    context = samples.context(KIND, "en", folder)
    plain = samples.unit(0, "en")
    stock = Facts(plain.facts["BLANKET-001"].prices, {"state": "out_of_stock"})
    assert KIND.reads(altered(plain, gtin="6400000000000", facts=stock), context) == KIND.reads(
        plain, context
    )
    assert KIND.reads(altered(plain, pieces="99"), context) != KIND.reads(plain, context)


def test_character_without_a_glyph_is_a_warning(folder):
    unit = altered(samples.unit(0, "en"), name="Mug \U0001f8b7 \u0378")
    assert ("characters_without_glyph", "warning") in warnings(unit, folder)


def test_dates_and_latin_values_read_right_in_arabic(folder):
    unit = altered(samples.unit(0, "ar"), locale="ar", colour="22 l Baltic")
    shown = card_text(unit, folder, "ar", attributes="colour since")
    assert "22 l Baltic" in shown
    assert "2011/07/15" in shown  # as seen: the day stands right


@pytest.mark.parametrize("form", ["screen", "press", "accessible"])
def test_thai_names_can_be_searched_in_every_form(form, folder):
    name = "โคมไฟตั้งโต๊ะน้ำเงิน"
    units = [printed.altered(unit, name=name) for unit in samples.units(2, "en")]
    context = samples.context(KIND, "en", folder, form=form)
    files, _ = printed.issue(KIND, units, context, folder / form)
    (path,) = files.values()
    # On both cards, in the running head and in the index.
    assert printed.text(path).count(name) >= 4
