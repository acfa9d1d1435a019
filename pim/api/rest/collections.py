"""Collections: one document to a line, written set-wise, answered line by line in order."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import orjson
from django.http import HttpRequest, StreamingHttpResponse

from pim.content.nul import ESCAPED, nul_at, places_of_nul

from .bodies import COLLECTION, loaded
from .errors import RestError, validation_error

BATCH = 500
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Line:
    """One line on its way: its document, and what is to be answered.

    `status` 0 is open; `error` is why it was refused; `more` are members added to the answer,
    `told` those added for whoever asks what was changed, where they are not empty.
    """

    number: int
    document: dict | None = None
    status: int = 0
    error: RestError | None = None
    changed: bool = True
    more: dict = field(default_factory=dict)
    told: dict = field(default_factory=dict)

    def refuse(self, error: RestError) -> None:
        self.status, self.error = error.status, error

    def accept(self, *, created: bool, changed: bool = True) -> None:
        self.status, self.changed = 201 if created else 204, changed


def collection_answer(
    request: HttpRequest,
    lines: Iterable[bytes | None],
    *,
    write: Callable[[Sequence[Line]], None],
    key: str = "code",
) -> StreamingHttpResponse:
    """Return the stream of one answer per line, in order.

    `write` gets up to 500 lines whose documents name their `key`, writes them in one
    transaction of its own and accepts or refuses each. Lines do not depend on one another.
    """
    told = request.GET.get("with_changed") == "true"
    response = StreamingHttpResponse(
        _stream(lines, write=write, key=key, told=told), content_type=COLLECTION
    )
    response.headers["X-Accel-Buffering"] = "no"
    return response


def list_answers(
    documents: Sequence, *, write: Callable[[Sequence[Line]], None], key: str = "code"
) -> list[dict]:
    """Return one answer per document of a JSON list, in order: {code, status_code, …}."""
    batch = [_listed(n, document, key) for n, document in enumerate(documents, start=1)]
    _write(batch, write)
    return [
        {
            key: line.document.get(key) if line.document else None,
            "status_code": line.status,
            **(line.error.body() if line.error else {}),
        }
        for line in batch
    ]


def _stream(lines: Iterable, *, write: Callable, key: str, told: bool) -> Iterator[bytes]:
    numbered = enumerate(lines, start=1)
    first = True
    while batch := [_read(n, text, key) for n, text in islice(numbered, BATCH)]:
        _write(batch, write)
        text = b"\n".join(_answer(line, key=key, told=told) for line in batch)
        # No line end after the last line: existing clients fail on an empty one.
        yield text if first else b"\n" + text
        first = False


def _read(number: int, text: bytes | None, key: str) -> Line:
    line = Line(number)
    if text is None:
        line.refuse(RestError(413, "Line is too long."))
        return line
    document = loaded(text)
    _named(line, document, key)
    return _whole(line) if ESCAPED.encode() in text else line


def _listed(number: int, document: object, key: str) -> Line:
    return _whole(_named(Line(number), document, key))


def _whole(line: Line) -> Line:
    """Refuse a line whose document holds a NUL, naming every place."""
    if places := list(places_of_nul(line.document)):
        line.refuse(validation_error(nul_at(place) for place in places))
    return line


def _named(line: Line, document: object, key: str) -> Line:
    if not isinstance(document, dict):
        line.refuse(RestError(400, "Invalid json message received"))
        return line
    line.document = document
    if type(document.get(key)) is int:
        document[key] = str(document[key])
    if not isinstance(document.get(key), str) or not document[key].strip():
        line.refuse(RestError(422, f"{key[:1].upper()}{key[1:]} is missing."))
    return line


def _write(batch: list[Line], write: Callable) -> None:
    open_lines = [line for line in batch if not line.status]
    try:
        if open_lines:
            write(open_lines)
    except Exception:
        # The answer has begun: a fault of ours can only be told line by line.
        log.exception("A batch of a collection could not be written.")
        for line in open_lines:
            line.refuse(RestError(500, "This is our fault; it has been logged."))


def _answer(line: Line, *, key: str, told: bool) -> bytes:
    named = (line.document or {}).get(key)
    answer = {"line": line.number, **({key: named} if named else {}), "status_code": line.status}
    if line.error:
        answer |= line.error.body()
    elif told:
        answer["changed"] = line.changed
        answer |= {name: value for name, value in line.told.items() if value}
    return orjson.dumps({**answer, **line.more})
