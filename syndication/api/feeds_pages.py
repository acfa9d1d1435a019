"""Pages of a feed: stored JSON put together unparsed, kept compressed while nothing changes."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

import orjson
from django.conf import settings

from syndication.queries.listings import Document

from .negotiation import IDENTITY, NDJSON, encoded

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Page:
    """One finished representation; `codings` holds it as sent, by content coding."""

    data: bytes
    next: str | None = None
    sequence: int = 0
    codings: dict[str, bytes] = field(default_factory=dict)

    def coded(self, name: str) -> bytes:
        """Return the bytes in that coding, made once."""
        if name == IDENTITY:
            return self.data
        if name not in self.codings:
            self.codings[name] = encoded(self.data, name)
        return self.codings[name]

    @property
    def size(self) -> int:
        """Return about how many bytes the page takes when both codings are made."""
        return len(self.data) * 2


class PageCache:
    """The pages last asked for, up to a number of bytes; one per process."""

    def __init__(self, limit: int):
        self.limit, self.size = limit, 0
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self._lock = Lock()

    def get(self, tag: str) -> Page | None:
        """Return the page of that tag and make it the last to go."""
        with self._lock:
            page = self._pages.get(tag)
            if page is not None:
                self._pages.move_to_end(tag)
            return page

    def put(self, tag: str, page: Page) -> None:
        """Keep a page; the ones not asked for the longest time go."""
        with self._lock:
            if tag in self._pages or page.size > self.limit:
                return
            self._pages[tag] = page
            self.size += page.size
            while self.size > self.limit:
                _tag, old = self._pages.popitem(last=False)
                self.size -= old.size


PAGES = PageCache(settings.FEED_CACHE_MB * MEGABYTE)


def page_tag(*parts) -> str:
    """Return the name of a representation, by all that decides its bytes."""
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:40]


def document_bytes(document: Document) -> bytes:
    """Return one document as it is sent: body, facts, sequence and state; or a tombstone."""
    if document.state != "live" or document.body is None:
        gone = {
            "identifier": document.identifier,
            "sequence": document.sequence,
            "state": "removed",
            "uuid": str(_uuid(document.uuid)),
        }
        return orjson.dumps(gone)
    facts = document.facts or "null"
    tail = f',"facts":{facts},"sequence":{document.sequence},"state":"live"}}'
    return (document.body[:-1] + tail).encode()


def many(head: dict, documents: list[Document], media_type: str) -> bytes:
    """Return a page of documents: a JSON object with "items", or one document a line."""
    if media_type == NDJSON:
        return b"".join(document_bytes(d) + b"\n" for d in documents)
    items = b",".join(map(document_bytes, documents))
    return orjson.dumps(head)[:-1] + b',"items":[' + items + b"]}"


def _uuid(stored) -> str:
    text = str(stored)
    if "-" in text:
        return text
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
