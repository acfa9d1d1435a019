"""Binds a price list: title and contents in front, the pages of every run, feet and numbers."""

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

import orjson

from syndication.contract import MOST_NOTED, EditionPlan, PageNote, Piece, Refusal, RenderContext

from .. import tokens as design
from ..formats import Formatter
from ..pages import render
from ..pdf import lay_out
from ..press.entry import stage_of
from ..press.findings import reported
from ..print.dress import style, told
from ..print.headlines import PLAIN, Headlines
from ..print.parts import Pack
from ..print.sheet import MM
from ..print.stamps import Numbers
from ..print.taking_apart import take_apart
from ..print.volume import Shown, Volume, links_of, placed
from ..print_words import print_words
from ..tongues import Text, distinct, in_all, in_line, texts
from ..words import words
from .columns import EDGE
from .order import Entry, Parked, runs
from .rows import headings
from .setting import FOLDER, Page, Setter

FOOT = 9 * MM
NUMBER_WIDE = 16 * MM
FOOT_LINE, FOOT_MORE, LOWEST = 5 * MM, 2.8 * MM, 4 * MM  # of its lines, and the edge below them
FOOT_SIZES = (7.0, 5.4)  # points, as designed and the least


class Kept(NamedTuple):
    """Pages that are set, parked until those before them are known."""

    at: int
    size: int
    goes_on: bool


