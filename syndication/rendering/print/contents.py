"""The rows of the table of contents: chapters, their sections, and the parts around them."""

from typing import Any

from .chapters import Chapter
from .flow import Page
from .parallel import Parallel, Text

Parts = list[tuple[str, Page]]


def contents_rows(
    chapters: list[Chapter],
    before: Parts,
    after: Parts,
    *,
    words: dict[str, str],
    parallel: Parallel,
) -> list[dict[str, Any]]:
    """Return the rows in the order of the book; parts are named by the key of their word."""
    rows = [
        _row("chapter", words[k], page.place, page.folio, parallel.word(k)) for k, page in before
    ]
    for chapter in chapters:
        others = parallel.title([chapter.code])
        rows.append(_row("chapter", chapter.title, chapter.page, chapter.folio, others))
        named = (s for s in chapter.sections if s.title and s.leaf)
        rows += [
            _row("section", s.title, s.page, s.leaf.folio, parallel.title(s.codes)) for s in named
        ]
    return rows + [
        _row("chapter", words[k], page.place, page.folio, parallel.word(k)) for k, page in after
    ]


def _row(level: str, text: str, page: int, folio: str, others: list[Text]) -> dict[str, Any]:
    return {"level": level, "text": text, "page": str(page), "folio": folio, "others": others}
