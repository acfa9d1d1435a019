"""Fonts that are taken in are whole, may be embedded, and are named as a family is."""

import contextlib
import io
import struct

import brotli
import pytest

from pim.importing.media import read_medium
from pim.importing.refusals import MediaRefused
from pim.importing.typefaces import MOST, Typeface, read_typeface
from syndication.rendering.faces import face_of
from tests.factories.typefaces import font


def taken(data: bytes, name: str = "halla.ttf"):
    medium = read_medium(io.BytesIO(data), size=len(data), name=name)
    return medium.kind, medium.media_type, medium.extension


def refused(data: bytes) -> str:
    with pytest.raises(MediaRefused) as caught:
        read_medium(io.BytesIO(data), size=len(data), name="halla.ttf")
    return caught.value.code


def test_font_is_taken_in_as_what_it_is_whatever_its_name():
    assert taken(font(), "halla.jpg") == ("document", "font/ttf", "ttf")
    assert taken(font(woff2=True)) == ("document", "font/woff2", "woff2")


@pytest.mark.parametrize("woff2", [False, True])
@pytest.mark.parametrize(
    ("style", "known"),
    [
        ("Regular", "Regular"),
        ("Bold", "Bold"),
        ("Bold Italic", "BoldItalic"),
        ("Book", "Regular"),
        ("Bold Oblique", "BoldItalic"),
    ],
)
def test_font_says_its_family_and_style(style, known, woff2):
    data = font("Halla Grotesk", style, woff2=woff2)
    assert read_typeface(data, name="x") == Typeface("Halla Grotesk", known)


@pytest.mark.parametrize(
    ("family", "style", "known"),
    [
        ("Halla", "Light", Typeface("Halla Light", "Regular")),
        ("Halla", "Medium Italic", Typeface("Halla Medium", "Italic")),
        ("Halla", "Semi Bold", Typeface("Halla Semi Bold", "Regular")),
        ("Halla Light", "Light", Typeface("Halla Light", "Regular")),
        ("Halla", "ExtraBold Oblique", Typeface("Halla ExtraBold", "Italic")),
    ],
)
def test_another_weight_is_a_family_of_its_own(family, style, known, tmp_path):
    data = font(family, style)
    assert read_typeface(data, name="x") == known
    (tmp_path / "x.ttf").write_bytes(data)
    assert face_of(tmp_path / "x.ttf") == known  # what brands are told of it


@pytest.mark.parametrize(
    ("fs_type", "code"),
    [(0x2, "font_not_embeddable"), (0x104, "font_not_embeddable"), (0x204, "font_not_embeddable"),
     (0x4, ""), (0x8, ""), (0x6, ""), (0x0, "")],
)  # fmt: skip
def test_font_that_forbids_to_be_embedded_is_refused(fs_type, code):
    data = font(fs_type=fs_type)
    assert (refused(data) if code else taken(data)[1]) == (code or "font/ttf")


@pytest.mark.parametrize(
    ("family", "style"), [("Halla “G”", "Regular"), ("", "Regular"), ("H" * 41, "Regular"),
                          ("Halla", "Light Condensed"), ("Halla; } body {", "Regular")],
)  # fmt: skip
def test_font_without_a_name_that_a_style_sheet_can_bear_is_refused(family, style):
    assert refused(font(family, style)) in ("font_misnamed", "damaged_font")


def test_font_that_is_cut_short_or_spoilt_anywhere_is_refused_or_whole():
    for data in (font(), font(woff2=True)):
        for size in (4, 12, 60, len(data) // 2):
            assert refused(data[:size]) == "damaged_font"
        for at in range(4, len(data), max(1, len(data) // 60)):
            # Anything but a refusal would rise here.
            with contextlib.suppress(MediaRefused):
                taken(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])


def test_woff2_that_grows_to_gigabytes_is_refused_before_it_does():
    bomb = brotli.compress(bytes(100 * 1024 * 1024))
    head = struct.pack(
        ">4sIIHHIIHHIIIII", b"wOF2", 0x10000, 48 + 3 + len(bomb), 1, 0, 1000, len(bomb),
        1, 0, 0, 0, 0, 0, 0,
    )  # fmt: skip
    directory = bytes([1, 0x87, 0x68])
    assert refused(head + directory + bomb) == "damaged_font"


def test_font_that_is_too_large_is_refused():
    assert refused(font() + bytes(MOST)) == "file_too_large"
    assert refused(b"\x00\x01\x00\x00" + bytes(400)) == "damaged_font"
