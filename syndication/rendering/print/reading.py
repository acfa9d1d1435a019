"""Reads a PDF back as `writer.py` writes it: front to back, every object where its table says.

A library that keeps all it looked at would hold a book of many thousand products in memory, and
build a tree of every object to look at a few of its words.
"""

import re
import zlib
from collections.abc import Collection, Iterator
from typing import BinaryIO, NamedTuple

from .parts import OBJECT
from .writer import END, ENTRY, FREE, PACKED, PLAIN, PdfWriter

TAIL = 64  # bytes at the end of a file in which the place of its table stands
LENGTH = re.compile(rb"/Length (\d+)>>\n\Z")
PLACE = re.compile(rb"startxref\n(\d+)\n%%EOF\n\Z")
REFERENCE = re.compile(rb"(\d+) 0 R")
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
        self.opened: tuple[int, list[tuple[int, bytes]]] = (0, [])  # the objects looked at last

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
        data = self.raw(stream)
        try:
            return zlib.decompress(data) if b"/FlateDecode" in stream.about else data
        except zlib.error as error:
            raise Damaged(f"object {stream.number} cannot be unpacked") from error

    def raw(self, stream: Stream) -> bytes:
        """Return the bytes of a stream as they are stored."""
        self.file.seek(stream.at)
        data = self.file.read(stream.length)
        if self.file.read(len(END)) != END:
            raise Damaged(f"object {stream.number} has no end")
        return data

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

    def objects(self) -> Iterator[tuple[int, bytes]]:
        """Yield the objects that are no streams, with their numbers."""
        for stream in self.streams():
            yield from self.packed(stream)

    def text(self, number: int) -> bytes:
        """Return the text of an object, of a stream its dictionary."""
        kind, at, n = self.entries[number] if number < self.size else (0, 0, 0)
        if kind != PACKED:
            return self.stream(number).about
        if at != self.opened[0]:
            self.opened = at, self.packed(self.stream(at))
        return self.opened[1][n][1]

    def stream(self, number: int) -> Stream:
        """Return a stream by its number."""
        kind, at, _n = self.entries[number] if number < self.size else (0, 0, 0)
        if kind != PLAIN:
            raise Damaged(f"object {number} is missing")
        return self._head(at, number=number)

    def copied(self, target: BinaryIO, *, without: Collection[int] = ()) -> PdfWriter:
        """Return a writer of a file that has these objects already, but for streams left out.

        It numbers new ones after them; what is written under a number again takes the place of
        what was there.
        """
        self.file.seek(0)
        writer = PdfWriter(target, version=self.file.readline()[5:8])
        kept = [
            (FREE if kind != PACKED or at in without else ENTRY.pack(kind, at, n))
            for kind, at, n in self.entries
        ]
        writer.entries = kept
        for stream in self.streams():
            if stream.number not in without and b"/Type/XRef" not in stream.about:
                head = OBJECT % stream.number + stream.about + b"stream\n"
                writer.copy(stream.number, head, self.raw(stream))
        return writer

    def pages(self) -> list[int]:
        """Return the numbers of the pages, in their order."""
        root = self.follow(self.trailer, b"/Root")
        kids = self.follow(root, b"/Pages").partition(b"/Kids")[2]
        return [int(n) for n in REFERENCE.findall(kids)]

    def number(self, about: bytes, name: bytes) -> int:
        """Return the number of the object that an entry of a dictionary refers to."""
        found = re.search(re.escape(name) + rb" (\d+) 0 R", about)
        if not found:
            raise Damaged(f"{name.decode()} is missing")
        return int(found[1])

    def follow(self, about: bytes, name: bytes) -> bytes:
        """Return the text of the object that an entry of a dictionary refers to."""
        return self.text(self.number(about, name))
