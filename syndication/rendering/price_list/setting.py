"""Sets a run of rows a stretch at a time, so that memory stays flat at any length.

A stretch is laid out, all its pages but the last are kept, and the rows of the last begin the
next stretch; so pages are as full as in one layout of everything. Each stretch is remembered by
its rows: a change sets again the stretches from there to where pages break as they did before.
"""

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
from .order import Entry, Parked, path_of

FOLDER = "outputs/price_list"
STRETCH = 220  # rows set at once
RECIPE = "5"  # raise it when the same rows make other bytes
NARROW = ".,\u066b\u066c \u00a0\u202f"  # signs of prices half as wide as a digit
MARKS = "\u200e\u200f\u061c"  # of direction: they have no width
WIDE_FROM = 4  # as many columns of prices turn the page


class Stretch(NamedTuple):
    """Pages as a pack, how many rows are on them, the first row on each, the box of every row.

    Boxes are x, y, width, height in points from the lower left corner of the page.
    """

    payload: bytes
    rows: int
    firsts: list[int]
    boxes: list[list[float]]


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
        for entry, row in zip(entries, self.parked.rows(entries), strict=True):
            found = self.titles(entry)
            row["chapter"] = found[0] if found[0] not in titles[:1] else ""
            row["title"] = " · ".join(found[1:]) if found != titles else ""
            row["head"] = " · ".join(found)
            rows.append(row)
            titles = found
        _lined_up(rows, rtl=self.rtl)
        goes_on = bool(at and self.tagged)
        inputs = [*self.versions, rows, last, self.heads, self.css, self.context.locale, before]
        inputs += [self.tagged, goes_on]
        key = orjson.dumps(inputs, option=orjson.OPT_SORT_KEYS).decode()
        return _unpacked(
            self.context.remember(key, lambda: self._set(rows, last=last, goes_on=goes_on))
        )

    def titles(self, entry: Entry) -> list[str]:
        """Return the titles of an article's categories."""
        labels = self.context.labels[self.context.locale]
        return path_of(entry.home, labels, locale=self.context.locale)

    def _set(self, rows: list[dict], *, last: bool, goes_on: bool) -> bytes:
        for n, row in enumerate(rows):
            row["id"] = f"r{n}"
        values = {
            "rows": rows,
            "heads": self.heads,
            "locale": self.context.locale,
            "direction": "rtl" if self.rtl else "ltr",
        }
        sheets = lay_out(render(f"{FOLDER}/list.html", values), css=self.css)
        if sheets.errors:
            raise ValueError(f"price list: {sheets.errors[0]}")
        firsts, boxes = _firsts(sheets, len(rows)), _boxes(sheets, high=self.page[1])
        if not last and len(sheets) < 2:
            return _packed(b"", 0, [], [])
        count = len(sheets) if last else len(sheets) - 1
        payload = sheets.pdf(*range(count), tagged=self.tagged)
        # One table over all pages: its heads are read once.
        voices = ["goes_on" if goes_on else "", *["goes_on"] * (count - 1)]
        found = take_apart(payload, voices=voices).to_bytes()
        kept = len(rows) if last else firsts[-1]
        return _packed(found, kept, firsts[:count], boxes[:kept])


def _lined_up(rows: list[dict], *, rtl: bool) -> None:
    """Put behind every price the width in em that it takes, "" where it needs none.

    From right to left a column ends at its left, below currencies and not below digits: there
    every price takes the width of the widest in its column, and digits end below digits.
    """
    for column in zip(*(row["prices"] for row in rows), strict=True):
        lines = [line for cell in column for line in cell]
        room = max((_width(amount) for _start, amount in lines), default=0) if rtl else 0
        for line in lines:
            line.append(f"{room:.1f}" if room else "")


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


def _packed(payload: bytes, rows: int, firsts: list[int], boxes: list[list[float]]) -> bytes:
    return orjson.dumps([rows, firsts, boxes]) + b"\n" + payload


def _unpacked(stored: bytes) -> Stretch:
    head, _, payload = stored.partition(b"\n")
    return Stretch(payload, *orjson.loads(head))


def page_size(columns: int) -> tuple[float, float]:
    """Return the page in points: A4, turned where many columns of prices need the width."""
    size = (210 * MM, 297 * MM)
    return size[::-1] if columns >= WIDE_FROM else size
