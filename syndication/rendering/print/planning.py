"""Fills pages with cells of many sizes: shelf by shelf in reading order, holes closed by the next.

The plan is a pure function of the order, the sizes and what was placed by hand: the same input
gives the same pages, and a change moves only what comes after it in its chapter.
"""

from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import NamedTuple

from .hand import NOTHING, Hand
from .sheet import UNITS, Cell
from .shelves import Shelves
from .telling import NOTHING_MORE, More
from .titles import Title

WINDOW = 8  # products looked ahead to fill a hole: further ones would stray from their order
SPREAD_WINDOW = 40  # the same before a spread, which must begin on a left-hand page


@dataclass(frozen=True, slots=True)
class Entry:
    """One product of the catalogue; `card` reads its fragment, `digest` is that of its bytes.

    `cells` are the sizes (columns, rows) of the cells it takes, in order; of one with `facing`
    they are two whole pages side by side.
    """

    identifier: str
    name: str
    slug: str
    category: str
    picture: dict | None
    card: Callable[[], bytes]
    digest: str = ""
    layout: str = "six"
    cells: tuple[tuple[int, int], ...] = ((6, 4),)
    facing: bool = False
    more: More = NOTHING_MORE
    told: tuple = ()  # (code, message, field, params): findings that wait for their page


@dataclass(frozen=True, slots=True)
class Slot:
    """A card on its page; `part` counts the cells of one product from 0."""

    cell: Cell
    entry: Entry
    part: int = 0

    @property
    def key(self) -> str:
        """What tells the cards of one page apart."""
        return f"{self.cell.column}_{self.cell.row}"


@dataclass(slots=True)
class Leaf:
    """A page of products and the titles that stand between its rows.

    `section` is the title at its head; `begins` says whether that section begins here. `page` is
    its place in the book, `folio` the number that readers are told; `flow.py` gives both.
    """

    page: int
    section: str
    begins: bool
    cards: list[Slot] = field(default_factory=list)
    titles: list[Title] = field(default_factory=list)
    folio: str = ""

    @property
    def entries(self) -> list[Entry]:
        """The products that begin on this page."""
        return [slot.entry for slot in self.cards if slot.part == 0]


class _Item(NamedTuple):
    """One cell of a product that has to be placed."""

    entry: Entry
    part: int

    @property
    def size(self) -> tuple[int, int]:
        return self.entry.cells[self.part]


Run = list[_Item]  # what is placed one behind another, on one page where that is possible


