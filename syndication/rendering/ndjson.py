"""JSON lines, and files that know their own digest while they are written."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import orjson


def line(document: Any) -> bytes:
    """Return one JSON line; keys keep their order, so that equal documents give equal bytes."""
    return orjson.dumps(document) + b"\n"


class Counted:
    """A binary file that counts and digests what is written to it."""

    def __init__(self, target):
        self.target, self.size, self.digest = target, 0, hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.target.write(data)
        self.digest.update(data)
        self.size += len(data)
        return len(data)

    @property
    def sha256(self) -> str:
        return self.digest.hexdigest()


@contextmanager
def counted(sink, name: str, *, media_type: str) -> Iterator[Counted]:
    """Open `name` in the sink for writing, counted and digested."""
    with sink.open(name, media_type=media_type) as target:
        yield Counted(target)


def joined(lines: Iterable[bytes], *, separator: bytes = b",\n") -> Iterator[bytes]:
    """Yield JSON lines as the elements of one array, without its brackets."""
    first = True
    for each in lines:
        yield each.rstrip(b"\n") if first else separator + each.rstrip(b"\n")
        first = False
