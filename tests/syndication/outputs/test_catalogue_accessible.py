"""A catalogue for everybody's reading, as validators and readers see it that did not write it."""

import copy
import hashlib
import io
import re
import subprocess
from itertools import pairwise

import page as validator
import pikepdf
import pypdf
import pytest

from syndication.contract import Listing, Unit
from syndication.rendering.press.keeping import check_form
from syndication.rendering.print.reading import Reading
from tests.factories import listings as samples
from tests.factories import pictures, readers
from tests.factories.books import KIND, bound


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("accessible")


@pytest.fixture(scope="module")
def book(folder):
    return bound(folder, "accessible")


def order(text: str, *wanted: str) -> list[int]:
    return [text.index(word) for word in wanted]


@pytest.mark.parametrize("locale", ["en", "de", "ar"])
def test_validator_finds_no_fault(locale, folder, book):
    made = book if locale == "en" else bound(folder, "accessible", locale, count=6)
    assert readers.faults(made.path) == []
    checked = subprocess.run(["qpdf", "--check", made.path], capture_output=True, text=True)
    assert "No syntax or stream encoding errors" in checked.stdout


def test_validator_finds_no_fault_in_emoji(folder):
    made = bound(folder, "accessible", count=2, name="emoji", ending=" 💡 👍🏽")
    report = validator.validate_pdf(made.path, profile=validator.ValidationProfile.PDF_UA_1)
    assert [(found.rule_id, found.message) for found in report.failures] == []
    assert "💡 👍🏽" in readers.read_aloud(made.path)


def test_validator_would_find_a_fault(book, tmp_path):
    with pikepdf.open(book.path) as pdf:
        del pdf.Root.StructTreeRoot
        pdf.save(tmp_path / "untagged.pdf")
    assert not validator.is_pdf_compliant(
        tmp_path / "untagged.pdf", profile=validator.ValidationProfile.PDF_UA_1
    )


def test_book_is_read_chapter_by_chapter_and_card_by_card(book):
    text = readers.read_aloud(book.path)
    places = order(
        text,
        'H1 (block) "Product catalogue"',
        'H1 (block) "Contents"',
        'H1 (block) "At home"',
        'H2 (block) "Blankets & textiles"',
        'H3 (block) "Wool blanket “Frost”"',
        '"Woven from unbleached',
        'TH: /Scope /Row "Weight" TD "2,577 g"',
        'H3 (block) "Wool blanket “Frost” Aalto"',
        'H2 (block) "Small furniture"',
        'H1 (block) "Light"',
        'H3 (block) "Table lamp',
        'H1 (block) "Index"',
    )
    assert places == sorted(places)


def test_running_heads_and_page_numbers_are_not_read(book):
    text = readers.read_aloud(book.path)
    assert "Wool blanket “Frost” – " not in text
    assert "Product catalogue · Edition" not in text.split("Contents", 1)[1].split("Index")[0]


def test_pictures_and_codes_say_what_they_show(book):
    with pikepdf.open(book.path) as pdf:
        said = [
            str(found.Alt)
            for found in pdf.objects
            if isinstance(found, pikepdf.Dictionary) and found.get("/S") == "/Figure"
        ]
        figures = sum(1 for alt in said if alt)
    assert (len(said), figures) == (16, 16)
    assert "Wool blanket “Frost”" in said
    assert samples.plan(8).touchpoint("BLANKET-001", "page-4") in said


def test_every_link_is_an_element_and_has_words(book):
    with pikepdf.open(book.path) as pdf:
        notes = {
            n.objgen: str(n.Contents) for page in pdf.pages for n in page.obj.get("/Annots", [])
        }
        named = {
            kid.Obj.objgen
            for found in pdf.objects
            if isinstance(found, pikepdf.Dictionary) and found.get("/S") == "/Link"
            for kid in found.K
            if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/OBJR"
        }
    assert named == set(notes)
    assert all(notes.values())


def test_document_says_its_language_title_and_outline(folder, book):
    reader = pypdf.PdfReader(book.path)
    root = reader.trailer["/Root"]
    assert (root["/Lang"], root["/ViewerPreferences"]["/DisplayDocTitle"].value) == ("en", True)
    assert reader.metadata.title == "Product catalogue"
    assert [entry.title for entry in reader.outline if not isinstance(entry, list)] == [
        *("Product catalogue", "Contents", "At home", "Light", "To wear", "Index")
    ]
    assert book.path.stat().st_size < 600_000


def test_text_in_another_language_says_so(folder):
    unit = samples.unit(0, "de", pictures=pictures.paint(folder, count=2))
    main, *rest = unit.listings["de"]
    body = copy.deepcopy(main.body)
    body["values"]["name"][1:] = ["fallback:en", "en"]
    foreign = Unit(unit.id, {"de": (Listing(1, "foreign", body), *rest)}, unit.facts)
    context = samples.context(KIND, "de", folder, form="accessible")
    payload = KIND.fragment(foreign, context).payload
    (folder / "card.pdf").write_bytes(payload)
    with pikepdf.open(folder / "card.pdf") as pdf:
        told = [
            (str(found.S), str(found.Lang))
            for found in pdf.objects
            if isinstance(found, pikepdf.Dictionary) and "/Lang" in found and "/S" in found
        ]
    assert told == [("/H3", "en")]


