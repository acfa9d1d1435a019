"""Placing a category in its tree: under a parent, and among its siblings."""

from datetime import datetime

from django.db import transaction

from pim.content.actor import Actor
from pim.models import Category

from .structure import move_category


def place_category(
    category: Category,
    *,
    parent: Category | None,
    before: Category | None = None,
    actor: Actor,
    at: datetime,
) -> None:
    """Put a category under `parent` (None: a tree of its own), before `before` or last.

    Afterwards the paths of its whole branch are right and its siblings are numbered.
    """
    with transaction.atomic():
        if not category.path:
            # A new one is a tree of its own until it is moved.
            Category.objects.filter(pk=category.pk).update(path=f"/{category.pk}/", parent=None)
        order = _siblings(category, parent, before)
        for n, pk in enumerate(order):
            Category.objects.filter(pk=pk).exclude(sort_order=n).update(sort_order=n)
        code = parent.code if parent else ""
        move_category(category.code, parent=code, actor=actor, at=at)
    category.refresh_from_db(fields=["parent", "path", "sort_order"])


def _siblings(category: Category, parent, before) -> list[int]:
    siblings = Category.objects.filter(parent=parent).exclude(pk=category.pk)
    order = list(siblings.order_by("sort_order", "code").values_list("pk", flat=True))
    place = order.index(before.pk) if before and before.pk in order else len(order)
    return [*order[:place], category.pk, *order[place:]]
