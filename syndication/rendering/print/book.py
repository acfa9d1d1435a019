"""From the cards of an edition to the finished book: order, numbers, furniture, binding."""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

from syndication.contract import EditionPlan, Piece, RenderContext

from ..addresses import page_path
from ..press.entry import stage_of
from ..press.findings import reported
from ..qr_series import code_operators
from . import chapters as plan_of
from .binding import Binder, Code, Frame
from .chapters import Chapter
from .furniture import Furniture
from .galley import galley_key, make_galley
from .layouts import LAYOUTS
from .parts import Pack
from .planning import Entry, Leaf, Slot
from .setting import sheet_of

FRONT = 1  # pages before the contents


class Cards:
    """The cards of an edition, parked in a file so that only those of one page are in memory."""

    def __init__(self, folder: Path):
        self.file = (folder / "cards.bin").open("w+b")

    def close(self) -> None:
        self.file.close()

    def park(self, pieces: Iterable[Piece]) -> Iterator[Entry]:
        at = 0
        for piece in pieces:
            self.file.write(piece.payload)
            size, summary = len(piece.payload), piece.summary
            picture = summary.get("picture")
            where = (at, size)
            texts = (summary["name"], summary.get("slug", ""), summary.get("category", ""))
            digest = hashlib.sha256(piece.payload).hexdigest()
            yield Entry(piece.identifier, *texts, picture, where, digest, **_cells(summary))
            at += size
        self.file.flush()

    def take(self, entry: Entry) -> bytes:
        at, size = entry.card
        # Read by position: a forked helper shares the place where the file is open at.
        return os.pread(self.file.fileno(), size, at)


def _cells(summary: dict) -> dict:
    """Return what a summary says of the cells of a card; none is as it was before layouts."""
    if "layout" not in summary:
        return {}
    cells = tuple((columns, rows) for columns, rows in summary["cells"])
    return {"layout": summary["layout"], "cells": cells, "facing": bool(summary.get("facing"))}


def bind(plan: EditionPlan, pieces: Iterable[Piece], context: RenderContext, target) -> list:
    """Write the book of `pieces` to the binary file `target`; return what must be reported."""
    context.scratch.mkdir(parents=True, exist_ok=True)
    with closing(Cards(context.scratch)) as cards:
        labels = context.labels[context.locale]
        entries = cards.park(pieces)
        chapters = plan_of.arrange(entries, labels, locale=context.locale)
        return _Book(plan, context, chapters, cards, target).write()


