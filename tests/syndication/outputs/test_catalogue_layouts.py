"""Each layout of the catalogue holds what it is given: all of it, or it says what and where."""

import io
import re
import shutil
import subprocess
from dataclasses import replace

import orjson
import pikepdf
import pytest

from syndication.contract import Facts, ItemRefused, Listing, Piece, Pieces, Unit, said
from syndication.outputs.catalogue import Catalogue
from syndication.rendering.print.layouts.folders import BUILT_IN, shelf
from syndication.rendering.print.setting import sheet_of
from syndication.rendering.print.styles import card_css, scales
from tests.factories import listings as samples
from tests.factories import pictures
from tests.factories.golden import assert_golden

KIND = Catalogue()
LAYOUTS = sorted(shelf().layouts)
ITEMS = [code for code in LAYOUTS if code != "variants"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("layouts")


@pytest.fixture(scope="module")
def painted(folder):
    return pictures.paint(folder, count=2)


def altered(unit: Unit, identifier: str = "", **values) -> Unit:
    ((locale, (main, *rest)),) = unit.listings.items()
    new = main.body["values"] | {code: [data, "own", ""] for code, data in values.items()}
    body = main.body | {"values": new, "name": values.get("name", main.body["name"])}
    body |= {"identifier": identifier or main.body["identifier"]}
    return replace(unit, listings={locale: (Listing(main.product_id, "new", body), *rest)})


def made(unit, folder, locale="en", **options):
    return KIND.fragment(unit, samples.context(KIND, locale, folder, **options))


def text(payload: bytes, folder, how: str = "-layout") -> str:
    path = folder / "card.pdf"
    path.write_bytes(payload)
    command = ["pdftotext", how, str(path), "-"]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def words(payload: bytes, folder) -> list[str]:
    command = text(payload, folder).replace("\N{HYPHEN}\n", "")
    return command.split()


def pages(payload: bytes) -> list[list[float]]:
    """Return width and height of the pages in points."""
    import io

    with pikepdf.open(io.BytesIO(payload)) as pdf:
        return [[round(float(n)) for n in page.MediaBox[2:]] for page in pdf.pages]


def codes(fragment) -> list[str]:
    return [told[0] for told in fragment.summary.get("told", ())]


def bound(units, folder, name, locale="en", **options):
    """Return the path of a book and what was reported of it."""
    context = samples.context(KIND, locale, folder, **options)
    results = zip(units, KIND.fragments(iter(units), context), strict=True)
    pieces = [
        Piece(u.id, u.main(locale).identifier, m.payload, KIND.summary(u, context) | m.summary)
        for u, m in results
    ]
    sink = samples.FolderSink(folder=folder / name)
    told = list(KIND.assemble(samples.plan(len(units)), Pieces(pieces), context, sink))
    path = folder / name / f"catalogue.{locale}.pdf"
    KIND.verify(path, path.name, samples.plan(len(units)))
    return path, told


@pytest.mark.parametrize("layout", LAYOUTS)
def test_text_of_the_layout_is_as_last_looked_at(layout, folder, painted):
    number = 4 if layout == "variants" else 0
    unit = samples.unit(number, "de", pictures=painted)
    fragment = made(unit, folder, "de", layout=layout)
    assert_golden(f"layout-{layout}-de.txt", text(fragment.payload, folder).encode())
    assert codes(fragment) == []


@pytest.mark.parametrize(
    ("layout", "locale"), [*((code, "en") for code in LAYOUTS), ("six", "ar"), ("spread", "ar")]
)
def test_hostile_and_empty_products_have_a_card_in_every_layout(layout, locale, folder, painted):
    units = [
        samples.hostile_unit(locale),
        samples.empty_unit(locale),
        altered(
            samples.unit(4, locale, pictures=painted), name="Wort" * 300, intro="Wörter " * 900
        ),
    ]
    context = samples.context(KIND, locale, folder, layout=layout)
    together = list(KIND.fragments(iter(units), context))
    assert [type(m) is ItemRefused for m in together] == [False] * 3
    sheet, cells = sheet_of(context), [m.summary["cells"] for m in together]
    for fragment, taken in zip(together, cells, strict=True):
        extents = [[round(n) for n in sheet.extent(*cell)] for cell in taken]
        assert pages(fragment.payload) == extents
    assert list(KIND.fragments(reversed(units), context)) == together[::-1]


def test_text_that_has_no_room_is_reported_with_page_and_product(folder, painted):
    long = altered(samples.unit(0, pictures=painted), intro="word " * 900)
    _, told = bound([long, samples.unit(1, pictures=painted)], folder, "told")
    assert {(t.code, t.identifier, t.params["page"]) for t in told} == {
        ("text_shortened", "BLANKET-001", "4"),
        ("rows_left_out", "BLANKET-001", "4"),
    }
    for refusal in told:
        assert "page 4" in said(refusal.message, refusal.params)


def test_every_word_is_printed_or_counted(folder, painted):
    text_of = " ".join(f"word{n:04}" for n in range(900))
    fragment = made(altered(samples.unit(0, pictures=painted), intro=text_of), folder)
    printed = {w.rstrip("…") for w in words(fragment.payload, folder) if w.startswith("word")}
    (left,) = (t[3]["count"] for t in fragment.summary["told"] if t[0] == "text_shortened")
    assert (len(printed) + left, len(printed) > 40) == (900, True)
    assert printed == {f"word{n:04}" for n in range(len(printed))}


@pytest.mark.parametrize("layout", ["six", "one"])
def test_card_that_continues_prints_all_of_it(layout, folder, painted):
    text_of = " ".join(f"word{n:04}" for n in range(900))
    care = " ".join(f"care{n:03}" for n in range(90))
    unit = altered(samples.unit(0, pictures=painted), intro=text_of, material=care)
    fragment = made(unit, folder, layout=layout, overflow="continue", attributes="")
    found = set(words(fragment.payload, folder))
    assert {f"word{n:04}" for n in range(900)} <= found
    assert (codes(fragment), len(fragment.summary["cells"]) > 1) == ([], True)
    assert "(continued)" in text(fragment.payload, folder)


def test_continued_card_follows_its_product_in_the_book(folder, painted):
    long = altered(samples.unit(0, pictures=painted), intro="word " * 600)
    units = [long, samples.unit(1, pictures=painted), samples.unit(6, pictures=painted)]
    path, told = bound(units, folder, "continued", overflow="continue")
    assert told == []
    with pikepdf.open(path) as pdf:
        names = [list(p.Resources.XObject.G.Resources.XObject) for p in pdf.pages if "/G" in
                 p.get("/Resources", {}).get("/XObject", {})]  # fmt: skip
    assert (
        sum(map(len, names))
        == 3 + len(made(long, folder, overflow="continue").summary["cells"]) - 1
    )


def test_spread_lies_on_facing_pages_and_alone(folder, painted):
    rules = [{"when": "product", "of": "BLANKET-001", "then": "layout:spread"}]
    units = [samples.unit(n, pictures=painted) for n in (0, 6, 12, 18, 24, 30, 36, 42)]
    path, told = bound(units, folder, "spread", placing=rules)
    with pikepdf.open(path) as pdf:
        cards = [
            len(page.Resources.XObject.G.Resources.XObject)
            for page in pdf.pages
            if "/G" in page.get("/Resources", {}).get("/XObject", {})
        ]
    assert (cards[:2], sum(cards), told) == ([1, 1], 9, [])


def test_table_of_variants_shows_only_what_differs(folder, painted):
    shirt = samples.unit(4, pictures=painted)
    shown = text(made(shirt, folder, layout="variants").payload, folder)
    head = next(line for line in shown.splitlines() if "Art. no." in line)
    assert head.split() == ["Colour", "Size", "Art.", "no."]
    assert [v.identifier in shown for v in shirt.listings["en"][1:]] == [True] * 8
    assert shown.count("Linen\n") == 1  # the material, common to all, above the table


@pytest.mark.parametrize(("locale", "title"), [("en", "Price"), ("ar", "السعر"[::-1])])
def test_prices_of_a_table_end_where_their_head_does(locale, title, folder, painted):
    shirt = samples.unit(4, locale, pictures=painted)
    facts = {
        code: Facts(({**found.prices[0], "amount": f"{n}2.50"},))
        for n, (code, found) in enumerate(shirt.facts.items(), 4)
        if found.prices
    }
    fragment = made(replace(shirt, facts=facts), folder, locale, layout="variants")
    boxes = text(fragment.payload, folder, "-bbox")
    words = re.findall(r'xMax="([\d.]+)" yMax="([\d.]+)">([^<]+)<', boxes)
    head = max((w for w in words if w[2] == title), key=lambda w: float(w[1]))
    ends = [float(x) for x, y, word in words if word.endswith("2.50") and float(y) > float(head[1])]
    assert len(ends) == 8
    assert {round(end - float(head[0])) for end in ends} == {0}


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_tables_end_where_the_line_above_the_card_does(locale, folder, painted):
    shirt = samples.unit(4, locale, pictures=painted)
    fragment = made(shirt, folder, locale, layout="variants")
    with pikepdf.open(io.BytesIO(fragment.payload)) as pdf:
        drawn = pikepdf.parse_content_stream(pdf.pages[0])
    found = [[float(n) for n in c.operands] for c in drawn if str(c.operator) == "re"]
    rows = [(x, x + width) for x, _y, width, high in found if high < 30]
    wide = found[0][2]
    edge = min(x for x, _end in rows) if locale == "ar" else max(end for _x, end in rows) - wide
    assert edge == pytest.approx(0, abs=0.1)


def test_table_takes_the_smallest_cell_that_holds_it(folder, painted):
    shirt = samples.unit(4, pictures=painted)
    main, *variants = shirt.listings["en"]
    heights = []
    for count in (2, 8, 40, 120):
        many = [replace(v, body=v.body | {"identifier": f"V-{n}"}) for n, v in
                enumerate(variants * 20)][:count]  # fmt: skip
        unit = replace(shirt, listings={"en": (main, *many)})
        fragment = made(unit, folder, layout="variants", overflow="continue")
        heights.append(fragment.summary["cells"])
        assert f"V-{count - 1}" in text(fragment.payload, folder)
    assert [cells[0] for cells in heights] == [(12, 4), (12, 6), (12, 12), (12, 12)]
    assert [len(cells) > 1 for cells in heights] == [False, False, False, True]


def test_table_shows_rows_beyond_the_usual_where_its_cell_has_room(
    tmp_path, settings, painted, folder
):
    manifest = orjson.loads((BUILT_IN / "variants/manifest.json").read_bytes())
    settings.PRINT_LAYOUTS = str(tmp_path)
    shirt = samples.unit(4, pictures=painted)
    found = {}
    for values in (4, 5):
        manifest["amounts"]["values"] = values
        code = f"sparing{values}"
        shutil.copytree(BUILT_IN / "variants", tmp_path / code)
        (tmp_path / code / "manifest.json").write_bytes(orjson.dumps(manifest))
        fragment = made(shirt, folder, layout=code)
        shown = text(fragment.payload, folder)
        found[values] = fragment.summary["cells"], "more details" in shown, codes(fragment)
    # The lower cell has no room for all eight; the higher one has, though five would do.
    assert found == {4: ([(12, 4)], True, []), 5: ([(12, 6)], False, [])}


def test_currency_that_no_product_has_a_price_in_is_told_once(folder, painted):
    units = samples.units(2, pictures=painted)
    for name, options, found in (
        ("priced", {}, []),
        ("other", {"currency": "JPY"}, [("", "no_prices", "warning", {"currency": "JPY"})]),
        ("none", {"currency": "JPY", "prices": False}, []),
    ):
        _, told = bound(units, folder, name, **options)
        assert [(t.identifier, t.code, t.severity, t.params) for t in told] == found


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_a_card_depends_on_can_be_kept(layout, folder):
    reads = KIND.reads(samples.unit(4), samples.context(KIND, "en", folder, layout=layout))
    assert orjson.loads(orjson.dumps(reads))


def test_many_columns_are_printed_in_bands(folder, painted):
    shirt = samples.unit(4, pictures=painted)
    main, *variants = shirt.listings["en"]
    own = ("weight", "width", "height")
    several = tuple(
        replace(
            v,
            body=v.body
            | {
                "values": v.body["values"]
                | {a: [{"amount": str(n + k), "unit": "GRAM" if a == "weight" else "CENTIMETER"},
                       "own", ""] for k, a in enumerate(own)}
            },
        )
        for n, v in enumerate(variants)
    )  # fmt: skip
    unit = replace(shirt, listings={"en": (main, *several)})
    shown = text(made(unit, folder, layout="variants", layout_variants_columns=3).payload, folder)
    assert shown.count("Art. no.") == 2
    assert shown.count(several[0].identifier) == 2


def test_type_is_never_smaller_than_the_brand_allows(folder):
    for locale in ("en", "ar"):
        for layout in shelf().layouts.values():
            tokens = {"print": {"small": 7.1}}
            context = samples.context(KIND, locale, folder, tokens=tokens)
            sizes = scales(layout, context)
            assert (min(sizes), sizes) == (7.1, sorted(sizes, reverse=True))
            rules = card_css(layout, context, sheet_of(context)).split(".step0 {")[1]
            found = [float(part.split("pt")[0]) for part in rules.split("font-size: ")[1:10]]
            assert min(found) == 7.1


def test_characters_that_no_font_has_are_told_with_their_code(folder, painted):
    unit = altered(samples.unit(0, pictures=painted), intro="Mug \u0378 \x07 漢字 ไทย")
    fragment = made(unit, folder)
    (told,) = (t for t in fragment.summary["told"] if t[0] == "characters_without_glyph")
    assert told[3]["characters"] == "U+0378"
    (left,) = (w for w in fragment.warnings if w.code == "characters_left_out")
    assert left.params["characters"] == "U+0007"
    assert {"漢字", "ไทย"} <= set(words(fragment.payload, folder))


def test_layout_that_fails_on_a_card_is_replaced_for_it_and_told(
    tmp_path, settings, painted, folder
):
    shutil.copytree(BUILT_IN / "six", tmp_path / "mine")
    (tmp_path / "mine/broken.png").write_bytes(b"not a picture")
    html = (tmp_path / "mine/card.html").read_text()
    (tmp_path / "mine/card.html").write_text('<img src="asset:broken.png" alt="">' + html)
    settings.PRINT_LAYOUTS = str(tmp_path)
    fragment = made(samples.unit(0, pictures=painted), folder, layout="mine")
    assert (fragment.summary["layout"], codes(fragment)) == ("six", ["layout_failed"])


def test_layout_of_a_designer_sets_cards(tmp_path, settings, painted, folder):
    shutil.copytree(BUILT_IN / "six", tmp_path / "mine")
    (tmp_path / "mine/card.html").write_text("<h3>Mine: {{ name }}</h3>{{ photo }}{{ values }}")
    settings.PRINT_LAYOUTS = str(tmp_path)
    fragment = made(samples.unit(0, pictures=painted), folder, layout="mine")
    assert "Mine: Wool" in text(fragment.payload, folder)
    assert fragment.summary["layout"] == "mine"


def test_rule_sets_only_the_product_it_names_again(folder, painted):
    units = samples.units(3, pictures=painted)
    rules = [{"when": "product", "of": "STOOL-001", "then": "layout:two"}]
    before = samples.context(KIND, "en", folder)
    after = samples.context(KIND, "en", folder, placing=rules)
    changed = [
        u.main("en").identifier for u in units if KIND.reads(u, before) != KIND.reads(u, after)
    ]
    assert changed == ["STOOL-001"]


@pytest.mark.parametrize("layout", ITEMS)
def test_mirrored_in_arabic(layout, folder, painted):
    """The article number begins in the half where reading begins."""
    fragment = made(samples.unit(0, "ar", pictures=painted), folder, "ar", layout=layout)
    path = folder / "card.pdf"
    path.write_bytes(fragment.payload)
    command = ["pdftotext", "-bbox", str(path), "-"]
    found = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    line = next(line for line in found.splitlines() if "BLANKET" in line)
    right = float(line.split('xMax="')[1].split('"')[0])
    assert right > pages(fragment.payload)[0][0] * 0.4


def test_numbers_of_variants_read_from_the_left_in_arabic_too(folder, painted):
    unit = samples.unit(4, "ar", pictures=painted)
    ((locale, (main, *variants)),) = unit.listings.items()
    long = [
        Listing(v.product_id, "long", v.body | {"identifier": f"ARTICLE-{n}-OF-THE-NORTH-IN-BIRCH"})
        for n, v in enumerate(variants)
    ]
    for layout in ("six", "variants"):
        fragment = made(
            replace(unit, listings={locale: (main, *long)}), folder, "ar", layout=layout
        )
        shown = text(fragment.payload, folder, "-raw").split()
        # Where a number is broken, the hyphen stays behind the word.
        assert any(word.startswith("ARTICLE-") for word in shown), layout
        assert not [word for word in shown if word.startswith("-")], (layout, shown)
