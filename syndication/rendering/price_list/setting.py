"""Sets the pages of a price list, each a pure function of its rows and remembered by them.

Which rows are on which page is known before any is laid out (`heights.py`, `cutting.py`): a change
sets the pages again whose rows it changed, and the list comes out as if all had been set anew.
"""

import hashlib
from collections.abc import Iterator
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
from ..tongues import Text, distinct, joined, texts
from .columns import measures
from .cutting import CHAPTER, GROUP, ROW, Block, Cut, cuts
from .heights import Heights
from .order import Entry, Parked, path_of

FOLDER = "outputs/price_list"
TOGETHER = 6  # pages laid out at once
AHEAD = 40  # pages looked at for some to lay out
RECIPE = "7"  # raise it when the same rows make other bytes
TOP, BOTTOM = 19 * MM, 17 * MM  # margins of a page
KEPT_FREE = 2.0  # points of a page, for roundings
NOTICED = 9.0  # points that a page may leave free unnoticed
NARROW = ".,\u066b\u066c \u00a0\u202f"  # signs of prices half as wide as a digit
MARKS = "\u200e\u200f\u061c"  # of direction: they have no width


class Page(NamedTuple):
    """Rows that are set: how many, as a pack of one page (more where a row is higher than that),
    the first row on each, the box of every row.

    Boxes are x, y, width, height in points from the lower left corner of the page.
    """

    rows: int
    pack: bytes
    firsts: list[int]
    boxes: list[list[float]]


class _Leaf(NamedTuple):
    """What is on a page: its rows, the points between them, whether it is to be full, and whether
    its table goes on from the page before."""

    rows: list[dict]
    air: float
    full: bool
    goes_on: bool

    @property
    def gaps(self) -> int:
        """How many times the air between rows is on the page."""
        return 2 + sum(1 + bool(row["chapter"]) + bool(row["title"]) for row in self.rows)


