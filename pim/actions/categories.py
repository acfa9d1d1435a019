"""Writing the category trees: place a category, with its whole subtree, under a parent."""

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr

from pim.content.refusals import Refused, _
from pim.models import Category

from .structure import record_structure_change


class OwnDescendant(Refused):
    """A category cannot stand under itself."""

    code = "own_descendant"
    sentence = _("A category cannot be moved under itself.")


def place_category(category, *, parent, before=None, actor, at):
    """Put `category` under `parent` (None: a tree of its own), before the sibling `before` or last.

    Afterwards its path and those of its whole subtree are right and its siblings are numbered.
    """
    with transaction.atomic():
        if parent and parent.path.startswith(category.path or "\0"):
            raise OwnDescendant(field="parent")
        old, new = category.path, f"{parent.path if parent else '/'}{category.pk}/"
        Category.objects.filter(pk=category.pk).update(parent=parent, path=new)
        if old and old != new:
            _rewrite(old, new)
        _number_siblings(category, parent, before)
        category.parent, category.path = parent, new
        record_structure_change(
            "category", [category.code], actor=actor, at=at, detail={category.code: {"path": [old, new]}}
        )


def _rewrite(old: str, new: str):
    tail = Substr(F("path"), len(old) + 1)
    Category.objects.filter(path__startswith=old).update(path=Concat(Value(new), tail))


def _number_siblings(category, parent, before):
    siblings = Category.objects.filter(parent=parent).exclude(pk=category.pk)
    order = list(siblings.order_by("sort_order", "code").values_list("pk", flat=True))
    place = order.index(before.pk) if before and before.pk in order else len(order)
    order.insert(place, category.pk)
    for n, pk in enumerate(order):
        Category.objects.filter(pk=pk).exclude(sort_order=n).update(sort_order=n)
