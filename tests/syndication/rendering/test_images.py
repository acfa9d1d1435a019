"""Derivatives are as small as asked for, flat, upright and the same every time."""

import hashlib

import pytest
from PIL import Image

from syndication.rendering.images import FileAssets, PictureError


@pytest.fixture
def assets(tmp_path):
    return FileAssets(tmp_path)


def stored(assets, picture, form, **options):
    import io

    out = io.BytesIO()
    picture.save(out, form, **options)
    return keep(assets, out.getvalue())


def keep(assets, payload):
    sha = hashlib.sha256(payload).hexdigest()
    path = assets.path(sha)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(payload)
    return sha


def test_derivative_is_scaled_to_width(assets):
    sha = stored(assets, Image.new("RGB", (1200, 900), "#884422"), "JPEG")
    path = assets.derivative(sha, width=300, media_type="image/webp")
    with Image.open(path) as made:
        assert (made.format, made.size) == ("WEBP", (300, 225))


def test_derivative_is_never_enlarged(assets):
    sha = stored(assets, Image.new("RGB", (100, 50)), "PNG")
    with Image.open(assets.derivative(sha, width=300, media_type="image/jpeg")) as made:
        assert made.size == (100, 50)


def test_transparency_becomes_white_in_jpeg(assets):
    sha = stored(assets, Image.new("RGBA", (40, 40), (0, 0, 0, 0)), "PNG")
    with Image.open(assets.derivative(sha, width=40, media_type="image/jpeg")) as made:
        assert made.getpixel((20, 20)) == (255, 255, 255)


def test_second_request_serves_the_same_file(assets):
    sha = stored(assets, Image.new("RGB", (400, 400), "#336655"), "PNG")
    first = assets.derivative(sha, width=200, media_type="image/jpeg")
    stamp = first.stat().st_mtime_ns
    assert assets.derivative(sha, width=200, media_type="image/jpeg") == first
    assert first.stat().st_mtime_ns == stamp


def test_camera_rotation_is_applied(assets):
    exif = Image.Exif()
    exif[0x0112] = 6
    sha = stored(assets, Image.new("RGB", (400, 200)), "JPEG", exif=exif)
    with Image.open(assets.derivative(sha, width=100, media_type="image/jpeg")) as made:
        assert made.size == (100, 200)
        assert dict(made.getexif()) == {}


@pytest.mark.parametrize("payload", [b"", b"<svg/>", b"\xff\xd8\xff\xe0half a picture"])
def test_what_is_no_picture_is_refused(assets, payload):
    sha = keep(assets, payload)
    with pytest.raises(PictureError):
        assets.derivative(sha, width=100, media_type="image/jpeg")
    assert not list((assets.root).glob("derived/*/*"))


def test_truncated_picture_is_refused(assets):
    import io

    out = io.BytesIO()
    Image.effect_noise((600, 600), 90).convert("RGB").save(out, "JPEG")
    sha = keep(assets, out.getvalue()[: len(out.getvalue()) // 3])
    with pytest.raises(PictureError):
        assets.derivative(sha, width=100, media_type="image/jpeg")


def test_too_many_pixels_are_refused(assets):
    sha = stored(assets, Image.new("1", (9000, 9000)), "PNG")
    with pytest.raises(PictureError):
        assets.derivative(sha, width=100, media_type="image/jpeg")


def test_strange_digest_is_refused(assets):
    with pytest.raises(PictureError):
        assets.path("../../../../etc/passwd")
