"""A combined catalogue: each card in all languages, once what they share."""

import io
import re
import subprocess
from dataclasses import replace

import pikepdf
import pytest

from syndication.outputs.catalogue import Catalogue
from syndication.rendering.pages import render
from syndication.rendering.pdf import lay_out
from syndication.rendering.print import blocks
from syndication.rendering.print.furniture import Furniture
from syndication.rendering.print.layouts.folders import shelf
from syndication.rendering.print.setting import sheet_of
from syndication.rendering.print.trimmings import symbol_label
from syndication.rendering.words import words
from tests.factories import listings as samples
from tests.factories import pictures, printed

KIND = Catalogue()
LOCALES = ("en", "ar")
WORD = r'<word .*?xMax="([\d.]+)" yMax="([\d.]+)"'


def issued(folder, locales=LOCALES):
    units = printed.together(3, locales, pictures=pictures.paint(folder, count=2))
    context = printed.combined(samples.context(KIND, locales[0], folder, layout="two"), locales)
    files, _ = printed.issue(KIND, units, context, folder)
    return units, files


def test_cards_have_names_and_labels_in_every_language(tmp_path):
    units, files = issued(tmp_path)
    assert list(files) == ["catalogue.en-ar.pdf"]
    found = printed.text(files["catalogue.en-ar.pdf"]).replace("\u202b", "").replace("\u202c", "")
    for unit in units:
        for locale in LOCALES:
            words = re.findall(r"\w+", unit.main(locale).body["name"])
            assert [word in found for word in words] == [True] * len(words)
    assert ("Weight" in found, "الوزن" in found) == (True, True)
    once = units[0].main("en").value("pieces")
    card = next(page for page in found.split("\f") if "BLANKET-001" in page)
    assert card.split().count(once) == 1


def test_card_depends_on_the_text_of_every_language(tmp_path):
    (unit,) = printed.together(1, LOCALES)
    context = printed.combined(samples.context(KIND, "en", tmp_path), LOCALES)
    before = KIND.reads(unit, context)
    unit.main("ar").body["values"]["intro"] = ["غير ذلك", "own", ""]
    assert KIND.reads(unit, context) != before


def test_first_language_alone_is_as_it_was(tmp_path):
    (unit,) = printed.together(1, LOCALES)
    alone = samples.context(KIND, "en", tmp_path)
    (single,) = samples.units(1, "en")
    assert KIND.fragment(unit, alone) == KIND.fragment(single, alone)


def test_contents_openers_and_heads_have_titles_in_every_language(tmp_path):
    _, files = issued(tmp_path)
    pages = printed.text(files["catalogue.en-ar.pdf"]).split("\f")
    known = [samples.labels(code).body["categories"] for code in LOCALES]
    titles = [tuple(each[code]["label"] for each in known) for code in known[0]]
    shown = [pair for pair in titles if pair[0] in pages[1]]
    assert len(shown) >= 2
    for title, other in shown:
        for word in re.findall(r"\w+", other):
            assert word in pages[1]
        opener_or_head = [page for page in pages[2:] if title in page]
        assert all(re.findall(r"\w+", other)[0] in page for page in opener_or_head[:1])


def head_of(path) -> str:
    """Return the words above the cards of the first page of products."""
    pages = printed.text(path).split("\f")
    page = next(n for n, found in enumerate(pages, 1) if "Halla · BLANKET-001" in found)
    return printed.head(path, page, high=25)


def test_heads_name_first_and_last_product_in_every_language(tmp_path):
    units, files = issued(tmp_path)
    head = head_of(files["catalogue.en-ar.pdf"])
    for locale in LOCALES:
        for unit in units[:2]:
            assert words_of(unit.main(locale).body["name"]) <= words_of(head), head


@pytest.mark.parametrize(("locales", "name"), [(LOCALES, "Ever " * 30), (("en", "de", "ar"), "")])
def test_heads_name_article_numbers_where_not_all_languages_have_room(locales, name, tmp_path):
    units = printed.together(2, locales)
    units[1].main("en").body["name"] = name or units[1].main("en").body["name"]
    context = printed.combined(samples.context(KIND, "en", tmp_path, layout="two"), locales)
    files, refusals = printed.issue(KIND, units, context, tmp_path)
    head = head_of(files[f"catalogue.{'-'.join(locales)}.pdf"])
    numbers = [unit.main("en").body["identifier"] for unit in units]
    assert [number in head for number in numbers] == [True, True]
    assert units[0].main("en").body["name"].split()[0] not in head
    assert "head_shortened" not in {refusal.code for refusal in refusals}


