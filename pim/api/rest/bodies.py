"""Bodies of requests: their media type, gzip, size, JSON; one document or many lines."""

import hashlib
import zlib
from collections.abc import Callable, Iterator
from functools import wraps
from tempfile import SpooledTemporaryFile
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest

from pim.content.nul import ESCAPED, nul_at, places_of_nul

from .errors import JSON, RestError, validation_error

COLLECTION = "application/vnd.akeneo.collection+json"
LINE_CHARACTERS = 1_000_000
_CHUNK = 64 * 1024
_IN_MEMORY = 1024 * 1024
_MAX_BYTES_OF_LINE = 4 * LINE_CHARACTERS
_ESCAPED_NUL = ESCAPED.encode()


class Body:
    """A body received whole, unpacked, in a file that stays in memory while it is small."""

    def __init__(self):
        self.file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
        self.sha256 = hashlib.sha256()
        self.size, self.lines, self._ended = 0, 0, True

    def add(self, chunk: bytes) -> None:
        self.file.write(chunk)
        self.sha256.update(chunk)
        self.size += len(chunk)
        self.lines += chunk.count(b"\n")
        self._ended = chunk.endswith(b"\n")

    def count(self) -> int:
        """Return the number of lines, whether or not the last one is ended."""
        return self.lines + (not self._ended)


def takes_document(handler: Callable) -> Callable:
    """Make a handler take the body as its second argument: one JSON object."""

    @wraps(handler)
    def view(request: HttpRequest, **names: Any):
        # One client sends a single document as a collection of one line.
        if _media_type(request) != COLLECTION:
            require_type(request, JSON)
        body, limit = body_of(request), settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if body.size > limit:
            raise RestError(413, f"The body is larger than {limit} bytes.")
        return handler(request, parse(body.file.read()), **names)

    return view


def takes_lines(handler: Callable) -> Callable:
    """Make a handler take the lines of a collection: an iterator of `bytes`, None for too long."""

    @wraps(handler)
    def view(request: HttpRequest, **names: Any):
        require_type(request, COLLECTION)
        return handler(request, _lines(body_of(request).file), **names)

    return view


def takes_list(handler: Callable) -> Callable:
    """Make a handler take the body as its second argument: a JSON list within the limit."""

    @wraps(handler)
    def view(request: HttpRequest, **names: Any):
        require_type(request, JSON)
        return handler(request, _listed(request), **names)

    return view


def _listed(request: HttpRequest) -> list:
    found = loaded(body_of(request).file.read())
    if not isinstance(found, list):
        raise RestError(400, "Invalid json message received")
    if len(found) > request.connection.collection_limit:
        raise too_many(request.connection.collection_limit)
    return found


def require_type(request: HttpRequest, wanted: str) -> None:
    """Raise 415 unless the body's media type is the wanted one."""
    given = request.META.get("CONTENT_TYPE", "")
    if not given:
        raise RestError(
            415,
            f'The "Content-Type" header is missing. "{wanted}" has to be specified as value.',
        )
    if _media_type(request) != wanted:
        message = f'"{given}" in "Content-Type" header is not valid. Only "{wanted}" is allowed.'
        raise RestError(415, message)


def _media_type(request: HttpRequest) -> str:
    return request.META.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()


def parse(text: bytes) -> dict:
    """Return the JSON object of a body; raises 400, and 422 where it holds a NUL."""
    document = loaded(text)
    if not isinstance(document, dict):
        raise RestError(400, "Invalid json message received")
    refuse_nul(text, document)
    return document


def loaded(text: bytes) -> Any:
    """Return what a JSON text says, None for what is none."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


def refuse_nul(text: bytes, document: Any) -> None:
    """Raise 422 naming every place of the document that holds a NUL; `text` is its JSON."""
    if _ESCAPED_NUL in text and (places := list(places_of_nul(document))):
        raise validation_error(nul_at(place) for place in places)


def body_of(request: HttpRequest) -> Body:
    """Return the body, received once and within its limits; its file stands at the start."""
    body = getattr(request, "received", None)
    if body is None:
        body = request.received = _receive(request)
    body.file.seek(0)
    return body


def _receive(request: HttpRequest) -> Body:
    body, lines = Body(), None
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if request.META.get("CONTENT_TYPE", "").startswith(COLLECTION):
        lines, limit = request.connection.collection_limit, settings.REST_BODY_BYTES
    for chunk in _unpacked(request, limit):
        body.add(chunk)
        if body.size > limit:
            raise RestError(413, f"The body is larger than {limit} bytes.")
        # The last line may yet be without an end.
        if lines is not None and body.lines > lines:
            raise too_many(lines)
    if lines is not None and body.count() > lines:
        raise too_many(lines)
    return body


def too_many(limit: int) -> RestError:
    """Return the 413 of a collection with too many lines."""
    return RestError(413, f"Too many resources to process, {limit} is the maximum allowed.")


def _unpacked(request: HttpRequest, limit: int) -> Iterator[bytes]:
    coding = request.META.get("HTTP_CONTENT_ENCODING", "identity").strip().lower()
    if coding in ("", "identity"):
        while chunk := request.read(_CHUNK):
            yield chunk
    elif coding in ("gzip", "x-gzip"):
        yield from _gunzip(request)
    else:
        raise RestError(
            415, f'"{coding}" in "Content-Encoding" header is not valid. Only "gzip" is allowed.'
        )


def _gunzip(request: HttpRequest) -> Iterator[bytes]:
    """Unpack in small pieces, so that a bomb is stopped by the limit and not by the memory.

    Several packed files on end are one, as for gzip itself (RFC 1952 2.2).
    """
    packer = _unpacker()
    try:
        while packed := request.read(_CHUNK):
            while packed:
                packer = _unpacker() if packer.eof else packer
                yield packer.decompress(packed, _CHUNK)
                packed = packer.unused_data if packer.eof else packer.unconsumed_tail
        rest = packer.flush()
    except zlib.error:
        raise RestError(400, "The body is no valid gzip.") from None
    if not packer.eof:
        raise RestError(400, "The body is no valid gzip.")
    yield rest


def _unpacker():
    return zlib.decompressobj(16 + zlib.MAX_WBITS)


def _lines(file) -> Iterator[bytes | None]:
    while line := file.readline(_MAX_BYTES_OF_LINE + 1):
        fits = True
        while not line.endswith(b"\n") and len(line) > _MAX_BYTES_OF_LINE:
            fits, line = False, file.readline(_MAX_BYTES_OF_LINE + 1)
        line = line.rstrip(b"\r\n")
        yield line if fits and _short(line) else None


def _short(line: bytes) -> bool:
    return len(line) <= LINE_CHARACTERS or len(line.decode(errors="replace")) <= LINE_CHARACTERS
