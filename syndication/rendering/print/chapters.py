"""Puts an edition's products in order: chapters and sections by category, pages by format."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby

from syndication.contract import Labels, Unit

from ..collation import collation_key
from ..view import views
from ..words import words
from .evening import lay_evenly
from .hand import NOTHING, Hand, Move
from .planning import Entry, Leaf, number

LAST = (1 << 30,)  # behind every category of the tree


@dataclass(slots=True)
class Section:
    """Products of one category; `leaf` is its first."""

    title: str
    entries: list[Entry]
    leaf: Leaf | None = None
    codes: tuple[str, ...] = ()  # categories that the title names

    @property
    def page(self) -> int:
        return self.leaf.page if self.leaf else 0


@dataclass(slots=True)
class Chapter:
    """A category right below the root; `page` and `folio` are those of its opener."""

    code: str
    title: str
    sections: list[Section] = field(default_factory=list)
    leaves: list[Leaf] = field(default_factory=list)
    page: int = 0
    folio: str = ""
    side: int = -1  # whether the leaves were laid from an even or an odd page on

    @property
    def entries(self) -> list[Entry]:
        return [entry for section in self.sections for entry in section.entries]


def summarise(unit: Unit, labels: Labels, *, locale: str) -> dict:
    """Return what the order, the index and the codes must know of a unit."""
    body = unit.main(locale).body
    main = views(unit, labels, locale=locale)[0]
    image = next(iter(main.pictures), None)
    keep = ("sha256", "width", "height", "media_type")
    return {
        "name": " ".join(main.name.split()),
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
    place = cache(lambda category: _place(category, labels))
    ordered = sorted(
        entries,
        key=lambda e: (
            place(e.category),
            hand.order.get(e.identifier, len(hand.order)),
            collation_key(e.name, locale=locale),
            e.identifier,
        ),
    )
    chapters: list[Chapter] = []
    known = cache(lambda category: category if _path(category, labels) else "")
    for code, group in groupby(ordered, key=lambda e: known(e.category)):
        path = _path(code, labels)
        top = path[0] if path else ""
        if not chapters or chapters[-1].code != top:
            chapters.append(Chapter(top, _title(top, labels, locale)))
        title = title_of(path[1:], labels, locale=locale)
        chapters[-1].sections.append(Section(title, list(group), codes=tuple(path[1:])))
    for move in hand.moves:
        _move(chapters, move)
    return chapters


def _move(chapters: list[Chapter], move: Move) -> None:
    """Put products beside another of their chapter, in its section; what is elsewhere stays."""
    target = next((c for c in chapters if move.anchor in {e.identifier for e in c.entries}), None)
    if target is None:
        return
    known = {entry.identifier: entry for entry in target.entries}
    moved = [known[name] for name in move.names if name in known and name != move.anchor]
    for section in target.sections:
        section.entries = [entry for entry in section.entries if entry not in moved]
        names = [entry.identifier for entry in section.entries]
        if move.anchor in names:
            at = names.index(move.anchor) + move.behind
            section.entries[at:at] = moved
    target.sections = [section for section in target.sections if section.entries]


def title_of(codes: Iterable[str], labels: Labels, *, locale: str) -> str:
    """Return what a chapter or section of these categories is called in a language."""
    return " · ".join(_title(code, labels, locale) for code in codes)


def _title(code: str, labels: Labels, locale: str) -> str:
    found = labels.body["categories"].get(code)
    return (found["label"] or code) if found else words(locale)["other"]


def lay(chapter: Chapter, *, first: int, hand: Hand = NOTHING, run_on: bool = False) -> None:
    """Put the products of a chapter on pages from `first` on, if they are not as they would be.

    Nothing but the side of the sheet that it begins on decides how a chapter is laid out.
    """
    if chapter.side == first % 2:
        return
    chapter.leaves = lay_evenly(chapter.sections, first=first, hand=hand, run_on=run_on)
    number(chapter.sections, chapter.leaves)
    chapter.side = first % 2
