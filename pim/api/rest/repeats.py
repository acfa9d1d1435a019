"""Idempotency-Key: a request that is sent again gets the answer of the first time."""

import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from pim.actions.requests import drop_answer, keep_answer, kept_body, open_answer
from pim.content.refusals import Conflict, InvalidValue
from pim.models import KeptAnswer

from .bodies import body_of
from .errors import RestError, error_response

_KEPT_HEADERS = ("Content-Type", "Location", "ETag", "X-Changed")
_MAX_KEY = 255


def answered_once(request: HttpRequest, run: Callable[[], HttpResponse]) -> HttpResponse:
    """Run a write once per Idempotency-Key of the connection; else answer what was answered."""
    key = request.headers.get("Idempotency-Key", "")
    if not key or request.method in ("GET", "HEAD"):
        return run()
    row = _open(request, key)
    if row.status:
        return _again(row)
    try:
        response = run()
    except RestError as error:
        response = error_response(error)
    except BaseException:
        drop_answer(row)
        raise
    if response.streaming:
        response.streaming_content = _kept(response, row, response.streaming_content)
    else:
        _keep(response, row, response.content)
    return response


def _open(request: HttpRequest, key: str) -> KeptAnswer:
    if len(key) > _MAX_KEY:
        raise RestError(400, f"An Idempotency-Key has at most {_MAX_KEY} characters.")
    try:
        return open_answer(request.connection, key, digest=_digest(request), at=timezone.now())
    except Conflict as refusal:
        raise RestError(409, refusal.say(), headers={"Retry-After": "5"}) from refusal
    except InvalidValue as refusal:
        raise RestError(422, refusal.say()) from refusal


def _digest(request: HttpRequest) -> str:
    kind = request.META.get("CONTENT_TYPE", "")
    form = kind.startswith("multipart/")
    # A form that is sent again has another boundary.
    kind = kind.partition(";")[0] if form else kind
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()} {kind}".encode())
    if form:
        _add_parts(digest, request)
    else:
        digest.update(body_of(request).sha256.digest())
    return digest.hexdigest()


def _add_parts(digest, request: HttpRequest) -> None:
    """Add what the parts of a form say to a digest."""
    for name, text in sorted(request.POST.items()):
        digest.update(f"{name}={len(text)}:{text}\n".encode(errors="replace"))
    for name, file in sorted(request.FILES.items()):
        digest.update(f"{name}={file.name}={file.size}:".encode(errors="replace"))
        for chunk in file.chunks():
            digest.update(chunk)
        file.seek(0)


def _keep(response: HttpResponse, row: KeptAnswer, body: bytes) -> None:
    if response.status_code >= 500 or response.status_code == 429:
        drop_answer(row)
        return
    headers = {n: response.headers[n] for n in _KEPT_HEADERS if n in response.headers}
    keep_answer(row, status=response.status_code, headers=headers, body=body)


def _kept(response: HttpResponse, row: KeptAnswer, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Pass a stream on and keep it when it has ended; a broken one frees the key."""
    packer, pieces = zlib.compressobj(6), []
    try:
        for chunk in chunks:
            pieces.append(packer.compress(chunk))
            yield chunk
    except BaseException:
        drop_answer(row)
        raise
    _keep(response, row, zlib.decompress(b"".join([*pieces, packer.flush()])))


def _again(row: KeptAnswer) -> HttpResponse:
    response = HttpResponse(kept_body(row), status=row.status)
    del response.headers["Content-Type"]
    for name, value in row.headers.items():
        response.headers[name] = value
    response.headers["Idempotent-Replayed"] = "true"
    return response
