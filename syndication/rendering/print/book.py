"""From the cards of an edition to the finished book: order, numbers, furniture, binding."""

import os
from collections.abc import Iterator
from functools import cached_property

from syndication.contract import EditionPlan, Pieces, Refusal, RenderContext

from ..press.entry import stage_of
from ..press.findings import reported
from . import chapters as plan_of
from .binding import Binder
from .cards import digest_of
from .flow import Flow, Page, Rules
from .furniture import Furniture
from .galley import galley_key, make_galley
from .gathering import Gathering
from .indexes import Index, IndexPage, indexes, numbered
from .inserts import NONE, Inserts, inserts_of
from .noting import notes_of
from .parts import Pack
from .placing import hand_of
from .planning import Entry, Leaf
from .reporting import findings
from .setting import sheet_of
from .signs import Signs
from .telling import more_of


def entries_of(pieces: Pieces) -> Iterator[Entry]:
    """Yield the products of an edition; their cards stay where they lie until a page needs them."""
    for piece, card in pieces.apart():
        summary = piece.summary
        texts = (summary["name"], summary.get("slug", ""), summary.get("category", ""))
        digest = summary.get("digest") or digest_of(card())
        known = {**_cells(summary), "more": more_of(summary)}
        yield Entry(piece.identifier, *texts, summary.get("picture"), card, digest, **known)


def _cells(summary: dict) -> dict:
    """Return what a summary says of the cells of a card; none is as it was before layouts."""
    if "layout" not in summary:
        return {}
    cells = tuple((columns, rows) for columns, rows in summary["cells"])
    told = tuple(tuple(row) for row in summary.get("told") or ())
    facing = bool(summary.get("facing"))
    return {"layout": summary["layout"], "cells": cells, "facing": facing, "told": told}


def bind(plan: EditionPlan, pieces: Pieces, context: RenderContext, target, *, name: str) -> list:
    """Write the book of `pieces` to the binary file `target`; return what must be reported.

    `name` is what the file is called where its pages are noted.
    """
    labels = context.labels[context.locale]
    hand = hand_of(context.options)
    entries = list(entries_of(pieces))
    chapters = plan_of.arrange(entries, labels, locale=context.locale, hand=hand)
    book = _Book(plan, context, chapters, target)
    refusals = book.write()
    plan.pages.extend(notes_of(book.flow, sheet=book.sheet, file=name))
    return [*refusals, *findings(chapters, entries, context, hand)]


class _Book:
    def __init__(self, plan, context: RenderContext, chapters, target):
        self.plan, self.context, self.chapters = plan, context, chapters
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
        self.rules = Rules.of(context.options)
        self.indexes: dict[str, list[IndexPage]] = {}
        self.legend = b""

    def write(self) -> list[Refusal]:
        """Write the book; return what must be reported."""
        helper = self._begin_ahead()
        inserts = inserts_of(self.context)
        self.legend = self._legend()
        flow, contents = self._settled(inserts)
        self.flow = flow
        self._tell_places()
        gathering = Gathering(self, contents, inserts)
        # The helper has begun at the other end: it is awaited where its work is wanted.
        gathering.gather(flow, await_index=lambda: helper and os.waitpid(helper, 0))
        self.binder.finish(
            title=self.furniture.title,
            author=self.furniture.brand,
            issued_on=self.plan.issued_on,
            labels=list(flow.labels()),
        )
        found = reported(self.binder.findings, cards=self._cards_of_pages())
        told = [*gathering.extras.refusals, *gathering.heads.refusals()]
        return [*inserts.refusals, *told, *found]

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

    def shows(self, place: int) -> bool:
        """Say whether the page there will be looked at: all of them, unless it is a preview."""
        return not self.plan.window or self.plan.window.shows(place)

    def _begin_ahead(self) -> int:
        """Let a helper process set the index for the memo, and galleys from the last one on, all
        numbered as if the contents had one page; return its pid, 0 where the index is remembered
        or there is no memo.

        It is forked before anything is set here: Pango's threads do not survive a fork.
        """
        if not self.context.memo or self.plan.window:
            return 0
        self._flow(NONE, contents=1)
        known = [self.furniture.knows_index(p, kind=kind) for kind, p in self.indexes.items()]
        if all(known):
            return 0
        helper = os.fork()
        if helper == 0:
            try:
                for kind, pages in self.indexes.items():
                    for n in range(len(pages)):
                        self.index_page(kind, n)
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
                self.stage.pack(self.galley(leaf))

    def _settled(self, inserts: Inserts) -> tuple[Flow, bytes]:
        """Return pages and contents, these set again if their length was a guess."""
        count = 1
        while True:
            flow = self._flow(inserts, contents=count)
            payload = self.furniture.contents(self.chapters, **self._other_parts(flow))
            found = len(Pack.from_bytes(payload).forms)
            if found <= count:
                return flow, payload
            count = found

    def _flow(self, inserts: Inserts, *, contents: int) -> Flow:
        """Number the pages for contents of so many; leaves, chapters and indexes know them then."""
        flow = Flow(self.rules, inserts=inserts, hand=hand_of(self.context.options))
        legend = len(Pack.from_bytes(self.legend).forms) if self.legend else 0
        flow.begin(self.chapters, [("contents", contents), ("legend", legend)])
        self.indexes = numbered(self._rows, self.chapters)
        return flow.end([(kind, len(pages)) for kind, pages in self.indexes.items()])

    def _other_parts(self, flow: Flow) -> dict[str, list]:
        """Return the parts besides chapters that contents name: before and after these."""
        legend = flow.where("legend")
        return {
            "before": [("legend", "", legend)] if legend else [],
            "after": list(self._begun(flow)),
        }

    def _begun(self, flow: Flow) -> Iterator[tuple[str, str, Page]]:
        """Yield the pages that an index begins on, each language of names for itself."""
        for page in flow.pages:
            if page.kind in self.indexes and self.indexes[page.kind][page.item].first:
                named = page.kind == "index" and len(self.context.locales) > 1
                yield page.kind, self.indexes[page.kind][page.item].locale * named, page

    def _legend(self) -> bytes:
        """Return the pages that explain the symbols of the products, b"" without any."""
        used = {pair for c in self.chapters for e in c.entries for pair in e.more.symbols}
        return Signs(self.furniture).legend(used) if used else b""

    @cached_property
    def _rows(self) -> list[Index]:
        options, locales = self.context.options, self.context.locales
        return indexes(self.chapters, options, locales=locales, lines=self.furniture.lines)

    def index_page(self, kind: str, n: int) -> bytes:
        """Return the nth page of an index."""
        return self.furniture.index(self.indexes[kind][n], kind=kind)

    def galley(self, leaf: Leaf) -> bytes:
        """Return the cards of a page in their places."""
        return self.context.remember(self._galley_key(leaf), lambda: self._made(leaf))

    def _galley_key(self, leaf: Leaf) -> str:
        digests = [(slot, slot.entry.digest) for slot in leaf.cards]
        return galley_key(digests, sheet=self.sheet, page=leaf.page)

    def _made(self, leaf: Leaf) -> bytes:
        cards = [(slot, slot.entry.card()) for slot in leaf.cards]
        return make_galley(cards, sheet=self.sheet, page=leaf.page)