def test_every_language_has_an_index_of_its_own_that_contents_name(tmp_path):
    units, files = issued(tmp_path)
    pages = printed.text(files["catalogue.en-ar.pdf"]).split("\f")
    english = next(n for n, page in enumerate(pages) if page.startswith("Index"))
    arabic = english + 1
    assert words_of(words("ar")["index"]) <= words_of(pages[arabic])
    names = [unit.main("ar").body["name"] for unit in units]
    assert [words_of(name) <= words_of(pages[arabic]) for name in names] == [True] * len(units)
    assert {str(english + 1), str(arabic + 1)} <= words_of(pages[1])


@pytest.mark.parametrize("overflow", ["report", "continue"])
def test_descriptions_are_in_every_language(overflow, tmp_path):
    (unit,) = printed.together(1, LOCALES)
    said = {"en": "A cloth for winters. " * 9, "ar": "قماش للشتاء. " * 9}
    for locale, text in said.items():
        body = unit.main(locale).body
        body["values"][samples.labels(locale).body["roles"]["description"]] = [text, "own", ""]
    chosen = samples.context(KIND, "en", tmp_path, layout="one", overflow=overflow)
    made = KIND.fragment(unit, printed.combined(chosen, LOCALES))
    found = " ".join(_lines(made.payload))
    assert [found.count("winters"), found.count("للشتاء")] == [9, 9]


def test_outline_names_chapters_sections_and_parts_in_every_language(tmp_path):
    _, files = issued(tmp_path)
    known = [samples.labels(code).body["categories"] for code in LOCALES]
    said = {" · ".join(each[code]["label"] for each in known) for code in known[0]}
    with pikepdf.open(files["catalogue.en-ar.pdf"]) as pdf, pdf.open_outline() as outline:
        titles = [i.title for i in outline.root]
        titles += [child.title for i in outline.root for child in i.children]
    assert len(said & set(titles)) >= 2
    assert " · ".join(words(code)["contents"] for code in LOCALES) in titles


def test_pictures_are_told_in_every_language(tmp_path):
    (unit,) = printed.together(1, LOCALES, pictures=pictures.paint(tmp_path, count=1))
    for locale, said in (("en", "A blue blanket"), ("ar", "بطانية زرقاء")):
        (asset,) = unit.main(locale).body["assets"].values()
        asset["alt"] = said
    chosen = samples.context(KIND, "en", tmp_path, layout="two", form="accessible")
    made = KIND.fragment(unit, printed.combined(chosen, LOCALES))
    with pikepdf.open(io.BytesIO(made.payload)) as pdf:
        told = {
            str(item.get("/Alt")) for item in pdf.objects if isinstance(item, pikepdf.Dictionary)
        }
    assert "A blue blanket · بطانية زرقاء" in told


def test_brand_speaks_every_language_of_the_book(tmp_path):
    units = printed.together(1, LOCALES)
    chosen = samples.context(KIND, "en", tmp_path, layout="two")
    chosen.tokens["tagline"] = {"en": "Slow but sure", "ar": "ببطء"}
    files, _ = printed.issue(KIND, units, printed.combined(chosen, LOCALES), tmp_path)
    back = printed.text(files["catalogue.en-ar.pdf"]).rstrip("\f").split("\f")[-1]
    assert ("Slow but sure" in back, "ببطء" in back) == (True, True)


@pytest.mark.parametrize("locales", [("en",), ("ar",), ("en", "de", "ar")])
def test_further_pages_of_the_contents_have_a_head_and_the_first_has_a_title(locales, tmp_path):
    chosen = samples.context(KIND, locales[0], tmp_path)
    context = printed.combined(chosen, locales)
    furniture = Furniture(samples.plan(1), context, sheet=sheet_of(context))
    row = {"level": "chapter", "text": "Chapter", "page": "5", "folio": "5", "others": []}
    values = furniture._common | furniture.heading("contents") | {"rows": [row] * 60}
    html = render("outputs/catalogue/contents.html", values)
    (tmp_path / "contents.pdf").write_bytes(lay_out(html, css=furniture._css).pdf())
    first, second = (words_of(printed.head(tmp_path / "contents.pdf", n)) for n in (1, 2))
    said = [words(code)["contents"] for code in locales]
    assert first == set()
    for text in said:
        assert words_of(text.upper()) <= second