class _Book:
    def __init__(self, plan, context: RenderContext, chapters, cards: Cards, target):
        self.plan, self.context, self.chapters, self.cards = plan, context, chapters, cards
        self.sheet = sheet_of(context)
        self.stage = stage_of(context)
        self.furniture = Furniture(plan, context, sheet=self.sheet, stage=self.stage)
        self.binder = Binder(
            target,
            sheet=self.sheet,
            locale=context.locale,
            remember=context.remember,
            stage=self.stage,
        )

    def write(self) -> list:
        helper = self._begin_ahead()
        contents, index = self._contents()
        self._tell_places()
        urls = self._urls()
        self.codes = code_operators(list(urls.values()), remember=self.context.remember)
        self._front(contents)
        self.feet = self.binder.forms(self.furniture.feet())
        self.captions = {}
        for chapter in self.chapters:
            self._chapter(chapter, urls)
        if helper:
            os.waitpid(helper, 0)
        self._back(index)
        self.binder.finish(
            title=self.furniture.title,
            author=self.furniture.brand,
            issued_on=self.plan.issued_on,
        )
        return reported(self.binder.findings, cards=self._cards_of_pages())

    def _cards_of_pages(self) -> dict[tuple[int, str], str]:
        """Return {(page, name of the card's form): identifier of the product}."""
        leaves = (leaf for chapter in self.chapters for leaf in chapter.leaves)
        slots = ((leaf.page, slot) for leaf in leaves for slot in leaf.cards)
        return {(page, f"C{slot.key}"): slot.entry.identifier for page, slot in slots}

    def _tell_places(self) -> None:
        """Tell a preview where the products stand."""
        if self.plan.window:
            leaves = (leaf for chapter in self.chapters for leaf in chapter.leaves)
            self.plan.window.places(
                {leaf.page: [slot.entry.identifier for slot in leaf.cards] for leaf in leaves}
            )

    def _shows(self, page: int) -> bool:
        return not self.plan.window or self.plan.window.shows(page)

    def _add(self, make: Callable[[], bytes], *, numbered: bool = False) -> None:
        """Append a page that is set by itself, or a blank one that nobody will look at."""
        if self._shows(self.binder.count + 1):
            self.binder.add(make(), numbered=numbered)
        else:
            self.binder.blank()

    def _begin_ahead(self) -> int:
        """Let a helper process set the index for the memo, and galleys from the last one on, all
        numbered as if the contents had one page; return its pid, 0 where the index is remembered
        or there is no memo.

        It is forked before anything is set here: Pango's threads do not survive a fork.
        """
        if not self.context.memo or self.plan.window:
            return 0
        self._number(contents=1)
        index = self._index()
        if self.furniture.knows_index(index):
            return 0
        helper = os.fork()
        if helper == 0:
            try:
                self._pages_of(index)
                self._galleys_backwards()
            finally:
                os._exit(0)
        return helper

    def _galleys_backwards(self) -> None:
        """Make galleys for the memo until one is known: there the other process has arrived."""
        for chapter in reversed(self.chapters):
            for leaf in reversed(chapter.leaves):
                if self.context.recalls(self._galley_key(leaf)):
                    return
                self.stage.pack(self._galley(leaf))

    def _number(self, *, contents: int) -> int:
        first = FRONT + contents + 1
        return plan_of.number(self.chapters, first=first)

    def _contents(self) -> tuple[bytes, list[list[dict]]]:
        """Return contents and index with their numbers, set again if their length was a guess."""
        count, found = 1, 0
        while count != found:
            count = max(count, found)
            after = self._number(contents=count)
            index = self._index()
            payload = self.furniture.contents(self.chapters, index=after if index else 0)
            found = len(Pack.from_bytes(payload).forms)
            if found < count:
                break
        return payload, index

    def _index(self) -> list[list[dict]]:
        if self.context.options.get("index") is False:
            return []
        return plan_of.index_pages(self.chapters, locale=self.context.locale)

    def _front(self, contents: bytes) -> None:
        self.binder.mark(self.furniture.title)
        self._add(lambda: self.furniture.cover(self._cover_picture()))
        self.binder.mark(self.furniture.words["contents"])
        self.binder.add(contents, numbered=True)

    def _cover_picture(self) -> dict | None:
        """The chosen picture, else the widest of the first products of the chapters."""
        chosen = self.context.options.get("picture")
        if isinstance(chosen, dict):
            return chosen
        found = [e.picture for c in self.chapters for e in c.entries[:12] if e.picture]
        return max(found, key=lambda p: (p.get("width") or 0, p["sha256"]), default=None)

    def _urls(self) -> dict[tuple[int, str], str]:
        """Return {(page, key of the slot): address to be coded} in the order of binding."""
        found = {
            (leaf.page, slot.key): self._url(slot.entry, leaf.page)
            for chapter in self.chapters
            for leaf in chapter.leaves
            if self._shows(leaf.page)
            for slot in leaf.cards
            if slot.part == 0
        }
        return {place: url for place, url in found.items() if url}

    def _chapter(self, chapter: Chapter, urls: dict) -> None:
        self.binder.mark(chapter.title)
        self._add(lambda: self.furniture.opener(chapter))
        shown = [leaf for leaf in chapter.leaves if self._shows(leaf.page)]
        headed = replace(chapter, leaves=shown)
        strips = iter(self.binder.forms(self.furniture.heads(headed)) if shown else ())
        marks = {(s.page, s.title) for s in chapter.sections if s.title}
        for leaf in chapter.leaves:
            for title in (leaf.section, *(title for _, title in leaf.titles)):
                if (leaf.page, title) in marks:
                    self.binder.mark(title, level=1)
            if self._shows(leaf.page):
                self._products(leaf, strips, urls)
            else:
                self.binder.blank()

    def _products(self, leaf: Leaf, strips: Iterator[int], urls: dict) -> None:
        head = next(strips)
        titles = [(row, next(strips)) for row, _ in leaf.titles]
        foot = self.feet[0 if self.sheet.is_left(leaf.page) else 1]
        coded = [(slot, urls.get((leaf.page, slot.key))) for slot in leaf.cards]
        self.binder.product_page(
            self._galley(leaf),
            codes=[self._code(slot, leaf.page, url) for slot, url in coded if url],
            frame=Frame(head, foot, titles),
        )

    def _code(self, slot: Slot, page: int, url: str) -> Code:
        place = LAYOUTS[slot.entry.layout].place
        if place not in self.captions:
            self.captions[place] = self.binder.forms(self.furniture.caption(place))[0]
        box = self.sheet.code(place, self.sheet.box(slot.cell, page=page))
        words = self.sheet.caption(place, box)
        return Code(box, self.captions[place], words, url, *next(self.codes))

    def _galley(self, leaf: Leaf) -> bytes:
        return self.context.remember(self._galley_key(leaf), lambda: self._made(leaf))

    def _galley_key(self, leaf: Leaf) -> str:
        digests = [(slot, slot.entry.digest) for slot in leaf.cards]
        return galley_key(digests, sheet=self.sheet, page=leaf.page)

    def _made(self, leaf: Leaf) -> bytes:
        cards = [(slot, self.cards.take(slot.entry)) for slot in leaf.cards]
        return make_galley(cards, sheet=self.sheet, page=leaf.page)

    def _url(self, entry: Entry, page: int) -> str:
        """The address coded on a card: of this edition, product and page where that is known."""
        if self.context.options.get("codes") is False:
            return ""
        if self.plan.touchpoint:
            return self.plan.touchpoint(entry.identifier, f"page-{page}")
        return self.context.public_url + page_path(entry.slug, locale=self.context.locale)

    def _pages_of(self, index: list[list[dict]]) -> list[bytes]:
        return [self._index_page(index, n) for n in range(len(index))]

    def _index_page(self, index: list[list[dict]], n: int) -> bytes:
        return self.furniture.index(index[n], first=n == 0)

    def _back(self, index: list[list[dict]]) -> None:
        if index:
            self.binder.mark(self.furniture.words["index"])
        for n in range(len(index)):
            self._add(partial(self._index_page, index, n), numbered=True)
        if self.binder.count % 2 == 0:
            self.binder.blank()  # the back cover is the outside of a leaf
        self._add(self.furniture.back)
