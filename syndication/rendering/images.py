"""Pictures made by need from ingested originals, at the size they are shown, cached as files."""

import io
import os
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageCms, ImageFile, ImageOps

READ = ("JPEG", "PNG", "WEBP", "GIF", "TIFF")
WRITE = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
SAVE = {
    "JPEG": {"quality": 82, "optimize": True, "subsampling": "4:2:0"},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 80, "method": 4},
}
MAX_PIXELS = 40_000_000
RECIPE = "1"  # raise it when the same request makes other bytes
GROUND = (255, 255, 255)


class PictureError(ValueError):
    """An ingested file cannot be shown as a picture; the message says why."""


@dataclass(frozen=True)
class FileAssets:
    """The `AssetSource` of the contract over the folder that holds the ingested files.

    Where the folder is a cache, `bring` has a file lie in it that does not yet.
    """

    root: Path
    bring: Callable[[str], object] | None = None

    def path(self, sha256: str) -> Path:
        """Return where the file with these bytes lies; raise PictureError for a strange name."""
        path = self._place(sha256)
        if self.bring and not path.exists():
            self.bring(sha256)
        return path

    def derivative(self, sha256: str, *, width: int, media_type: str) -> Path:
        """Return the picture scaled down to `width` pixels (never up), made if need be.

        It lies under `root`/derived, whole; what was made before needs no original.
        """
        folder = self.root / "derived" / self._place(sha256).name[:2]
        target = folder / f"{sha256}-{width}-{RECIPE}.{media_type.rsplit('/')[-1]}"
        if self.bring and target.exists():
            os.utime(target)  # a cache drops first what was used longest ago
        if not target.exists():
            form = WRITE[media_type]
            picture = _read(self.path(sha256), width=width, alpha=form != "JPEG")
            folder.mkdir(parents=True, exist_ok=True)
            _save(picture, target, form=form)
        return target

    def _place(self, sha256: str) -> Path:
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise PictureError(f"not a digest: {sha256!r}")
        return self.root / sha256[:2] / sha256[2:4] / sha256


def picture_size(path: Path) -> tuple[int, int]:
    """Return width and height as stored; raise PictureError when it is no picture we show."""
    with _open(path) as picture:
        return picture.size


def _open(path: Path) -> Image.Image:
    # WeasyPrint's import switches this on for the whole process; half a picture is not one.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(path, formats=READ)
    except (OSError, Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise PictureError(str(error)) from error
    if picture.width * picture.height > MAX_PIXELS:
        picture.close()
        raise PictureError(f"{picture.width} × {picture.height} pixels are too many")
    return picture


def _read(path: Path, *, width: int, alpha: bool) -> Image.Image:
    with _open(path) as picture:
        # Both sides: a camera's rotation may swap them.
        picture.draft("RGB", (width, width))
        try:
            picture.load()
            upright = ImageOps.exif_transpose(picture)
            return _scaled(_in_srgb(upright), width=width, alpha=alpha)
        except (OSError, SyntaxError, ValueError, ImageCms.PyCMSError) as error:
            raise PictureError(str(error)) from error


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Return the picture in RGB or RGBA; an embedded profile is honoured."""
    profile = picture.info.get("icc_profile")
    has_alpha = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    if profile and picture.mode in ("RGB", "CMYK"):
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(picture, source, srgb, outputMode="RGB")
    return picture.convert("RGBA" if has_alpha else "RGB")


def _scaled(picture: Image.Image, *, width: int, alpha: bool) -> Image.Image:
    if picture.width > width:
        height = max(1, round(picture.height * width / picture.width))
        picture.thumbnail((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
    if picture.mode == "RGBA" and not alpha:
        ground = Image.new("RGB", picture.size, GROUND)
        ground.paste(picture, mask=picture.getchannel("A"))
        return ground
    return picture


def _save(picture: Image.Image, target: Path, *, form: str) -> None:
    picture.info.clear()
    handle, name = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            picture.save(file, form, **SAVE[form])
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
