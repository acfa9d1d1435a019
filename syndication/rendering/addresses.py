"""Public addresses of pages and media, the same in every output."""

import re
import unicodedata
from urllib.parse import quote

EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
WIDTHS = (160, 320, 480, 640, 800, 960, 1200, 1600, 2000)


def file_stem(filename: str) -> str:
    """Return the stem of `filename` in plain ASCII: no commas, spaces or per cent signs."""
    stem = filename.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9_-]+", "-", plain).strip("-") or "file"


def extension(filename: str) -> str:
    """Return the lower-case extension of `filename`, "bin" when it has none."""
    tail = filename.rsplit(".", 1)[-1].lower() if "." in filename else ""
    return tail if re.fullmatch(r"[a-z0-9]{1,5}", tail) else "bin"


def media_path(asset: dict) -> str:
    """Return the path of an ingested file as it is."""
    name = f"{file_stem(asset['filename'])}.{extension(asset['filename'])}"
    return f"/media/{asset['sha256']}/{name}"


def derivative_path(asset: dict, *, width: int, media_type: str) -> str:
    """Return the path of a picture scaled to `width` (one of WIDTHS)."""
    name = f"{file_stem(asset['filename'])}.{EXTENSIONS[media_type]}"
    return f"/media/{asset['sha256']}/{name}?w={width}"


def srcset(asset: dict, *, media_type: str, widths: tuple[int, ...] = WIDTHS) -> str:
    """Return an HTML `srcset` of the widths that do not enlarge the picture."""
    natural = asset.get("width") or 0
    fitting = [w for w in widths if w <= natural] or [min(widths)]
    return ", ".join(
        f"{derivative_path(asset, width=w, media_type=media_type)} {w}w" for w in fitting
    )


def page_path(slug: str, *, locale: str) -> str:
    """Return the path of a landing page."""
    return f"/p/{locale}/{quote(slug, safe='')}"


def digital_link_path(gtin: str) -> str:
    """Return the GS1 Digital Link path of a GTIN, padded to 14 digits (URI Syntax 1.4.0)."""
    return f"/01/{gtin.zfill(14)}"
