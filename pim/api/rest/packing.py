"""Answers packed with gzip for clients that take it, streams included."""

import gzip
import zlib
from collections.abc import Iterable, Iterator

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

_WORTH = 1_000
_TYPES = ("application/json", "application/vnd.akeneo.collection+json")


def packed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return the response, its body packed where that is wanted and worth it."""
    if response.headers.get("Content-Type", "") not in _TYPES:
        return response
    patch_vary_headers(response, ["Accept-Encoding", "Authorization"])
    if not _takes_gzip(request) or response.headers.get("Content-Encoding"):
        return response
    if response.streaming:
        response.streaming_content = _pack(response.streaming_content)
    elif len(response.content) >= _WORTH:
        response.content = gzip.compress(response.content, 5, mtime=0)
        response.headers["Content-Length"] = str(len(response.content))
    else:
        return response
    response.headers["Content-Encoding"] = "gzip"
    return response


def _takes_gzip(request: HttpRequest) -> bool:
    for part in request.META.get("HTTP_ACCEPT_ENCODING", "").lower().split(","):
        name, _semicolon, weight = part.partition(";")
        if name.strip() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def _pack(chunks: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(5, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    for chunk in chunks:
        # What is done is seen at once: a client may follow a long collection.
        yield packer.compress(chunk) + packer.flush(zlib.Z_SYNC_FLUSH)
    yield packer.flush()
