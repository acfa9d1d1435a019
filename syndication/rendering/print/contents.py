"""The rows of the table of contents: chapters, their sections, and the parts around them."""

from typing import Any

from .chapters import Chapter
from .flow import Page
from .parallel import Parallel, Text

# The word of a part, the language that it is in ("" for one in all of them), its first page.
Parts = list[tuple[str, str, Page]]


def contents_rows(
    chapters: list[Chapter],
    before: Parts,
    after: Parts,
    *,
    words: dict[str, str],
    parallel: Parallel,
) -> list[dict[str, Any]]:
    """Return the rows in the order of the book; parts are named by the key of their word."""
    rows = [_part(part, words, parallel) for part in before]
    for chapter in chapters:
        others = parallel.title([chapter.code])
        rows.append(_row("chapter", chapter.title, chapter.page, chapter.folio, others))
        named = (s for s in chapter.sections if s.title and s.leaf)
        rows += [
            _row("section", s.title, s.page, s.leaf.folio, parallel.title(s.codes)) for s in named
        ]
    return rows + [_part(part, words, parallel) for part in after]


def _part(part: tuple[str, str, Page], words: dict[str, str], parallel: Parallel) -> dict[str, Any]:
    key, locale, page = part
    others = parallel.word(key)
    if not locale:
        return _row("chapter", words[key], page.place, page.folio, others)
    # Every language has its own column: the others stay empty in this row.
    own = [other if other["locale"] == locale else {**other, "text": ""} for other in others]
    text = "" if any(other["text"] for other in own) else words[key]
    return _row("chapter", text, page.place, page.folio, own)


def _row(level: str, text: str, page: int, folio: str, others: list[Text]) -> dict[str, Any]:
    return {"level": level, "text": text, "page": str(page), "folio": folio, "others": others}
