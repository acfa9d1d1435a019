"""`/out/…`: the files of outputs, streamed from the store; never a render, never half a file.

From a bucket, a small file comes from the copy on this machine, a large one as the bucket sends
it; with PIM_FILES_REDIRECT_SECONDS readers are sent to the bucket by a signed link.
"""

import logging
import re
from collections.abc import Iterator
from email.utils import quote
from typing import IO

from django.db import DatabaseError
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from pim import files
from syndication import store
from syndication.actions.compress import is_packed
from syndication.queries.editions import (
    Gone,
    ServedFile,
    current_file,
    edition_file,
    noted_file,
)
from syndication.queries.links import LinkExpired, opens
from syndication.queries.reach import rights_of

from .feeds_access import CHALLENGE, allows, key_of
from .negotiation import IDENTITY, coding, matches, tag
from .problems import Problem

log = logging.getLogger(__name__)
CHUNK = 1 << 18
RANGE = re.compile(r"bytes=(\d*)-(\d*)")
ACTIVE = ("text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/xml")
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def endpoint(view):
    """Let a view raise Problem, and answer GET and HEAD only."""

    def answer(request: HttpRequest, **kwargs) -> HttpResponse:
        try:
            if request.method not in ("GET", "HEAD"):
                raise Problem(405, "method_not_allowed", headers={"Allow": "GET, HEAD"})
            return view(request, **kwargs)
        except Problem as problem:
            return problem.response()
        except files.FilesUnreachable:
            log.exception("the bucket")
            problem = Problem(503, "files_unreachable", headers={"Retry-After": "30"})
            return problem.response()

    return answer


@endpoint
def current(request: HttpRequest, output: str, name: str) -> HttpResponse:
    """Serve the current file of an output; without the database, what was noted last."""
    locale = request.GET.get("locale")
    try:
        found = current_file(output, name, locale=locale and locale.replace("_", "-"))
        return _answer(request, found, name, output=output, lasting=False)
    except DatabaseError:
        found = noted_file(output, name)
        return _answer(request, found, name, output=output, lasting=False)


@endpoint
def of_edition(request: HttpRequest, output: str, number: int, name: str) -> HttpResponse:
    """Serve a file of one edition; 410 once it has expired."""
    try:
        found = edition_file(output, number, name)
    except Gone:
        raise Problem(410, "edition_expired", _("This edition is no longer kept.")) from None
    return _answer(request, found, name, output=output, lasting=True)


def _answer(
    request: HttpRequest, found: ServedFile | None, name: str, *, output: str, lasting: bool
) -> HttpResponse:
    if found is None:
        raise Problem(404, "not_found", _("There is no such file."))
    if not found.public and not _opened(request, found, name, output=output):
        _require_key(request, found, output=output)
    stored, encoding = _variant(request, found)
    etag = tag(found.sha256, encoding)
    headers = _headers(found, name, etag, encoding, lasting=lasting)
    if matches(request.META.get("HTTP_IF_NONE_MATCH", ""), etag):
        return HttpResponse(status=304, headers=headers)
    if request.method == "GET" and (link := _link(stored.name, headers)):
        return _elsewhere(link, headers)
    span = _span(request, stored.size, etag)
    return _stream(request, stored, span, headers)


def _opened(request: HttpRequest, found: ServedFile, name: str, *, output: str) -> bool:
    """Return whether a signed link brought the reader to this very file."""
    token = request.GET.get("link", "")
    try:
        return bool(token) and opens(token, output, found.edition, name, at=timezone.now())
    except LinkExpired:
        raise Problem(403, "link_expired", _("This link is no longer valid.")) from None


def _require_key(request: HttpRequest, found: ServedFile, *, output: str):
    """Let a key of this channel and audience pass, and people who see the output at the desk."""
    user = getattr(request, "user", None)
    if user is not None and user.is_staff and user.has_perm("syndication.view_output"):
        rights = rights_of(user)
        if rights.output(output) and rights.channel(found.channel):
            return
    key = key_of(request)
    if key is None:
        raise Problem(401, "key_required", _("This file needs an API key."), headers=CHALLENGE)
    if not allows(key, found.channel, found.audience):
        raise Problem(403, "key_out_of_scope", _("The API key does not cover this file."))


