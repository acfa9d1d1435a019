"""Proofing an edition: comments on its pages, and products pinned to pages of the next one."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pim.published import InvalidValue
from syndication.models import Edition, EditionPage, Output, PageComment
from syndication.queries.proof import page_in_chapter, placed_on
from syndication.refusals import NotFound

LONGEST = 4000
PIN = {"when": "product", "then": "pin", "value": ""}


def comment_page(
    edition: Edition, *, file: str, page: int, text: str, actor: str, at: datetime
) -> PageComment:
    """Write a comment on a page; refuses an empty text, and a page that is not there."""
    page_of(edition, file=file, page=page)
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise InvalidValue(
            _("A comment has between one and %(limit)d characters."),
            code="comment_length",
            field="text",
            limit=LONGEST,
        )
    return PageComment.objects.create(
        edition=edition, file=file, page=page, text=text, author=actor, at=at
    )


def settle_comment(comment: PageComment, *, actor: str, at: datetime) -> None:
    """Mark a comment as settled; whoever was first stays."""
    rows = PageComment.objects.filter(pk=comment.pk, settled_at=None)
    rows.update(settled_by=actor, settled_at=at)


def pin_product(edition: Edition, *, identifier: str, file: str, page: int) -> Output:
    """Place a product by hand: from the next edition on it stands on that page of its chapter.

    A pin that it had is replaced. Refuses pages of another chapter, and those without products.
    """
    pages = list(edition.pages.filter(file=file))
    target = next((p for p in pages if p.number == page), None)
    home = next((p for p in pages if identifier in dict(placed_on(p))), None)
    if target is None or home is None:
        raise NotFound(what="page", name=str(page), field="page")
    place = page_in_chapter(pages, page)
    if not place or target.title != home.title:
        raise InvalidValue(
            _("A product stays in its chapter: choose a page of products of “%(chapter)s”."),
            code="other_chapter",
            field="page",
            chapter=home.title,
        )
    return _placed(edition.output_id, identifier, {**PIN, "of": identifier, "page": place})


def unpin_product(edition: Edition, *, identifier: str) -> Output:
    """Let a product stand where the order of its chapter puts it."""
    return _placed(edition.output_id, identifier, None)


def pins_of(output: Output) -> dict[str, int]:
    """Return {identifier: page of its chapter} of what is pinned alone."""
    return {row["of"]: row.get("page") or 0 for row in _rows(output) if _is_pin(row)}


def page_of(edition: Edition, *, file: str, page: int) -> EditionPage:
    """Return a page of an edition; NotFound for any other."""
    found = edition.pages.filter(file=file, number=page).first()
    if found is None:
        raise NotFound(what="page", name=str(page), field="page")
    return found


def _placed(output_id: int, identifier: str, pin: dict | None) -> Output:
    with transaction.atomic():
        output = Output.objects.select_for_update().get(pk=output_id)
        kept = [r for r in _rows(output) if not (_is_pin(r) and r["of"] == identifier)]
        options = {**(output.options or {}), "placing": kept + ([pin] if pin else [])}
        output.options = options
        output.row_version += 1
        output.save(update_fields=["options", "row_version"])
    return output


def _rows(output: Output) -> list[Any]:
    rows = (output.options or {}).get("placing")
    return rows if isinstance(rows, list) else []


def _is_pin(row: Any) -> bool:
    return isinstance(row, dict) and row.get("when") == "product" and row.get("then") == "pin"
