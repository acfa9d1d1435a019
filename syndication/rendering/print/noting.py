"""What stands on which page of a bound book, for its proof."""

from collections.abc import Iterator

from syndication.contract import PageNote

from .flow import Flow, Page
from .sheet import Sheet


def notes_of(flow: Flow, *, sheet: Sheet, file: str) -> Iterator[PageNote]:
    """Yield the note of every page, in order; pages after an opener bear its chapter's title."""
    chapter = ""
    for page in flow.pages:
        if page.kind == "opener":
            chapter = page.item.title
        title = chapter if page.kind in ("opener", "products") else ""
        yield PageNote(file, page.place, page.folio, title, _products(page, sheet))


def _products(page: Page, sheet: Sheet) -> list[tuple[str, tuple[float, float, float, float]]]:
    if page.kind != "products":
        return []
    boxes = ((s.entry.identifier, sheet.box(s.cell, page=page.place)) for s in page.item.cards)
    return [
        (name, (round(b.x, 1), round(b.y, 1), round(b.width, 1), round(b.height, 1)))
        for name, b in boxes
    ]
