"""The indexes of a book: products by name, and articles by number, each with its page.

A row is {"column", "line", "lines", "text", "page", "folio"}; a heading has page 0. Every row has
a fixed place, so that a page of an index is a pure function of its rows.
"""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, takewhile
from typing import Any, NamedTuple

from ..collation import collation_key, initial
from ..printable import shortened
from .chapters import Chapter
from .headlines import PLAIN, Headlines
from .planning import Entry, Leaf
from .sheet import MM, PAGE

ROWS = 58
HEADING = 2  # lines
LEAST = 8  # rows of a column: a heading and the longest name
LONGEST = 62  # characters of a name
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


class Index(NamedTuple):
    """An index in one language: page by page its rows in their places, and whose each is.

    Nothing in it depends on page numbers, so that it serves however often a book is numbered.
    `kind` is "index" for names, "numbers" for those of articles.
    """

    kind: str
    locale: str
    pages: list[list[tuple[dict, tuple[str, ...]]]]


def indexes(
    chapters: list[Chapter], options: dict, *, locales: tuple[str, ...], lines: Headlines
) -> list[Index]:
    """Return what the options of a book ask for: names of every language, numbers of articles."""
    found: list[Index] = []
    if options.get("index") is not False:
        for code in _named(chapters, locales):
            found.append(Index("index", code, index_rows(chapters, locale=code, lines=lines)))
    if options.get("article_index") is True:
        rows = article_rows(chapters, locale=locales[0], lines=lines)
        found.append(Index("numbers", locales[0], rows))
    return found


def numbered(found: list[Index], chapters: list[Chapter]) -> dict[str, list[IndexPage]]:
    """Return {kind: pages} of indexes, each row with the page that its product is printed on."""
    at = {entry.identifier: leaf for leaf, entry in printed(chapters)}
    pages: dict[str, list[IndexPage]] = {}
    for index in found:
        for n, page in enumerate(index.pages):
            rows = [{**row, **_told(names, at)} for row, names in page]
            pages.setdefault(index.kind, []).append(IndexPage(rows, index.locale, n == 0))
    return pages


def _told(names: tuple[str, ...], at: dict[str, Leaf]) -> dict:
    """Return the page of a row, of several the last; a heading has none."""
    if not names:
        return {"page": 0, "folio": ""}
    leaf = max((at[name] for name in names), key=lambda leaf: leaf.page)
    return {"page": leaf.page, "folio": leaf.folio}


def _named(chapters: list[Chapter], locales: tuple[str, ...]) -> list[str]:
    """Return the first language, and the others that have names of their own."""
    listed = _entries(chapters)
    own = (code for code in locales[1:] if any(e.name != name_of(e, code) for e in listed))
    return [*locales[:1], *own]


def name_of(entry: Entry, locale: str) -> str:
    """Return the name of a product in a language of the book."""
    return dict(entry.more.names).get(locale) or entry.name


def index_rows(chapters: list[Chapter], *, locale: str, lines: Headlines) -> list[list[tuple]]:
    """Return the alphabetical index of products in a language, as in `Index`."""
    rows = sorted(
        ((name_of(entry, locale), entry.identifier) for entry in _entries(chapters)),
        key=lambda row: (collation_key(row[0], locale=locale), row[1]),
    )
    named = ((shortened(name, room=LONGEST), (identifier,)) for name, identifier in rows)
    return _placed(named, NAMES, locale=locale, lines=lines)


def article_rows(chapters: list[Chapter], *, locale: str, lines: Headlines) -> list[list[tuple]]:
    """Return the index of the numbers of all articles, variants too, as in `Index`."""
    found: dict[str, tuple[str, ...]] = {}
    for entry in _entries(chapters):
        for number in entry.more.numbers or (entry.identifier,):
            found[number] = (*found.get(number, ()), entry.identifier)
    rows = sorted(found.items(), key=lambda row: number_key(row[0], locale=locale))
    return _placed(rows, ARTICLES, locale=locale, lines=lines)


def _entries(chapters: list[Chapter]) -> list[Entry]:
    return [entry for chapter in chapters for entry in chapter.entries]


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


