"""Pictures: what an upload must be, and the clean bytes that are kept of it.

Rasters are decoded and encoded again, so that nothing but the picture survives: no metadata,
no trailing bytes, no second file hidden in the first.
"""

import io
import warnings
from dataclasses import dataclass

from pim.content.refusals import _

from .refusals import MediaRefused

MAX_PIXELS = 40_000_000
MAX_FRAMES = 50
MAX_SIDE = 16_000
MAX_BYTES = 25 * 1024 * 1024
JPEG_QUALITY = 92
THUMBNAIL = 320
ORIENTATION = 0x0112
FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "AVIF": "image/avif"}


@dataclass(frozen=True, slots=True)
class Medium:
    """What is kept of an upload: bytes (or None: as they came), type, size and thumbnail."""

    kind: str
    media_type: str
    extension: str
    data: bytes | None = None
    width: int | None = None
    height: int | None = None
    thumbnail: bytes | None = None


def read_picture(data: bytes, *, name: str) -> Medium:
    """Return the clean picture; MediaRefused when damaged, too large or hostile."""
    from PIL import Image, ImageFile

    # Another library in the process may have switched this on; half a picture is no picture.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    if len(data) > MAX_BYTES:
        raise too_large(name, limit=MAX_BYTES)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=tuple(FORMATS)) as image:
                _check_size(image, name)
                return _clean(image, data)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as fault:
        raise _too_many_pixels(name) from fault
    except MemoryError as fault:
        raise _too_many_pixels(name) from fault
    except (OSError, SyntaxError, ValueError, EOFError, OverflowError, IndexError) as fault:
        raise MediaRefused(
            _("“%(name)s” is damaged or no picture: save it again as JPEG or PNG."),
            code="damaged_picture",
            name=name,
        ) from fault


def _check_size(image, name: str) -> None:
    if image.width * image.height > MAX_PIXELS or max(image.size) > MAX_SIDE:
        raise _too_many_pixels(name)
    frames = getattr(image, "n_frames", 1)
    if frames > MAX_FRAMES or frames * image.width * image.height > 2 * MAX_PIXELS:
        raise MediaRefused(
            _("“%(name)s” has %(frames)s frames; at most %(limit)s are accepted."),
            code="too_many_frames",
            name=name,
            frames=frames,
            limit=MAX_FRAMES,
        )


def _too_many_pixels(name: str) -> MediaRefused:
    return MediaRefused(
        _("“%(name)s” has more than %(limit)s million pixels: scale it down first."),
        code="too_many_pixels",
        name=name,
        limit=MAX_PIXELS // 1_000_000,
    )


def too_large(name: str, *, limit: int) -> MediaRefused:
    """Return the refusal of a file above its limit in bytes."""
    return MediaRefused(
        _("“%(name)s” is larger than %(limit)s MB."),
        code="file_too_large",
        name=name,
        limit=limit // 1024**2,
    )


def _clean(image, data: bytes) -> Medium:
    form = image.format
    image.load()
    if getattr(image, "n_frames", 1) > 1 and form in ("PNG", "WEBP", "AVIF"):
        return _clean_animation(image, form)
    picture, icc = _colours(_upright(image), form)
    out = io.BytesIO()
    picture.save(out, form, **_options(form, data, icc, untouched=picture is image))
    return Medium(
        kind="image",
        media_type=FORMATS[form],
        extension=form.lower().replace("jpeg", "jpg"),
        data=out.getvalue(),
        width=picture.width,
        height=picture.height,
        thumbnail=make_thumbnail(picture),
    )


def _upright(image):
    """Return the picture turned as its camera said; itself where nothing is to be turned."""
    from PIL import ImageOps

    turned = image.getexif().get(ORIENTATION, 1) not in (0, 1)
    return ImageOps.exif_transpose(image) if turned else image


def _clean_animation(image, form: str) -> Medium:
    from PIL import ImageSequence

    frames, durations = [], []
    for frame in ImageSequence.Iterator(image):
        durations.append(frame.info.get("duration", 100))
        frames.append(frame.convert("RGBA"))
    out = io.BytesIO()
    frames[0].save(
        out,
        form,
        save_all=True,
        append_images=frames[1:],
        duration=durations,
        loop=image.info.get("loop", 0),
        exif=b"",
    )
    return Medium(
        kind="image",
        media_type=FORMATS[form],
        extension=form.lower(),
        data=out.getvalue(),
        width=image.width,
        height=image.height,
        thumbnail=make_thumbnail(frames[0]),
    )


def _colours(image, form: str):
    """Return the picture in a mode its format holds, and the colour profile to keep.

    A profile of RGB or grey is kept; CMYK is converted, because browsers show it wrongly.
    """
    icc = image.info.get("icc_profile")
    if image.mode in ("CMYK", "YCCK", "LAB"):
        return _to_srgb(image, icc), None
    if image.mode in ("I", "I;16", "F", "YCbCr", "HSV"):
        return image.convert("L" if image.mode in ("I", "I;16", "F") else "RGB"), None
    if form == "JPEG" and image.mode not in ("RGB", "L"):
        return image.convert("RGB"), icc
    if form in ("WEBP", "AVIF") and image.mode not in ("RGB", "RGBA"):
        alpha = "A" in image.mode or "transparency" in image.info
        return image.convert("RGBA" if alpha else "RGB"), icc
    return image, icc


def _to_srgb(image, icc: bytes | None):
    from PIL import ImageCms

    if icc:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(icc))
            target = ImageCms.createProfile("sRGB")
            return ImageCms.profileToProfile(image, source, target, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            pass  # a broken profile is no reason to lose the picture
    return image.convert("RGB")


def _options(form: str, data: bytes, icc: bytes | None, *, untouched: bool) -> dict:
    options: dict = {"icc_profile": icc, "exif": b"", "xmp": b""}
    if form == "JPEG" and untouched:
        # The same quantisation again loses next to nothing and does not grow the file.
        return options | {"quality": "keep", "optimize": True, "comment": b""}
    if form == "JPEG":
        return options | {
            "quality": JPEG_QUALITY,
            "optimize": True,
            "subsampling": "4:4:4",
            "comment": b"",
        }
    if form == "PNG":
        return {"icc_profile": icc, "exif": b"", "compress_level": 6}
    if form == "WEBP":
        lossless = b"VP8L" in data[:64]
        return options | {"quality": 92, "lossless": lossless, "method": 4}
    return options | {"quality": 90, "speed": 8}


def make_thumbnail(image) -> bytes:
    """Return a WebP of at most 320 px a side."""
    small = image.convert("RGBA" if "A" in image.mode or "transparency" in image.info else "RGB")
    small.thumbnail((THUMBNAIL, THUMBNAIL), reducing_gap=2.0)
    out = io.BytesIO()
    small.save(out, "WEBP", quality=80, method=2)
    return out.getvalue()
