"""The ICC profile of a printing condition: read, checked, and asked for colours (ISO 15076-1)."""

import hashlib
import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path

# Debian's libgs-common: the profile of a coated web press, for trying out. A printer has its own.
STANDARD = Path("/usr/share/color/icc/ghostscript/default_cmyk.icc")
SIZE_LIMIT = 20_000_000
INTENT = 1  # relative colorimetric, with black point compensation: the custom of the trade


class ProfileRefused(ValueError):
    """A file is no profile that a press can be fed by; the message says why and what to do."""


@dataclass(frozen=True)
class Profile:
    """A CMYK output profile: its bytes, and the name it gives itself."""

    payload: bytes
    name: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.payload).hexdigest()

    def transform(self, mode: str, source: bytes | None = None):
        """Return Pillow's transform from pictures of a mode, in `source` or sRGB, to CMYK."""
        return _transform(self.payload, mode, source)

    def cmyk(self, rgb: tuple[int, int, int]) -> tuple[float, ...]:
        """Return the amounts of ink, 0 to 1, that print an sRGB colour."""
        from PIL import Image, ImageCms

        pixel = Image.new("RGB", (1, 1), rgb)
        inks = ImageCms.applyTransform(pixel, self.transform("RGB")).getpixel((0, 0))
        return tuple(round(ink / 255, 3) for ink in inks)

    def black(self, grey: int) -> float:
        """Return how much black ink alone looks like a grey of sRGB, 0 to 255."""
        ladder, paper = _ladder(self.payload)
        # The ink's black is lighter than the screen's: the two scales are laid over each other.
        wanted = ladder[255] + (paper - ladder[255]) * _lightness(grey) / 100
        nearest = min(range(256), key=lambda ink: abs(ladder[ink] - wanted))
        return round(nearest / 255, 3)


def read_profile(payload: bytes) -> Profile:
    """Return the profile in `payload`; raise ProfileRefused when a press cannot use it."""
    from PIL import ImageCms

    if len(payload) > SIZE_LIMIT:
        raise ProfileRefused(f"The profile is larger than {SIZE_LIMIT // 10**6} MB.")
    try:
        found = ImageCms.ImageCmsProfile(io.BytesIO(payload)).profile
        space, kind = found.xcolor_space.strip(), found.device_class.strip()
        name = (found.profile_description or "").strip() or "CMYK"
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError) as fault:
        raise ProfileRefused("The file is no ICC profile, or a damaged one.") from fault
    if (space, kind) != ("CMYK", "prtr"):
        raise ProfileRefused(
            f"“{name}” is a profile for {space} of class {kind}; a press needs a CMYK output "
            "profile (class prtr), such as your printer's or one of FOGRA's."
        )
    _usable(payload)
    return Profile(payload, name)


def profile_at(path: Path) -> Profile:
    """Return the profile in a file; raise ProfileRefused when there is none."""
    try:
        return read_profile(path.read_bytes())
    except OSError as fault:
        raise ProfileRefused(
            f"There is no ICC profile at {path}. Upload your printer's as an asset and choose "
            "it in the output, or install the package libgs-common."
        ) from fault


def _usable(payload: bytes) -> None:
    """Refuse a profile whose tables cannot be worked with: some only say what they are."""
    from PIL import ImageCms

    try:
        _transform(payload, "RGB", None)
        _ladder(payload)
    except (ImageCms.PyCMSError, OSError, ValueError) as fault:
        raise ProfileRefused("The profile cannot be used both ways; it is cut short.") from fault


@cache
def _transform(payload: bytes, mode: str, source: bytes | None):
    from PIL import ImageCms

    goal = ImageCms.ImageCmsProfile(io.BytesIO(payload))
    start = ImageCms.createProfile("sRGB")
    if source:
        start = ImageCms.ImageCmsProfile(io.BytesIO(source))
    flags = ImageCms.Flags.BLACKPOINTCOMPENSATION
    return ImageCms.buildTransform(start, goal, mode, "CMYK", renderingIntent=INTENT, flags=flags)


@cache
def _ladder(payload: bytes) -> tuple[list[float], float]:
    """Return the lightness of every amount of black ink alone, and that of the paper."""
    from PIL import Image, ImageCms

    inks = Image.new("CMYK", (256, 1))
    inks.putdata([(0, 0, 0, ink) for ink in range(256)])
    source = ImageCms.ImageCmsProfile(io.BytesIO(payload))
    lab = ImageCms.createProfile("LAB")
    seen = ImageCms.profileToProfile(inks, source, lab, renderingIntent=INTENT, outputMode="LAB")
    lightness = [value / 2.55 for value in seen.getchannel("L").tobytes()]
    return lightness, lightness[0]


def _lightness(grey: int) -> float:
    """Return the CIE lightness, 0 to 100, of a grey of sRGB (IEC 61966-2-1)."""
    value = grey / 255
    light = value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
    return 116 * light ** (1 / 3) - 16 if light > 0.008856 else 903.3 * light
