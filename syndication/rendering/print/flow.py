"""The order of a book's pages and the number of each: front matter, chapters, back matter.

A page has a place, counted from the front cover as 1, and a number that is printed on it; links
lead to places, readers are told numbers. Odd places lie on the right where the language is read
from left to right.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .chapters import Chapter, lay
from .hand import NOTHING, Hand
from .inserts import NONE, Inserts, Supplied

ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
# Pages that show their number; on the others it is counted and not printed.
NUMBERED = {"contents", "legend", "products", "index", "numbers"}
DECIMAL, SMALL_ROMAN = "D", "r"  # as page labels name them (ISO 32000-1, 12.4.2)


@dataclass(frozen=True)
class Rules:
    """What the options of a book say about its pages."""

    right: bool = False  # chapters begin on a right-hand page
    blanks: str = "empty"  # what stands on a page between: empty | notes | adverts
    inside: bool = False  # the inner sides of the covers are pages of the book
    multiple: int = 2  # the number of pages is a multiple of it
    first: int = 1  # the number that counting begins with
    front: str = "same"  # numbers before the first chapter: same | roman | none
    run_on: bool = True  # a section begins beside the last card of another where there is room

    @classmethod
    def of(cls, options: dict) -> "Rules":
        """Return the rules that options ask for; what makes no sense counts as not said."""
        front, blanks = str(options.get("front_numbers")), str(options.get("blanks"))
        multiple = str(options.get("multiple") or 2)
        return cls(
            right=options.get("chapters_right") is True,
            blanks=blanks if blanks in ("notes", "adverts") else "empty",
            inside=options.get("inside_covers") is True,
            multiple=int(multiple) if multiple in ("2", "4", "8", "16") else 2,
            first=_number(options.get("first_number")),
            front=front if front in ("roman", "none") else "same",
            run_on=options.get("sections") != "rows",
        )


@dataclass(slots=True)
class Page:
    """One page: its kind, what stands on it, its place and its number in a style of label."""

    kind: str
    item: Any
    place: int
    number: int
    style: str = DECIMAL

    @property
    def folio(self) -> str:
        """The number as readers are told it, "" for a page without one."""
        if self.style == DECIMAL:
            return str(self.number)
        return roman(self.number) if self.style == SMALL_ROMAN else ""

    @property
    def printed(self) -> str:
        return self.folio if self.kind in NUMBERED else ""


def roman(number: int) -> str:
    """Return a number in small Roman numerals."""
    found = ""
    for value, letters in ROMAN:
        count, number = divmod(number, value)
        found += letters * count
    return found


class Flow:
    """The pages of a book in order; leaves and chapters know their page when it is made."""

    def __init__(self, rules: Rules, *, inserts: Inserts = NONE, hand: Hand = NOTHING):
        self.rules, self.inserts, self.hand = rules, inserts.begun(), hand
        self.pages: list[Page] = []
        self.body = 0  # pages before the first chapter, where these are numbered apart
        self.held: list[Supplied] = []  # pages of a rule that are still to be put in
        self.holding = False

    def begin(self, chapters: list[Chapter], front: list[tuple[str, int]]) -> "Flow":
        """Add everything up to the last chapter; `front` has (kind, pages) of what precedes."""
        self.add("cover")
        self._inside("inside_front")
        for kind, count in front:
            for n in range(count):
                self.add(kind, n)
        self._put("after_contents")
        self._begin_body()
        for chapter in chapters:
            self._chapter(chapter)
        return self

    def end(self, parts: list[tuple[str, int]]) -> "Flow":
        """Add the (kind, pages) of the back matter, what fills the last sheet, and the cover."""
        for kind, count in parts:
            for n in range(count):
                self.add(kind, n)
        self._put("at_end")
        inside = self.inserts.at("inside_back") if self.rules.inside else []
        last = 1 + (max(1, len(inside)) if self.rules.inside else 0)
        while (len(self.pages) + last) % self.rules.multiple:
            self._fill()
        self._inside("inside_back")
        self.add("back")
        return self

    def add(self, kind: str, item: Any = None) -> Page:
        """Add a page, then those that a rule puts behind it."""
        page = self._append(kind, item)
        self.held += self.inserts.after(page.folio, products=kind == "products")
        if not self.holding:
            self._release()
        return page

    def _release(self) -> None:
        self.holding = False
        while self.held:
            self._append("insert", self.held.pop(0))

    def _append(self, kind: str, item: Any = None) -> Page:
        place = len(self.pages) + 1
        page = Page(kind, item, place, *self._number(place))
        self.pages.append(page)
        return page

    def _number(self, place: int) -> tuple[int, str]:
        if self.rules.front == "same":
            return place + self.rules.first - 1, DECIMAL
        if self.body:
            return place - self.body + self.rules.first - 1, DECIMAL
        return place, SMALL_ROMAN if self.rules.front == "roman" else ""

    def _begin_body(self) -> None:
        if self.rules.front == "same":
            return
        # Odd numbers lie on the right-hand side.
        while (len(self.pages) + 1 - self.rules.first) % 2:
            self._fill()
        self.body = len(self.pages)

    def _chapter(self, chapter: Chapter) -> None:
        self._put("before_chapter", chapter.code)
        if self.rules.right and len(self.pages) % 2:
            self._fill()
        opener = self.add("opener", chapter)
        chapter.page, chapter.folio = opener.place, opener.folio
        first, run_on = len(self.pages) + 1, self.rules.run_on
        lay(chapter, first=first, hand=self.hand, run_on=run_on)
        # Between its pages nothing may come where two of them have to face each other.
        self.holding = any(entry.facing for entry in chapter.entries)
        for leaf in chapter.leaves:
            page = self.add("products", leaf)
            leaf.page, leaf.folio = page.place, page.folio
        self._release()
        self._put("after_chapter", chapter.code)

    def _inside(self, place: str) -> None:
        """Add the inner side of a cover: what was supplied for it, or nothing."""
        if not self.rules.inside:
            return
        self._put(place)
        if place == "inside_front" and len(self.pages) == 1:
            self._fill()
        if place == "inside_back" and not self.inserts.at(place):
            self._fill()

    def _put(self, place: str, of: str = "") -> None:
        for advert in self.inserts.at(place, of):
            self.add("insert", advert)

    def _fill(self) -> None:
        advert = self.inserts.filler() if self.rules.blanks == "adverts" else None
        kind = "notes" if self.rules.blanks == "notes" else "blank"
        self._append("insert", advert) if advert else self._append(kind)

    def where(self, kind: str) -> Page | None:
        """Return the first page of a kind."""
        return next((page for page in self.pages if page.kind == kind), None)

    def labels(self) -> Iterator[tuple[int, str, int]]:
        """Yield where labels begin anew: (pages before, style, number)."""
        before: tuple[str, int] | None = None
        for page in self.pages:
            if before is None or page.style != before[0] or page.number != before[1] + 1:
                yield page.place - 1, page.style, page.number
            before = (page.style, page.number)


def _number(said: Any) -> int:
    try:
        return min(max(int(said), 1), 9000)
    except (TypeError, ValueError):
        return 1
