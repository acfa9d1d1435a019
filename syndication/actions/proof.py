"""Proofing an edition: comments on its pages."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from pim.published import InvalidValue
from syndication.models import Edition, EditionPage, PageComment
from syndication.refusals import NotFound

LONGEST = 4000


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


def page_of(edition: Edition, *, file: str, page: int) -> EditionPage:
    """Return a page of an edition; NotFound for any other."""
    found = edition.pages.filter(file=file, number=page).first()
    if found is None:
        raise NotFound(what="page", name=str(page), field="page")
    return found
