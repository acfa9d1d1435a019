"""What every public answer has in common: a strict policy, no referrer, validators."""

import hashlib

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

PAGE_POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; font-src 'self';"
    " media-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'self'"
)
MAX_AGE = 31_536_000


def guard(response: HttpResponse, *, policy: str = PAGE_POLICY) -> HttpResponse:
    """Return the response with the headers of a public page."""
    response["Content-Security-Policy"] = policy
    response["Referrer-Policy"] = "no-referrer"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def html(
    request: HttpRequest, text: str, *, locale: str, status: int = 200, vary: str = ""
) -> HttpResponse:
    """Return a page with a strong ETag, or 304 where the reader already has it."""
    body = text.encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    if status == 200 and matches(request, etag):
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(body, status=status, content_type="text/html; charset=utf-8")
        response["Content-Language"] = locale
    if status == 200:
        response["ETag"] = etag
    response["Cache-Control"] = "no-cache" if status == 200 else "no-store"
    if vary:
        response["Vary"] = vary
    return guard(response)


def matches(request: HttpRequest, etag: str) -> bool:
    """Tell whether If-None-Match names this ETag (weak comparison, RFC 9110 §13.1.2)."""
    header = request.headers.get("If-None-Match", "")
    if header.strip() == "*":
        return True
    known = {part.strip().removeprefix("W/") for part in header.split(",")}
    return etag in known


def redirect(path: str, *, vary: str = "", cache: str = "no-store") -> HttpResponse:
    """Return a 307 to a path of our own; never to another host."""
    if not path.startswith("/") or path.startswith("//") or "\\" in path:
        raise ValueError("Redirects lead to our own paths only.")
    response = HttpResponse(status=307)
    response["Location"] = path.replace("\r", "").replace("\n", "")
    response["Cache-Control"] = cache
    if vary:
        response["Vary"] = vary
    return guard(response)


def immutable(body: bytes, *, media_type: str, etag: str = "") -> HttpResponse:
    """Return bytes whose address changes whenever they do."""
    response = HttpResponse(body, content_type=media_type)
    response["Cache-Control"] = f"public, max-age={MAX_AGE}, immutable"
    response["ETag"] = f'"{etag or hashlib.sha256(body).hexdigest()[:32]}"'
    return guard(response)
