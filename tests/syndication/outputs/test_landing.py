"""Landing pages as files: what a page holds, and the codes that lead to it."""

import io
import json
import re
import zipfile

import pytest
import zxingcpp
from lxml import html
from PIL import Image

from syndication.outputs.landing import Landing
from syndication.rendering.qr_sheet import write_sheet
from tests.factories import listings as samples
from tests.factories.golden import assert_golden

from .contract_cases import MEMO, OutputKindCases

KIND = Landing()


class TestLanding(OutputKindCases):
    kind = KIND


def pages(unit, locale: str, folder) -> dict[str, str]:
    made = KIND.fragment(unit, samples.context(KIND, locale, folder))
    return json.loads(made.payload)["pages"]


def _shirt(locale: str):
    return next(u for u in samples.units(6, locale) if len(u.listings[locale]) > 1)


def _jsonld(page: str) -> list[dict]:
    root = html.document_fromstring(page)
    return [json.loads(s.text) for s in root.xpath('//script[@type="application/ld+json"]')]


def test_every_listing_of_a_unit_has_its_page(tmp_path):
    unit = _shirt("en")
    assert list(pages(unit, "en", tmp_path)) == [m.body["slug"] for m in unit.listings["en"]]


@pytest.mark.parametrize(("locale", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_page_says_its_language_and_direction(locale, direction, tmp_path):
    page = next(iter(pages(samples.unit(0, locale), locale, tmp_path).values()))
    root = html.document_fromstring(page)
    assert (root.get("lang"), root.get("dir")) == (locale, direction)
    assert len(root.xpath("//h1")) == 1
    assert root.xpath("//link[@rel='canonical']/@href") == [
        f"https://halla.example/p/{locale}/{samples.unit(0, locale).main(locale).body['slug']}"
    ]


def test_page_needs_no_script_and_sets_no_inline_style(tmp_path):
    page = next(iter(pages(_shirt("en"), "en", tmp_path).values()))
    root = html.document_fromstring(page)
    assert root.xpath("//script/@type") == ["application/ld+json"] * 2
    assert root.xpath("//*[@style] | //style | //*[starts-with(name(@*), 'on')]") == []


def test_hostile_texts_stay_text(tmp_path):
    page = pages(samples.hostile_unit("en"), "en", tmp_path)["hostile"]
    root = html.document_fromstring(page)
    assert root.xpath("//img[contains(@src, 'evil')]") == []
    assert len(root.xpath("//script")) == 2
    assert _jsonld(page)[0]["name"].startswith("</script><img")


def test_json_ld_of_a_model_is_a_group_of_its_variants(tmp_path):
    unit = _shirt("en")
    found = list(pages(unit, "en", tmp_path).values())
    group, variant = _jsonld(found[0])[0], _jsonld(found[1])[0]
    assert (group["@context"], group["@type"]) == ("https://schema.org", "ProductGroup")
    assert [v["sku"] for v in group["hasVariant"]] == [
        m.identifier for m in unit.listings["en"][1:]
    ]
    assert {v["inProductGroupWithID"] for v in group["hasVariant"]} == {group["productGroupID"]}
    assert group["variesBy"] == ["https://schema.org/color", "https://schema.org/size"]
    assert (variant["@type"], variant["isVariantOf"]["productGroupID"]) == (
        "Product",
        group["productGroupID"],
    )


def test_codes_can_be_read_and_say_the_address_of_the_product(tmp_path):
    cases = TestLanding()
    files = cases.issue(
        [_shirt("en")], samples.context(KIND, "en", tmp_path, memo=MEMO), tmp_path / "o"
    )
    archive = zipfile.ZipFile(io.BytesIO(files["qr-codes.en.zip"]))
    listings = _shirt("en").listings["en"]
    said = [
        zxingcpp.read_barcode(Image.open(io.BytesIO(archive.read(f"{m.body['slug']}.png")))).text
        for m in listings
    ]
    assert said[0] == f"https://halla.example/p/-/{listings[0].body['slug']}"
    assert said[1:] == [
        f"https://halla.example/01/0{m.body['values']['gtin'][0]}" for m in listings[1:]
    ]
    forms = sorted(n.rsplit(".", 1)[1] for n in archive.namelist())
    assert forms == sorted(["svg", "png", "pdf"] * len(listings))


def test_static_site_holds_index_pages_style_and_fonts(tmp_path):
    cases = TestLanding()
    units = samples.units(2, "en")
    files = cases.issue(units, samples.context(KIND, "en", tmp_path, memo=MEMO), tmp_path / "o")
    names = zipfile.ZipFile(io.BytesIO(files["pages.en.zip"])).namelist()
    slugs = {m.body["slug"] for u in units for m in u.listings["en"]}
    assert {n.split("/")[2] for n in names if n.endswith("/index.html") and n.count("/") == 3} == (
        slugs
    )
    assert "p/en/index.html" in names
    assert [n for n in names if n.startswith("p/style/")] != []


@pytest.mark.parametrize("count", [0, 1, 20, 21])
def test_sheet_is_a_pdf_with_twenty_codes_a_page(count, tmp_path):
    import pikepdf

    path = tmp_path / "codes.pdf"
    with path.open("wb") as target:
        write_sheet(target, ((f"A-{n} (x)\\", f"https://h.example/01/{n}") for n in range(count)))
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) == max(1, -(-count // 20))


def test_golden(tmp_path):
    page = next(iter(pages(_shirt("de"), "de", tmp_path).values()))
    # The style sheet has its own name for every set of installed fonts.
    plain = re.sub(r"/p/style/[0-9a-f]{16}", "/p/style/0", page)
    assert_golden("landing.de.html", plain.encode())
