"""Whatever a page may hold is turned to ink: gradients, masks, palettes, profiles, drawings."""

import dataclasses
import io
import subprocess

import pikepdf
import pytest
from PIL import Image, ImageCms

from syndication.outputs.catalogue import Catalogue
from syndication.rendering.memo import FolderMemo
from syndication.rendering.pdf import lay_out
from syndication.rendering.press.pictures import turn
from syndication.rendering.press.press import Press
from syndication.rendering.press.proof import prove
from syndication.rendering.print.binding import Binder
from syndication.rendering.print.sheet import Sheet
from syndication.rendering.print.taking_apart import take_apart
from tests.factories import listings as samples
from tests.factories.books import plates

KIND = Catalogue()
PAGE = "@page { size: 210mm 297mm; margin: 0 } body { margin: 0 }"
DRAWING = (
    '<svg width="200" height="200"><defs><radialGradient id="g"><stop offset="0" '
    'stop-color="#ff0000"/><stop offset="1" stop-color="#0000ff"/></radialGradient></defs>'
    '<circle cx="100" cy="100" r="90" fill="url(#g)" stroke="#00ff00"/></svg>'
)


@pytest.fixture
def stage(tmp_path):
    return Press(samples.context(KIND, "en", tmp_path, form="press", marks=False))


def bound(payload: bytes, stage, path):
    """Bind a pack of pages with a stage; return the binder."""
    with path.open("wb") as target:
        binder = Binder(
            target, sheet=Sheet(), locale="en", remember=lambda _k, make: make(), stage=stage
        )
        for placed in binder.placed(payload):
            binder.add(placed)
        binder.finish(title="Sample", author="Halla", issued_on="2026-11-22", labels=[(0, "D", 1)])
    return binder


def set_page(body: str, tmp_path, **files: bytes) -> bytes:
    """Return a page of HTML as a pack; `files` are pictures by name."""
    paths = {}
    for name, data in files.items():
        paths[name] = tmp_path / name
        paths[name].write_bytes(data)
    html = f'<html lang="en"><title>t</title><body>{body}</body></html>'
    return take_apart(lay_out(html, css=PAGE, pictures=paths).pdf()).to_bytes()


