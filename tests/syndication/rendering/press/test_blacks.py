"""Black on the plates: text that overprints what lies below it, large areas that are deep."""

import pytest

from syndication.rendering.press.press import Press
from syndication.rendering.press.proof import prove
from tests.factories import listings as samples
from tests.factories.books import plates, words

from .test_convert import KIND, bound, set_page

BODY = (
    '<div style="position:fixed;left:2cm;top:20mm;width:90mm;height:40mm;background:#e00030">'
    '<p style="color:#000;font:bold 60pt sans-serif;margin:5mm">HHH</p></div>'
    '<div style="position:fixed;left:2cm;top:80mm;width:60mm;height:30mm;background:#000"></div>'
    '<div style="position:fixed;left:2cm;top:120mm;width:60mm;height:1mm;background:#000"></div>'
    '<p style="position:fixed;left:2cm;top:130mm;font:bold 60pt sans-serif;color:#000">III</p>'
)
DPI = 72
MM = DPI / 25.4


@pytest.fixture
def printed(tmp_path):
    """Return a function that prints a page with some settings, as {ink: plate}."""

    def found(**options):
        chosen = {"form": "press", "marks": False, "bleed": 0, **options}
        stage, path = Press(samples.context(KIND, "en", tmp_path, **chosen)), tmp_path / "page.pdf"
        bound(set_page(BODY, tmp_path), stage, path)
        prove(path)
        return plates(path, 1, tmp_path / "plates", dpi=DPI), words(path, 1)

    return found


def lightest(plate, box) -> int:
    return plate.crop([round(n) for n in box]).getextrema()[1]


def test_black_text_overprints_where_it_is_chosen(printed):
    out, place = printed()
    over, _ = printed(black_overprint=True)
    box = place["HHH"]
    # Left out of the colour below it, or printed over it: the black plate has it both times.
    assert lightest(out["Magenta"], box) > 240 > 100 > lightest(over["Magenta"], box)
    for made in (out, over):
        assert made["Black"].crop([round(n) for n in box]).getextrema()[0] < 40
        for ink in ("Cyan", "Magenta", "Yellow"):
            assert lightest(made[ink], place["III"]) == 255


@pytest.mark.parametrize(
    ("areas", "inks"),
    [("plain", (0, 0, 0)), ("cool", (0.5, 0, 0)), ("deep", (0.4, 0.3, 0.3))],
)
def test_large_black_areas_are_as_deep_as_is_chosen(areas, inks, printed):
    found, place = printed(black_areas=areas)
    area, bar = (50 * MM, 95 * MM), (50 * MM, 120.5 * MM)
    for ink, part in zip(("Cyan", "Magenta", "Yellow"), inks, strict=True):
        assert found[ink].getpixel(tuple(map(round, area))) == pytest.approx(
            255 * (1 - part), abs=2
        )
        assert found[ink].getpixel(tuple(map(round, bar))) == 255
        assert lightest(found[ink], place["III"]) == 255
        assert found[ink].crop([round(n) for n in place["III"]]).getextrema()[0] == 255
    assert found["Black"].getpixel(tuple(map(round, area))) == 0


def test_rich_black_counts_towards_the_limit_of_ink(tmp_path):
    options = {"form": "press", "black_areas": "deep", "ink_limit": 190}
    stage = Press(samples.context(KIND, "en", tmp_path, **options))
    binder = bound(set_page(BODY, tmp_path), stage, tmp_path / "page.pdf")
    heavy = [f for _, f in binder.findings if f["code"] == "ink_heavy"]
    assert [(f["ink"], f["limit"]) for f in heavy] == [(200, 190)]
