"""ICC profiles of printing conditions: only those that a press can be fed by are kept."""

import io

from pim.content.refusals import _

from .refusals import MediaRefused

MOST = 20 * 1024 * 1024
COLOURS = ((0, 0, 0), (255, 255, 255), (200, 40, 40))


def read_profile(data: bytes, *, size: int, name: str) -> None:
    """Raise MediaRefused unless `data` is a whole CMYK output profile (ISO 15076-1)."""
    from PIL import ImageCms

    if size > MOST or int.from_bytes(data[:4], "big") != size:
        raise _damaged(name)
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(data))
        space = profile.profile.xcolor_space.strip()
        kind = profile.profile.device_class.strip()
        if (space, kind) == ("CMYK", "prtr"):
            _try_out(profile)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError) as fault:
        raise _damaged(name) from fault
    if (space, kind) != ("CMYK", "prtr"):
        raise MediaRefused(
            _(
                "“%(name)s” is an ICC profile for %(space)s of class %(kind)s. A press needs a "
                "CMYK output profile (class prtr): ask your printer for theirs."
            ),
            code="profile_not_for_press",
            name=name,
            space=space,
            kind=kind,
        )


def _try_out(profile) -> None:
    """Convert a few colours there and back: some profiles only say that they can."""
    from PIL import Image, ImageCms

    pixels = Image.new("RGB", (len(COLOURS), 1))
    pixels.putdata(COLOURS)
    screen = ImageCms.createProfile("sRGB")
    inks = ImageCms.profileToProfile(pixels, screen, profile, outputMode="CMYK")
    ImageCms.profileToProfile(inks, profile, screen, outputMode="RGB")


def _damaged(name: str) -> MediaRefused:
    return MediaRefused(
        _("“%(name)s” is no whole ICC profile: get the file again from where it comes from."),
        code="damaged_profile",
        name=name,
    )