def picture(mode: str, form: str, **options) -> bytes:
    out = io.BytesIO()
    image = Image.radial_gradient("L").resize((400, 400))
    red = Image.merge("RGB", (image, image.point(lambda n: n // 2), image.point(lambda n: n // 3)))
    made = red.convert(mode)
    if mode == "RGBA":
        made.putalpha(200)
    made.save(out, form, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    "body",
    [
        '<div style="width:90mm;height:90mm;background:linear-gradient(#f00,#0f0 40%,#00f)"></div>',
        '<div style="width:90mm;height:90mm;background:radial-gradient(#f00 20%,#ff0)"></div>',
        '<div style="height:9cm;background:repeating-linear-gradient(red,#00f 2cm)"></div>',
        '<div style="width:90mm;height:90mm;opacity:0.5;background:#f00;color:#00f">x</div>',
        '<p style="color:rgb(200 30 30 / 40%);border:3px dashed #0f0;outline:2px solid #f0f">x</p>',
        DRAWING,
    ],
    ids=["linear", "radial", "repeating", "opacity", "alpha", "svg"],
)
def test_drawing_is_in_ink(body, stage, tmp_path):
    path = tmp_path / "page.pdf"
    bound(set_page(body, tmp_path), stage, path)
    prove(path)
    assert plates(path, 1, tmp_path / "plates")["Magenta"].getextrema()[0] < 200


def test_gradient_keeps_its_ends(stage, tmp_path):
    body = '<div style="width:210mm;height:297mm;background:linear-gradient(#f00,#fff)"></div>'
    path = tmp_path / "page.pdf"
    bound(set_page(body, tmp_path), stage, path)
    plate = plates(path, 1, tmp_path / "plates")["Magenta"]
    column = [plate.getpixel((plate.width // 2, y)) for y in range(20, plate.height - 20, 40)]
    assert (column[0] < 40, column[-1] > 225, column == sorted(column)) == (True, True, True)


@pytest.mark.parametrize(
    ("mode", "form"),
    [("RGB", "JPEG"), ("RGB", "PNG"), ("RGBA", "PNG"), ("P", "PNG"), ("P", "GIF"), ("L", "JPEG")],
)
def test_picture_is_in_ink(mode, form, stage, tmp_path):
    path = tmp_path / "page.pdf"
    body = '<img src="asset:a" style="width:30mm">'
    bound(set_page(body, tmp_path, a=picture(mode, form)), stage, path)
    prove(path)
    listed = subprocess.run(["pdfimages", "-list", path], capture_output=True, text=True).stdout
    rows = [line.split() for line in listed.splitlines()[2:]]
    seen = {row[5] for row in rows if row[2] == "image"}
    assert seen == ({"gray"} if mode == "L" else {"cmyk"})
    assert [row[2] for row in rows].count("smask") == (mode == "RGBA")
    # The middle is darker than the rim: nothing was turned upside down on the way.
    black = plates(path, 1, tmp_path / "plates", dpi=144)["Black"]
    over = round(2 * stage.bleed)
    middle, rim = (black.getpixel((over + x, over + 85)) for x in (85, 4))
    assert middle < rim - 20


def test_own_profile_of_a_picture_is_honoured(stage):
    """With red and blue of its profile changed about, the same bytes are another colour."""
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = plain.replace(b"rXYZ", b"----").replace(b"bXYZ", b"rXYZ").replace(b"----", b"bXYZ")
    pdf, inks = pikepdf.new(), []
    for profile in (plain, swapped):
        space = pikepdf.Stream(pdf, profile)
        space.N = 3
        image = pikepdf.Stream(pdf, bytes((200, 30, 20)) * 16)
        image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        image.Width, image.Height, image.BitsPerComponent = 4, 4, 8
        image.ColorSpace = pikepdf.Array([pikepdf.Name.ICCBased, pdf.make_indirect(space)])
        turn(image, profile=stage.profile, limit=300, remember=lambda _key, make: make())
        inks.append(tuple(image.read_bytes()[:4]))
    (cyan, _magenta, yellow, _black), (other_cyan, _, other_yellow, _) = inks
    assert (cyan < yellow, other_cyan > other_yellow) == (True, True), inks


def test_ready_made_page_in_every_space_is_in_ink(stage, tmp_path):
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595.276, 841.89))
    icc = pikepdf.Stream(pdf, ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    icc.N = 3
    spaces = pikepdf.Dictionary(
        Own=pikepdf.Array([pikepdf.Name.ICCBased, pdf.make_indirect(icc)]),
        Cal=pikepdf.Array([pikepdf.Name.CalRGB, pikepdf.Dictionary(WhitePoint=[0.95, 1, 1.09])]),
    )
    page = pdf.pages[0]
    page.obj.Resources = pikepdf.Dictionary(ColorSpace=spaces)
    page.contents_add(
        b"q /Own cs 1 0 0 scn 50 50 99 99 re f /Cal CS 0 1 0 SC 9 w 200 50 m 300 50 l S Q "
        b"/DeviceRGB cs 0 0 1 sc 50 300 99 99 re f 0.5 g 50 500 99 99 re f "
        b"q /Own cs q /DeviceGray cs 1 sc Q 1 0.5 0 sc 300 300 99 99 re f Q"
    )
    out = io.BytesIO()
    pdf.save(out)
    path = tmp_path / "page.pdf"
    bound(take_apart(out.getvalue()).to_bytes(), stage, path)
    prove(path)
    found = plates(path, 1, tmp_path / "plates")
    at = round(stage.bleed)
    high = found["Black"].height
    shown = [found["Magenta"].getpixel((at + x, high - at - y)) for x, y in ((90, 90), (340, 340))]
    assert (shown[0] < 60, 60 < shown[1] < 200) == (True, True)
    assert found["Black"].getpixel((at + 90, high - at - 540)) in range(100, 156)


def test_what_cannot_be_turned_is_refused_with_its_place(stage, tmp_path):
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595.276, 841.89))
    calculator = pikepdf.Stream(pdf, b"{dup dup}")
    calculator.FunctionType, calculator.Domain, calculator.Range = 4, [0, 1], [0, 1] * 3
    axial = pikepdf.Dictionary(ShadingType=2, Coords=[0, 0, 99, 0], Function=calculator)
    axial.ColorSpace = pikepdf.Name.DeviceRGB
    shadings = pikepdf.Dictionary(M=pdf.make_indirect(axial))
    pdf.pages[0].obj.Resources = pikepdf.Dictionary(Shading=shadings)
    pdf.pages[0].contents_add(b"/M sh")
    out = io.BytesIO()
    pdf.save(out)
    path = tmp_path / "page.pdf"
    bound(take_apart(out.getvalue()).to_bytes(), stage, path)
    with pytest.raises(ValueError, match=r"object \d+: /ColorSpace is RGB"):
        prove(path)


def test_heavy_picture_is_reported_once_with_its_ink(tmp_path):
    memo = FolderMemo(tmp_path / "memo")
    context = samples.context(KIND, "en", tmp_path, form="press", ink_limit=200, memo=memo)
    out = io.BytesIO()
    Image.new("RGB", (400, 400), (10, 5, 5)).save(out, "JPEG", quality=95)
    payload = set_page('<img src="asset:a" style="width:20mm">' * 2, tmp_path, a=out.getvalue())
    for name in ("first", "remembered"):
        binder = bound(payload, Press(context), tmp_path / f"{name}.pdf")
        told = [f for _, f in binder.findings if f["code"] == "ink_heavy"]
        assert [(f["limit"], 250 < f["ink"] < 310) for f in told] == [(200, True)]


def test_another_profile_turns_everything_anew(tmp_path):
    memo = FolderMemo(tmp_path / "memo")
    context = samples.context(KIND, "en", tmp_path, form="press", memo=memo)
    payload = set_page('<p style="color:#c33">x</p>', tmp_path)
    first = Press(context)
    first.pack(payload)
    assert len(list((tmp_path / "memo").glob("??/*"))) == 1
    Press(context).pack(payload)
    assert len(list((tmp_path / "memo").glob("??/*"))) == 1
    other = Press(context)
    other.inks = dataclasses.replace(
        other.inks, profile=dataclasses.replace(other.profile, payload=other.profile.payload + b"x")
    )
    assert other.inks.told != first.inks.told
