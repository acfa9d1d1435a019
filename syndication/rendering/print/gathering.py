"""Gathers the pages of a book in their order: every kind of page is added in its own way."""

from collections.abc import Callable
from dataclasses import replace

from django.utils.translation import gettext_noop as _

from syndication.contract import Refusal

from ..addresses import page_path
from ..qr_series import code_operators
from ..tongues import Text, in_line
from .binding import Code, Extra, Frame, Headed, Placed
from .chapters import Chapter
from .extras import Extras
from .fixed import fixed_part
from .flow import Flow, Page
from .gaps import Filled, filled
from .heads import Heads
from .inserts import Inserts, never_placed
from .layouts.folders import CodePlaces
from .planning import Entry, Leaf, Slot
from .sheet import MM, MODULE, Box, CodePlace
from .titles import Title

PARTS = ("contents", "legend", "index", "numbers")  # they stand in the outline by their names


class Gathering:
    """Adds pages to the binder of a book; `contents` are set already."""

    def __init__(self, book, contents: bytes, inserts: Inserts):
        self.book, self.context, self.sheet = book, book.context, book.sheet
        self.binder, self.furniture = book.binder, book.furniture
        self.heads = Heads(book.furniture)
        self.inserts, self.packs = inserts, {**inserts.packs, "contents": contents}
        self.sheets: dict[str, list[Placed]] = {}  # pages of a pack that is placed as a whole
        self.begun: set[str] = set()
        self.small = False  # whether a code was too small for readers
        self.captions: dict[CodePlace, int] = {}
        self.adverts: dict[tuple, int] = {}  # forms in gaps, by page and size
        self.places = CodePlaces()
        self.boxes: dict[tuple[CodePlace, Box, int], tuple[Box, Box]] = {}

    def gather(self, flow: Flow, *, await_index: Callable) -> None:
        """Add all pages of a flow; `await_index` returns when the index may be asked for."""
        self.urls = self._urls()
        self.codes = code_operators(list(self.urls.values()), remember=self.context.remember)
        self.feet = self.binder.forms(self.furniture.feet())
        self.extras = Extras(self.book, self.binder)
        self.gaps = self._filled_gaps()
        for page in flow.pages:
            if page.kind in (*self.book.indexes, "back") and await_index:
                await_index()
                await_index = None
            self._mark(page)
            # The contents are there in any case: their length decides on all other pages.
            if page.kind == "contents" or self.book.shows(page.place):
                getattr(self, f"_{page.kind}")(page)
            else:
                self.binder.blank()

    def _filled_gaps(self) -> dict[int, list[Filled]]:
        """Return the adverts between cards by page; what found no gap is reported."""
        leaves = (leaf for chapter in self.book.chapters for leaf in chapter.leaves)
        found = filled(leaves, self.inserts.cutins, self.sheet)
        used = [gap.advert for gaps in found.values() for gap in gaps]
        self.inserts.refusals.extend(never_placed(self.inserts, used))
        return found

    def _cut_in(self, page: int) -> list[Extra]:
        """Return the adverts in the gaps of a page."""
        return [self._advert(gap, page) for gap in self.gaps.get(page, ())]

    def _advert(self, gap: Filled, page: int) -> Extra:
        box, advert = self.sheet.box(gap.cell, page=page), gap.advert
        key = (advert.asset["sha256"], advert.page, advert.fit, box.width, box.height)
        if key not in self.adverts:
            area = (box.width, box.height)
            payload = fixed_part(
                advert.asset, self.context, page=advert.page, fit=advert.fit, area=area
            )
            self.adverts[key] = self.binder.forms(payload)[0]
        return Extra(self.adverts[key], box.x, box.y, quiet=True)

    def _mark(self, page: Page) -> None:
        """Put the page into the outline where it begins something."""
        if page.kind == "cover":
            self.binder.mark(in_line(map(self.furniture.title_in, self.context.locales)))
        elif page.kind == "opener":
            self._begin(page.item)
        elif page.kind == "products":
            leaf: Leaf = page.item
            for title in dict.fromkeys((leaf.section, *(t.text for t in leaf.titles))):
                if (leaf.page, title) in self.marks:
                    others = self.heads.others(self.extras.chapter, title)
                    self._outlined(title, others, level=1)
        elif page.kind in PARTS and page.kind not in self.begun:
            self.begun.add(page.kind)
            heading = self.furniture.heading(page.kind)
            self._outlined(heading["heading"], heading["others"])

    def _outlined(self, title: str, others: list[Text], *, level: int = 0) -> None:
        self.binder.mark(in_line([title, *(other["text"] for other in others)]), level=level)

    def _begin(self, chapter: Chapter) -> None:
        self._outlined(chapter.title, self.heads.others(chapter, chapter.title))
        self.extras.chapter = chapter
        shown = [leaf for leaf in chapter.leaves if self.book.shows(leaf.page)]
        headed = replace(chapter, leaves=shown)
        self.strips = iter(self.binder.forms(self.heads.of(headed)) if shown else ())
        self.marks = {(s.page, s.title) for s in chapter.sections if s.title}

    def _cover(self, page: Page) -> None:
        self._sheet(self.furniture.cover(self._cover_picture()))

    def _cover_picture(self) -> dict | None:
        """The chosen picture, else the widest of the first products of the chapters."""
        chosen = self.context.options.get("picture")
        if isinstance(chosen, dict):
            return chosen
        chapters = self.book.chapters
        found = [e.picture for c in chapters for e in c.entries[:12] if e.picture]
        return max(found, key=lambda p: (p.get("width") or 0, p["sha256"]), default=None)

    def _back(self, page: Page) -> None:
        self._sheet(self.furniture.back())

    def _blank(self, page: Page) -> None:
        self.binder.blank()

    def _notes(self, page: Page) -> None:
        if "notes" not in self.packs:
            self.packs["notes"] = self.furniture.notes()
        self._of_pack("notes", 0, page)

    def _insert(self, page: Page) -> None:
        self._of_pack(*page.item, page)

    def _legend(self, page: Page) -> None:
        self.packs["legend"] = self.book.legend
        self._of_pack("legend", page.item, page)

    def _contents(self, page: Page) -> None:
        self._of_pack("contents", page.item, page)

    def _of_pack(self, key: str, number: int, page: Page) -> None:
        """Add a page of a pack that is placed once, however many of its pages are shown."""
        if key not in self.sheets:
            self.sheets[key] = self.binder.placed(self.packs[key])
        found = self.sheets[key][number : number + 1]
        # A part may turn out shorter than was reckoned with: its last page stays empty.
        self.binder.add(found[0], folio=page.printed) if found else self.binder.blank()

    def _index(self, page: Page) -> None:
        self._sheet(self.book.index_page(page.kind, page.item), folio=page.printed)

    _numbers = _index

    def _sheet(self, payload: bytes, *, folio: str = "") -> None:
        for placed in self.binder.placed(payload):
            self.binder.add(placed, folio=folio)

    def _opener(self, page: Page) -> None:
        (placed,) = self.binder.placed(self.furniture.opener(page.item))
        self.binder.add(placed, extras=self.extras.tab(page.place))

    def _products(self, page: Page) -> None:
        leaf: Leaf = page.item
        head = next(self.strips)
        titles = [self._title(title, leaf.page) for title in leaf.titles]
        foot = self.feet[0 if self.sheet.is_left(leaf.page) else 1]
        coded = [(slot, self.urls.get((leaf.page, slot.key))) for slot in leaf.cards]
        self.binder.product_page(
            self.book.galley(leaf),
            codes=[self._code(slot, leaf.page, url) for slot, url in coded if url],
            frame=Frame(head, foot, titles),
            folio=page.printed,
            fill=lambda holes: [
                *self.extras.tab(leaf.page),
                *self._cut_in(leaf.page),
                *self.extras.filled(leaf, holes),
            ],
        )

    def _title(self, title: Title, page: int) -> Headed:
        return Headed(title.row, self.heads.left(title, page=page), next(self.strips))

    def _code(self, slot: Slot, page: int, url: str) -> Code:
        place = self.places[slot.entry.layout]
        if place not in self.captions:
            self.captions[place] = self.binder.forms(self.furniture.caption(place))[0]
        modules, path = next(self.codes)
        box, words = self._place(place, self.sheet.box(slot.cell, page=page), modules)
        self._judge(box.width / modules / MM, slot.entry)
        return Code(box, self.captions[place], words, url, modules, path)

    def _place(self, place: CodePlace, card: Box, modules: int) -> tuple[Box, Box]:
        """Return where a code of so many modules stands in a card, and the words at it."""
        key = (place, card, modules)
        if key not in self.boxes:
            box = self.sheet.code(place, card, modules=modules)
            self.boxes[key] = box, self.sheet.caption(place, box)
        return self.boxes[key]

    def _judge(self, module: float, entry: Entry) -> None:
        """Report the first code whose modules are smaller than readers need."""
        if module >= MODULE - 0.0005 or self.small:
            return
        self.small = True
        message = _(
            "The modules of QR codes are %(size)s mm, less than %(least)s mm: a shorter public "
            "address makes them larger."
        )
        told = {"size": f"{module:.3f}", "least": f"{MODULE:.3f}"}
        self.extras.refusals.append(
            Refusal(entry.identifier, "code_small", message, "codes", "warning", told)
        )

    def _urls(self) -> dict[tuple[int, str], str]:
        """Return {(page, key of the slot): address to be coded} in the order of binding."""
        found = {
            (leaf.page, slot.key): self._url(slot.entry, leaf)
            for chapter in self.book.chapters
            for leaf in chapter.leaves
            if self.book.shows(leaf.page)
            for slot in leaf.cards
            if slot.part == 0 and self.places[slot.entry.layout]
        }
        return {place: url for place, url in found.items() if url}

    def _url(self, entry: Entry, leaf: Leaf) -> str:
        """The address coded on a card: of this edition, product and page where that is known."""
        if self.context.options.get("codes") is False:
            return ""
        if self.book.plan.touchpoint:
            return self.book.plan.touchpoint(entry.identifier, f"page-{leaf.folio}")
        return self.context.public_url + page_path(entry.slug, locale=self.context.locale)