@pytest.mark.parametrize("layout", sorted(shelf().layouts))
def test_three_languages_leave_every_layout_its_content(layout, tmp_path):
    locales = ("en", "de", "ar")
    painted = pictures.paint(tmp_path, count=1)
    units = printed.together(5, locales, pictures=painted)
    context = printed.combined(samples.context(KIND, "en", tmp_path, layout=layout), locales)
    for unit in (units[0], units[4]):  # the second is a model with eight variants
        made = KIND.fragment(unit, context)
        told = {told[0] for told in made.summary.get("told", ())}
        assert not told & {"card_overflows", "code_covered"}
        name = re.findall(r"\w+", unit.main("de").body["name"])[0][:5]  # it may be hyphenated
        assert name in " ".join(_lines(made.payload))
    if layout == "variants":
        lines = "\n".join(_lines(made.payload))
        assert [v.identifier in lines for v in units[4].listings["en"][1:]] == [True] * 8


def test_text_that_cannot_be_cut_and_runs_under_the_code_costs_no_other(tmp_path, monkeypatch):
    units = printed.together(5, LOCALES, pictures=pictures.paint(tmp_path, count=1))
    context = printed.combined(samples.context(KIND, "en", tmp_path, layout="variants"), LOCALES)
    plain = KIND.fragment(units[4], context)
    monkeypatch.setattr(blocks, "each", lambda _told: "<br>".join(["for each of many"] * 12))
    made = KIND.fragment(units[4], context)
    assert [told[0] for told in made.summary["told"]] == ["code_covered"]
    assert made.summary["cells"] == plain.summary["cells"]
    lines = "\n".join(_lines(made.payload))
    assert [v.identifier in lines for v in units[4].listings["en"][1:]] == [True] * 8


def words_of(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


def test_tabs_name_a_chapter_in_every_language(tmp_path):
    units = printed.together(3, LOCALES)
    chosen = samples.context(KIND, "en", tmp_path, layout="two", thumb_index=True)
    files, _ = printed.issue(KIND, units, printed.combined(chosen, LOCALES), tmp_path)
    with_tabs = printed.text(files["catalogue.en-ar.pdf"], 3)
    alone, _ = printed.issue(
        KIND, units, printed.combined(replace_tabs(chosen), LOCALES), tmp_path, number=8
    )
    without = printed.text(alone["catalogue.en-ar.pdf"], 3)
    label = samples.labels("ar").body["categories"]["home"]["label"].split()[0]
    assert (with_tabs.count(label), without.count(label)) == (2, 1)


def replace_tabs(context):
    return replace(context, options={**context.options, "thumb_index": False})


def test_languages_of_a_card_stand_side_by_side(tmp_path):
    (unit,) = printed.together(1, LOCALES)
    context = printed.combined(samples.context(KIND, "en", tmp_path, layout="two"), LOCALES)
    english, arabic = _tops(KIND.fragment(unit, context).payload, unit)
    assert english == arabic
    narrow = printed.combined(samples.context(KIND, "en", tmp_path, layout="six"), LOCALES)
    english, arabic = _tops(KIND.fragment(unit, narrow).payload, unit)
    assert english < arabic


def _tops(payload: bytes, unit) -> list[float]:
    """Return how far down the first words of the names stand, in lines."""
    done = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=payload, capture_output=True, check=True
    )
    found = re.findall(r'yMin="([\d.]+)".*?>([^<]+)</word>', done.stdout.decode())
    name = re.findall(r"\w+", unit.main("en").body["name"])[0]
    english = next(float(top) for top, text in found if name in text)
    below = [float(top) for top, text in found if re.search("[\u0600-\u06ff]", text)]
    arabic = min(top for top in below if top > english - 9)  # what it costs stands above
    return [round(english / 12), round(arabic / 12)]


def test_titles_without_end_stay_on_their_pages(tmp_path):
    """Contents keep their columns and page numbers, openers end above the edge of the page."""
    units, words_of_titles = printed.together(3, LOCALES), "Hochleistungsgeschirrspülmaschinen " * 4
    labels = {code: samples.labels(code) for code in LOCALES}
    for held in labels.values():
        for category in held.body["categories"].values():
            category["label"] += f" {words_of_titles}"
    context = printed.combined(samples.context(KIND, "en", tmp_path, layout="two"), LOCALES)
    files, refusals = printed.issue(KIND, units, replace(context, labels=labels), tmp_path)
    command = ["pdftotext", "-bbox", str(files["catalogue.en-ar.pdf"]), "-"]
    boxes = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    corners = [tuple(map(float, found)) for found in re.findall(WORD, boxes)]
    assert max(right for right, _bottom in corners) < 210 * 72 / 25.4
    assert max(bottom for _right, bottom in corners) < 297 * 72 / 25.4
    assert "head_shortened" in {refusal.code for refusal in refusals}


