"""QR codes can be read back, and are the same every time."""

import io

import zxingcpp
from PIL import Image

from syndication.rendering import qr

URL = "https://example.com/q/0123456789abcdef"


def read(picture):
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def test_png_reads_back():
    assert read(Image.open(io.BytesIO(qr.qr_png(URL)))) == [URL]


def test_runs_draw_the_code():
    across, runs = qr.qr_runs(URL)
    picture = Image.new("L", (across * 8, across * 8), 255)
    for x, y, length in runs:
        picture.paste(0, (x * 8, y * 8, (x + length) * 8, (y + 1) * 8))
    assert read(picture) == [URL]


def test_same_url_gives_same_bytes():
    assert qr.qr_pdf(URL) == qr.qr_pdf(URL)
    assert b"CreationDate(D:00000000000000" in qr.qr_pdf(URL)
    assert qr.qr_svg(URL) == qr.qr_svg(URL)
    assert qr.qr_png(URL) == qr.qr_png(URL)


def test_svg_has_no_size_of_its_own():
    svg = qr.qr_svg(URL)
    assert "viewBox" in svg
    assert " width=" not in svg
