"""JSON lines: one product or model a line, in the shape of the API's values."""

from collections.abc import Iterator
from typing import Any

import orjson

from pim.content.refusals import _

from .refusals import FileRefused
from .tables import Table, scan

LINE_LIMIT = 16 * 1024 * 1024
ENDINGS = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")


def json_table(name: str, *, stem: str, opener, folder: str = "") -> Table:
    """Return the table of a file of JSON lines; a line that is no JSON object is read as None."""
    _encoding, notices, lines = scan(opener)

    def read() -> Iterator[tuple[int, Any]]:
        with opener() as raw:
            yield from _documents(raw, name)

    first = next((document for _line, document in read() if document), {})
    return Table(
        name,
        stem,
        [],
        read,
        folder,
        notices,
        lines,
        kind="product_models" if is_model(first) else "products" if first else "",
        documents=True,
    )


def is_model(document: dict) -> bool:
    """Return whether a document is about a product model; a file for people mixes both."""
    return "family_variant" in document or ("code" in document and "identifier" not in document)


def _documents(raw, name: str) -> Iterator[tuple[int, Any]]:
    line = 0
    while text := raw.readline(LINE_LIMIT + 1):
        line += 1
        if len(text) > LINE_LIMIT:
            raise FileRefused(
                _("“%(name)s” has a line of more than %(limit)s MB at line %(line)s."),
                code="line_too_long",
                name=name,
                limit=LINE_LIMIT // 1024**2,
                line=line,
            )
        text = text.removeprefix(b"\xef\xbb\xbf").strip()
        if text:
            yield line, _parsed(text)


def _parsed(text: bytes) -> dict | None:
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return document if isinstance(document, dict) else None
