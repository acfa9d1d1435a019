"""Telling people: one notice each, never to whoever did it, never of what they may not see."""

from collections.abc import Iterable
from datetime import datetime

from pim.content.rights import Level
from pim.models import Notice, Product
from pim.queries.rights import rights_of, rights_on


def tell(
    users: Iterable, kind: str, text: str, *, product: Product | None, sender, at: datetime
) -> int:
    """Tell each of the users once; return how many were told."""
    rows = [
        Notice(
            user=user, kind=kind, product=product, text=text[:300], at=at,
            sender=sender.get_username() if sender else "",
        )
        for user in {u.pk: u for u in users if u is not None}.values()
        if user != sender and user.is_active and may_see(user, product)
    ]  # fmt: skip
    Notice.objects.bulk_create(rows)
    return len(rows)


def may_see(user, product: Product | None) -> bool:
    """Return whether the person may see the product at all."""
    if product is None:
        return True
    return rights_on([product.pk], rights_of(user))[product.pk].level >= Level.VIEW


def mark_read(user, *, at: datetime, ids: Iterable[int] | None = None) -> int:
    """Mark notices of a person as read, all or some; return how many."""
    rows = Notice.objects.filter(user=user, read_at=None)
    return (rows if ids is None else rows.filter(pk__in=list(ids))).update(read_at=at)
