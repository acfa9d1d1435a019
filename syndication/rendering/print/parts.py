"""Ready-made pieces of a PDF: objects whose references are still open, to be numbered by a book.

Set pages are taken apart once (`taking_apart.py`) and kept like this, so that binding an edition
copies bytes and fills in numbers, and parses nothing (ISO 32000-1, 7.3).
"""

import hashlib
import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import NamedTuple

import orjson

HEAD = struct.Struct("<I")
SEPARATOR = b"\0"  # no normalised object has it: in strings it is written otherwise
OBJECT, DATA = b"%d 0 obj\n", b"/Length %d>>\nstream\n"
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


class Ready(NamedTuple):
    """The parts of a pack as a book copies them: their texts as one, to be filled in with numbers.

    The text of a part with a stream is all that stands before its data, from its number on.
    `refs` has, part by part, the parts whose numbers its text asks for; `digests` are as in `Part`.
    """

    texts: bytes
    refs: list[list[int]]
    streams: list[bytes | None]
    digests: list[str]

    @classmethod
    def of(cls, parts: list[Part]) -> "Ready":
        texts, refs = [], []
        for n, part in enumerate(parts):
            stream = part.stream is not None
            texts.append(OBJECT + part.text + DATA % len(part.stream) if stream else part.text)
            refs.append([n, *part.refs] if stream else list(part.refs))
        streams, digests = [part.stream for part in parts], [part.digest for part in parts]
        return cls(SEPARATOR.join(texts), refs, streams, digests)

    def parts(self) -> list[Part]:
        """Return the parts that this was made of."""
        return [
            Part(text, tuple(refs))
            if stream is None
            else Part(text[len(OBJECT) : text.rindex(b"/Length ")], tuple(refs[1:]), bytes(stream))
            for text, refs, stream in zip(
                self.texts.split(SEPARATOR), self.refs, self.streams, strict=True
            )
        ]

    def filled(self, numbers: list[int]) -> list[bytes]:
        """Return the texts, every part being the object with its number."""
        chosen = [numbers[ref] for ref in chain.from_iterable(self.refs)]
        return (self.texts % tuple(chosen)).split(SEPARATOR)


class Pack:
    """Parts that belong together: pages as forms, with the links that lie on each.

    `forms` are indices into `parts`; `notes` has, for each form, [x0, y0, x1, y1, address].
    `counts` are the products and the pictures that it shows. `trees` has, for each form, what is
    read of it (see press/structure.py); `findings` is what a printer should know of the pack.
    `numbers` are those of its parts, once they are in a file.
    """

    def __init__(self, parts: Iterable[Part] = (), forms: Iterable[int] = (), notes: Iterable = ()):
        self._parts: list[Part] | None = list(parts)
        self._ready: Ready | None = None
        self.forms, self.notes = list(forms), list(notes)
        self.counts = (0, 0)
        self.trees: list[list] = []
        self.findings: list[dict] = []
        self.numbers: list[int] = []

    @property
    def parts(self) -> list[Part]:
        if self._parts is None:
            self._parts, self._ready = self._ready.parts(), None
        return self._parts

    @property
    def ready(self) -> Ready:
        """The parts as they are kept and copied."""
        return self._ready or Ready.of(self._parts)

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
        ready = self.ready
        sizes = [-1 if stream is None else len(stream) for stream in ready.streams]
        rows = [ready.texts.decode("latin-1"), ready.refs, sizes, ready.digests]
        more = [self.trees, self.findings] if self.trees or self.findings else []
        head = orjson.dumps([*rows, self.forms, self.notes, self.counts, *more])
        return b"".join([HEAD.pack(len(head)), head, *(s for s in ready.streams if s is not None)])

    @classmethod
    def from_bytes(cls, payload: bytes) -> "Pack":
        """Return the pack that `to_bytes` wrote; its streams are views of the payload."""
        (size,) = HEAD.unpack_from(payload)
        view, at = memoryview(payload), HEAD.size + size
        texts, refs, sizes, digests, forms, notes, counts, *more = orjson.loads(
            view[HEAD.size : at]
        )
        ends = accumulate((max(size, 0) for size in sizes), initial=at)
        streams = [
            None if size < 0 else view[begin : begin + size]
            for size, begin in zip(sizes, ends, strict=False)
        ]
        pack = cls((), forms, notes)
        pack._parts, pack._ready = None, Ready(texts.encode("latin-1"), refs, streams, digests)
        pack.counts = tuple(counts)
        if more:
            pack.trees, pack.findings = more
        return pack


def opened(text: bytes, number_of) -> tuple[bytes, tuple[int, ...]]:
    """Return the text of an object with its references open, `number_of(n)` being their parts."""
    refs: list[int] = []

    def replace(found: re.Match) -> bytes:
        if found[1] is not None:
            return found[1]
        refs.append(number_of(int(found[2])))
        return b"%d 0 R"

    return REFERENCE.sub(replace, text.replace(b"%", b"%%")), tuple(refs)
