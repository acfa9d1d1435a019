"""Bodies in chunks are measured before Django, which takes one without a length for empty.

An empty list of prices means "take all away", so such a body must never be lost (RFC 9112,
sections 6.3 and 7.1).
"""

import json
from collections.abc import Callable
from http import HTTPStatus
from tempfile import SpooledTemporaryFile

IN_MEMORY = 1024 * 1024
PIECE = 64 * 1024


class Measured:
    """A WSGI application whose requests all say how long their bodies are.

    A body in chunks waits in a temporary file until it is whole; above `limit` bytes the answer
    is 413, and 411 where the server cannot tell the end of a body.
    """

    def __init__(self, application: Callable, *, limit: int):
        self.application, self.limit = application, limit

    def __call__(self, environ: dict, start_response: Callable):
        if "chunked" not in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
            return self.application(environ, start_response)
        if not environ.get("wsgi.input_terminated"):
            return _refuse(start_response, HTTPStatus.LENGTH_REQUIRED)
        body = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - goes with the request
        length = self._copy(environ["wsgi.input"], body)
        if length > self.limit:
            body.close()
            return _refuse(start_response, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        body.seek(0)
        rest = {k: v for k, v in environ.items() if k != "HTTP_TRANSFER_ENCODING"}
        whole = {**rest, "wsgi.input": body, "CONTENT_LENGTH": str(length)}
        return self.application(whole, start_response)

    def _copy(self, source, target) -> int:
        length = 0
        while length <= self.limit and (piece := source.read(PIECE)):
            target.write(piece)
            length += len(piece)
        return length


def _refuse(start_response: Callable, status: HTTPStatus) -> list[bytes]:
    document = {"title": status.phrase, "status": status.value, "code": status.name.lower()}
    start_response(
        f"{status.value} {status.phrase}",
        [("Content-Type", "application/problem+json"), ("Connection", "close")],
    )
    return [json.dumps(document).encode()]
