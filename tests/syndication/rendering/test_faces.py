"""Fonts of a brand are set in print, shown on pages, and leave what they lack to the next one."""

import hashlib
import subprocess

import pytest

from syndication.outputs.catalogue import Catalogue
from syndication.rendering import faces, pages
from syndication.rendering.fonts import width_of
from syndication.rendering.pdf import lay_out
from syndication.rendering.tokens import css_variables, font_stack, merged
from tests.factories import listings as samples
from tests.factories.typefaces import font

PAGE = '<html lang="en"><body><p>{}</p></body></html>'


@pytest.fixture
def look(settings, tmp_path):
    """Return what makes the tokens of a brand with these fonts, the first family first."""
    settings.FONT_FOLDER = tmp_path / "fonts"

    def made(*fonts: bytes) -> dict:
        listed, kept = [], {}
        for data in fonts:
            sha256 = hashlib.sha256(data).hexdigest()
            kept[sha256] = tmp_path / sha256
            kept[sha256].write_bytes(data)
            family, style = faces.face_of(kept[sha256])
            listed.append({"sha256": sha256, "family": family, "style": style})
        faces.lay_ready(listed, kept.__getitem__)
        sans = [listed[0]["family"], "Noto Sans"]
        return faces.aliased(merged({"faces": listed, "fonts": {"sans": sans}}))

    return made


def fonts_in(payload: bytes, folder) -> set[str]:
    (folder / "page.pdf").write_bytes(payload)
    command = ["pdffonts", str(folder / "page.pdf")]
    lines = subprocess.run(command, capture_output=True, check=True, text=True).stdout.splitlines()
    # The digest in the name of a font that a brand brings along is left out.
    return {line.split()[0].partition("+")[2][:13] for line in lines[2:]}


def test_print_sets_type_in_the_font_and_what_it_lacks_in_the_next_family(look, tmp_path):
    tokens = look(font("Halla Grotesk"), font("Halla Grotesk", "Bold", width=800))
    css = f"p {{ font-family: {font_stack(tokens, 'sans')}; }}"
    own = lay_out(PAGE.format("Lamps"), css=css).pdf()
    both = lay_out(PAGE.format("Lampa stołowa"), css=css)
    assert fonts_in(own, tmp_path) == {"Halla-Grotesk"}
    assert fonts_in(both.pdf(), tmp_path) == {"Halla-Grotesk", "Noto-Sans"}
    assert both.missing == []


@pytest.mark.parametrize(
    ("said", "style"), [("Book", "Regular"), ("Oblique", "Italic"), ("Bold Italic", "BoldItalic")]
)
def test_styles_are_known_by_what_makers_call_them(said, style, tmp_path):
    (tmp_path / "halla.ttf").write_bytes(font("Halla", said))
    assert faces.face_of(tmp_path / "halla.ttf") == ("Halla", style)


def test_two_states_of_a_family_are_never_mixed_up(look):
    narrow, wide = look(font(width=400)), look(font(width=900))
    assert narrow["fonts"]["sans"][0] != wide["fonts"]["sans"][0]
    found = [width_of("HALLA", tokens["fonts"]["sans"]) for tokens in (narrow, wide, narrow)]
    assert found == pytest.approx([2.0, 4.5, 2.0])


def test_letters_that_a_family_lacks_are_told_by_locale(look):
    tokens = look(font("Halla Grotesk"))
    told = faces.missing_letters(tokens, ["en", "de", "pl"])
    assert (list(told), list(told["Halla Grotesk"])) == (["Halla Grotesk"], ["pl"])
    assert "ł" in told["Halla Grotesk"]["pl"].split()


def test_pages_show_the_font_by_an_address_that_changes_with_its_bytes(look, tmp_path):
    tokens, other = look(font()), look(font(width=700))
    (name,) = faces.web_names(tokens)
    style = pages.style_sheet(tokens)
    assert f"src: url(/p/fonts/{name}) format('woff2')" in style
    assert tokens["fonts"]["sans"][0] in css_variables(tokens)
    assert name not in pages.style_sheet(other)
    assert pages.fonts_for(("en",), tokens)[-1] == name
    assert pages.font_file(name, cache_folder=tmp_path / "web").read_bytes()[:4] == b"wOF2"
    for strange in ("../../etc/passwd", "Halla.woff2", name.replace("Regular", "Bold")):
        with pytest.raises(KeyError):
            pages.font_file(strange, cache_folder=tmp_path / "web")


def test_card_is_another_one_when_the_font_is(look, tmp_path):
    kind = Catalogue()
    (unit,) = samples.units(1, "en")
    contexts = [
        samples.context(kind, "en", tmp_path, tokens=look(font(width=w))) for w in (500, 600)
    ]
    one, two = (kind.fragment(unit, context).payload for context in contexts)
    assert one != two
    assert "Halla-Grotesk" in fonts_in(one, tmp_path)
    assert kind.environment(contexts[0]) != kind.environment(contexts[1])
