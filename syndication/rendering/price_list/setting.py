"""Sets a run of rows a stretch at a time, so that memory stays flat at any length.

A stretch is laid out, all its pages but the last are kept, and the rows of the last begin the
next stretch; so pages are as full as in one layout of everything. Where the pages of a stretch
break is remembered by what the height of its rows depends on, each page by its rows: a change of
prices sets its pages alone again, another one the stretches from there to where pages break as
they did before.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import orjson

from syndication.contract import RenderContext

from ..formats import cldr_locale
from ..pages import render, template_digest
from ..pdf import Sheets, engine_version, lay_out
from ..press.stage import is_tagged
from ..print.dress import style
from ..print.sheet import MM
from ..print.taking_apart import take_apart
from .order import Entry, Parked, path_of

FOLDER = "outputs/price_list"
STRETCH = 220  # rows set at once
RECIPE = "5"  # raise it when the same rows make other bytes
NARROW = ".,\u066b\u066c \u00a0\u202f"  # signs of prices half as wide as a digit
MARKS = "\u200e\u200f\u061c"  # of direction: they have no width
WIDE_FROM = 4  # as many columns of prices turn the page


class Stretch(NamedTuple):
    """Pages as packs, how many rows are on them, the first row on each, the box of every row.

    Boxes are x, y, width, height in points from the lower left corner of the page.
    """

    pages: list[bytes]
    rows: int
    firsts: list[int]
    boxes: list[list[float]]


class _Pages(NamedTuple):
    """Rows that fill pages of a stretch: which of its pages these are, and whether the table on
    the first goes on from the page before."""

    rows: list[dict]
    places: range
    goes_on: bool


class _Whole:
    """The layout of a stretch; `sheets` are there once somebody has asked for them."""

    def __init__(self, lay: Callable[[], Sheets]):
        self.lay = lay
        self.sheets: Sheets | None = None

    def __call__(self) -> Sheets:
        self.sheets = self.sheets or self.lay()
        return self.sheets


class Setter:
    """Sets the runs of one edition."""

    def __init__(self, context: RenderContext, *, heads: dict[str, Any], parked: Parked):
        self.context, self.heads, self.parked = context, heads, parked
        self.rtl = cldr_locale(context.locale).text_direction == "rtl"
        self.page = page_size(len(heads["prices"]))
        self.css = style(f"{FOLDER}/list.css", context, **self._measures())
        self.tagged = is_tagged(context)
        self.versions = [RECIPE, template_digest(FOLDER), engine_version()]

    def _measures(self) -> dict[str, str]:
        wide, high = self.page
        share = min(14 * len(self.heads["prices"]), 42)
        return {
            "page_width": f"{wide:.3f}pt",
            "page_height": f"{high:.3f}pt",
            "price_width": f"{share / len(self.heads['prices']):.2f}%",
        }

    def stretches(self, run: list[Entry]) -> Iterator[tuple[int, Stretch]]:
        """Yield (index of its first row in the run, stretch) until the run is set."""
        at, length = 0, STRETCH
        while at < len(run):
            found = self._stretch(run, at, length)
            if not found.rows:  # it all fell on one page, and more is to come
                length *= 2
                continue
            yield at, found
            at, length = at + found.rows, STRETCH

    def _stretch(self, run: list[Entry], at: int, length: int) -> Stretch:
        entries = run[at : at + length]
        last = at + length >= len(run)
        before = self.titles(run[at - 1]) if at else []
        rows, titles = [], before
        for n, (entry, row) in enumerate(zip(entries, self.parked.rows(entries), strict=True)):
            found = self.titles(entry)
            row["chapter"] = found[0] if found[0] not in titles[:1] else ""
            row["title"] = " · ".join(found[1:]) if found != titles else ""
            row["head"] = " · ".join(found)
            row["next"] = at + n > 0
            rows.append(row)
            titles = found
        return self._set(rows, last=last, goes_on=bool(at and self.tagged))

    def _set(self, rows: list[dict], *, last: bool, goes_on: bool) -> Stretch:
        """Return the pages of rows; where they break as before, only those that changed are set."""
        whole = _Whole(lambda: self._laid_out(rows))
        key = self._key("breaks", [[_shape(row) for row in rows], last])
        kept, firsts, boxes = orjson.loads(
            self.context.remember(
                key, lambda: _breaks(whole(), len(rows), last=last, high=self.page[1])
            )
        )
        # A row that is higher than a page goes on over pages on which none begins.
        begun = [n for n, first in enumerate(firsts) if first < kept]
        pages = []
        for n, end in pairwise([*begun, len(firsts)]):
            until = firsts[end] if end < len(firsts) else kept
            found = _Pages(rows[firsts[n] : until], range(n, end), goes_on or n > 0)
            pages.append(self._pages(found, whole))
        return Stretch(pages, kept, firsts, boxes)

    def _pages(self, wanted: "_Pages", whole: "_Whole") -> bytes:
        """Return pages with these rows: the same, laid out alone or as part of more.

        Prices from right to left are lined up with those of their own page, so alone.
        """
        # One table over all pages: its heads are read once.
        first = "goes_on" if wanted.goes_on else ""
        voices = [first, *["goes_on"] * (len(wanted.places) - 1)] if self.tagged else ""

        def made() -> bytes:
            sheets, places = whole.sheets, wanted.places
            if self.rtl or not sheets:
                sheets, places = self._laid_out(wanted.rows), range(len(wanted.places))
            if sheets is not whole.sheets and len(sheets) != len(places):
                sheets, places = whole(), wanted.places
            payload = sheets.pdf(*places, tagged=self.tagged)
            return take_apart(payload, voices=voices).to_bytes()

        return self.context.remember(self._key("page", [wanted.rows, voices]), made)

    def _key(self, name: str, inputs: list) -> str:
        about = [self.heads, self.css, self.context.locale, self.tagged]
        told = [name, *self.versions, *inputs, *about]
        return orjson.dumps(told, option=orjson.OPT_SORT_KEYS).decode()

    def titles(self, entry: Entry) -> list[str]:
        """Return the titles of an article's categories."""
        labels = self.context.labels[self.context.locale]
        return path_of(entry.home, labels, locale=self.context.locale)

    def _laid_out(self, rows: list[dict]) -> Sheets:
        values = {
            "rows": _lined_up(rows, rtl=self.rtl),
            "heads": self.heads,
            "locale": self.context.locale,
            "direction": "rtl" if self.rtl else "ltr",
        }
        sheets = lay_out(render(f"{FOLDER}/list.html", values), css=self.css)
        if sheets.errors:
            raise ValueError(f"price list: {sheets.errors[0]}")
        return sheets


