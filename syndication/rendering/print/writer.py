"""Writes a PDF 1.7 file front to back: objects, object streams, cross-reference stream.

Only numbers and offsets stay in memory. The same objects in the same order give the same bytes,
file identifier included (ISO 32000-1, 7.5).
"""

import hashlib
import struct
import zlib
from itertools import accumulate
from typing import BinaryIO

from .parts import DATA, OBJECT, Pack

HEADER = b"%%PDF-%b\n%%\xe2\xe3\xcf\xd3\n"
TOGETHER = 200  # objects without a stream that share an object stream
LEVEL = 4
END = b"\nendstream\nendobj\n"
ENTRY = struct.Struct(">BIH")
PLAIN, PACKED = 1, 2  # kinds of cross-reference entries
FREE = ENTRY.pack(0, 0, 0xFFFF)


class PdfWriter:
    """Numbers objects and writes them to a binary file; what is reserved must be written."""

    def __init__(self, target: BinaryIO, *, version: bytes = b"1.7"):
        self.target, self.at = target, 0
        self.hash = hashlib.sha256()
        self.entries: list[bytes] = [FREE]
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
        head = (OBJECT + b"%b" + DATA) % (number, about, len(data))
        self._out(b"".join((head, data, END)))
        return number

    def copy(self, number: int, head: bytes, data: bytes) -> None:
        """Write a stream as it stands in another file, under the same number."""
        self.entries[number] = ENTRY.pack(PLAIN, self.at, 0)
        self._out(b"".join((head, data, END)))

    def place(self, pack: Pack) -> list[int]:
        """Write the parts of a pack, equal streams once; return the numbers of its forms."""
        ready = pack.ready
        pack.numbers, fresh = self._numbered(ready.digests)
        texts, chunks, at = ready.filled(pack.numbers), [], self.at
        for n in fresh:
            number, text, stream = pack.numbers[n], texts[n], ready.streams[n]
            if stream is None:
                self.texts.append((number, text))
                continue
            self.entries[number] = ENTRY.pack(PLAIN, at, 0)
            chunks += (text, stream, END)
            at += len(text) + len(stream) + len(END)
        self._out(b"".join(chunks))
        if len(self.texts) >= TOGETHER:
            self._flush(self.texts)
        return [pack.numbers[form] for form in pack.forms]

    def _numbered(self, digests: list[str]) -> tuple[list[int], list[int]]:
        """Return the numbers of parts with these digests, and which are not in the file yet."""
        numbers, fresh, next_one = [], [], len(self.entries)
        for n, digest in enumerate(digests):
            known = self.shared.get(digest) if digest else None
            if known is None:
                known, next_one = next_one, next_one + 1
                fresh.append(n)
                if digest:
                    self.shared[digest] = known
            numbers.append(known)
        self.entries += [b""] * len(fresh)
        return numbers, fresh

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
        number = self.reserve()
        inner, texts = zip(*waiting, strict=True)
        waiting.clear()
        for n, one in enumerate(inner):
            self.entries[one] = ENTRY.pack(PACKED, number, n)
        ends = accumulate((len(text) + 1 for text in texts), initial=0)
        places = (b"%d %d" % both for both in zip(inner, ends, strict=False))
        head = b" ".join(places) + b"\n"
        about = b"<</Type/ObjStm/N %d/First %d/Filter/FlateDecode" % (len(inner), len(head))
        data = zlib.compress(head + b"\n".join(texts), LEVEL)
        self.add_stream(about, data, number=number)

    def _out(self, data: bytes) -> None:
        self.target.write(data)
        self.hash.update(data)
        self.at += len(data)
