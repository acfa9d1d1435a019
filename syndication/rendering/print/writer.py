"""Writes a PDF 1.7 file front to back: objects, object streams, cross-reference stream.

Only numbers and offsets stay in memory. The same objects in the same order give the same bytes,
file identifier included (ISO 32000-1, 7.5).
"""

import hashlib
import struct
import zlib
from typing import BinaryIO

from .parts import Pack

HEADER = b"%%PDF-%b\n%%\xe2\xe3\xcf\xd3\n"
TOGETHER = 200  # objects without a stream that share an object stream
LEVEL = 4
ENTRY = struct.Struct(">BIH")
PLAIN, PACKED = 1, 2  # kinds of cross-reference entries


class PdfWriter:
    """Numbers objects and writes them to a binary file; what is reserved must be written."""

    def __init__(self, target: BinaryIO, *, version: bytes = b"1.7"):
        self.target, self.at = target, 0
        self.hash = hashlib.sha256()
        self.entries: list[bytes] = [ENTRY.pack(0, 0, 0xFFFF)]
        self.texts: list[tuple[int, bytes]] = []
        self.pages: list[tuple[int, bytes]] = []
        self.shared: dict[str, int] = {}
        self._out(HEADER % version)

    def reserve(self) -> int:
        """Return a number for an object that will be written later."""
        self.entries.append(b"")
        return len(self.entries) - 1

    def add(self, text: bytes, *, number: int = 0) -> int:
        """Write an object without a stream; return its number."""
        number = number or self.reserve()
        self.texts.append((number, text))
        if len(self.texts) >= TOGETHER:
            self._flush(self.texts)
        return number

    def add_page(self, text: bytes, *, number: int) -> None:
        """Write a page. Pages lie together: who counts them need not read what they show."""
        self.pages.append((number, text))
        if len(self.pages) >= TOGETHER:
            self._flush(self.pages)

    def add_stream(self, about: bytes, data: bytes, *, number: int = 0) -> int:
        """Write a stream; `about` is its open dictionary without a length. Return its number."""
        number = number or self.reserve()
        self.entries[number] = ENTRY.pack(PLAIN, self.at, 0)
        self._out(b"%d 0 obj\n%b/Length %d>>\nstream\n" % (number, about, len(data)))
        self._out(data)
        self._out(b"\nendstream\nendobj\n")
        return number

    def place(self, pack: Pack) -> list[int]:
        """Write the parts of a pack, equal streams once; return the numbers of its forms."""
        numbers, fresh = [], []
        for n, digest in enumerate(pack.digests):
            known = self.shared.get(digest) if digest else None
            numbers.append(known or self.reserve())
            if not known:
                fresh.append(n)
                self.shared |= {digest: numbers[n]} if digest else {}
        for n in fresh:
            part = pack.parts[n]
            text = part.text % tuple([numbers[ref] for ref in part.refs])
            if part.stream is None:
                self.add(text, number=numbers[n])
            else:
                self.add_stream(text, part.stream, number=numbers[n])
        pack.numbers = numbers
        return [numbers[form] for form in pack.forms]

    def close(self, *, root: int, info: int) -> None:
        """Write what is left, and the way to everything."""
        self._flush(self.pages)
        self._flush(self.texts)
        if b"" in self.entries:
            raise ValueError(f"object {self.entries.index(b'')} was reserved and never written")
        number, start = self.reserve(), self.at
        self.entries[number] = ENTRY.pack(PLAIN, start, 0)
        data = zlib.compress(b"".join(self.entries), LEVEL)
        name = self.hash.hexdigest()[:32].encode()
        about = b"<</Type/XRef/Size %d/W[1 4 2]/Root %d 0 R/Info %d 0 R/ID[<%b><%b>]"
        about %= (len(self.entries), root, info, name, name)
        self.add_stream(about + b"/Filter/FlateDecode", data, number=number)
        self._out(b"startxref\n%d\n%%%%EOF\n" % start)

    def _flush(self, waiting: list[tuple[int, bytes]]) -> None:
        if not waiting:
            return
        number, places, at = self.reserve(), [], 0
        for n, (inner, text) in enumerate(waiting):
            self.entries[inner] = ENTRY.pack(PACKED, number, n)
            places.append(b"%d %d" % (inner, at))
            at += len(text) + 1
        head = b" ".join(places) + b"\n"
        body = b"\n".join(text for _, text in waiting)
        about = b"<</Type/ObjStm/N %d/First %d/Filter/FlateDecode" % (len(places), len(head))
        waiting.clear()
        self.add_stream(about, zlib.compress(head + body, LEVEL), number=number)

    def _out(self, data: bytes) -> None:
        self.target.write(data)
        self.hash.update(data)
        self.at += len(data)
