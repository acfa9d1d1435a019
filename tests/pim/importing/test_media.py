"""Media are told by their bytes, cleaned, and refused when damaged or hostile."""

import io
import struct
import zlib

import pytest
from PIL import Image

from pim.importing.media import read_medium, sniff
from pim.importing.refusals import MediaRefused


def picture(form: str, *, size=(400, 300), mode="RGB", **options) -> bytes:
    image = Image.effect_mandelbrot(size, (-2, -1.5, 1, 1.5), 60).convert(mode)
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def read(data: bytes, name: str = "x.jpg"):
    return read_medium(io.BytesIO(data), size=len(data), name=name)


def refusal(data: bytes, name: str = "x.jpg") -> str:
    with pytest.raises(MediaRefused) as caught:
        read(data, name)
    return caught.value.code


def bomb(width: int, height: int) -> bytes:
    """Return a PNG of one colour: tiny as a file, huge when opened."""

    def chunk(name, body):
        crc = zlib.crc32(name + body)
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", crc)

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * ((width // 8 + 2) * height), 9)
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("form", "media_type"),
    [
        ("JPEG", "image/jpeg"),
        ("PNG", "image/png"),
        ("WEBP", "image/webp"),
        ("AVIF", "image/avif"),
    ],
)
def test_picture_is_told_by_its_bytes_and_keeps_its_size(form, media_type):
    medium = read(picture(form), name="wrong.pdf")
    assert (medium.media_type, medium.width, medium.height) == (media_type, 400, 300)
    with Image.open(io.BytesIO(medium.thumbnail)) as thumbnail:
        assert (thumbnail.format, thumbnail.size) == ("WEBP", (320, 240))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_metadata_do_not_survive(form):
    exif = Image.Exif()
    exif[0x010E] = "secret-place"
    exif.get_ifd(0x8825)[2] = (60.0, 10.0, 0.0)
    medium = read(picture(form, exif=exif, xmp=b"<x>secret-place</x>", comment=b"secret-place"))
    assert b"secret-place" not in medium.data
    with Image.open(io.BytesIO(medium.data)) as image:
        assert dict(image.getexif()) == {}


def test_orientation_is_applied():
    exif = Image.Exif()
    exif[0x0112] = 6
    medium = read(picture("JPEG", exif=exif))
    assert (medium.width, medium.height) == (300, 400)


def test_cmyk_becomes_rgb():
    medium = read(picture("JPEG", mode="CMYK"))
    with Image.open(io.BytesIO(medium.data)) as image:
        assert image.mode == "RGB"


def test_jpeg_is_not_degraded_and_a_second_pass_changes_nothing_visible():
    data = picture("JPEG", quality=80)
    once = read(data).data
    before, after = Image.open(io.BytesIO(data)), Image.open(io.BytesIO(once))
    worst = max(abs(a - b) for a, b in zip(before.tobytes(), after.tobytes(), strict=True))
    assert worst <= 12
    assert len(once) <= len(data) * 1.05


def test_trailing_archive_of_a_polyglot_is_gone():
    medium = read(picture("JPEG") + b"PK\x03\x04 <script>alert(1)</script>")
    assert b"<script>" not in medium.data
    assert b"PK\x03\x04" not in medium.data


def test_truncated_jpeg_is_refused():
    data = picture("JPEG")
    assert refusal(data[: len(data) // 3]) == "damaged_picture"


@pytest.mark.parametrize("side", [6400, 9000, 14000, 30000])
def test_pixel_bomb_is_refused_before_it_is_decoded(side):
    assert refusal(bomb(side, side if side < 30000 else 2000)) == "too_many_pixels"


def test_endless_animation_is_refused():
    frames = [Image.new("RGB", (8, 8), (255 * (i % 2), 255 - i * 4, 0)) for i in range(60)]
    out = io.BytesIO()
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    assert refusal(out.getvalue()) == "too_many_frames"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"MZ\x90\x00",
        b"GIF89a" + b"\0" * 50,
        b"<html><script>alert(1)</script></html>",
        b"%!PS-Adobe-3.0 EPSF",
        b"PK\x03\x04",
    ],
)
def test_what_is_of_no_accepted_kind_is_refused(data):
    assert refusal(data) == "unknown_media"


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">%s<path d="M0 0h9v9z"/></svg>'


def test_svg_keeps_its_drawing_and_loses_its_scripts():
    medium = read(SVG % b'<script>alert(1)</script><a onclick="x()" href="javascript:y">t</a>')
    assert (medium.media_type, medium.width, medium.height) == ("image/svg+xml", 40, 20)
    assert b"path" in medium.data
    assert b"script" not in medium.data
    assert b"onclick" not in medium.data


@pytest.mark.parametrize(
    "data",
    [
        b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "aaaa">]>' + SVG % b"&a;",
        SVG % b'<image href="data:image/png;base64,AAAA"/>',
        SVG[:-6] % b"<g>",
    ],
)
def test_svg_with_entities_or_embedded_data_or_damage_is_refused(data):
    assert refusal(data) == "damaged_svg"


@pytest.mark.parametrize(
    "part",
    [
        b'<image href="http://evil.example/x.png"/>',
        b'<use href="file:///etc/passwd"/>',
        b"<style>path{background:url(http://evil.example/x.png)}</style>",
    ],
)
def test_svg_that_reaches_out_is_refused(part):
    assert refusal(SVG % part) == "damaged_svg"


def test_svg_may_refer_to_its_own_parts():
    medium = read(SVG % b'<g id="a"/><use href="#a" fill="url(#b)"/>')
    assert b'href="#a"' in medium.data


def pdf(*, script: bool = False, pages: int = 1) -> bytes:
    import pikepdf

    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
    if script:
        document.Root.OpenAction = pikepdf.Dictionary(
            S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)")
        )
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_pdf_is_kept_as_it_is():
    medium = read(pdf())
    assert (medium.kind, medium.media_type, medium.data) == ("document", "application/pdf", None)


def test_pdf_with_script_without_pages_or_damaged_is_refused():
    assert refusal(pdf(script=True)) == "active_pdf"
    assert refusal(pdf(pages=0)) == "active_pdf"
    assert refusal(b"%PDF-1.7 nothing more") == "damaged_pdf"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"\0\0\0\x18ftypisom\0\0\0\0", ("video", "video/mp4", "mp4")),
        (b"\x1a\x45\xdf\xa3\x01\0\0\0webm", ("video", "video/webm", "webm")),
        (b"RIFF\0\0\0\0WAVEfmt ", ("audio", "audio/wav", "wav")),
        (b"ID3\x03", ("audio", "audio/mpeg", "mp3")),
        (b"glTF\x02\0\0\0\x0c\0\0\0", ("model", "model/gltf-binary", "glb")),
    ],
)
def test_moving_and_solid_media_are_told_by_their_signature(head, expected):
    assert sniff(head) == expected


def test_model_with_foreign_bytes_is_refused():
    assert refusal(b"glTF\x02\0\0\0\x0c\0\0\0" + b"extra") == "damaged_model"
