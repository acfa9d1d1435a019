"""Ready-made pieces of a PDF: objects whose references are still open, to be numbered by a book.

Set pages are taken apart once (`taking_apart.py`) and kept like this, so that binding an edition
copies bytes and fills in numbers, and parses nothing (ISO 32000-1, 7.3).
"""

import hashlib
import re
import struct
from dataclasses import dataclass, field

import orjson

HEAD = struct.Struct("<I")
# Strings of a normalised object hold neither bare brackets nor, in hex, anything but digits.
REFERENCE = re.compile(rb"(\((?:[^()\\]|\\.)*\)|<[0-9a-fA-F]*>)|(\d+) 0 R", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Part:
    """One object; `text` has a %d for the number of every part in `refs`.

    With a `stream`, `text` is its dictionary without /Length and without the closing brackets.
    """

    text: bytes
    refs: tuple[int, ...] = ()
    stream: bytes | None = None

    @property
    def digest(self) -> str:
        """What equal parts share, "" for parts that cannot be shared."""
        if self.stream is None or self.refs:
            return ""
        return hashlib.sha256(self.text + b"\0" + self.stream).hexdigest()[:32]


@dataclass(slots=True)
class Pack:
    """Parts that belong together: pages as forms, with the links that lie on each.

    `forms` are indices into `parts`; `notes` has, for each form, [x0, y0, x1, y1, address].
    `counts` are the products and the pictures that it shows. `trees` has, for each form, what is
    read of it (see press/structure.py); `findings` is what a printer should know of the pack.
    """

    parts: list[Part] = field(default_factory=list)
    forms: list[int] = field(default_factory=list)
    notes: list[list[list]] = field(default_factory=list)
    counts: tuple[int, int] = (0, 0)
    digests: list[str] = field(default_factory=list)
    trees: list[list] = field(default_factory=list)
    findings: list[dict] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)  # of its parts, once they are in a file

    def add(self, part: Part) -> int:
        self.parts.append(part)
        return len(self.parts) - 1

    def take_in(self, other: "Pack") -> list[int]:
        """Append the parts of another pack; return where its forms are now."""
        base = len(self.parts)
        for part in other.parts:
            self.add(Part(part.text, tuple(ref + base for ref in part.refs), part.stream))
        return [form + base for form in other.forms]

    def to_bytes(self) -> bytes:
        """Return the pack as `from_bytes` reads it."""
        rows = [
            [p.text.decode("latin-1"), p.refs, -1 if p.stream is None else len(p.stream), p.digest]
            for p in self.parts
        ]
        more = [self.trees, self.findings] if self.trees or self.findings else []
        head = orjson.dumps([rows, self.forms, self.notes, self.counts, *more])
        streams = (part.stream for part in self.parts if part.stream is not None)
        return b"".join([HEAD.pack(len(head)), head, *streams])

    @classmethod
    def from_bytes(cls, payload: bytes) -> "Pack":
        """Return the pack that `to_bytes` wrote."""
        (size,) = HEAD.unpack_from(payload)
        at = HEAD.size + size
        rows, forms, notes, counts, *more = orjson.loads(payload[HEAD.size : at])
        parts = []
        for text, refs, length, _ in rows:
            stream = None if length < 0 else payload[at : at + length]
            at += max(length, 0)
            parts.append(Part(text.encode("latin-1"), tuple(refs), stream))
        return cls(parts, forms, notes, tuple(counts), [row[3] for row in rows], *more)


def opened(text: bytes, number_of) -> tuple[bytes, tuple[int, ...]]:
    """Return the text of an object with its references open, `number_of(n)` being their parts."""
    refs: list[int] = []

    def replace(found: re.Match) -> bytes:
        if found[1] is not None:
            return found[1]
        refs.append(number_of(int(found[2])))
        return b"%d 0 R"

    return REFERENCE.sub(replace, text.replace(b"%", b"%%")), tuple(refs)
