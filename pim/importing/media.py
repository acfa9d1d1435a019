"""Media of every kind: told by their first bytes, never by their names, and made safe."""

import io
import re

from pim.content.refusals import _

from .icc import read_profile
from .pictures import MAX_BYTES, Medium, read_picture, too_large
from .refusals import MediaRefused
from .typefaces import SIGNATURES, read_typeface

LIMITS = {
    "image": MAX_BYTES,
    "document": 100 * 1024 * 1024,
    "audio": 100 * 1024 * 1024,
    "video": 500 * 1024 * 1024,
    "model": 100 * 1024 * 1024,
}
MP4_BRANDS = frozenset(
    (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash")
)
MP3_SYNC = (b"\xfb", b"\xf3", b"\xf2", b"\xfa")
SVG_LIMIT = 5 * 1024 * 1024
HEAD = 4096


def sniff(head: bytes) -> tuple[str, str, str] | None:
    """Return (kind, media type, extension) of a file by its first bytes, or None."""
    if found := _sniff_picture(head):
        return "image", *found
    if head.startswith(b"%PDF-"):
        return "document", "application/pdf", "pdf"
    if head[36:40] == b"acsp":
        return "document", "application/vnd.iccprofile", "icc"
    if found := SIGNATURES.get(head[:4]):
        return "document", *found
    if head.startswith(b"glTF") and head[4:8] in (b"\x02\x00\x00\x00", b"\x01\x00\x00\x00"):
        return "model", "model/gltf-binary", "glb"
    return _sniff_moving(head)


def _sniff_picture(head: bytes) -> tuple[str, str] | None:
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg", "jpg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png", "png"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp", "webp"
    if head[4:8] == b"ftyp" and (b"avif" in head[8:64] or b"avis" in head[8:64]):
        return "image/avif", "avif"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<svg", b"<?xml", b"<!doctype svg", b"<!--")) and b"<svg" in start:
        return "image/svg+xml", "svg"
    return None


def _sniff_moving(head: bytes) -> tuple[str, str, str] | None:
    if head[4:8] == b"ftyp" and head[8:12] in MP4_BRANDS:
        return "video", "video/mp4", "mp4"
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head[:64]:
        return "video", "video/webm", "webm"
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "audio", "audio/wav", "wav"
    if head.startswith(b"ID3") or (head[:1] == b"\xff" and head[1:2] in MP3_SYNC):
        return "audio", "audio/mpeg", "mp3"
    return None


def read_medium(stream, *, size: int, name: str) -> Medium:
    """Return what is to be kept of an upload; MediaRefused says what is wrong with it.

    `stream` is a seekable binary stream of `size` bytes. Large media (video, audio, 3D) are
    told by their signature and kept as they are; they are never opened by the server.
    """
    head = stream.read(HEAD)
    found = sniff(head)
    if found is None:
        raise MediaRefused(
            _(
                "“%(name)s” is of no accepted kind. Accepted are JPEG, PNG, WebP, AVIF, SVG, "
                "PDF, ICC profiles, fonts, MP4, WebM, MP3, WAV and GLB."
            ),
            code="unknown_media",
            name=name,
        )
    kind, media_type, extension = found
    if size > LIMITS[kind]:
        raise too_large(name, limit=LIMITS[kind])
    stream.seek(0)
    if media_type == "image/svg+xml":
        return _read_svg(stream.read(), name)
    if kind == "image":
        return read_picture(stream.read(), name=name)
    if media_type == "application/pdf":
        return _read_pdf(stream.read(), name)
    if extension == "icc":
        read_profile(stream.read(), size=size, name=name)
    if media_type.startswith("font/"):
        read_typeface(stream.read(), name=name)
    if kind == "model":
        _check_glb(head, size, name)
    return Medium(kind=kind, media_type=media_type, extension=extension)


def _read_svg(data: bytes, name: str) -> Medium:
    import py_svg_hush

    if len(data) > SVG_LIMIT:
        raise too_large(name, limit=SVG_LIMIT)
    if b"<!entity" in data.lower() or b"data:" in data.lower():
        raise _bad_svg(name)
    try:
        clean = py_svg_hush.filter_svg(data, {})
    except (ValueError, RuntimeError) as fault:
        raise _bad_svg(name) from fault
    if b"<svg" not in clean[:HEAD] or _reaches_out(clean):
        raise _bad_svg(name)
    width, height = _svg_size(clean)
    return Medium("image", "image/svg+xml", "svg", clean, width, height)


def _reaches_out(data: bytes) -> bool:
    """Return whether a drawing refers to anything but its own parts."""
    hrefs = re.findall(rb"""href\s*=\s*["']([^"']*)""", data, re.IGNORECASE)
    urls = re.findall(rb"""url\(\s*["']?([^"')]*)""", data, re.IGNORECASE)
    return any(not place.strip().startswith(b"#") for place in (*hrefs, *urls))


def _bad_svg(name: str) -> MediaRefused:
    return MediaRefused(
        _(
            "“%(name)s” is no plain SVG drawing: export it again without scripts, "
            "entities, embedded pictures or references to other files."
        ),
        code="damaged_svg",
        name=name,
    )


def _svg_size(data: bytes) -> tuple[int | None, int | None]:
    from defusedxml import ElementTree

    root = ElementTree.fromstring(data)
    sides = [_pixels(root.get("width")), _pixels(root.get("height"))]
    box = (root.get("viewBox") or "").replace(",", " ").split()
    if None in sides and len(box) == 4:
        sides = [_pixels(box[2]), _pixels(box[3])]
    return sides[0], sides[1]


def _pixels(text: str | None) -> int | None:
    try:
        number = float((text or "").removesuffix("px"))
    except ValueError:
        return None
    return round(number) if 0 < number < 100_000 else None


def _read_pdf(data: bytes, name: str) -> Medium:
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            active = _active_parts(document)
            pages = len(document.pages)
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError, RuntimeError) as fault:
        raise MediaRefused(
            _("“%(name)s” is damaged or needs a password: save the PDF again."),
            code="damaged_pdf",
            name=name,
        ) from fault
    if not pages or active:
        raise MediaRefused(
            _("“%(name)s” has no pages or runs scripts: print it to a new PDF."),
            code="active_pdf",
            name=name,
        )
    return Medium("document", "application/pdf", "pdf")


def _active_parts(document) -> bool:
    root = document.Root
    names = root.get("/Names")
    scripts = names is not None and "/JavaScript" in names
    action = root.get("/OpenAction")
    runs = action is not None and "/S" in getattr(action, "keys", list)()
    launches = runs and str(action.get("/S")) in ("/JavaScript", "/Launch", "/SubmitForm")
    return scripts or launches


def _check_glb(head: bytes, size: int, name: str) -> None:
    if int.from_bytes(head[8:12], "little") != size:
        raise MediaRefused(
            _("“%(name)s” is cut short or has foreign bytes at its end."),
            code="damaged_model",
            name=name,
        )
