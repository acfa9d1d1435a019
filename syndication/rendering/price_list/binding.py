"""Binds a price list: title and contents in front, the pages of every run, feet and numbers."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import orjson

from syndication.contract import MOST_NOTED, EditionPlan, PageNote, Piece, Refusal, RenderContext

from ..formats import Formatter
from ..pages import render
from ..pdf import lay_out
from ..press.entry import stage_of
from ..press.findings import reported
from ..print.dress import style, told
from ..print.parts import Pack
from ..print.sheet import MM
from ..print.stamps import Numbers
from ..print.taking_apart import take_apart
from ..print.volume import Shown, Volume, links_of, placed
from ..print_words import print_words
from ..words import words
from .order import Entry, Parked, path_of, runs
from .rows import headings
from .setting import FOLDER, Setter, Stretch

FOOT = 9 * MM
EDGE = 12 * MM
STRIP_WIDE = 150 * MM


class Kept(NamedTuple):
    """Pages that are set, parked until those before them are known."""

    at: int
    size: int
    goes_on: bool


class Section(NamedTuple):
    """A line of the contents: a title, its level, the page it begins on (from 0, of the list)."""

    title: str
    level: str
    page: int


def write_list(
    plan: EditionPlan, pieces: Iterable[Piece], context: RenderContext, target, *, name: str
) -> list[Refusal]:
    """Write the list of an edition to a binary file; return what a printer should know.

    `name` is what the file is called where its pages are noted.
    """
    context.scratch.mkdir(parents=True, exist_ok=True)
    with (
        (context.scratch / "rows.bin").open("w+b") as rows,
        (context.scratch / "pages.bin").open("w+b") as pages,
    ):
        parked = Parked(rows)
        found = runs(parked.order(pieces, context), context)
        binding = _Binding(plan, context, parked, pages)
        refusals = binding.write(found, target)
        plan.pages.extend(binding.notes(name))
        return refusals


class _Binding:
    def __init__(self, plan: EditionPlan, context: RenderContext, parked: Parked, pages):
        self.plan, self.context, self.parked, self.pages = plan, context, parked, pages
        heads = headings(context, filled=parked.filled)
        self.setter = Setter(context, heads=heads, parked=parked)
        self.words = words(context.locale) | print_words(context.locale)
        self.title = told(context.options.get("title"), context.locale) or self.words["price_list"]
        self.format = Formatter(context.labels[context.locale], locale=context.locale)
        self.kept: list[Kept] = []
        self.sections: list[Section] = []
        self.count = 0
        self.noted: list[tuple[str, list]] = []  # of every page: its chapter, (article, box)

    def write(self, found: list[list[Entry]], target) -> list[Refusal]:
        for run in found:
            self._run(run)
        front = self._front()
        stage = stage_of(self.context)
        volume = Volume(target, locale=self.context.locale, rtl=self.setter.rtl, stage=stage)
        self._bind(volume, front)
        brand = str(self.context.tokens.get("brand") or "")
        volume.finish(title=self.title, author=brand, issued_on=self.plan.issued_on)
        return reported(volume.findings, cards={})

    def _run(self, run: list[Entry]) -> None:
        seen: list[str] = []
        for at, stretch in self.setter.stretches(run):
            seen = self._note_sections(run[at : at + stretch.rows], stretch, seen)
            self._note_rows(run[at : at + stretch.rows], stretch)
            for n, page in enumerate(stretch.pages):
                self.kept.append(Kept(self.pages.tell(), len(page), at > 0 or n > 0))
                self.pages.write(page)
            self.count += len(stretch.firsts)
        self.pages.flush()

    def _note_sections(self, rows: list[Entry], stretch: Stretch, seen: list[str]) -> list[str]:
        """Note where chapters and the categories below them begin; return the last titles."""
        labels, locale = self.context.labels[self.context.locale], self.context.locale
        for page, (first, end) in enumerate(pairwise([*stretch.firsts, stretch.rows])):
            for entry in rows[first:end]:
                titles = path_of(entry.home, labels, locale=locale)
                if titles[0] not in seen[:1]:
                    self.sections.append(Section(titles[0], "chapter", self.count + page))
                if titles != seen and titles[1:]:
                    title = " · ".join(titles[1:])
                    self.sections.append(Section(title, "section", self.count + page))
                seen = titles
        return seen

    def _note_rows(self, rows: list[Entry], stretch: Stretch) -> None:
        for first, end in pairwise([*stretch.firsts, stretch.rows]):
            if first < end and len(self.noted) < MOST_NOTED:
                boxes = stretch.boxes[first:end]
                found = [(e.identifier, b) for e, b in zip(rows[first:end], boxes, strict=True)]
                self.noted.append((self.setter.titles(rows[first])[0], found))

    def notes(self, file: str) -> Iterator[PageNote]:
        """Yield what stands on every page."""
        for page in range(1, self.before + 1):
            yield PageNote(file, page, str(page), "", [])
        for page, (title, rows) in enumerate(self.noted, self.before + 1):
            yield PageNote(file, page, str(page), title, rows)

    def _front(self) -> bytes:
        """Return title and contents, set again if their length was a guess."""
        count, found = 1, 0
        while True:
            payload = self._front_of(count)
            found = len(Pack.from_bytes(payload).forms)
            if found <= count:
                return payload
            count = found

    def _front_of(self, count: int) -> bytes:
        self.before = count
        rows = [
            {"title": s.title, "level": s.level, "page": str(s.page + 1 + count)}
            for s in self.sections
        ]
        values = {
            "title": self.title,
            "subtitle": told(self.context.options.get("subtitle"), self.context.locale),
            "brand": self.context.tokens.get("brand") or "",
            "edition": self._edition(),
            "notes": self._notes(),
            "contents": self.words["contents"],
            "rows": rows,
            "locale": self.context.locale,
            "direction": "rtl" if self.setter.rtl else "ltr",
        }
        return self._remembered("front", values)

    def _edition(self) -> str:
        issued = self.format.date(self.plan.issued_on)
        return f"{self.words['edition']} {self.plan.number} · {issued}"

    def _notes(self) -> list[str]:
        """Return from when on the list holds, what its prices include, and words of one's own."""
        since = str(self.context.options.get("valid_from") or "")
        notes = [self.words["valid_from"] % self.format.date(since)] if since else []
        if len(self.parked.taxes) == 1:
            taxed = next(iter(self.parked.taxes))
            notes.append(self.words["taxed" if taxed else "untaxed"])
        own = told(self.context.options.get("note"), self.context.locale)
        return [*notes, *([own] if own else [])]

    def _remembered(self, name: str, values: dict[str, Any]) -> bytes:
        inputs = [name, values, self.setter.css, *self.setter.versions, self.setter.tagged]
        key = orjson.dumps(inputs, option=orjson.OPT_SORT_KEYS).decode()
        return self.context.remember(key, lambda: self._set(name, values))

    def _set(self, name: str, values: dict[str, Any]) -> bytes:
        wide, high = self.setter.page
        css = style(
            f"{FOLDER}/front.css",
            self.context,
            page_width=f"{wide:.3f}pt",
            page_height=f"{high:.3f}pt",
        )
        sheets = lay_out(render(f"{FOLDER}/{name}.html", values), css=css)
        voice = "artifact" if name == "foot" else ""  # what stands on every page
        return take_apart(sheets.pdf(tagged=self.setter.tagged), voices=voice).to_bytes()

    def _bind(self, volume: Volume, front: bytes) -> None:
        numbers = Numbers(self.context.remember)
        font = volume.font(numbers.pack)
        foot = volume.place(Pack.from_bytes(self._foot()))[0]
        marks: dict[int, list[Section]] = {}
        for section in self.sections:
            marks.setdefault(section.page, []).append(section)
        volume.mark(self.title)
        pack = Pack.from_bytes(front)
        for form, notes in zip(volume.place(pack), pack.notes, strict=True):
            links = links_of(notes)
            volume.page(self.setter.page, [placed("P")], forms={"P": form}, links=links)
        for _blank in range(self.before - len(pack.forms)):
            volume.page(self.setter.page, [], forms={})
        number = 0
        for kept in self.kept:
            self.pages.seek(kept.at)
            forms = volume.place(Pack.from_bytes(self.pages.read(kept.size)))
            for n, form in enumerate(forms):
                for section in marks.get(number, ()):
                    volume.mark(section.title, level=1 if section.level == "section" else 0)
                volume.page(
                    self.setter.page,
                    [placed("P"), *self._footed(volume, numbers)],
                    forms={"P": form, "F": foot},
                    fonts={"Pn": font},
                    goes_on=kept.goes_on or n > 0,
                )
                number += 1

    def _footed(self, volume: Volume, numbers: Numbers) -> list[Shown]:
        """Return the foot of the next page: the edition, its number at the end of the line."""
        wide, rtl = self.setter.page[0], self.setter.rtl
        at = EDGE if rtl else wide - EDGE
        part = 0.0 if rtl else 1.0  # of its width before the edge
        stamp = numbers.operators(str(volume.count + 1), x=at, y=FOOT, part=part)
        left = wide - EDGE - STRIP_WIDE if rtl else EDGE
        number = Shown(volume.stage.fill(0.13, 0.16, 0.17) + stamp)
        return [placed("F", left, FOOT - 1.5 * MM), number]

    def _foot(self) -> bytes:
        text = " · ".join(filter(None, [self.title, self._edition(), *self._notes()[:2]]))
        direction = "rtl" if self.setter.rtl else "ltr"
        values = {"text": text, "locale": self.context.locale, "direction": direction}
        return self._remembered("foot", values)
