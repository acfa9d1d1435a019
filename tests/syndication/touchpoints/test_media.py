"""`/media/…`: only content-addressed files, a few widths, types that cannot run."""

import io
from pathlib import Path

import pytest
from PIL import Image

from tests.factories import pictures


@pytest.fixture
def asset(settings, tmp_path):
    settings.ASSET_ROOT = tmp_path / "assets"
    return pictures.paint(tmp_path, count=1)[0]


def _body(response) -> bytes:
    return b"".join(response) if response.streaming else response.content


def test_original_is_served_whole_and_for_ever(asset, client):
    response = client.get(f"/media/{asset['sha256']}/a.jpg")
    assert len(_body(response)) == asset["size"]
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in response["Cache-Control"]
    assert "sandbox" in response["Content-Security-Policy"]
    again = client.get(f"/media/{asset['sha256']}/a.jpg", HTTP_IF_NONE_MATCH=response["ETag"])
    assert again.status_code == 304


@pytest.mark.parametrize(("ending", "form"), [("jpg", "JPEG"), ("webp", "WEBP"), ("png", "PNG")])
def test_scaled_picture_is_of_the_form_its_name_says(ending, form, asset, client):
    response = client.get(f"/media/{asset['sha256']}/a.{ending}?w=480")
    picture = Image.open(io.BytesIO(_body(response)))
    assert (picture.format, picture.width) == (form, 480)


def test_picture_is_never_enlarged(asset, client):
    response = client.get(f"/media/{asset['sha256']}/a.jpg?w=2000")
    assert Image.open(io.BytesIO(_body(response))).width == asset["width"]


@pytest.mark.parametrize("query", ["?w=481", "?w=0", "?w=-1", "?w=99999999", "?w=abc", "?w=٤٨٠"])
def test_other_widths_are_404_and_make_nothing(query, asset, client, settings):
    assert client.get(f"/media/{asset['sha256']}/a.jpg{query}").status_code == 404
    assert not (Path(settings.ASSET_ROOT) / "derived").exists()


def test_name_cannot_make_a_file_run(asset, client):
    response = client.get(f"/media/{asset['sha256']}/evil.html")
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == "attachment"


@pytest.mark.parametrize(
    "path", ["/media/" + "0" * 64 + "/a.jpg", "/media/../../etc/passwd", "/media/abc/a.jpg"]
)
def test_what_is_not_there_is_404(path, asset, client):
    assert client.get(path).status_code == 404


def test_a_range_is_answered_with_that_range(asset, client):
    response = client.get(f"/media/{asset['sha256']}/a.jpg", HTTP_RANGE="bytes=10-19")
    assert (response.status_code, len(_body(response))) == (206, 10)
    assert response["Content-Range"] == f"bytes 10-19/{asset['size']}"


def test_pages_style_and_fonts_are_served_where_pages_say(shop, client):
    import re

    page = client.get("/p/en/").content.decode()
    style = client.get(re.search(r'href="(/p/style/[^"]+)"', page).group(1))
    assert style.status_code == 200
    assert style["Content-Type"] == "text/css"
    assert client.get("/p/style/0000000000000000.css").status_code == 404
    assert client.get("/p/fonts/nothing.woff2").status_code == 404