def referring(folder, layout: str, *, names=(), **options):
    """Return the text of a combined book in which every product goes with the others, and what it
    reports."""
    units = printed.together(2, LOCALES)
    for unit in units:
        for locale in LOCALES:
            others = [u.main("en").identifier for u in units if u is not unit]
            unit.main(locale).body["associations"] = {
                "goes_with": [{"identifier": name} for name in others]
            }
    for (locale, name), unit in zip(names, units, strict=False):
        unit.main(locale).body["name"] = name
    chosen = samples.context(KIND, "en", folder, layout=layout, references="goes_with", **options)
    context = printed.combined(chosen, LOCALES)
    for code, label in zip(LOCALES, ("Goes well with", "يتناسق مع"), strict=True):
        context.labels[code].body["associations"] = {"goes_with": {"label": label}}
    files, refusals = printed.issue(KIND, units, context, folder)
    return units, printed.text(files["catalogue.en-ar.pdf"]), refusals


@pytest.mark.parametrize("layout", ["two", "six"])  # side by side, and one below another
def test_references_and_their_heading_are_in_every_language(layout, tmp_path):
    units, found, refusals = referring(tmp_path, layout)
    body = next(page for page in found.split("\f") if "Goes well with" in page)
    assert words_of("يتناسق مع") <= words_of(body)
    for unit in units:
        for locale in LOCALES:
            # Its own card, and the one that refers to it.
            first = re.findall(r"\w+", unit.main(locale).body["name"])[0]
            assert body.count(first) >= 2
    assert "reference_shortened" not in {refusal.code for refusal in refusals}


def test_a_reference_without_room_is_shortened_and_told(tmp_path):
    endless = ("en", "Everlasting " * 12)
    _units, _found, refusals = referring(tmp_path, "six", names=[endless])
    (told,) = [refusal for refusal in refusals if refusal.code == "reference_shortened"]
    assert told.params["page"].isdigit()


def test_what_stands_around_the_content_is_in_every_language(tmp_path):
    _, found, _ = referring(tmp_path, "two")
    around = {code: words(code) for code in LOCALES}
    body = next(page for page in found.split("\f") if "BLANKET-001" in page)
    for key in ("incl_tax", "more", "edition"):
        for code in LOCALES:
            assert words_of(around[code][key]) <= words_of(body), (key, code)


def test_notes_are_in_every_language_and_have_more_room(tmp_path):
    units = printed.together(2, LOCALES)
    for locale, note in zip(LOCALES, ("Wash by hand", "يُغسل باليد"), strict=True):
        units[0].main(locale).body["values"]["intro"] = [note, "own", ""]
    chosen = samples.context(KIND, "en", tmp_path, layout="two", note="intro")
    context = printed.combined(chosen, LOCALES)
    assert sheet_of(context).notes > sheet_of(chosen).notes
    files, _ = printed.issue(KIND, units, context, tmp_path)
    found = printed.text(files["catalogue.en-ar.pdf"])
    assert ("Wash by hand" in found, "باليد" in found) == (True, True)


def test_symbols_are_explained_in_every_language(tmp_path):
    context = printed.combined(samples.context(KIND, "en", tmp_path), LOCALES)
    attribute, options = next(
        (code, found)
        for code, found in context.labels["en"].body["options"].items()
        if found and context.labels["ar"].body["options"][code] != found
    )
    option = next(iter(options))
    said = [symbol_label(context, attribute, f"{attribute}-{option}", code) for code in LOCALES]
    assert said == [context.labels[c].body["options"][attribute][option]["label"] for c in LOCALES]
    assert said[0] != said[1]


@pytest.mark.parametrize("layout", ["four", "six", "eight"])
def test_what_is_not_shown_and_tax_stand_in_lines_of_their_own_where_reading_turns(
    layout, tmp_path
):
    (unit,) = printed.together(1, LOCALES)
    context = printed.combined(samples.context(KIND, "en", tmp_path, layout=layout), LOCALES)
    lines = _lines(KIND.fragment(unit, context).payload)
    for key in ("incl_tax", "more_values"):
        english, arabic = (words_of(words(code)[key].replace("%d", "")) for code in LOCALES)
        assert any(english <= words_of(line) for line in lines)
        assert any(arabic - {"و"} <= words_of(line) for line in lines)
        assert not any(english & words_of(line) and arabic & words_of(line) for line in lines)
    assert not any(line.rstrip().endswith("·") for line in lines)


def _lines(payload: bytes) -> list[str]:
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=payload, capture_output=True, check=True
    )
    return done.stdout.decode().splitlines()
