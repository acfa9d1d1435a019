"""Running heads and the titles of sections, set as strips that fit their places."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext_noop as _

from syndication.contract import Refusal

from .. import tokens as design
from ..tongues import distinct, texts
from .chapters import Chapter
from .furniture import HEAD_HEIGHT, Furniture
from .headlines import HEAD, LABEL, PLAIN, RUNNING, TITLE, Headlines
from .parallel import Text, unlike
from .planning import Entry, Leaf
from .sheet import GAP_X, MM, UNITS
from .titles import Title

WHERE, SPAN, BESIDE_SPAN = 84 * MM, 88 * MM, 100 * MM
SPAN_BESIDE = 72 * MM  # what a large title leaves
LARGE, SMALL, SECTION = (18.0, 12.0), (12.5, 9.0), (10.0, 7.6)
TWO_LINES = (10.5, 8.4)  # a title over another line
LINE = 1.25  # between lines of names, in their size
FOOT, FOOT_SHARED, FOOT_DEEP = 1 * MM, 4.6 * MM, 6.6 * MM  # below them, as in the style sheet
NAMES, CHAPTER, CHAPTER_RTL = (7.2, 6.2), (7.4, 6.2), (9.0, 7.4)
SPACED = 0.14  # between the capitals of a chapter, as in the style sheet
MOST_PAGES = 20  # that are named
MOST = 0.6  # of the width for the chapter where a section follows it


class Heads:
    """Sets the strips of one book; `cut` are the pages on which one had to be shortened."""

    def __init__(self, furniture: Furniture):
        self.furniture, self.sheet = furniture, furniture.sheet
        self.fonts = design.merged(furniture.context.tokens)["fonts"]
        self.cut: list[str] = []

    def of(self, chapter: Chapter) -> bytes:
        """Return the strips of a chapter: for each leaf its running head, then its titles."""
        strips = []
        for leaf in chapter.leaves:
            lines = Headlines(self.fonts)
            titles = self._titles(chapter, leaf, lines)
            strips += [self._head(chapter, leaf, titles, lines), *titles]
            if lines.cut:
                self.cut.append(leaf.folio or str(leaf.page))
        return self.furniture.part("heads", {"strips": strips})

    def _titles(self, chapter: Chapter, leaf: Leaf, lines: Headlines) -> list[dict[str, Any]]:
        """Return the titles above cards: all of a page in one line, or all in two."""
        said = [(t, self.others(chapter, t.text), self._room(t, leaf)) for t in leaf.titles]
        deep = not all(
            lines.fits_behind(title.text, others, TITLE, room=room, size=SMALL[0])
            for title, others, room in said
            if others
        )
        return [
            {
                "kind": "title",
                "begins": not title.again,
                "deep": deep,
                "room": f"{room:.2f}",
                "title": self._title(title.text, others, room, lines, deep=deep),
            }
            for title, others, room in said
        ]

    def _title(
        self, text: str, others: list[Text], room: float, lines: Headlines, *, deep: bool
    ) -> dict:
        if not deep:
            return lines.titled(text, others, TITLE, room=room, sizes=SMALL)
        main = lines.line(text, TITLE, room=room, sizes=TWO_LINES)
        return {**main, **lines.below(others, TITLE, room)}

    def _room(self, title: Title, leaf: Leaf) -> float:
        """Return how wide a title may be: to the next one of its row, or to the margin."""
        ends = [t.column for t in leaf.titles if t.row == title.row and t.column > title.column]
        return self.sheet.extent(min([*ends, UNITS]) - title.column, 1)[0]

    def _head(
        self, chapter: Chapter, leaf: Leaf, titles: list[dict], lines: Headlines
    ) -> dict[str, Any]:
        shared = any(title.row == 0 for title in leaf.titles)
        titled = any(title[:2] == (0, 0) for title in leaf.titles)
        section = "" if titled else leaf.section
        others = [] if titled else self.others(chapter, leaf.section or chapter.title)
        large = leaf.begins and not shared
        where = self._large if large else self._running
        deep = shared and titles[0]["deep"]
        foot = FOOT_DEEP if deep else FOOT_SHARED if shared else FOOT
        spans = self._spans(
            leaf, lines, room=SPAN_BESIDE if large else SPAN, high=HEAD_HEIGHT - foot
        )
        return {
            "kind": "head",
            "side": "left" if self.sheet.is_left(leaf.page) else "right",
            "begins": large,
            "shared": shared,
            "deep": deep,
            "spans": spans,
            **where(chapter, section, others, lines),
        }

    def _large(self, chapter: Chapter, section: str, others: list[Text], lines: Headlines) -> dict:
        text = section or chapter.title
        return {"title": lines.titled(text, others, HEAD, room=BESIDE_SPAN, sizes=LARGE)}

    def _running(
        self, chapter: Chapter, section: str, others: list[Text], lines: Headlines
    ) -> dict:
        sizes, spaced = (CHAPTER_RTL, 0.0) if self.sheet.rtl else (CHAPTER, SPACED)
        capitals = chapter.title.upper()
        room = WHERE * MOST if section else WHERE
        # Spaces between letters grow with their size: they are counted as the text is.
        share = 1 + spaced * len(capitals) / max(lines.width(capitals, LABEL), 0.01)
        label = lines.line(capitals, LABEL, room=room / share, sizes=sizes)
        used = lines.width(label["text"], LABEL) * float(label["size"]) * share
        text = {"text": "", "size": f"{SECTION[0]:.2f}"}
        if section:
            text = lines.line(section, RUNNING, room=WHERE - used - SECTION[0], sizes=SECTION)
        return {"label": label, "title": {**text, **lines.below(others, RUNNING, WHERE)}}

    def _spans(self, leaf: Leaf, lines: Headlines, *, room: float, high: float) -> list[dict]:
        """Return the first and the last product of a page, on a line each where one is short.

        A combined book says them in every language, a line each; where there is no room for all
        of these, in none but by their article numbers, which all languages share.
        """
        if not leaf.cards:
            return []
        first, last = leaf.cards[0].entry, leaf.cards[-1].entry
        if self.furniture.parallel.locales:
            return self._spans_of_all(first, last, lines, room=room, high=high)
        both = _both(first.name, last.name)
        whole = _span(first.name, last.name)
        if lines.width(whole, PLAIN) * NAMES[0] <= room:
            return [{"text": whole, "size": f"{NAMES[0]:.2f}"}]
        return [lines.line(text, PLAIN, room=room, sizes=NAMES) for text in both]

    def _spans_of_all(
        self, first: Entry, last: Entry, lines: Headlines, *, room: float, high: float
    ) -> list[dict]:
        locales = self.furniture.context.locales
        said = distinct(texts(locales, lambda code: _span(_name(first, code), _name(last, code))))
        widest = max((lines.width(each["text"], PLAIN) for each in said), default=0)
        size = min(NAMES[0], room / max(widest, 0.01), high / max(len(said), 1) / LINE)
        if size >= NAMES[1]:
            return [{**each, "size": f"{size:.2f}"} for each in said]
        numbers = _span("".join(first.more.numbers[:1]), "".join(last.more.numbers[-1:]))
        return [lines.line(numbers, PLAIN, room=room, sizes=NAMES)]

    def others(self, chapter: Chapter, title: str) -> list[Text]:
        """Return the other languages of the title of a section, or of the chapter's own."""
        codes: Iterable[str] = next((s.codes for s in chapter.sections if s.title == title), ())
        return unlike(title, self.furniture.parallel.title(codes or [chapter.code]))

    def refusals(self) -> Iterator[Refusal]:
        """Yield what must be told of heads that lost words."""
        if self.cut:
            message = _("Titles or running heads had to be shortened on these pages: %(pages)s.")
            told = {"pages": ", ".join(self.cut[:MOST_PAGES])}
            yield Refusal("", "head_shortened", message, "", "warning", told)

    def left(self, title: Title, *, page: int) -> float:
        """Return where the strip of a title begins, so that its text stands above its column."""
        offset = title.column * (self.sheet.unit[0] + GAP_X)
        margin = self.sheet.margin_left(page)
        return margin - offset if self.sheet.rtl else margin + offset


def _both(first: str, last: str) -> list[str]:
    """Return what names the first and the last, once where they are the same."""
    return [first] if last == first else [f"{first} –", last]


def _span(first: str, last: str) -> str:
    return " ".join(_both(first, last))


def _name(entry: Entry, code: str) -> str:
    """Return the name of a product in a language of the book."""
    return dict(entry.more.names).get(code, entry.name)
