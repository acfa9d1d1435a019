"""Colours print with the inks of the brand, greys with black alone, others by the profile."""

import pytest

from syndication.rendering.press.inks import inks_of
from syndication.rendering.press.profile import STANDARD, ProfileRefused, profile_at, read_profile

PROFILE = profile_at(STANDARD)
INK, ACCENT, PINE = (0x22, 0x28, 0x2A), (0xA0, 0x43, 0x2A), (0x26, 0x42, 0x3B)
COLOURS = {"ink": "#22282a", "accent": "#a0432a", "pine": "#26423b"}


def inks(**tokens):
    return inks_of({"colours": COLOURS, **tokens}, PROFILE)


def test_ink_is_black_alone_unless_the_brand_says_otherwise():
    assert inks().cmyk(INK) == (0, 0, 0, 1)
    assert inks(cmyk={"ink": [0, 0, 0, 92]}).cmyk(INK) == (0, 0, 0, 0.92)


def test_brand_names_the_inks_of_its_colours():
    assert inks(cmyk={"accent": [15, 82, 90, 22]}).cmyk(ACCENT) == (0.15, 0.82, 0.9, 0.22)


def test_other_colours_are_converted_by_the_profile():
    assert inks().cmyk(PINE) == PROFILE.cmyk(PINE)
    assert inks().cmyk((255, 255, 255)) == (0, 0, 0, 0)
    cyan, magenta, yellow, _ = inks().cmyk((255, 0, 0))
    assert (cyan < 0.1, magenta > 0.9, yellow > 0.9) == (True, True, True)


def test_greys_are_black_alone_and_as_light_as_they_look():
    found = [inks().cmyk((grey, grey, grey)) for grey in (0, 64, 128, 192, 255)]
    assert [share[:3] for share in found] == [(0, 0, 0)] * 5
    blacks = [share[3] for share in found]
    assert (blacks[0], blacks[-1], blacks == sorted(blacks, reverse=True)) == (1.0, 0.0, True)
    assert 0.4 < blacks[2] < 0.65


@pytest.mark.parametrize("dark", [(0x30, 0x30, 0x38), (0x63, 0x63, 0x5C)])
def test_dark_colours_near_grey_are_black_alone(dark):
    assert inks().cmyk(dark)[:3] == (0, 0, 0)
    assert inks().cmyk(PINE)[:3] != (0, 0, 0)


@pytest.mark.parametrize(
    "spoiled", [{"accent": None}, {"accent": [1, 2]}, {"accent": "x"}, {"nobody": [1, 2, 3, 4]}]
)
def test_spoiled_inks_are_as_if_there_were_none(spoiled):
    assert inks(cmyk=spoiled).cmyk(ACCENT) == PROFILE.cmyk(ACCENT)


def test_spot_ink_has_a_name_and_what_stands_in_for_it():
    found = inks(spots={"accent": {"name": "Halla Rust", "cmyk": [10, 80, 90, 20]}, "pine": "Moss"})
    spot, plain = found.spots[ACCENT], found.spots[PINE]
    assert (spot.name, spot.cmyk) == ("Halla Rust", (0.1, 0.8, 0.9, 0.2))
    assert (plain.name, plain.cmyk) == ("Moss", PROFILE.cmyk(PINE))


def test_only_a_profile_of_a_press_is_taken(tmp_path):
    from PIL import ImageCms

    assert read_profile(STANDARD.read_bytes()).name == "Artifex CMYK SWOP Profile"
    screen = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for payload, why in (
        (screen, "a press needs a CMYK output"),
        (b"%PDF-1.7", "no ICC profile"),
        (STANDARD.read_bytes()[:3000], "no ICC profile|cut short"),
    ):
        with pytest.raises(ProfileRefused, match=why):
            read_profile(payload)
    with pytest.raises(ProfileRefused, match="libgs-common"):
        profile_at(tmp_path / "none.icc")
