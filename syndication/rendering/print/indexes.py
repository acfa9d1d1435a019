"""The indexes of a book: products by name, and articles by number, each with its page.

A row is {"column", "line", "lines", "text", "page", "folio"}; a heading has page 0. Every row has
a fixed place, so that a page of an index is a pure function of its rows.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from ..collation import collation_key, initial
from ..printable import shortened
from .chapters import Chapter
from .planning import Entry, Leaf

ROWS = 58
LONGEST = 62  # characters of a name
# Widths of characters of the sans in thousandths of its size; all others are taken for wide ones.
WIDTHS = {
    260: "ijl .,:;'|!", 350: "ft()[]-IJ", 420: "r\u201e\u201c\u201d\u2018\u2019*\u00ab\u00bb",
    520: "cksvxyzFLj", 575: "aeEYTZSXV0123456789?_", 625: "bdghnopquACKRPB",
    760: "DGHNUO&Qw",
}  # fmt: skip
EM = {character: width / 1000 for width, found in WIDTHS.items() for character in found}
LETTER, WIDE = 0.64, 0.95
DIGITS = re.compile(r"(\d{1,18})")


@dataclass(frozen=True)
class Shape:
    """How many columns an index has, and how wide one is in the size of its type."""

    columns: int
    measure: float


NAMES, ARTICLES = Shape(3, 17.2), Shape(4, 11.9)


@dataclass(frozen=True)
class IndexPage:
    """A page of an index in one language; the `first` of that language bears the heading."""

    rows: list[dict]
    locale: str
    first: bool


def indexes(chapters: list[Chapter], options: dict, *, locales: tuple[str, ...]) -> dict:
    """Return {kind: pages} of what the options of a book ask for: "index" holds the names of
    every language, "numbers" those of articles."""
    found: dict[str, list[IndexPage]] = {}
    if options.get("index") is not False:
        found["index"] = [page for code in _named(chapters, locales)
                          for page in _paged(index_pages(chapters, locale=code), code)]  # fmt: skip
    if options.get("article_index") is True:
        numbers = article_pages(chapters, locale=locales[0])
        found["numbers"] = list(_paged(numbers, locales[0]))
    return {kind: pages for kind, pages in found.items() if pages}


def _paged(pages: list[list[dict]], locale: str) -> Iterator[IndexPage]:
    for n, rows in enumerate(pages):
        yield IndexPage(rows, locale, n == 0)


def _named(chapters: list[Chapter], locales: tuple[str, ...]) -> list[str]:
    """Return the first language, and the others that have names of their own."""
    listed = [entry for _leaf, entry in printed(chapters)]
    own = (code for code in locales[1:] if any(e.name != _name(e, code) for e in listed))
    return [*locales[:1], *own]


def _name(entry: Entry, locale: str) -> str:
    return dict(entry.more.names).get(locale) or entry.name


def index_pages(chapters: list[Chapter], *, locale: str) -> list[list[dict]]:
    """Return the alphabetical index of products in a language, page by page."""
    rows = sorted(
        ((_name(entry, locale), entry.identifier, leaf) for leaf, entry in printed(chapters)),
        key=lambda row: (collation_key(row[0], locale=locale), row[1]),
    )
    named = ((shortened(name, room=LONGEST), leaf) for name, _, leaf in rows)
    return _placed(named, NAMES, locale=locale)


def article_pages(chapters: list[Chapter], *, locale: str) -> list[list[dict]]:
    """Return the index of the numbers of all articles, variants too, page by page."""
    found = {
        number: leaf
        for leaf, entry in printed(chapters)
        for number in entry.more.numbers or (entry.identifier,)
    }
    rows = sorted(found.items(), key=lambda row: number_key(row[0], locale=locale))
    return _placed(rows, ARTICLES, locale=locale)


def number_key(number: str, *, locale: str) -> tuple:
    """Return the key to sort article numbers by: letters as names, digits by what they count."""
    parts = DIGITS.split(number)
    counted = tuple(
        (0, int(part), ()) if n % 2 else (1, 0, collation_key(part, locale=locale)[0])
        for n, part in enumerate(parts)
        if part.strip(" -./_")
    )
    return counted, number


def printed(chapters: list[Chapter]) -> Iterator[tuple[Leaf, Entry]]:
    """Yield every product with the page that it is printed on."""
    for chapter in chapters:
        for leaf in chapter.leaves:
            for entry in leaf.entries:
                yield leaf, entry


def _placed(rows: Iterable[tuple[str, Leaf]], shape: Shape, *, locale: str) -> list[list[dict]]:
    placer = _Placer(shape)
    for letter, group in groupby(rows, key=lambda row: initial(row[0], locale=locale)):
        placer.heading(letter)
        for text, leaf in group:
            placer.row(text, leaf)
    return placer.pages


def lines_of(text: str, *, measure: float) -> int:
    """Return how many lines a text takes at most, `measure` being as in `Shape`."""
    lines, used = 1, 0.0
    for word in text.split():
        width = sum(_width(character) for character in word)
        if used and used + EM[" "] + width <= measure:
            used += EM[" "] + width
            continue
        rows = max(1, math.ceil(width / measure))
        lines += rows - (0 if used else 1)
        used = width - (rows - 1) * measure
    return lines


def _width(character: str) -> float:
    plain = unicodedata.normalize("NFD", character)[0]
    if plain in EM:
        return EM[plain]
    return LETTER if plain.isalpha() and ord(plain) < 0x2E80 and plain not in "MWm" else WIDE


class _Placer:
    """Fills column after column, page after page."""

    def __init__(self, shape: Shape):
        self.shape = shape
        self.pages: list[list[dict]] = []
        self.column, self.line = shape.columns, 0

    def _room(self, lines: int, keep: int) -> None:
        if self.column < self.shape.columns and self.line + lines + keep <= ROWS:
            return
        self.column, self.line = self.column + 1, 0
        if self.column >= self.shape.columns:
            self.pages.append([])
            self.column = 0

    def _put(self, lines: int, **row) -> None:
        place = {"column": self.column, "line": self.line, "lines": lines}
        self.pages[-1].append({**place, **row})
        self.line += lines

    def heading(self, letter: str) -> None:
        self._room(3, 2)
        if self.line:
            self.line += 1
        self._put(2, text=letter, page=0, folio="")

    def row(self, text: str, leaf: Leaf) -> None:
        lines = lines_of(text, measure=self.shape.measure)
        self._room(lines, 0)
        self._put(lines, text=text, page=leaf.page, folio=leaf.folio)
