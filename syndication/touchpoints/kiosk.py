"""The totem: `/kiosk/{output}/` serves the current bundle to the browser that keeps it offline."""

import orjson
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from syndication import store
from syndication.models import Output
from syndication.queries import bundles
from syndication.rendering.pages import TEMPLATES

from . import refusals
from .responses import MAX_AGE, guard, matches

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


def _output(code: str) -> Output:
    output = bundles.kiosk_output(code)
    if output is None:
        raise Http404
    return output


def _fresh(request: HttpRequest, body: bytes, *, media_type: str, etag: str) -> HttpResponse:
    """Return what a device asks for again and again: always checked, seldom sent."""
    if matches(request, etag):
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(body, content_type=media_type)
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"
    return guard(response, policy=POLICY)


@require_safe
def shell(request: HttpRequest, output: str) -> HttpResponse:
    """Serve the page of the app."""
    found = bundles.kiosk_output(output)
    current = found and bundles.manifest(found)
    if not current:
        return refusals.not_found(request, "")
    entry = bundles.bundle_file(found, current["entry"])
    body = store.local(entry.artefact_id).read_bytes()
    return _fresh(
        request, body, media_type=entry.artefact.media_type, etag=f'"{entry.artefact_id}"'
    )


@require_safe
def manifest(request: HttpRequest, output: str) -> HttpResponse:
    """Serve the manifest that the device compares its bundle with."""
    current = bundles.manifest(_output(output))
    if current is None:
        raise Http404
    body = orjson.dumps(current, option=orjson.OPT_INDENT_2)
    etag = f'"{current["version"]}-{current["edition"]}"'
    return _fresh(request, body, media_type="application/json", etag=etag)


@require_safe
def worker(request: HttpRequest, output: str) -> HttpResponse:
    """Serve the service worker."""
    _output(output)
    body = (TEMPLATES / "outputs/kiosk/sw.js").read_bytes()
    response = HttpResponse(body, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return guard(response, policy=POLICY)


@require_safe
def file(request: HttpRequest, output: str, name: str) -> HttpResponse:
    """Serve a file of the bundle; its name holds a digest, so it never changes."""
    found = bundles.bundle_file(_output(output), name)
    if found is None or name.startswith("bundle"):
        raise Http404
    etag = f'"{found.artefact_id}"'
    if matches(request, etag):
        response = HttpResponse(status=304)
    else:
        path = store.local(found.artefact_id)
        response = FileResponse(path.open("rb"), content_type=found.artefact.media_type)
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={MAX_AGE}, immutable"
    return guard(response, policy=POLICY)
