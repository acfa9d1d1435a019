"""Only a whole CMYK output profile is kept as an ICC profile."""

import io
from pathlib import Path

import pytest
from PIL import ImageCms

from pim.importing.icc import MOST
from pim.importing.media import read_medium, sniff
from pim.importing.refusals import MediaRefused

PRESS = Path("/usr/share/color/icc/ghostscript/default_cmyk.icc")


def read(data: bytes):
    return read_medium(io.BytesIO(data), size=len(data), name="fogra.jpg")


def test_profile_of_a_press_is_kept_as_it_came():
    medium = read(PRESS.read_bytes())
    assert (medium.kind, medium.media_type, medium.extension, medium.data) == (
        *("document", "application/vnd.iccprofile", "icc", None),
    )


def test_profile_of_a_screen_is_refused_with_its_cure():
    screen = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert sniff(screen)[2] == "icc"
    with pytest.raises(MediaRefused) as caught:
        read(screen)
    assert caught.value.code == "profile_not_for_press"


@pytest.mark.parametrize("spoil", ["cut", "longer", "hollow", "large"])
def test_damaged_profile_is_refused(spoil):
    data = PRESS.read_bytes()
    spoiled = {
        "cut": data[:5000],
        "longer": data + b"<script>",
        "hollow": data[:128] + b"\0" * (len(data) - 128),
        "large": (MOST + 1).to_bytes(4, "big") + data[4:] + b"\0" * (MOST + 1 - len(data)),
    }[spoil]
    with pytest.raises(MediaRefused) as caught:
        read(spoiled)
    assert caught.value.code == "damaged_profile"