class Setter:
    """Sets the runs of one edition."""

    def __init__(self, context: RenderContext, *, heads: dict[str, Any], parked: Parked):
        self.context, self.parked = context, parked
        self.rtl = cldr_locale(context.locale).text_direction == "rtl"
        self.columns = measures(heads, languages=len(context.locales))
        self.heads = _arranged(heads, self.columns.names)
        self.page = self.columns.page
        self.heights = Heights(self.columns, context.tokens, rtl=self.rtl)
        measured = {**self.columns.css(), **self.heights.css()}
        self.css = style(f"{FOLDER}/list.css", context, **measured)
        self.tagged = is_tagged(context)
        self.versions = [RECIPE, template_digest(FOLDER), engine_version()]
        self.room = self.page[1] - TOP - BOTTOM - KEPT_FREE - self.heights.heads(self.heads)

    def pages(self, run: list[Entry]) -> Iterator[Page]:
        """Yield the pages of a run in their order."""
        planned = cuts(list(self._blocks(run)), room=self.room)
        at = 0
        while at < len(planned):
            keys, missing = [], []
            for cut in planned[at : at + AHEAD]:
                leaf = self._leaf(run, cut)
                keys.append(self._key(leaf))
                if not self.context.recalls(keys[-1]):
                    missing.append(len(keys) - 1)
                if len(missing) == TOGETHER:
                    break
            made = self._made([self._leaf(run, planned[at + n]) for n in missing])
            ready = dict(zip(missing, made, strict=True))
            for n, key in enumerate(keys):
                yield self._page(run, planned[at + n], key, ready.get(n))
            at += len(keys)

    def _page(self, run: list[Entry], cut: Cut, key: str, ready: bytes | None) -> Page:
        def made() -> bytes:
            return ready or self._made([self._leaf(run, cut)])[0]

        about, _, pack = self.context.remember(key, made).partition(b"\n")
        return Page(cut.end - cut.first, pack, *orjson.loads(about))

    def _blocks(self, run: list[Entry]) -> Iterator[Block]:
        for row in self._rows(run, 0, len(run)):
            begins = CHAPTER if row["chapter"] else GROUP if row["title"] else ROW
            said = "\n".join([row["sku"], *row["names"], row["head"]]).encode()
            mark = int.from_bytes(hashlib.sha256(said).digest()[:8])
            yield Block(self.heights.of(row), begins, mark)

    def _leaf(self, run: list[Entry], cut: Cut) -> _Leaf:
        rows = list(self._rows(run, cut.first, cut.end))
        leaf = _Leaf(rows, 0.0, not cut.last, bool(cut.first and self.tagged))
        return leaf._replace(air=round(cut.free / leaf.gaps, 2))

    def _rows(self, run: list[Entry], first: int, end: int) -> Iterator[dict]:
        """Yield rows of a run as they are shown, with the titles that begin above them."""
        before = self.titles(run[first - 1]) if first else [[]] * len(self.context.locales)
        rows = self.parked.rows(run[first:end])
        for n, (entry, row) in enumerate(zip(run[first:end], rows, strict=True), first):
            found = self.titles(entry)
            if found[0][:1] != before[0][:1]:
                row["chapter"] = self._told([path[0] for path in found])
            else:
                row["chapter"] = []
            inner = [" · ".join(path[1:]) for path in found]
            row["title"] = self._told(inner) if found[0] != before[0] else []
            row["head"] = joined((" · ".join(path) for path in found), between=" / ")
            row["next"] = n > 0
            yield row
            before = found

    def _told(self, said: list[str]) -> list[Text]:
        known = dict(zip(self.context.locales, said, strict=True))
        return distinct(texts(self.context.locales, known.__getitem__))

    def titles(self, entry: Entry) -> list[list[str]]:
        """Return the titles of an article's categories, in every language."""
        labels = self.context.labels
        return [path_of(entry.home, labels[code], locale=code) for code in self.context.locales]

    def _key(self, leaf: _Leaf) -> str:
        about = [self.heads, self.css, self.context.locale, self.tagged]
        told = ["page", *self.versions, list(leaf), *about]
        return orjson.dumps(told, option=orjson.OPT_SORT_KEYS).decode()

    def _made(self, leaves: list[_Leaf]) -> list[bytes]:
        """Return what is remembered of pages: where their rows are, and their packs."""
        if not leaves:
            return []
        sheets = self._laid_out(leaves)
        if (filled := self._filled(leaves, sheets)) != leaves:
            leaves, sheets = filled, self._laid_out(filled)
        anchors = sheets.anchors()
        starts = [next(p for p, ids in enumerate(anchors) if _id(n, 0) in ids)
                  for n in range(len(leaves))]  # fmt: skip
        ends = [*starts[1:], len(sheets)]
        found = zip(leaves, starts, ends, strict=True)
        return [self._packed(sheets, n, *each) for n, each in enumerate(found)]

    def _filled(self, leaves: list[_Leaf], sheets: Sheets) -> list[_Leaf]:
        """Return the leaves with more air where rows came out lower than they were reckoned."""
        found = []
        for n, leaf in enumerate(leaves):
            boxes = _boxes(sheets, n, high=self.page[1])
            left = boxes[-1][1] - BOTTOM - KEPT_FREE
            if leaf.full and left > NOTICED:
                leaf = leaf._replace(air=round(leaf.air + left / leaf.gaps, 2))
            found.append(leaf)
        return found

    def _packed(self, sheets: Sheets, n: int, leaf: _Leaf, start: int, end: int) -> bytes:
        # One table over all pages: its heads are read once.
        first = "goes_on" if leaf.goes_on else ""
        voices = [first, *["goes_on"] * (end - start - 1)] if self.tagged else ""
        payload = sheets.pdf(*range(start, end), tagged=self.tagged)
        about = [_firsts(sheets, n, start, end), _boxes(sheets, n, high=self.page[1])]
        pack = take_apart(payload, voices=voices).to_bytes()
        return orjson.dumps(about) + b"\n" + pack

    def _laid_out(self, leaves: list[_Leaf]) -> Sheets:
        tables = [
            {"rows": self._named(_lined_up(leaf.rows, n, rtl=self.rtl)), "air": f"{leaf.air:.2f}"}
            for n, leaf in enumerate(leaves)
        ]
        values = {
            "tables": tables,
            "heads": self.heads,
            "across": str(2 + bool(self.heads["pack"]) + bool(self.heads["gtin"])
                          + len(self.heads["prices"]) + len(self.heads["names"]) - 1),
            "locale": self.context.locale,
            "direction": "rtl" if self.rtl else "ltr",
            "several": len(self.context.locales) > 1,
            "below": self.columns.names < len(self.context.locales),
        }  # fmt: skip
        sheets = lay_out(render(f"{FOLDER}/list.html", values), css=self.css)
        if sheets.errors:
            raise ValueError(f"price list: {sheets.errors[0]}")
        return sheets

    def _named(self, rows: list[dict]) -> list[dict]:
        """Return rows whose names say in which language they are, where there are several."""
        locales = self.context.locales
        if len(locales) == 1:
            return rows
        ways = texts(locales, str)
        return [
            {
                **row,
                "names": [
                    way | {"text": name} for way, name in zip(ways, row["names"], strict=True)
                ],
            }
            for row in rows
        ]


def _arranged(heads: dict[str, Any], names: int) -> dict[str, Any]:
    """Return the heads with those of names in as many columns as there are of them."""
    said = heads["names"]
    return {**heads, "names": [[text] for text in said] if names > 1 else [said]}


def _id(leaf: int, row: int) -> str:
    return f"r{leaf}-{row}"


def _lined_up(rows: list[dict], leaf: int, *, rtl: bool) -> list[dict]:
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
            "id": _id(leaf, n),
            "prices": [
                [[*line, room] for line in cell]
                for cell, room in zip(row["prices"], told, strict=True)
            ],
        }
        for n, row in enumerate(rows)
    ]


def _width(amount: str) -> float:
    return sum(0.29 if sign in NARROW else 0.58 for sign in amount if sign not in MARKS)


def _firsts(sheets: Sheets, leaf: int, start: int, end: int) -> list[int]:
    """Return the number of the first row on every page of a leaf; one behind the last where none
    begins."""
    seen, found, anchors = set(), [], sheets.anchors()
    marked = f"r{leaf}-"
    count = sum(mark.startswith(marked) for mark in set().union(*anchors[start:end]))
    for ids in anchors[start:end]:
        own = {int(mark.partition("-")[2]) for mark in ids if mark.startswith(marked)} - seen
        found.append(min(own, default=count))
        seen |= own
    return found


def _boxes(sheets: Sheets, leaf: int, *, high: float) -> list[list[float]]:
    """Return the box of every row on its page."""
    marked = f"r{leaf}-"
    found: dict[int, list[float]] = {}
    for page in sheets.boxes():
        for mark, (x, y, width, height) in page.items():
            if mark.startswith(marked):
                box = [round(n, 1) for n in (x, high - y - height, width, height)]
                found.setdefault(int(mark.partition("-")[2]), box)
    return [found[n] for n in sorted(found)]
