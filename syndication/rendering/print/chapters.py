"""Puts an edition's products in order: chapters and sections by category, pages by format."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

from syndication.contract import Labels, Unit

from ..collation import collation_key, initial
from ..view import views
from ..words import words
from .cards import shortened

LAST = (1 << 30,)  # behind every category of the tree
INDEX_NAME = 62  # characters, on two lines
INDEX_LINE = 33
INDEX_ROWS, INDEX_COLUMNS = 58, 3


@dataclass(frozen=True, slots=True)
class Entry:
    """One product of the catalogue; `card` finds its fragment, `digest` is that of its bytes."""

    identifier: str
    name: str
    slug: str
    category: str
    picture: dict | None
    card: tuple[int, int]
    digest: str = ""


@dataclass(slots=True)
class Section:
    """Products of one category, begun in a row of their own; `page` is its first."""

    title: str
    entries: list[Entry]
    page: int = 0


@dataclass(slots=True)
class Chapter:
    """A category right below the root; `page` is that of its opener."""

    code: str
    title: str
    sections: list[Section] = field(default_factory=list)
    leaves: list["Leaf"] = field(default_factory=list)
    page: int = 0

    @property
    def entries(self) -> list[Entry]:
        return [entry for section in self.sections for entry in section.entries]


@dataclass(slots=True)
class Leaf:
    """A page of products: (place, product) pairs and the titles that stand between its rows.

    `section` is the title at its head; `begins` says whether that section begins here.
    """

    page: int
    section: str
    begins: bool
    cards: list[tuple[int, Entry]] = field(default_factory=list)
    titles: list[tuple[int, str]] = field(default_factory=list)  # (row, title)


def summarise(unit: Unit, labels: Labels, *, locale: str) -> dict:
    """Return what the order, the index and the codes must know of a unit."""
    body = unit.main(locale).body
    image = next(iter(views(unit, labels, locale=locale)[0].pictures), None)
    keep = ("sha256", "width", "height", "media_type")
    return {
        "name": " ".join(body["name"].split()),
        "slug": body.get("slug", ""),
        "category": _home(body.get("categories") or [], labels),
        "picture": {key: image.get(key) for key in keep} if image else None,
    }


def _home(codes: list[str], labels: Labels) -> str:
    """Return the category a product is printed in: of several, the first of the tree."""
    known = labels.body["categories"]
    return min((c for c in codes if c in known), key=lambda c: _place(c, labels), default="")


def _path(code: str, labels: Labels) -> list[str]:
    known, root = labels.body["categories"], labels.body["channel"].get("tree")
    path = [c for c in known.get(code, {}).get("path") or [] if c in known]
    return path[1:] if path[:1] == [root] else path


def _place(code: str, labels: Labels) -> tuple:
    known = labels.body["categories"]
    return tuple((known[c].get("sort", 0), c) for c in _path(code, labels)) or (LAST,)


def arrange(entries: Iterable[Entry], labels: Labels, *, locale: str) -> list[Chapter]:
    """Return the chapters in tree order; what is in no category comes last."""
    ordered = sorted(
        entries,
        key=lambda e: (
            _place(e.category, labels),
            collation_key(e.name, locale=locale),
            e.identifier,
        ),
    )
    chapters: list[Chapter] = []
    for code, group in groupby(
        ordered, key=lambda e: e.category if _path(e.category, labels) else ""
    ):
        path = _path(code, labels)
        top = path[0] if path else ""
        if not chapters or chapters[-1].code != top:
            chapters.append(Chapter(top, _title(top, labels, locale)))
        names = [_title(c, labels, locale) for c in path[1:]]
        chapters[-1].sections.append(Section(" · ".join(names), list(group)))
    return chapters


def _title(code: str, labels: Labels, locale: str) -> str:
    found = labels.body["categories"].get(code)
    return (found["label"] or code) if found else words(locale)["other"]


def number(chapters: list[Chapter], *, first: int, grid: tuple[int, int]) -> int:
    """Lay out chapters from page `first` on, `grid` (columns, rows); return the page after."""
    page = first
    for chapter in chapters:
        chapter.page = page
        chapter.leaves = _leaves(chapter, first=page + 1, grid=grid)
        page += 1 + len(chapter.leaves)
    return page


def _leaves(chapter: Chapter, *, first: int, grid: tuple[int, int]) -> list[Leaf]:
    """Place the cards row by row; a section begins in the next free row, under its title."""
    columns, rows = grid
    found: list[Leaf] = []
    row = rows
    for section in chapter.sections:
        for start in range(0, len(section.entries), columns):
            if row == rows:
                found.append(Leaf(first + len(found), section.title, begins=start == 0))
                row = 0
            elif start == 0:
                found[-1].titles.append((row, section.title))
            if start == 0:
                section.page = found[-1].page
            cards = section.entries[start : start + columns]
            found[-1].cards += [(row * columns + n, card) for n, card in enumerate(cards)]
            row += 1
    return found


def index_pages(chapters: list[Chapter], *, locale: str) -> list[list[dict]]:
    """Return the alphabetical index: per page the rows with their column and line.

    A row is {"column", "line", "text", "page"}; a heading has no page. Every row has a fixed
    place, so that a page of the index is a pure function of its rows.
    """
    rows = [
        (entry.name, entry.identifier, leaf.page)
        for chapter in chapters
        for leaf in chapter.leaves
        for _, entry in leaf.cards
    ]
    rows.sort(key=lambda r: (collation_key(r[0], locale=locale), r[1]))
    placed = _Placer()
    for letter, group in groupby(rows, key=lambda r: initial(r[0], locale=locale)):
        placed.heading(letter)
        for name, _, page in group:
            placed.row(shortened(name, room=INDEX_NAME), page)
    return placed.pages


class _Placer:
    """Fills column after column, page after page."""

    def __init__(self):
        self.pages: list[list[dict]] = []
        self.column, self.line = INDEX_COLUMNS, 0

    def _room(self, lines: int, keep: int) -> None:
        if self.column < INDEX_COLUMNS and self.line + lines + keep <= INDEX_ROWS:
            return
        self.column, self.line = self.column + 1, 0
        if self.column >= INDEX_COLUMNS:
            self.pages.append([])
            self.column = 0

    def _put(self, lines: int, **row) -> None:
        self.pages[-1].append({"column": self.column, "line": self.line, **row})
        self.line += lines

    def heading(self, letter: str) -> None:
        self._room(3, 2)
        if self.line:
            self.line += 1
        self._put(2, text=letter, page=0)

    def row(self, text: str, page: int) -> None:
        lines = 1 if len(text) <= INDEX_LINE else 2
        self._room(lines, 0)
        self._put(lines, text=text, page=page)