class ChapterPlan:
    """Lays out one chapter from page `first` on; a leaf without cards is one before a spread.

    Where sections `run_on`, one begins beside the last card of another if there is room.
    """

    def __init__(self, *, first: int, hand: Hand = NOTHING, run_on: bool = False):
        self.first, self.hand, self.run_on = first, hand, run_on
        self.leaves: list[Leaf] = []
        self.page = Shelves(top=UNITS)  # nothing fits: the first card begins a page
        self.title, self.begins = "", False
        self.joined: int | None = None  # the row of this page that the section began beside another

    def lay(self, sections: Iterable, *, begun: bool = False) -> list[Leaf]:
        """Place the products of sections, each under its title; of the first not where it has
        `begun` on a page before."""
        sections = list(sections)
        self.pins = self._pinned(sections)
        held = {run[0].entry.identifier for runs in self.pins.values() for run in runs}
        for n, section in enumerate(sections):
            entries = [e for e in section.entries if e.identifier not in held]
            begins = n > 0 or not begun
            self._section(section.title, _runs(entries, self.hand), begins=begins)
        while self.pins:  # the chapter has fewer pages than that
            for run in self.pins.pop(min(self.pins)):
                self._lay_run(run)
        number(sections, self.leaves)
        return self.leaves

    def _pinned(self, sections) -> dict[int, list[Run]]:
        found: dict[int, list[Run]] = {}
        for section in sections:
            for entry in section.entries:
                page = self.hand.pins.get(entry.identifier)
                if page and not entry.facing:
                    found.setdefault(page, []).append(_items([entry]))
        return found

    def _section(self, title: str, queue: list[Run], *, begins: bool) -> None:
        self.title, self.begins, self.joined = title, begins, None
        if not (queue and self._join(queue[0])):
            self.page.close()
        while queue:
            at = self._choice(queue)
            self._lay_run(queue.pop(at))

    def _join(self, run: Run) -> bool:
        """Let a section begin in the open row, where its first card has room beside the last."""
        alone = len(run) == 1 and not run[0].entry.facing and not self._breaks(run)
        if not (self.run_on and self.title and alone and self.page.join(run[0].size)):
            return False
        self.joined = self.page.shelf.row
        leaf = self.leaves[-1]
        if self.joined == 0 and leaf.begins and leaf.section:
            leaf.titles.insert(0, Title(0, 0, leaf.section))
            leaf.begins = False
        return True

    def _choice(self, queue: list[Run]) -> int:
        """Return which run comes next: the first, or a later one that closes a hole before it."""
        head = queue[0]
        if self._breaks(head):
            return 0
        if head[0].entry.facing:
            return self._before_spread(queue)
        if head[0].entry.identifier in self.hand.settled:
            return 0
        if self._must_turn(head):
            return self._filler(queue, WINDOW, self.page.fits)
        if self.page.beside(head[0].size):
            return 0
        if found := self._filler(queue, WINDOW, self.page.beside):
            return found
        return 0 if self.page.fits(head[0].size) else self._filler(queue, WINDOW, self.page.fits)

    def _filler(self, queue: list[Run], window: int, fits) -> int:
        """Return the place of the next single product that fits, 0 where there is none."""
        too_large = set()
        for n, run in enumerate(queue[1 : window + 1], 1):
            entry = run[0].entry
            if self._breaks(run) or entry.identifier in self.hand.settled:
                return 0
            size = run[0].size
            if len(run) > 1 or entry.facing or size in too_large:
                continue
            if fits(size):
                return n
            too_large.add(size)
        return 0

    def _breaks(self, run: Run) -> bool:
        return run[0].entry.identifier in self.hand.breaks

    def _before_spread(self, queue: list[Run]) -> int:
        """Return what fills this page, and the next where a spread cannot begin on it."""
        found = self._filler(queue, SPREAD_WINDOW, self.page.fits)
        if found or self._next_is_even:
            return found
        return self._filler(queue, SPREAD_WINDOW, lambda _size: True)

    @property
    def _next_is_even(self) -> bool:
        return (self.first + len(self.leaves)) % 2 == 0

    @property
    def _on_empty_page(self) -> bool:
        return not self.leaves or not self.leaves[-1].cards

    def _lay_run(self, run: Run) -> None:
        if run[0].entry.facing:
            return self._lay_spread(run)
        if self._must_turn(run):
            self._turn()
        for item in run:
            cell = self.page.place(item.size)
            if cell is None:
                self._turn()
                cell = self.page.place(item.size)
            self._put(cell, item)
        return None

    def _must_turn(self, run: Run) -> bool:
        if self._breaks(run):
            return not self._on_empty_page
        if len(run) == 1 or _fits_all(self.page, run):
            return False
        return not self._on_empty_page and _fits_all(Shelves(), run)

    def _lay_spread(self, run: Run) -> None:
        if not self._next_is_even:
            self._turn()
        for item in run:
            self._turn(pins=False)
            self._put(self.page.place(item.size), item)

    def _turn(self, *, pins: bool = True) -> None:
        """Begin a page, with what is pinned to it at its head."""
        page = self.first + len(self.leaves)
        self.leaves.append(Leaf(page, self.title, self.begins))
        self.page, self.begins, self.joined = Shelves(), False, None
        number = len(self.leaves)
        for n in sorted(n for n in self.pins if pins and n <= number):
            waiting = self.pins.pop(n)
            self._lay_pins(waiting, number)

    def _lay_pins(self, waiting: list[Run], number: int) -> None:
        for run in waiting:
            if not self._on_empty_page and not _fits_all(self.page, run):
                self.pins.setdefault(number + 1, []).append(run)
                continue
            for item in run:
                if cell := self.page.place(item.size):
                    self._put(cell, item)

    def _put(self, cell: Cell, item: _Item) -> None:
        leaf = self.leaves[-1]
        again = self.joined is not None and cell.column == 0
        if self.begins or again:
            leaf.titles.append(Title(cell.row, cell.column, self.title, again))
            self.begins = False
            self.joined = None if again else self.joined
        leaf.cards.append(Slot(cell, item.entry, item.part))


def number(sections: Iterable, leaves: list[Leaf]) -> None:
    """Let every section know the first of its pages."""
    found: dict[str, Leaf] = {}
    for leaf in reversed(leaves):
        found |= {slot.entry.identifier: leaf for slot in leaf.cards}
    for section in sections:
        section.leaf = min((found[e.identifier] for e in section.entries), key=lambda f: f.page)


def _items(entries: Iterable[Entry]) -> Run:
    return [_Item(entry, part) for entry in entries for part in range(len(entry.cells))]


def _runs(entries: list[Entry], hand: Hand) -> list[Run]:
    """Return the runs of a section: those that belong together stand where the first stands."""
    known = {entry.identifier: entry for entry in entries}
    groups = {name: group for group in hand.together for name in group}
    found, taken = [], set()
    for entry in entries:
        if entry.identifier in taken:
            continue
        group = [known[n] for n in groups.get(entry.identifier, ()) if n in known]
        group = [e for e in group if not e.facing and e.identifier not in taken]
        run = group if len(group) > 1 and entry in group else [entry]
        taken |= {e.identifier for e in run}
        found.append(_items(run))
    return found


def _fits_all(page: Shelves, run: Run) -> bool:
    trial = deepcopy(page)
    return all(trial.place(item.size) for item in run)