def _shape(row: dict) -> list:
    """Return what the height of a row depends on: its prices stand in one line each."""
    texts = [row[name] for name in ("sku", "name", "pack", "gtin", "chapter", "title", "next")]
    return [*texts, [len(lines) for lines in row["prices"]]]


def _breaks(sheets: Sheets, count: int, *, last: bool, high: float) -> bytes:
    """Return how many of `count` rows are on full pages, the first of each, the boxes of rows."""
    if not last and len(sheets) < 2:
        return orjson.dumps([0, [], []])
    firsts = _firsts(sheets, count)
    pages = len(sheets) if last else len(sheets) - 1
    kept = count if last else firsts[-1]
    return orjson.dumps([kept, firsts[:pages], _boxes(sheets, high=high)[:kept]])


def _lined_up(rows: list[dict], *, rtl: bool) -> list[dict]:
    """Return rows with their ids, and behind every price the width in em that it takes, "" where
    it needs none.

    From right to left a column ends at its left, below currencies and not below digits: there
    every price takes the width of the widest in its column, and digits end below digits.
    """
    columns = list(zip(*(row["prices"] for row in rows), strict=True))
    rooms = [
        max((_width(amount) for cell in column for _start, amount in cell), default=0) if rtl else 0
        for column in columns
    ]
    told = [f"{room:.1f}" if room else "" for room in rooms]
    return [
        {
            **row,
            "id": f"r{n}",
            "prices": [
                [[*line, room] for line in cell]
                for cell, room in zip(row["prices"], told, strict=True)
            ],
        }
        for n, row in enumerate(rows)
    ]


def _width(amount: str) -> float:
    return sum(0.29 if sign in NARROW else 0.58 for sign in amount if sign not in MARKS)


def _firsts(sheets: Sheets, count: int) -> list[int]:
    """Return the number of the first row on every page."""
    return [
        min((int(mark[1:]) for mark in ids if mark[0] == "r"), default=count)
        for ids in sheets.anchors()
    ]


def _boxes(sheets: Sheets, *, high: float) -> list[list[float]]:
    """Return the box of every row on its page."""
    found = {
        int(mark[1:]): [round(n, 1) for n in (x, high - y - height, width, height)]
        for page in sheets.boxes()
        for mark, (x, y, width, height) in page.items()
        if mark[0] == "r"
    }
    return [found[n] for n in sorted(found)]


def page_size(columns: int) -> tuple[float, float]:
    """Return the page in points: A4, turned where many columns of prices need the width."""
    size = (210 * MM, 297 * MM)
    return size[::-1] if columns >= WIDE_FROM else size
