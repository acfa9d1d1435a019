"""The typesetting is shut in: it sees what it is handed and reports what it misses."""

import socket

import pytest

from syndication.rendering import pdf


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="http://127.0.0.1:9/x.png">',
        '<img src="file:///etc/hostname">',
        '<img src="asset:unknown">',
        '<link rel="stylesheet" href="http://127.0.0.1:9/x.css">',
        '<p style="background: url(http://127.0.0.1:9/x.png)">x</p>',
        '<svg><image href="file:///etc/hostname" width="9" height="9"/></svg>',
        '<object data="file:///etc/hostname"></object>',
    ],
)
def test_nothing_is_fetched_from_outside(markup, monkeypatch):
    asked = []
    monkeypatch.setattr(socket.socket, "connect", lambda self, address: asked.append(address))
    sheets = pdf.lay_out(f"<html><body>{markup}</body></html>", css="@page { size: A6 }")
    payload = sheets.pdf()
    assert asked == []
    assert b"/Subtype /Image" not in payload
    assert sheets.errors or markup.startswith("<svg")


def test_attached_file_is_not_embedded():
    html = '<html><head><link rel="attachment" href="file:///etc/hostname"></head><body>x</body>'
    payload = pdf.lay_out(html, css="").pdf()
    assert b"EmbeddedFile" not in payload


def test_broken_picture_is_an_error(tmp_path):
    path = tmp_path / "broken"
    path.write_bytes(b"\xff\xd8\xff not a picture")
    html = '<html><body><img src="asset:broken"></body></html>'
    assert len(pdf.lay_out(html, css="", pictures={"broken": path}).errors) == 1


def test_same_page_gives_same_bytes():
    html = "<html lang='de'><body><h1>Größe</h1></body></html>"
    assert pdf.lay_out(html, css="").pdf() == pdf.lay_out(html, css="").pdf()
