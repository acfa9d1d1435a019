"""Files by content: `/media/{sha256}/{name}?w=`, style sheets, web fonts."""

import re

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from pim import files
from syndication.queries import pages as queries
from syndication.queries.brands import house_tokens, looks_served
from syndication.rendering import pages
from syndication.rendering.addresses import WIDTHS
from syndication.rendering.tokens import merged

from .responses import MAX_AGE, guard, immutable, matches

# What a name may claim to be; the bytes were checked when they were ingested.
TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "avif": "image/avif",
    "gif": "image/gif",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "wav": "audio/wav",
    "glb": "model/gltf-binary",
    "gltf": "model/gltf+json",
}
SCALED = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; media-src 'self'; sandbox"
PDF_POLICY = "default-src 'none'; plugin-types application/pdf; object-src 'self'"
RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@require_safe
def media(request: HttpRequest, sha256: str, name: str) -> HttpResponse:
    """Serve an ingested file, or a picture scaled to one of WIDTHS; both never change."""
    ending = name.rsplit(".", 1)[-1].lower()
    width = request.GET.get("w")
    etag = f'"{sha256[:32]}{"-" + width + ending if width else ""}"'
    if width is None:
        found, media_type = _original(sha256), TYPES.get(ending, "application/octet-stream")
    else:
        found, media_type = _scaled(sha256, width, ending), SCALED[ending]
    if matches(request, etag):
        return _lasting(HttpResponse(status=304), etag, ending)
    response = _stream(request, found, media_type)
    if media_type == "application/octet-stream":
        response["Content-Disposition"] = "attachment"
    return _lasting(response, etag, ending)


def _lasting(response: HttpResponse, etag: str, ending: str) -> HttpResponse:
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={MAX_AGE}, immutable"
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return guard(response, policy=PDF_POLICY if ending == "pdf" else FILE_POLICY)


def _original(sha256: str) -> files.Stored:
    found = files.assets().glance(files.name_of(sha256))
    if found is None:
        raise Http404
    return found


def _scaled(sha256: str, width: str, ending: str) -> files.Stored:
    """Return the scaled picture, made at its first request; Pillow is loaded only then."""
    if width not in map(str, WIDTHS) or ending not in SCALED:
        raise Http404
    from syndication.rendering.images import FileAssets, PictureError

    shelf = files.assets()
    pictures = FileAssets(shelf.root, bring=lambda sha: shelf.local(files.name_of(sha)))
    try:
        path = pictures.derivative(sha256, width=int(width), media_type=SCALED[ending])
    except (PictureError, FileNotFoundError) as error:
        raise Http404 from error
    return files.Stored(str(path.relative_to(shelf.root)), path.stat().st_size, 0.0)


def _stream(request: HttpRequest, file: files.Stored, media_type: str) -> HttpResponse:
    """Return the file, or the one range that was asked for (RFC 9110 §14)."""
    found = RANGE.fullmatch(request.headers.get("Range", ""))
    span = found and _span(found, file.size)
    if not span:
        response = FileResponse(files.assets().open(file.name), content_type=media_type)
        response["Content-Length"] = str(file.size)
        response["Accept-Ranges"] = "bytes"
        return response
    first, last = span
    with files.assets().open(file.name, first=first, last=last) as stream:
        body = stream.read(last - first + 1)
    response = HttpResponse(body, status=206, content_type=media_type)
    response["Content-Range"] = f"bytes {first}-{last}/{file.size}"
    return response


def _span(found: re.Match, size: int) -> tuple[int, int] | None:
    """Return first and last byte of a satisfiable range of at most 8 MB, else None."""
    first, last = found.groups()
    if not first and not last:
        return None
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last) if first and last else size - 1, size - 1)
    return (start, min(end, start + 8_000_000 - 1)) if start <= end else None


@require_safe
def style(request: HttpRequest, name: str) -> HttpResponse:
    """Serve the style sheet of that digest: the house's, or that of an output's own tokens."""
    for tokens in _known_tokens():
        if pages.style_name(tokens) == name:
            return immutable(pages.style_sheet(tokens).encode(), media_type="text/css")
    raise Http404


def _known_tokens():
    yield merged(None)
    yield house_tokens()
    yield from looks_served(queries.public_outputs())


@require_safe
def font(request: HttpRequest, name: str) -> HttpResponse:
    """Serve a web font, cut from the installed one at its first request."""
    try:
        path = pages.font_file(name, cache_folder=settings.ASSET_ROOT / "derived" / "fonts")
    except KeyError:
        raise Http404 from None
    response = immutable(path.read_bytes(), media_type="font/woff2", etag=name)
    response["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def icon(request: HttpRequest) -> HttpResponse:
    """Serve the icon of the pages: a leaf in the colours of the default brand."""
    colours = house_tokens()["colours"]
    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
        f'<rect width="64" height="64" rx="14" fill="{colours["pine"]}"/>'
        f'<path d="M14 48C14 26 28 15 50 14c0 22-11 36-33 36 4-12 12-20 24-26-14 3-22 11-27 24z"'
        f' fill="{colours["on_dark"]}"/></svg>'
    )
    response = HttpResponse(drawn, content_type="image/svg+xml")
    response["Cache-Control"] = "public, max-age=86400"
    return guard(response)
