"""Answers of the PIM REST API: documents, what was made or changed, entity tags, links."""

import hashlib
from collections.abc import Mapping

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags, quote_etag

from .errors import JSON, RestError

BASE = "/api/rest/v1"


def url_of(request: HttpRequest, *parts: str) -> str:
    """Return the absolute address of a resource: `url_of(request, "categories", code)`."""
    from urllib.parse import quote

    path = "/".join(quote(part, safe="") for part in parts)
    return f"{request.scheme}://{request.get_host()}{BASE}/{path}"


def json_answer(document: object, *, status: int = 200, headers: Mapping | None = None):
    """Return a JSON response; its type is exactly application/json."""
    return HttpResponse(
        orjson.dumps(document), status=status, content_type=JSON, headers=headers or {}
    )


def item_answer(request: HttpRequest, document: dict, *, tag: str = "") -> HttpResponse:
    """Return one resource with its entity tag, or 304 where the reader has it already."""
    tag = tag or tag_of(document)
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if "*" in known or tag in {t.removeprefix("W/") for t in known}:
        return HttpResponse(status=304, headers={"ETag": tag})
    return json_answer(document, headers={"ETag": tag})


def tag_of(document: object) -> str:
    """Return the strong entity tag of a document, by its content."""
    text = orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
    return quote_etag(hashlib.sha256(text).hexdigest()[:32])


def version_tag(version: int | str) -> str:
    """Return the strong entity tag of a numbered state."""
    return quote_etag(str(version))


def require_match(request: HttpRequest, current: str | None) -> None:
    """Raise 412 where If-Match names another state than `current` (None: there is nothing)."""
    if "If-Match" not in request.headers:
        return
    wanted = parse_etags(request.headers["If-Match"])
    if current is None or ("*" not in wanted and current not in wanted):
        raise RestError(412, "The resource has changed since it was read: read it again.")


def written(location: str, *, created: bool, changed: bool = True) -> HttpResponse:
    """Return 201 or 204 with the Location; X-Changed tells whether anything was written."""
    response = HttpResponse(status=201 if created else 204, headers={"Location": location})
    response.headers["X-Changed"] = "true" if changed else "false"
    del response.headers["Content-Type"]
    return response


def deleted() -> HttpResponse:
    """Return the 204 of a deletion."""
    response = HttpResponse(status=204)
    del response.headers["Content-Type"]
    return response
