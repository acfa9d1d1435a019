"""Pictures of a pack: turned to CMYK by the profile, weighed for ink, measured for coarseness."""

import hashlib
import io
import zlib
from dataclasses import dataclass

import pikepdf

from .profile import Profile
from .spaces import is_light

QUALITY = 92  # of pictures that were JPEG before; others stay lossless
HEAVY_SHARE = 0.001  # of a picture's pixels over the limit of ink before it is worth a word


@dataclass(frozen=True)
class Inked:
    """A picture in CMYK as it stands in a PDF, and the most ink that lies on one place."""

    data: bytes
    jpeg: bool
    ink: int
    heavy: bool


def turn(image, *, profile: Profile, limit: int, remember) -> int:
    """Turn an image object to CMYK in its place; return its ink in per cent where over `limit`."""
    if "/ImageMask" in image or not is_light(_base(image)):
        return 0
    key = f"press-picture|2|{profile.digest}|{limit}|{_digest(image)}"
    made = _read(remember(key, lambda: _packed(_inked(image, profile, limit))))
    image.write(made.data, filter=pikepdf.Name.DCTDecode if made.jpeg else pikepdf.Name.FlateDecode)
    image["/ColorSpace"], image["/BitsPerComponent"] = pikepdf.Name.DeviceCMYK, 8
    for name in ("/DecodeParms", "/Decode", "/Intent"):
        if name in image:
            del image[name]
    if made.jpeg:
        # Pillow writes CMYK as Adobe does, upside down.
        image["/Decode"] = pikepdf.Array([1, 0] * 4)
    return made.ink if made.heavy else 0


def _base(image):
    space = image.get("/ColorSpace")
    if isinstance(space, pikepdf.Array) and str(space[0]) == "/Indexed":
        return space[1]
    return space


def _digest(image) -> str:
    about = repr(sorted((k, str(v)) for k, v in image.stream_dict.items() if k != "/SMask"))
    return hashlib.sha256(image.read_raw_bytes() + about.encode()).hexdigest()


def _inked(image, profile: Profile, limit: int) -> Inked:
    from PIL import ImageCms

    shown = pikepdf.PdfImage(image)
    jpeg = str(image.get("/Filter", "")) == "/DCTDecode"
    picture = shown.as_pil_image().convert("RGB")
    inked = ImageCms.applyTransform(picture, profile.transform("RGB", _embedded(image)))
    ink, heavy = weigh(inked, limit=limit)
    if not jpeg:
        return Inked(zlib.compress(inked.tobytes(), 6), False, ink, heavy)
    out = io.BytesIO()
    inked.save(out, "JPEG", quality=QUALITY, subsampling="4:4:4")
    return Inked(out.getvalue(), True, ink, heavy)


def _embedded(image) -> bytes | None:
    """Return the profile a picture is in, if it has one of RGB."""
    space = _base(image)
    if isinstance(space, pikepdf.Array) and str(space[0]) == "/ICCBased":
        return space[1].read_bytes()
    return None


def weigh(picture, *, limit: int) -> tuple[int, bool]:
    """Return the most ink on one place of a CMYK picture, in per cent, and whether much is over."""
    from PIL import ImageChops

    cyan, magenta, yellow, black = picture.split()
    halves = [ImageChops.add(a, b, scale=2) for a, b in ((cyan, magenta), (yellow, black))]
    counts = ImageChops.add(*halves, scale=2).histogram()  # of a quarter of the sum
    most = max((n for n, count in enumerate(counts) if count), default=0)
    # Rounding of the two steps may add half a level of 255 each: a few per cent are forgiven.
    over = sum(count for n, count in enumerate(counts) if n * 400 / 255 > limit + 3)
    return round(most * 400 / 255), over > HEAVY_SHARE * picture.width * picture.height


def _packed(made: Inked) -> bytes:
    return b"%d %d %d\n" % (made.jpeg, made.ink, made.heavy) + made.data


def _read(payload: bytes) -> Inked:
    head, data = payload.split(b"\n", 1)
    jpeg, ink, heavy = head.split()
    return Inked(data, jpeg == b"1", int(ink), heavy == b"1")
