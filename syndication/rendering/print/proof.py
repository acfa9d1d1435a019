"""Proof-reads a bound catalogue: what it says it holds must be in it."""

import re
from pathlib import Path

from ..press.keeping import check_form
from .about import COUNTS
from .reading import REFERENCE, Damaged, Reading

BUFFER = 1 << 18
GOAL = re.compile(rb"/Dest ?\[ ?(\d+) 0 R")
GALLEY = re.compile(rb"/G (\d+) 0 R")
SHOWN = re.compile(rb"/XObject ?(?:<<(.*?)>>|(\d+) 0 R)")
DESCRIPTOR = re.compile(rb"/Type ?/FontDescriptor")
FONT_NAME = re.compile(rb"/FontName ?/([^\s/<>\[(]+)")


def proof(path: Path, name: str = "") -> None:
    """Raise ValueError when pages, pictures, fonts or links are not what they should be.

    `name` is that of the file: it says what form the file has.
    """
    with path.open("rb", buffering=BUFFER) as file:
        try:
            _Proof(Reading(file)).read()
        except Damaged as error:
            raise ValueError(f"not a PDF: {error}") from error
    check_form(path, name)


class _Proof:
    """Looks at every object of a book once, in the order of the file."""

    def __init__(self, book: Reading):
        self.book = book
        self.told = _told(book.follow(book.trailer, b"/Info"))
        self.pages = set(book.pages())
        self.forms: dict[int, bytes] = {}  # dictionaries of the streams that are drawn
        self.galleys: list[int] = []

    def read(self) -> None:
        """Raise ValueError at what is not as it was told."""
        found = 0
        for stream in self.book.streams():
            if b"/Form" in stream.about:
                self.forms[stream.number] = stream.about
            elif b"/ObjStm" not in stream.about:
                continue
            for number, text in self.book.packed(stream):
                found += number in self.pages
                self._object(number, text)
        self._count("pages", found, self.told[0])
        cards = [int(n) for galley in self.galleys for n in self._shown(galley)]
        self._count("cards", len(cards), self.told[1])
        pictures = sum(len(self._shown(card)) for card in cards)
        if pictures < self.told[2]:
            raise ValueError(f"{pictures} pictures instead of {self.told[2]}")

    def _object(self, number: int, text: bytes) -> None:
        if number in self.pages:
            self.galleys += [int(n) for n in GALLEY.findall(text)]
        if b"/Dest" in text and any(int(n) not in self.pages for n in GOAL.findall(text)):
            raise ValueError("a link leads to no page")
        if b"/URI(x-page:" in text:
            raise ValueError("a link was left unresolved")
        if b"/FontDescriptor" in text and DESCRIPTOR.search(text) and b"/FontFile" not in text:
            named = FONT_NAME.search(text)
            raise ValueError(f"font {named and named[1].decode()} is not embedded")

    def _shown(self, form: int) -> list[bytes]:
        """Return the numbers of what a form shows."""
        about = self.forms.get(form, b"")
        if found := re.search(rb"/Resources (\d+) 0 R", about):
            about = self.book.text(int(found[1]))
        found = SHOWN.search(about)
        if not found:
            return []
        return REFERENCE.findall(self.book.text(int(found[2])) if found[2] else found[1])

    def _count(self, what: str, found: int, told: int) -> None:
        if found != told:
            raise ValueError(f"{found} {what} instead of {told}")


def _told(information: bytes) -> list[int]:
    """Return how many pages, products and pictures a book says that it has."""
    found = (re.search(name.encode() + rb"\((\d+)\)", information) for name in COUNTS)
    return [int(count[1]) if count else -1 for count in found]