class Section(NamedTuple):
    """A line of the contents: its titles by language, its level, the page it begins on (from 0,
    of the list)."""

    titles: list[str]
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
        self.locales = context.locales
        self.titles = [self._title(code) for code in self.locales]
        self.kept: list[Kept] = []
        self.sections: list[Section] = []
        self.count = 0
        self.noted: list[tuple[str, list]] = []  # of every page: its chapter, (article, box)

    def _title(self, locale: str) -> str:
        return told(self.context.options.get("title"), locale) or print_words(locale)["price_list"]

    def write(self, found: list[list[Entry]], target) -> list[Refusal]:
        for run in found:
            self._run(run)
        front = self._front()
        stage = stage_of(self.context)
        volume = Volume(target, locale=self.context.locale, rtl=self.setter.rtl, stage=stage)
        self._bind(volume, front)
        brand = str(self.context.tokens.get("brand") or "")
        volume.finish(title=self.titles[0], author=brand, issued_on=self.plan.issued_on)
        return reported(volume.findings, cards={})

    def _run(self, run: list[Entry]) -> None:
        seen: list[list[str]] = [[]]
        at = 0
        for page in self.setter.pages(run):
            rows = run[at : at + page.rows]
            seen = self._note_sections(rows, seen)
            self._note_rows(rows, page)
            self.kept.append(Kept(self.pages.tell(), len(page.pack), at > 0))
            self.pages.write(page.pack)
            self.count += len(page.firsts)
            at += page.rows
        self.pages.flush()

    def _note_sections(self, rows: list[Entry], seen: list[list[str]]) -> list[list[str]]:
        """Note where chapters and the categories below them begin; return the last titles."""
        for entry in rows:
            paths = self.setter.titles(entry)
            if paths[0][:1] != seen[0][:1]:
                self.sections.append(Section([p[0] for p in paths], "chapter", self.count))
            if paths[0] != seen[0] and paths[0][1:]:
                titles = [" · ".join(path[1:]) for path in paths]
                self.sections.append(Section(titles, "section", self.count))
            seen = paths
        return seen

    def _note_rows(self, rows: list[Entry], page: Page) -> None:
        chapter = self.setter.titles(rows[0])[0][0]
        for first, end in pairwise([*page.firsts, page.rows]):
            if len(self.noted) < MOST_NOTED:
                boxes = page.boxes[first:end]
                found = [(e.identifier, b) for e, b in zip(rows[first:end], boxes, strict=True)]
                self.noted.append((chapter, found))

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
            {
                "titles": self._texts(s.titles),
                "level": s.level,
                "page": str(s.page + 1 + count),
            }
            for s in self.sections
        ]
        values = {
            "titles": distinct(self._texts(self.titles)),
            "subtitles": distinct(texts(self.locales, partial(told, self._option("subtitle")))),
            "brand": self.context.tokens.get("brand") or "",
            "edition": self._edition(in_all(self.locales, lambda code: words(code)["edition"])),
            "notes": distinct(note for code in self.locales for note in self._notes(code)),
            "contents": distinct(texts(self.locales, lambda code: words(code)["contents"])),
            "rows": rows,
            "locale": self.context.locale,
            "direction": "rtl" if self.setter.rtl else "ltr",
        }
        return self._remembered("front", values)

    def _texts(self, said: list[str]) -> list[Text]:
        """Return what is said in every language, with how it is read."""
        known = dict(zip(self.locales, said, strict=True))
        return texts(self.locales, known.__getitem__)

    def _option(self, code: str):
        return self.context.options.get(code)

    def _edition(self, word: str, locale: str = "") -> str:
        issued = self._date(self.plan.issued_on, locale or self.context.locale)
        return f"{word} {self.plan.number} · {issued}"

    def _date(self, day: str, locale: str) -> str:
        return Formatter(self.context.labels[locale], locale=locale).date(day)

    def _notes(self, locale: str) -> list[Text]:
        """Return from when on the list holds, what its prices include, and words of one's own."""
        since, known = str(self._option("valid_from") or ""), print_words(locale)
        notes = [known["valid_from"] % self._date(since, locale)] if since else []
        if len(self.parked.taxes) == 1:
            taxed = next(iter(self.parked.taxes))
            notes.append(known["taxed" if taxed else "untaxed"])
        own = told(self._option("note"), locale)
        return [text for note in [*notes, own] for text in texts([locale], lambda _c, n=note: n)]

    def _remembered(self, name: str, values: dict[str, Any]) -> bytes:
        inputs = [name, values, self.setter.css, *self.setter.versions, self.setter.tagged]
        key = orjson.dumps(inputs, option=orjson.OPT_SORT_KEYS).decode()
        return self.context.remember(key, lambda: self._set(name, values))

    def _set(self, name: str, values: dict[str, Any]) -> bytes:
        wide, high = self.setter.page
        measured = {"page_width": wide, "page_height": high}
        measured |= {"foot_width": self._strip, "foot_height": self._foot_height}
        css = style(
            f"{FOLDER}/front.css",
            self.context,
            **{name: f"{length:.3f}pt" for name, length in measured.items()},
        )
        sheets = lay_out(render(f"{FOLDER}/{name}.html", values), css=css)
        if name == "front" and len(sheets) > 1:
            close = lay_out(render(f"{FOLDER}/{name}.html", values | {"close": "yes"}), css=css)
            sheets = close if len(close) < len(sheets) else sheets
        voice = "artifact" if name == "foot" else ""  # what stands on every page
        return take_apart(sheets.pdf(tagged=self.setter.tagged), voices=voice).to_bytes()

    def _bind(self, volume: Volume, front: bytes) -> None:
        numbers = Numbers(self.context.remember)
        font = volume.font(numbers.pack)
        foot = volume.place(Pack.from_bytes(self._foot()))[0]
        marks: dict[int, list[Section]] = {}
        for section in self.sections:
            marks.setdefault(section.page, []).append(section)
        volume.mark(in_line(self.titles))
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
                    level = 1 if section.level == "section" else 0
                    volume.mark(in_line(section.titles), level=level)
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
        left = wide - EDGE - self._strip if rtl else EDGE
        number = Shown(volume.stage.fill(0.13, 0.16, 0.17) + stamp)
        # Several lines stand around the height of the number.
        low = FOOT - 1.5 * MM - (self._foot_height - FOOT_LINE) / 2
        return [placed("F", left, max(low, LOWEST)), number]

    @property
    def _strip(self) -> float:
        """The width of the foot: all but what the number of the page takes."""
        return self.setter.page[0] - 2 * EDGE - NUMBER_WIDE

    @property
    def _foot_height(self) -> float:
        return FOOT_LINE + FOOT_MORE * (len(self.locales) - 1)

    def _foot(self) -> bytes:
        lines = Headlines(design.merged(self.context.tokens)["fonts"])
        fitted = [
            text | lines.line(text["text"], PLAIN, room=self._strip, sizes=FOOT_SIZES)
            for text in self._texts([self._footed_in(code) for code in self.locales])
        ]
        direction = "rtl" if self.setter.rtl else "ltr"
        values = {"lines": fitted, "locale": self.context.locale, "direction": direction}
        return self._remembered("foot", values)

    def _footed_in(self, locale: str) -> str:
        """Return what stands at the foot of every page in a language."""
        title = self.titles[self.locales.index(locale)]
        notes = [note["text"] for note in self._notes(locale)[:2]]
        edition = self._edition(words(locale)["edition"], locale)
        return " · ".join(filter(None, [title, edition, *notes]))
