"""Categories: trees of them, by code, with parent and position."""

from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from django.http import HttpRequest

from pim.actions.rest_documents import plain as forms
from pim.actions.rest_documents.forms import labels_out
from pim.content.rights import Level, Rights
from pim.content.seen import shown_categories
from pim.content.structure import Structure
from pim.models import Category

from ..errors import RestError
from .changed import Changed, last_changes
from .handlers import collection_view, item_view
from .resource import Resource


def _rows(_owner) -> QuerySet:
    # A longer path is deeper or younger: whoever copies the list meets parents first.
    return Category.objects.select_related("parent").order_by(Length("path"), "path")


def _present(request: HttpRequest, rows: list[Category]) -> list[dict]:
    places = _positions(rows) if asked(request, "with_position") else {}
    times = last_changes("category", [row.code for row in rows])
    return [
        {
            "code": row.code,
            "parent": row.parent.code if row.parent else None,
            "updated": moment(times.get(row.code)),
            **({"position": places[row.pk]} if places else {}),
            "labels": labels_out(row.labels),
        }
        for row in rows
    ]


def moment(time) -> str | None:
    """Return a time as clients read it: 2026-11-26T09:00:00+00:00."""
    return time.isoformat(timespec="seconds") if time else None


def asked(request: HttpRequest, name: str) -> bool:
    """Return a yes-or-no parameter of the request; raises 422 for anything else."""
    given = request.GET.get(name, "false")
    if given not in ("true", "false"):
        raise RestError(
            422,
            f'Parameter "{name}" has to be a boolean. Only "true" or "false" allowed, '
            f'"{given}" given.',
        )
    return given == "true"


def _positions(rows: list[Category]) -> dict[int, int]:
    """Return {id: place among the siblings, from 1}, in one query."""
    parents = {row.parent_id for row in rows}
    among = Q(parent_id__in=parents - {None})
    if None in parents:
        among |= Q(parent=None)
    siblings = Category.objects.filter(among).order_by("sort_order", "code")
    places: dict[int, int] = {}
    counts: dict[int | None, int] = {}
    for pk, parent in siblings.values_list("pk", "parent_id"):
        counts[parent] = places[pk] = counts.get(parent, 0) + 1
    return places


def _level(rights: Rights, structure: Structure, code: str) -> Level:
    """Return whether a category is there: seen, or on the way to one that is."""
    return Level(int(code in shown_categories(structure, rights)))


CATEGORIES = Resource(
    address="categories",
    kind="categories",
    renamed="category",
    noun="category",
    what="category",
    types=forms.CATEGORIES.types,
    ignored=forms.CATEGORIES.ignored,
    read=forms.CATEGORIES.read,
    rows=_rows,
    present=_present,
    search={
        "code": ("code", str),
        "parent": ("parent__code", str),
        "is_root": ("parent__isnull", bool),
        "updated": ("category", Changed),
    },
    level=_level,
)
categories = collection_view(CATEGORIES, "GET", "POST", "PATCH")
category = item_view(CATEGORIES, "GET", "PATCH")
