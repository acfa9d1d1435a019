"""Signs that lead through a book: tabs at the edge, lines that refer to other pages, notes at the
foot of a page, the legend of symbols. Like other furniture, each is remembered by what it shows.
"""

from functools import partial

from ..printable import shortened
from ..tongues import BETWEEN, Text, distinct, texts
from .chapters import Chapter
from .furniture import Furniture
from .parallel import unlike
from .parallel_lines import Line, Parallels
from .parts import Pack
from .sheet import MM
from .trimmings import symbol_label

NOTE_SCALES = ("6.3", "5.8", "5.3")
TAB_WIDTH, TAB_OVER, TAB_GAP = 7 * MM, 8 * MM, 0.6 * MM
TAB_FIRST, TAB_LAST = 36 * MM, 254 * MM  # from the upper edge of the page
TAB_MOST, TAB_TALL, TAB_NAMED = 40, 46 * MM, 30 * MM
TAB_LINES, TAB_LETTERS = 3, {1: 1.6, 2: 1.4, 3: 1.2}  # mm that a letter takes
TONES = 3


def tab_step(chapters: int) -> float:
    """Return by how much a tab stands below that of the chapter before it."""
    return min((TAB_LAST - TAB_FIRST) / min(max(chapters, 1), TAB_MOST), TAB_TALL)


class Signs:
    """Sets the signs of one book."""

    def __init__(self, furniture: Furniture):
        self.furniture = furniture

    def legend(self, used: set[tuple[str, str]]) -> bytes:
        """Return the pages that explain symbols, grouped by what they belong to."""
        context = self.furniture.context
        order = {
            code: n for n, code in enumerate(context.labels[context.locale].body["attributes"])
        }
        rows: dict[str, list] = {}
        for attribute, key in sorted(used, key=lambda pair: (order.get(pair[0], 0), pair[1])):
            asset = context.options["symbol_pictures"][key]
            said = partial(symbol_label, context, attribute, key)
            symbol = {"sha": asset["sha256"], "texts": texts(context.locales, said)}
            rows.setdefault("" if key == attribute else attribute, []).append(symbol)
        groups = [
            {"labels": self._labels(attribute) if attribute else [], "symbols": found}
            for attribute, found in rows.items()
        ]
        values = {"groups": groups, **self.furniture.heading("legend")}
        return self.furniture.part("legend", values)

    def _labels(self, attribute: str) -> list[Text]:
        """Return what an attribute is called in each language."""
        labels = self.furniture.context.labels

        def called(code: str) -> str:
            return labels[code].body["attributes"].get(attribute, {}).get("label") or attribute

        return distinct(texts(self.furniture.context.locales, called))

    def tabs(self, chapters: list[Chapter]) -> bytes:
        """Return the tabs of a thumb index: for each chapter one for left and one for right."""
        step = tab_step(len(chapters))
        lines = {chapter.code: self._named(chapter, step) for chapter in chapters}
        tabs = [
            {
                "side": side,
                "number": str(n),
                "lines": lines[chapter.code],
                "tone": f"tone{n % TONES}",
            }
            for n, chapter in enumerate(chapters, 1)
            for side in ("left", "right")
        ]
        size = {"width": f"{TAB_WIDTH + TAB_OVER:.2f}", "height": f"{step - TAB_GAP:.2f}"}
        named = step >= TAB_NAMED
        inner, over = f"{TAB_WIDTH:.2f}", f"{TAB_OVER:.2f}"
        return self.furniture.part(
            "tabs", {"tabs": tabs, "named": named, "inner": inner, "over": over, **size}
        )

    def _named(self, chapter: Chapter, step: float) -> list[str]:
        """Return the title of a chapter in all languages, on so many lines as a tab is wide."""
        others = unlike(chapter.title, self.furniture.parallel.title([chapter.code]))
        titles = [chapter.title, *(other["text"] for other in others)]
        lines = [BETWEEN.join(titles[n::TAB_LINES]) for n in range(min(TAB_LINES, len(titles)))]
        room = int((step - 14 * MM) / (TAB_LETTERS[len(lines)] * MM))
        return [shortened(line, room=room) for line in lines]

    def references(
        self, lines: list[Line], *, kind: str, size: tuple[float, float]
    ) -> tuple[bytes, list[bool]]:
        """Return lines that refer to products by "name", or that are the "label" of such lines, in
        all languages and as large as their place on the card; of each, whether it was shortened.

        The number of the page is stamped when a line is bound.
        """
        place = Parallels(self.furniture, kind, size)
        fitted = [place.fitted(line) for line in lines]
        values = {"lines": [line for line, _cut in fitted], "kind": kind, **place.measures()}
        payload = self.furniture.part("references", values)
        return payload, [cut for _line, cut in fitted]

    def footnotes(self, notes: list[str]) -> bytes:
        """Return the numbered notes of a page; its first count is 1 where one had to be cut."""
        rows = [{"n": str(n), "text": text} for n, text in enumerate(notes, 1)]
        key = self.furniture.key("footnotes", {"rows": rows})
        return self.furniture.context.remember(key, lambda: self._fitted(rows))

    def _fitted(self, rows: list[dict[str, str]]) -> bytes:
        """Set notes in smaller type, at last with fewer words, until they fit their place."""
        for scale in NOTE_SCALES:
            found = Pack.from_bytes(self.furniture.made("footnotes", {"rows": rows, "size": scale}))
            if len(found.forms) == 1:
                return found.to_bytes()
        room = max(len(row["text"]) for row in rows)
        while len(found.forms) > 1 and room > 12:
            room = int(room * 0.85)
            cut = [{**row, "text": shortened(row["text"], room=room)} for row in rows]
            found = Pack.from_bytes(self.furniture.made("footnotes", {"rows": cut, "size": scale}))
        found.forms, found.notes, found.counts = found.forms[:1], found.notes[:1], (1, 0)
        return found.to_bytes()