def _variant(request: HttpRequest, found: ServedFile) -> tuple[files.Stored, str]:
    """Return the smallest variant that the reader takes and that lies ready."""
    shelf, name = files.artefacts(), files.name_of(found.sha256)
    encoding = coding(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    packed = encoding in store.ENCODINGS and is_packed(found.media_type, size=found.size)
    if packed and "HTTP_RANGE" not in request.META:
        ready = shelf.glance(name + store.ENCODINGS[encoding])
        if ready:
            return ready, encoding
    plain = shelf.glance(name)
    if plain is None:
        raise Problem(404, "not_found", _("There is no such file."))
    return plain, IDENTITY


def _link(name: str, headers: dict) -> str:
    """Return where the bucket itself serves the file, "" where it comes from here."""
    kept = ("Content-Type", "Content-Disposition", "Content-Encoding")
    return files.artefacts().link(name, headers={k: headers[k] for k in kept if k in headers})


def _elsewhere(link: str, headers: dict) -> HttpResponse:
    """Send the reader to the bucket; the link is for this reader, now, and no cache keeps it."""
    kept = {k: headers[k] for k in ("X-Edition", "Access-Control-Allow-Origin") if k in headers}
    said = {"Location": link, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return HttpResponse(status=302, headers={**kept, **said})


def _headers(found: ServedFile, name: str, etag: str, encoding: str, *, lasting: bool) -> dict:
    who = "public" if found.public else "private"
    how = "max-age=31536000, immutable" if lasting else "no-cache"
    headers = {
        "ETag": etag,
        "Content-Type": _content_type(found.media_type),
        "Cache-Control": f"{who}, {how}",
        "Vary": "Accept-Encoding" if found.public else "Accept-Encoding, Authorization, Cookie",
        "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff",
        "X-Edition": str(found.edition),
        "Referrer-Policy": "no-referrer",
        "Content-Disposition": f'inline; filename="{quote(name.rpartition("/")[2])}"',
    }
    if found.public:
        headers["Access-Control-Allow-Origin"] = "*"
    if found.locale:
        headers["Content-Language"] = found.locale
    if encoding != IDENTITY:
        headers["Content-Encoding"] = encoding
    if found.media_type.partition(";")[0] in ACTIVE:
        headers["Content-Security-Policy"] = SANDBOX
    return headers


def _content_type(media_type: str) -> str:
    plain = media_type.startswith("text/") and "charset" not in media_type
    return f"{media_type}; charset=utf-8" if plain else media_type


def _span(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | None:
    """Return the one range asked for as (first, last), or None for the whole file."""
    asked = RANGE.fullmatch(request.META.get("HTTP_RANGE", "").strip())
    unchanged = request.META.get("HTTP_IF_RANGE", etag) == etag
    if not asked or not unchanged or not (asked[1] or asked[2]):
        return None
    if not asked[1]:
        first, last = max(size - int(asked[2]), 0), size - 1
    else:
        first, last = int(asked[1]), min(int(asked[2] or size), size - 1)
    if first > last or first >= size:
        raise Problem(416, "range_not_satisfiable", headers={"Content-Range": f"bytes */{size}"})
    return first, last


def _stream(
    request: HttpRequest, stored: files.Stored, span: tuple[int, int] | None, headers: dict
) -> HttpResponse:
    size, shelf = stored.size, files.artefacts()
    first, last = span or (0, size - 1)
    headers["Content-Length"] = str(last - first + 1)
    if span:
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    status = 206 if span else 200
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    if span is None:
        response = FileResponse(shelf.open(stored.name), content_type=headers["Content-Type"])
        for name, value in headers.items():  # it would name the file after its digest
            response[name] = value
        return response
    part = shelf.open(stored.name, first=first, last=last)
    return StreamingHttpResponse(_part(part, last - first + 1), status=status, headers=headers)


def _part(stream: IO[bytes], left: int) -> Iterator[bytes]:
    with stream:
        while left and (data := stream.read(min(CHUNK, left))):
            left -= len(data)
            yield data
