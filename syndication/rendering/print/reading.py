"""Reads a PDF back as `writer.py` writes it: front to back, every object where its table says.

A library that keeps all it looked at would hold a book of many thousand products in memory, and
build a tree of every object to look at a few of its words.
"""

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from .writer import END, ENTRY, PACKED, PLAIN

TAIL = 64  # bytes at the end of a file in which the place of its table stands
LENGTH = re.compile(rb"/Length (\d+)>>\n\Z")
PLACE = re.compile(rb"startxref\n(\d+)\n%%EOF\n\Z")
FIRST = re.compile(rb"/N (\d+)/First (\d+)")


class Damaged(ValueError):
    """The file is not as it was written."""


class Stream(NamedTuple):
    """A stream: the number of its object, its dictionary, the place and length of its data."""

    number: int
    about: bytes
    at: int
    length: int


class Reading:
    """An open file that `PdfWriter` has written; `size` is one more than its last object."""

    def __init__(self, file: BinaryIO):
        self.file = file
        file.seek(0, 2)
        file.seek(max(0, file.tell() - TAIL))
        found = PLACE.search(file.read())
        if not found:
            raise Damaged("its end is missing")
        self.start = int(found[1])
        table = self._head(self.start)
        self.trailer = table.about
        self.entries = list(ENTRY.iter_unpack(self.data(table)))
        self.size = len(self.entries)

    def streams(self) -> Iterator[Stream]:
        """Yield the streams in their order; each must begin where the one before it ends."""
        places = sorted((at, n) for n, (kind, at, _) in enumerate(self.entries) if kind == PLAIN)
        end = places[0][0] if places else 0
        for at, number in places:
            stream = self._head(at, number=number)
            if at != end:
                raise Damaged(f"object {number} does not follow on the one before it")
            end = stream.at + stream.length + len(END)
            yield stream

    def _head(self, at: int, *, number: int = 0) -> Stream:
        self.file.seek(at)
        named, about = self.file.readline(), self.file.readline()
        if number and named != b"%d 0 obj\n" % number:
            raise Damaged(f"object {number} is not where it should be")
        length = LENGTH.search(about)
        if not length or self.file.readline() != b"stream\n":
            raise Damaged(f"object {number} is no stream")
        return Stream(number, about, self.file.tell(), int(length[1]))

    def data(self, stream: Stream) -> bytes:
        """Return what a stream holds, unpacked."""
        self.file.seek(stream.at)
        data = self.file.read(stream.length)
        if self.file.read(len(END)) != END:
            raise Damaged(f"object {stream.number} has no end")
        try:
            return zlib.decompress(data) if b"/FlateDecode" in stream.about else data
        except zlib.error as error:
            raise Damaged(f"object {stream.number} cannot be unpacked") from error

    def packed(self, stream: Stream) -> list[tuple[int, bytes]]:
        """Return the objects of a stream of objects with their numbers, [] of any other stream."""
        if not stream.about.startswith(b"<</Type/ObjStm"):
            return []
        count, first = (int(n) for n in FIRST.search(stream.about).groups())
        data = self.data(stream)
        told = [int(n) for n in data[:first].split()]
        texts, at = data[first:].split(b"\n"), 0
        if not len(texts) == count == len(told) // 2:
            raise Damaged(f"object {stream.number} has not as many objects as it says")
        for n, text in enumerate(texts):
            number = told[2 * n]
            if told[2 * n + 1] != at or self.entries[number] != (PACKED, stream.number, n):
                raise Damaged(f"object {number} is not where it should be")
            at += len(text) + 1
        return list(zip(told[::2], texts, strict=True))

    def text(self, number: int) -> bytes:
        """Return the text of an object, of a stream its dictionary."""
        kind, at, n = self.entries[number] if number < self.size else (0, 0, 0)
        if kind == PLAIN:
            return self._head(at, number=number).about
        if kind != PACKED:
            raise Damaged(f"object {number} is missing")
        return self.packed(self._head(self.entries[at][1], number=at))[n][1]

    def follow(self, about: bytes, name: bytes) -> bytes:
        """Return the text of the object that an entry of a dictionary refers to."""
        found = re.search(re.escape(name) + rb" (\d+) 0 R", about)
        if not found:
            raise Damaged(f"{name.decode()} is missing")
        return self.text(int(found[1]))
