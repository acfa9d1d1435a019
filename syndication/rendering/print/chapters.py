"""Puts an edition's products in order: chapters and sections by category, pages by format."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

from syndication.contract import Labels, Unit

from ..collation import collation_key, initial
from ..view import views
from ..words import words
from .cards import shortened
from .planning import NOTHING, ChapterPlan, Entry, Hand, Leaf

LAST = (1 << 30,)  # behind every category of the tree
INDEX_NAME = 62  # characters, on two lines
INDEX_LINE = 33
INDEX_ROWS, INDEX_COLUMNS = 58, 3


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
    leaves: list[Leaf] = field(default_factory=list)
    page: int = 0
    blank: list[int] = field(default_factory=list)  # pages left empty before a spread

    @property
    def entries(self) -> list[Entry]:
        return [entry for section in self.sections for entry in section.entries]


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


def arrange(
    entries: Iterable[Entry], labels: Labels, *, locale: str, hand: Hand = NOTHING
) -> list[Chapter]:
    """Return the chapters in tree order; what is in no category comes last."""
    ordered = sorted(
        entries,
        key=lambda e: (
            _place(e.category, labels),
            hand.order.get(e.identifier, len(hand.order)),
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


def number(chapters: list[Chapter], *, first: int, hand: Hand = NOTHING) -> int:
    """Lay out chapters from page `first` on; return the page after."""
    page = first
    for chapter in chapters:
        chapter.page = page
        laid = ChapterPlan(first=page + 1, hand=hand)
        chapter.leaves, chapter.blank = laid.lay(chapter.sections), laid.blank
        page += 1 + len(chapter.leaves)
    return page


def index_pages(chapters: list[Chapter], *, locale: str) -> list[list[dict]]:
    """Return the alphabetical index: per page the rows with their column and line.

    A row is {"column", "line", "text", "page"}; a heading has no page. Every row has a fixed
    place, so that a page of the index is a pure function of its rows.
    """
    rows = [
        (entry.name, entry.identifier, leaf.page)
        for chapter in chapters
        for leaf in chapter.leaves
        for entry in leaf.entries
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