def _placed(
    rows: Iterable[tuple[str, tuple[str, ...]]], shape: Shape, *, locale: str, lines: Headlines
) -> list[list[tuple[dict, tuple[str, ...]]]]:
    lined: list[_Row] = []
    for letter, group in groupby(rows, key=lambda row: initial(row[0], locale=locale)):
        lined.append(_Row(letter, HEADING, ()))
        for text, who in group:
            lined.append(_Row(text, lines_of(text, measure=shape.measure, lines=lines), who))
    pages = _filled(lined, shape, rows=ROWS)
    return [*pages[:-1], *(_balanced(page, shape) for page in pages[-1:])]


def _balanced(page: list[tuple[dict, tuple[str, ...]]], shape: Shape) -> list[tuple]:
    """Return the rows of a last page in columns as even, and so as short, as can be."""
    lined = [_Row(row["text"], row["lines"], names) for row, names in page]
    least = math.ceil(sum(row.lines for row in lined) / shape.columns)
    tries = (_filled(lined, shape, rows=rows) for rows in range(max(least, LEAST), ROWS))
    return next((pages[0] for pages in tries if len(pages) == 1), page)


def _filled(lined: list["_Row"], shape: Shape, *, rows: int) -> list[list[tuple]]:
    placer = _Placer(shape, rows=rows)
    for n, row in enumerate(lined):
        placer.place(row, keep=_kept(lined[n + 1 : n + 5], heading=not row.names))
    return placer.pages


def _kept(behind: list["_Row"], *, heading: bool) -> int:
    """Return how many lines stay with a row, so that no column begins or ends with a single name
    of a letter: its last two names stand together, and its first two below the heading."""
    group = list(takewhile(lambda row: row.names, behind))
    if heading:
        together = 3 if len(group) == 3 else 2
        return sum(row.lines for row in group[:together])
    return group[0].lines if len(group) == 1 else 0


def lines_of(text: str, *, measure: float, lines: Headlines) -> int:
    """Return how many lines a text takes at most, `measure` being as in `Shape`."""
    count, used, space = 1, 0.0, lines.joined(" ", PLAIN)
    for word in text.split():
        width = lines.joined(word, PLAIN)
        if used and used + space + width <= measure:
            used += space + width
            continue
        rows = max(1, math.ceil(width / measure))
        count += rows - (0 if used else 1)
        used = width - (rows - 1) * measure
    return count


class _Row(NamedTuple):
    """A row that has no place yet; a heading has no names."""

    text: str
    lines: int
    names: tuple[str, ...]


class _Placer:
    """Fills column after column, page after page."""

    def __init__(self, shape: Shape, *, rows: int):
        self.shape, self.rows = shape, rows
        self.pages: list[list[tuple[dict, tuple[str, ...]]]] = []
        self.column, self.line = shape.columns, 0

    def place(self, row: _Row, *, keep: int) -> None:
        """Put a row into the next place; a heading with a gap above, and `keep` lines below it."""
        gap = 0 if row.names or not self.line else 1
        if self.column >= self.shape.columns or self.line + gap + row.lines + keep > self.rows:
            gap = 0
            self._turn()
        self.line += gap
        placed = {"column": self.column, "line": self.line, "lines": row.lines, "text": row.text}
        self.pages[-1].append((placed, row.names))
        self.line += row.lines

    def _turn(self) -> None:
        self.column, self.line = self.column + 1, 0
        if self.column >= self.shape.columns:
            self.pages.append([])
            self.column = 0


def column(n: int, rows: list[dict], shape: Shape) -> dict[str, Any]:
    """Return a column of the index: names one by one, page numbers as one run of lines."""
    found, numbers, line = [], [], 0
    for row in (r for r in rows if r["column"] == n):
        found.append({**row, "page": str(row["page"] or ""), "gap": row["line"] > line})
        numbers += [""] * (row["line"] - line) + [row["folio"]] + [""] * (row["lines"] - 1)
        line = row["line"] + row["lines"]
    width = (PAGE[0] - 40 * MM + 6 * MM) / shape.columns
    return {"rows": found, "numbers": "\n".join(numbers), "across": f"{n * width:.2f}"}
