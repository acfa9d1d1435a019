"""Every code of a printed catalogue is read back from the page as a reader's phone sees it, with
the quiet zone and the module size that ISO/IEC 18004 and the GS1 General Specifications ask for.
"""

import io
import subprocess

import pytest
import zxingcpp
from PIL import Image

from syndication.contract import Piece, Pieces
from syndication.rendering.print.sheet import MODULE
from syndication.rendering.qr import QUIET
from syndication.supervise.child import Touchpoints
from tests.factories import listings as samples
from tests.factories import pictures

from .test_catalogue import KIND

DPI = 300
MM = DPI / 25.4  # pixels
PAPER = 200  # a grey value that counts as paper


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("codes")


@pytest.fixture(scope="module")
def painted(folder):
    return pictures.paint(folder, count=3)


class Printed:
    """A bound catalogue with the touchpoints of an edition, and its pages as seen."""

    def __init__(self, folder, units, locale, *, public_url="https://halla.example", **options):
        context = samples.context(KIND, locale, folder, **options)
        self.given = Touchpoints(key="k", output="book", number=7, public_url=public_url)
        plan = samples.plan(len(units), number=7)
        plan = type(plan)(plan.number, plan.issued_on, plan.data_version, plan.items, self.given)
        pieces = [
            Piece(u.id, u.main(locale).identifier, made.payload, KIND.summary(u, context))
            for u, made in zip(units, KIND.fragments(iter(units), context), strict=True)
        ]
        sink = samples.FolderSink(
            folder=folder / f"codes-{locale}-{options}-{len(public_url)}"[:80]
        )
        self.found = list(KIND.assemble(plan, Pieces(pieces), context, sink))
        self.path = sink.folder / f"catalogue.{locale}.pdf"

    def codes(self) -> list[tuple[int, str, object, Image.Image]]:
        """Return (page, text, where, picture of the page) of every code on every page."""
        count = int(info(self.path)["Pages"])
        return [
            (page, found.text, found.position, seen)
            for page in range(1, count + 1)
            for seen in [raster(self.path, page)]
            for found in zxingcpp.read_barcodes(seen)
        ]


def info(path) -> dict[str, str]:
    done = subprocess.run(["pdfinfo", str(path)], capture_output=True, check=True, text=True)
    return dict(line.split(":", 1) for line in done.stdout.splitlines() if ":" in line)


def raster(path, page: int) -> Image.Image:
    command = ["pdftoppm", "-r", str(DPI), "-gray", "-f", str(page), "-l", str(page), str(path)]
    done = subprocess.run(command, capture_output=True, check=True)
    return Image.open(io.BytesIO(done.stdout)).convert("L")


def edges(position) -> tuple[int, int, int, int]:
    corners = [getattr(position, f"{v}_{h}") for v in ("top", "bottom") for h in ("left", "right")]
    xs, ys = [c.x for c in corners], [c.y for c in corners]
    return min(xs), min(ys), max(xs), max(ys)


def module_of(seen: Image.Image, position) -> float:
    """Return the size of a module in pixels: a finder pattern's upper edge has seven of them."""
    x0, y0, _x1, _y1 = edges(position)
    line = [seen.getpixel((x, y0 + 2)) < 128 for x in range(x0 - 3, x0 + 150)]
    start = line.index(True)
    return (line.index(False, start) - start) / 7


def quiet(seen: Image.Image, position, margin: int) -> bool:
    """Say whether a margin of so many pixels around a code is paper on all four sides."""
    x0, y0, x1, y1 = edges(position)
    x0, y0, x1, y1 = x0 - 2, y0 - 2, x1 + 3, y1 + 3
    sides = [
        (x0 - margin, y0 - margin, x1 + margin, y0),
        (x0 - margin, y1, x1 + margin, y1 + margin),
        (x0 - margin, y0, x0, y1),
        (x1, y0, x1 + margin, y1),
    ]
    return min(seen.crop(side).getextrema()[0] for side in sides) >= PAPER


CASES = [
    ("en", {"layout": "six"}), ("en", {"layout": "four"}), ("de", {"layout": "two"}),
    ("ar", {"layout": "six", "note": "pieces", "thumb_index": True}),
    ("fi", {"layout": "six", "first_number": 101, "front_numbers": "roman"}),
]  # fmt: skip


@pytest.mark.parametrize(("locale", "options"), CASES, ids=[f"{lc}-{o}" for lc, o in CASES])
def test_every_code_is_read_back_and_large_enough(locale, options, folder, painted):
    units = samples.units(9, locale, pictures=painted)
    book = Printed(folder, units, locale, **options)
    codes = book.codes()
    given = {book.given.base + code: told for code, told in book.given.given.items()}
    assert sorted(text for _, text, _, _ in codes) == sorted(given)
    assert sorted(i for i, _ in given.values()) == sorted(u.main(locale).identifier for u in units)
    for _page, _text, position, seen in codes:
        module = module_of(seen, position)
        assert module / MM >= MODULE - 0.02  # a pixel in seven modules
        assert quiet(seen, position, int(QUIET * module) - 3)


def test_code_carries_the_number_that_is_printed_on_its_page(folder, painted):
    units = samples.units(3, "en", pictures=painted)
    book = Printed(folder, units, "en", first_number=101, front_numbers="roman")
    assert {place for _, place in book.given.given.values()} == {"page-102"}


def test_longer_address_makes_a_larger_code_until_there_is_no_room(folder, painted):
    units = samples.units(2, "en", pictures=painted)
    long = "https://catalogue.marketing.a-rather-long-company-name.example"
    book = Printed(folder, units, "en", public_url=long)
    modules = [module_of(seen, where) / MM for *_, where, seen in book.codes()]
    assert len(modules) == 2
    assert min(modules) >= MODULE - 0.02
    assert [r.code for r in book.found] == []
    endless = Printed(folder, units, "en", public_url=f"{long}/{'x' * 60}")
    assert [r.code for r in endless.found] == ["code_small"]
    assert len(endless.codes()) == 2


def test_narrow_margin_and_small_modules_would_be_seen(folder, painted):
    book = Printed(folder, samples.units(1, "en", pictures=painted), "en")
    ((_, _, position, seen),) = book.codes()
    module = module_of(seen, position)
    x0, y0, *_ = edges(position)
    seen.paste(0, (x0 - int(2 * module), y0, x0 - int(2 * module) + 2, y0 + 60))
    assert not quiet(seen, position, int(QUIET * module) - 3)
