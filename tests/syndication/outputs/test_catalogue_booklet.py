"""A catalogue imposed as a booklet: the cover alone outside, codes read back from the sheets."""

import pikepdf
import pytest
import zxingcpp

from syndication.outputs.catalogue import Catalogue
from tests.factories import listings as samples
from tests.factories import printed

KIND = Catalogue()


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_catalogue_lies_on_sheets_in_the_order_of_printing(locale, tmp_path):
    units = samples.units(8, locale)
    context = samples.context(KIND, locale, tmp_path, booklet="saddle", booklet_blanks="end")
    files, _ = printed.issue(KIND, units, context, tmp_path)
    name = f"catalogue.{locale}"
    assert sorted(files) == [f"{name}.booklet.pdf", f"{name}.pdf"]
    pages = printed.text(files[f"{name}.pdf"]).split("\f")[:-1]
    sides = printed.text(files[f"{name}.booklet.pdf"]).split("\f")[:-1]
    whole = len(pages) + -len(pages) % 4
    assert len(sides) == whole // 2
    texts = [*pages, *[""] * (whole - len(pages))]
    for n, side in enumerate(sides):
        pair = texts[n], texts[whole - 1 - n]
        assert sorted(side.split()) == sorted(" ".join(pair).split()), n
    with pikepdf.open(files[f"{name}.booklet.pdf"]) as pdf:
        first = sorted(pdf.pages[0].Resources.XObject)
    blank = whole - len(pages) > 0
    assert first == ([("/L" if locale == "ar" else "/R")] if blank else ["/L", "/R"])


def test_codes_are_read_back_from_the_sheets(tmp_path):
    units = samples.units(4, "en")
    context = samples.context(KIND, "en", tmp_path, booklet="saddle")
    files, _ = printed.issue(KIND, units, context, tmp_path)
    found = []
    for name in ("catalogue.en.pdf", "catalogue.en.booklet.pdf"):
        with pikepdf.open(files[name]) as pdf:
            count = len(pdf.pages)
        shots = [printed.raster(files[name], n, dpi=200).convert("L") for n in range(1, count + 1)]
        found.append(sorted(read.text for shot in shots for read in zxingcpp.read_barcodes(shot)))
    assert found[0] == found[1]
    assert len(found[0]) == 4
