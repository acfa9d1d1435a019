"""Labels onto sheets: in order, from a position on, so many of each, with marks to cut by."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from syndication.contract import (
    MOST_NOTED,
    EditionPlan,
    Labels,
    PageNote,
    Piece,
    Refusal,
    RenderContext,
)

from ..collation import collation_key
from ..formats import cldr_locale
from ..press.entry import stage_of
from ..press.findings import reported
from ..press.stage import is_tagged
from ..print.parts import Pack
from ..print.sheet import MM
from ..print.volume import Shown, Volume, coded, placed
from ..print_words import print_words
from .stock import Stock, stock_of

MARK, CLEAR = 4 * MM, 0.8 * MM  # length of a crop mark, its distance from the corner
LINE = 0.25


class Entry(NamedTuple):
    """A label in order: where its fragment is parked, what to code on it, how many."""

    identifier: str
    at: int
    size: int
    copies: int
    code: list[float]


def write_sheets(
    plan: EditionPlan, pieces: Iterable[Piece], context: RenderContext, target, *, name: str
) -> list[Refusal]:
    """Write the sheets of an edition to a binary file; return what a printer should know.

    `name` is what the file is called where its pages are noted.
    """
    context.scratch.mkdir(parents=True, exist_ok=True)
    with (context.scratch / "labels.bin").open("w+b") as parked:
        ordered = _ordered(pieces, context, parked)
        return _Sheets(plan, context, target, name=name).write(ordered, parked)


def _ordered(pieces: Iterable[Piece], context: RenderContext, parked) -> list[Entry]:
    """Park the fragments in a file; return the labels in the order wanted."""
    rows, at = [], 0
    for piece in pieces:
        size = parked.write(piece.payload)
        about = piece.summary
        key = _key(about, piece.identifier, context)
        rows.append((key, Entry(piece.identifier, at, size, about["copies"], about["code"])))
        at += size
    parked.flush()
    return [entry for _key, entry in sorted(rows, key=lambda row: row[0])]


def _key(about: dict, identifier: str, context: RenderContext) -> tuple:
    chosen = context.options.get("order") or "tree"
    if chosen == "article":
        return (identifier,)
    name = collation_key(about["name"], locale=context.locale)
    if chosen == "name":
        return name, identifier
    return tuple(map(tuple, about["place"])), name, identifier


class _Sheets:
    def __init__(self, plan: EditionPlan, context: RenderContext, target, *, name: str):
        self.plan, self.context, self.name = plan, context, name
        self.stock: Stock = stock_of(context.options)
        self.rtl = cldr_locale(context.locale).text_direction == "rtl"
        self.volume = Volume(target, locale=context.locale, rtl=self.rtl, stage=stage_of(context))
        self.begun: list[Shown] = []
        self.forms: dict[str, int] = {}
        self.placed: list[tuple] = []  # (article, box) of the labels of this page

    def write(self, entries: list[Entry], parked) -> list[Refusal]:
        first = int(self.context.options.get("start") or 1) - 1
        position = min(max(first, 0), self.stock.count - 1)
        for entry in entries:
            parked.seek(entry.at)
            form = self.volume.place(Pack.from_bytes(parked.read(entry.size)))[0]
            # What is read aloud is read once.
            for _copy in range(1 if is_tagged(self.context) else entry.copies):
                if position == self.stock.count:
                    self._flush()
                    position = 0
                self._put(entry, form, position)
                position += 1
        if self.forms or not self.volume.count:
            self._flush()
        title = print_words(self.context.locale)["labels"]
        brand = str(self.context.tokens.get("brand") or "")
        self.volume.finish(title=title, author=brand, issued_on=self.plan.issued_on)
        return reported(self.volume.findings, cards={})

    def _put(self, entry: Entry, form: int, position: int) -> None:
        x, y = self.stock.place(position, rtl=self.rtl)
        name = f"L{form}"
        self.forms[name] = form
        self.begun.append(placed(name, x, y))
        size = (side * MM for side in self.stock.label)
        self.placed.append((entry.identifier, tuple(round(n, 1) for n in (x, y, *size))))
        if entry.code and self.plan.touchpoint:
            left, low, side = (number * MM for number in entry.code)
            url = self.plan.touchpoint(entry.identifier, "label")
            place = {"x": x + left, "y": y + low, "side": side}
            self.begun.append(coded(url, **place, remember=self.context.remember))

    def _flush(self) -> None:
        if self.context.options.get("crop"):
            self.begun.append(Shown(b"".join(_marks(self.stock))))
        self.volume.page(self.stock.size, self.begun, forms=self.forms)
        number = self.volume.count
        if number <= MOST_NOTED:
            note = PageNote(self.name, number, str(number), "", self.placed)
            self.plan.pages.append(note)
        self.begun, self.forms, self.placed = [], {}, []


def _marks(stock: Stock) -> Iterator[bytes]:
    """Yield the lines to cut by: outside the labels, at every edge of a column and of a row."""
    yield b"q 0 0 0 1 K %.2f w\n" % LINE
    wide, high = stock.label[0] * MM, stock.label[1] * MM
    corners = [stock.place(n, rtl=False) for n in range(stock.count)]
    across = sorted({round(edge, 3) for x, _y in corners for edge in (x, x + wide)})
    down = sorted({round(edge, 3) for _x, y in corners for edge in (y, y + high)})
    for x in across:
        yield from _line(x, down[-1] + CLEAR, x, min(down[-1] + CLEAR + MARK, stock.size[1]))
        yield from _line(x, down[0] - CLEAR, x, max(down[0] - CLEAR - MARK, 0))
    for y in down:
        yield from _line(across[0] - CLEAR, y, max(across[0] - CLEAR - MARK, 0), y)
        yield from _line(across[-1] + CLEAR, y, min(across[-1] + CLEAR + MARK, stock.size[0]), y)
    yield b"Q\n"


def _line(x0: float, y0: float, x1: float, y1: float) -> Iterator[bytes]:
    if abs(x1 - x0) + abs(y1 - y0) > 1:
        yield b"%.3f %.3f m %.3f %.3f l S\n" % (x0, y0, x1, y1)


def place_of(codes: list[str], labels: Labels) -> list[list]:
    """Return where a product stands in the tree: of several categories, the first."""
    known, root = labels.body["categories"], labels.body["channel"].get("tree")
    found = []
    for code in codes:
        path = [c for c in known.get(code, {}).get("path") or [] if c in known and c != root]
        if path:
            found.append([[known[c].get("sort", 0), c] for c in path])
    return min(found, default=[[1 << 30, ""]])