def test_missing_alternative_text_is_reported_in_this_form_alone(folder):
    painted = [{**picture, "alt": ""} for picture in pictures.paint(folder, count=2)]
    unit = samples.unit(0, "en", pictures=painted)
    for listing in unit.listings["en"]:
        for asset in listing.body["assets"].values():
            asset["alt"] = ""
    for form, codes in (("accessible", ["alt_missing"]), ("screen", [])):
        made = KIND.fragment(unit, samples.context(KIND, "en", folder, form=form))
        assert [warning.code for warning in made.warnings] == codes


def test_cards_are_set_again_only_for_this_form(folder):
    screen, press, accessible = (
        KIND.environment(samples.context(KIND, "en", folder, form=form))
        for form in ("screen", "press", "accessible")
    )
    assert screen == press != accessible


SPOILS = {
    "tagged": (b"/MarkInfo", b"/MarkInfo<</Marked true>>", b""),
    "nothing in it is read": (b"/Nums[", rb"/Nums\[.*\]>>", b"/Nums[]>>"),
    "page 2: a link is not read aloud": (b"/Subtype/Link", rb"/StructParent \d+", b""),
    "read aloud": (b"/Subtype/Link", rb"/Contents\([^)]*\)", b"/Contents()"),
    "language": (b"/MarkInfo", rb"/Lang\([^)]*\)", b""),
    "do not say PDF/UA": (b"/MarkInfo", rb"/Metadata \d+", b"/Metadata %d"),
}


@pytest.mark.parametrize("why", SPOILS)
def test_file_that_breaks_its_promise_is_not_issued(why, book, tmp_path):
    path, (of, old, new) = tmp_path / book.path.name, SPOILS[why]
    with book.path.open("rb") as source, path.open("wb") as target:
        found = Reading(source)
        number, text = next((n, text) for n, text in found.objects() if of in text)
        packed = found.entries[number][1]
        writer = found.copied(target, without={packed})
        if b"%d" in new:
            new %= writer.add_stream(b"<</Type/Metadata/Subtype/XML", b"<nothing/>")
        for n, kept in found.packed(found.stream(packed)):
            writer.add(re.sub(old, new, kept, count=1) if n == number else kept, number=n)
        assert re.search(old, text)
        root, info = (found.number(found.trailer, name) for name in (b"/Root", b"/Info"))
        writer.close(root=root, info=info)
    with pytest.raises(ValueError, match=why):
        check_form(path, path.name)


FULL = {"thumb_index": True, "references": "goes_with", "note": "care", "article_index": True}


@pytest.mark.parametrize("form", ["accessible", "press"])
def test_all_that_leads_through_a_book_keeps_the_promise_too(form, folder, monkeypatch):
    plain = samples.units

    def joined(count, locale, **more):
        units = plain(count, locale, **more)
        for unit, other in pairwise(units):
            target = other.main(locale).body
            named = {key: target[key] for key in ("uuid", "identifier", "slug", "name", "image")}
            unit.main(locale).body["associations"] = {"goes_with": [named]}
        return units

    monkeypatch.setattr(samples, "units", joined)
    made = bound(folder, form, name=f"full-{form}", **FULL)
    read = [str(n.get("/Contents", "")) for n in notes_of(made.path)]
    if form == "press":
        assert read == []
        return
    assert readers.faults(made.path) == []
    assert "Wool blanket “Frost” Aalto, 4" in read
    # A reference is read with the card that it stands on, before the next product.
    text = readers.read_aloud(made.path)
    card = text.split('H3 (block) "Wool blanket “Frost”"')[1].split("H3 (block)")[0]
    assert "Link" in card.split("goes_with")[1]
    assert "Three-legged stool “Elk”" in card.split("goes_with")[1]


def notes_of(path) -> list:
    with pikepdf.open(path) as pdf:
        found = [note for page in pdf.pages for note in page.obj.get("/Annots", [])]
        return [dict(note.items()) for note in found]


def test_supplied_page_is_reported_as_unread_and_harms_nothing(folder):
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595.276, 841.89))
        pdf.pages[0].contents_add(b"/P <</MCID 0>> BDC 1 0 0 rg 50 50 99 99 re f EMC")
        out = io.BytesIO()
        pdf.save(out)
    sha = hashlib.sha256(out.getvalue()).hexdigest()
    place = folder / "assets" / sha[:2] / sha[2:4] / sha
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(out.getvalue())
    asset = {"code": "ad", "sha256": sha, "media_type": "application/pdf"}
    rows = [{"asset": asset, "place": "before_chapter", "fit": "exact"}]
    made = bound(folder, "accessible", count=2, name="supplied", inserts=rows)
    assert "page_unread" in made.codes()
    assert readers.faults(made.path) == []
