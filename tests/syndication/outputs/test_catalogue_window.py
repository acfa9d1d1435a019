"""A preview's window onto a catalogue: the page looked at is that of the whole book."""

from dataclasses import replace

import pikepdf
import pytest

from syndication.contract import Piece, Pieces
from syndication.outputs.catalogue import Catalogue
from syndication.rendering.press.entry import stage_of
from syndication.rendering.print.furniture import Furniture
from syndication.rendering.print.setting import sheet_of
from tests.factories import listings as samples
from tests.factories import pictures

from .test_catalogue import bound, text

KIND = Catalogue()


class Found(Exception):
    """The places are known."""


class Look:
    """A window onto some pages; `ends` stops the assembly as soon as the places are known."""

    def __init__(self, *pages, ends=False):
        self.pages, self.ends, self.known = pages, ends, {}

    def places(self, pages):
        self.known = pages
        if self.ends:
            raise Found

    def shows(self, page):
        return page in self.pages


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("window")


def _added(made) -> dict:
    return made.summary if made else {}


def looked(units, folder, look, *, payloads=()):
    """Bind with a window; cards of products that are not in `payloads` are not there at all."""
    context = samples.context(KIND, "en", folder)
    wanted = [u for u in units if u.main("en").identifier in payloads]
    made = dict(zip([u.id for u in wanted], KIND.fragments(iter(wanted), context), strict=True))
    pieces = [
        Piece(
            unit.id,
            unit.main("en").identifier,
            made[unit.id].payload if unit.id in made else b"",
            {**KIND.summary(unit, context), **_added(made.get(unit.id))},
        )
        for unit in units
    ]
    sink = samples.FolderSink(folder=folder / "window")
    list(
        KIND.assemble(replace(samples.plan(len(units)), window=look), Pieces(pieces), context, sink)
    )
    return folder / "window" / "catalogue.en.pdf"


def test_places_are_told_before_anything_is_bound(folder):
    look = Look(ends=True)
    with pytest.raises(Found):
        looked(samples.units(14, "en"), folder, look)
    told = [identifier for page in sorted(look.known) for identifier in look.known[page]]
    assert sorted(told) == sorted(u.main("en").identifier for u in samples.units(14, "en"))


def test_page_in_the_window_is_that_of_the_book_and_the_others_are_blank(folder):
    units, first = samples.units(14, "en"), Look(ends=True)
    whole = bound(units, "en", folder, name="whole")
    with pytest.raises(Found):
        looked(units, folder, first)
    page = max(first.known)
    path = looked(units, folder, Look(page), payloads=first.known[page])
    assert text(path, page) == text(whole, page)
    with pikepdf.open(path) as pdf, pikepdf.open(whole) as book:
        assert len(pdf.pages) == len(book.pages)
    blank = [n for n in range(1, len(pdf.pages) + 1) if not text(path, n).strip()]
    contents = 2
    assert blank == [n for n in range(1, len(pdf.pages) + 1) if n not in (contents, page)]


def test_cover_and_back_bear_the_logo_for_their_ground(folder):
    painted = pictures.paint(folder, count=2)
    dark, light = (picture["sha256"] for picture in painted)
    context = samples.context(
        KIND, "en", folder, tokens={"brand": "Halla", "logo": light, "logo_dark": dark}
    )
    furniture = Furniture(
        samples.plan(1), context, sheet=sheet_of(context), stage=stage_of(context)
    )
    assert furniture._logo("logo_dark", "logo") == dark
    assert furniture._logo("logo") == light
    plain = Furniture(
        samples.plan(1), samples.context(KIND, "en", folder), sheet=sheet_of(context),
        stage=stage_of(context),
    )  # fmt: skip
    assert len(furniture.cover(None)) > len(plain.cover(None))
    assert len(furniture.back()) > len(plain.back())
