"""Gradients of every kind come to ink: by tables, stitched, side by side, as meshes."""

import struct

import pikepdf
import pytest

from syndication.rendering.press.gradients import turned
from syndication.rendering.press.press import Press
from syndication.rendering.press.proof import prove
from syndication.rendering.print.taking_apart import take_apart
from tests.factories import listings as samples
from tests.factories.books import plates

from .test_convert import KIND, bound

WIDE = 595.276
LINE = {"Coords": [0, 0, WIDE, 0], "Extend": [True, True]}


@pytest.fixture
def stage(tmp_path):
    return Press(samples.context(KIND, "en", tmp_path, form="press", marks=False, bleed=0))


def table(pdf, entries: list[tuple[int, ...]], **more):
    data = bytes(n for entry in entries for n in entry)
    found = pikepdf.Stream(pdf, data)
    found.FunctionType, found.Domain, found.BitsPerSample = 0, [0, 1], 8
    found.Size, found.Range = [len(entries)], [0, 1] * len(entries[0])
    for name, value in more.items():
        found[f"/{name}"] = value
    return pdf.make_indirect(found)


def ramp(start, end):
    return pikepdf.Dictionary(FunctionType=2, Domain=[0, 1], N=1, C0=start, C1=end)


def stitched(*functions):
    bounds = [(n + 1) / len(functions) for n in range(len(functions) - 1)]
    encode, listed = [0, 1] * len(functions), list(functions)
    return pikepdf.Dictionary(
        FunctionType=3, Domain=[0, 1], Bounds=bounds, Encode=encode, Functions=listed
    )


def sampled(pdf):
    return {"ShadingType": 2, **LINE, "Function": table(pdf, [(255, 0, 0), (0, 0, 255)])}


def joined(pdf):
    """A stitch of a table and a ramp, round."""
    red = table(pdf, [(255, 0, 0), (255, 255, 255)])
    function = stitched(red, ramp([1, 1, 1], [0, 0, 1]))
    return {"ShadingType": 3, "Coords": [300, 420, 0, 300, 420, 300], "Function": function}


def beside(pdf):
    """A function for each of red, green and blue: a table, a stitch and a ramp."""
    red = table(pdf, [(255,), (0,)])
    green = stitched(ramp([0], [0.2]), ramp([0.2], [0]))
    return {"ShadingType": 2, **LINE, "Function": [red, green, ramp([0], [1])]}


def plane(pdf):
    corners = [(255, 0, 0), (0, 0, 255), (255, 0, 0), (0, 0, 255)]
    function = table(pdf, corners, Size=[2, 2], Domain=[0, 1, 0, 1])
    return {"ShadingType": 1, "Domain": [0, 1, 0, 1], "Matrix": [WIDE, 0, 0, 842, 0, 0],
            "Function": function}  # fmt: skip


def mesh(pdf, kind: int, records: bytes, **more):
    found = pikepdf.Stream(pdf, records)
    found.BitsPerCoordinate, found.BitsPerComponent = 16, 8
    found.Decode = [0, WIDE, 0, 842, 0, 1, 0, 1, 0, 1]
    found.ShadingType = kind
    for name, value in more.items():
        found[f"/{name}"] = value
    return found


def point(x: float, y: float) -> bytes:
    return struct.pack(">HH", round(x * 65535), round(y * 65535))


RED, BLUE = bytes((255, 0, 0)), bytes((0, 0, 255))
CORNERS = ((0, 0, RED), (0, 1, RED), (1, 0, BLUE), (1, 1, BLUE))


def triangles(pdf):
    vertices = [b"\0" + point(x, y) + hue for x, y, hue in (*CORNERS[:3], *CORNERS[1:])]
    return mesh(pdf, 4, b"".join(vertices), BitsPerFlag=8)


def lattice(pdf):
    return mesh(pdf, 5, b"".join(point(x, y) + hue for x, y, hue in CORNERS), VerticesPerRow=2)


def patch(pdf):
    third = (0, 1 / 3, 2 / 3, 1)
    sides = [(0, y) for y in third] + [(x, 1) for x in third[1:]]
    sides += [(1, y) for y in third[2::-1]] + [(x, 0) for x in third[2:0:-1]]
    record = b"\0" + b"".join(point(*place) for place in sides) + RED + RED + BLUE + BLUE
    return mesh(pdf, 6, record, BitsPerFlag=8)


@pytest.mark.parametrize(
    "make", [sampled, joined, beside, plane, triangles, lattice, patch], ids=lambda f: f.__name__
)
def test_gradient_is_in_ink_and_runs_as_it_did(make, stage, tmp_path):
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(WIDE, 841.89))
        made = make(pdf)
        shading = made if isinstance(made, pikepdf.Stream) else pikepdf.Dictionary(**made)
        shading.ColorSpace = pikepdf.Name.DeviceRGB
        pdf.pages[0].Resources = pikepdf.Dictionary(
            Shading=pikepdf.Dictionary(S=pdf.make_indirect(shading))
        )
        pdf.pages[0].contents_add(b"/S sh")
        pdf.save(tmp_path / "light.pdf")
    path = tmp_path / "page.pdf"
    bound(take_apart((tmp_path / "light.pdf").read_bytes()).to_bytes(), stage, path)
    prove(path)
    found = plates(path, 1, tmp_path / "plates")
    left, right = (310, 590) if make is joined else (6, 590)
    yellow, cyan = (
        [found[ink].getpixel((x, 421)) for x in (left, right)] for ink in ("Yellow", "Cyan")
    )
    assert yellow[0] < 120 < 200 < yellow[1], (yellow, cyan)
    assert cyan[1] < 120 < 200 < cyan[0], (yellow, cyan)


def test_calculator_is_left_for_the_proof_to_refuse():
    with pikepdf.new() as pdf:
        function = pikepdf.Stream(pdf, b"{dup dup}")
        function.FunctionType, function.Domain, function.Range = 4, [0, 1], [0, 1] * 3
        shading = pikepdf.Dictionary(ShadingType=2, Function=function)
        assert turned(shading, lambda rgb: (0, 0, 0, 1)) is False
        side = pikepdf.Dictionary(ShadingType=2, Function=[function] * 3)
        assert turned(side, lambda rgb: (0, 0, 0, 1)) is False
