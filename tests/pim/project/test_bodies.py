"""Bodies that come in chunks reach the views whole, or are refused: never taken for empty."""

from http import HTTPStatus
from io import BytesIO

import pytest
from django.core.handlers.wsgi import WSGIRequest

from pim.project.bodies import Measured

CHUNKED = {"REQUEST_METHOD": "PUT", "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.url_scheme": "http"}


def ask(body: bytes, *, limit: int = 100, **environ) -> tuple[list[str], list[bytes]]:
    """Return the statuses of refusals, and what the application has read."""
    refused, read = [], []

    def application(environ, start_response):
        read.append(WSGIRequest(environ).read())
        return []

    answer = Measured(application, limit=limit)
    environ = {**CHUNKED, "wsgi.input": BytesIO(body), **environ}
    answer(environ, lambda status, headers: refused.append(status))
    return refused, read


@pytest.mark.parametrize("size", [0, 1, 100])
def test_a_body_in_chunks_is_read_whole(size):
    body = b"x" * size
    assert ask(body, **{"wsgi.input_terminated": True}) == ([], [body])


def test_a_body_in_chunks_above_the_limit_is_refused():
    refused = ask(b"x" * 101, **{"wsgi.input_terminated": True})
    assert refused == ([f"413 {HTTPStatus(413).phrase}"], [])  # later releases of Python reword it


def test_a_body_without_an_end_is_refused():
    assert ask(b"x") == (["411 Length Required"], [])


def test_a_body_that_breaks_off_reaches_nobody():
    class Broken(BytesIO):
        def read(self, size=-1):
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        ask(b"", **{"wsgi.input": Broken(), "wsgi.input_terminated": True})


def test_a_body_with_a_length_is_read_as_it_comes():
    source = {"HTTP_TRANSFER_ENCODING": "", "CONTENT_LENGTH": "2"}
    assert ask(b"abc", **source) == ([], [b"ab"])
