"""The timeline of a product: who did what, when: writes, versions, comments, reviews, tasks."""

from dataclasses import dataclass, field
from datetime import datetime
from heapq import nlargest
from typing import Any

from pim.content.masks import visible_decisions, visible_keys, visible_slices
from pim.content.rights import Holding, Level
from pim.content.structure import Structure
from pim.models import Change, Comment, Review, Task

from .titles import reason_of, with_titles

SHOWN = 60


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened: `kind` is change, publish, comment, review, decision, task, …"""

    at: datetime
    who: str
    kind: str
    text: str = ""
    detail: dict = field(default_factory=dict)
    row: Any = None


def timeline(
    product_id: int, *, holding: Holding, structure: Structure, limit: int = SHOWN
) -> list[Moment]:
    """Return what happened to a product, newest first; values that are hidden are left out."""
    found = [
        *_changes(product_id, holding, structure, limit),
        *_comments(product_id, holding, structure, limit),
        *_reviews(product_id, holding, limit),
        *_tasks(product_id, limit),
    ]
    return nlargest(limit, found, key=lambda moment: moment.at)


def visible(key: str, holding: Holding, structure: Structure) -> bool:
    """Return whether a key of a difference, or of a comment, may be seen."""
    return not key or holding.key(key, structure) >= Level.VIEW


def _changes(product_id, holding, structure, limit) -> list[Moment]:
    rows = with_titles(Change.objects.filter(product_id=product_id)).order_by("-id")[:limit]
    moments = []
    for row in rows:
        detail = visible_keys(row.detail, holding, structure)
        if detail:
            moments.append(Moment(row.at, row.actor, row.action, reason_of(row), detail, row))
    return moments


def _comments(product_id, holding, structure, limit) -> list[Moment]:
    rows = Comment.objects.filter(product_id=product_id).select_related("author")
    return [
        Moment(row.at, _name(row.author), "comment", row.text, row=row)
        for row in rows.order_by("-id")[:limit]
        if visible(row.key, holding, structure)
    ]


def _reviews(product_id, holding, limit) -> list[Moment]:
    rows = Review.objects.filter(product_id=product_id).select_related("asked_by", "decided_by")
    moments = []
    for row in rows.order_by("-id")[:limit]:
        if not visible_slices(row.slices, holding):
            continue
        moments.append(Moment(row.asked_at, _name(row.asked_by), "review", row.note, row=row))
        moments += [_decision(row, given, holding) for given in row.rounds]
        if row.state == Review.WITHDRAWN:
            moments.append(Moment(row.decided_at, _name(row.decided_by), "taken_back", row=row))
    return moments


def _decision(row: Review, given: dict, holding) -> Moment:
    decided = visible_decisions(given["decided"], holding)
    at = datetime.fromisoformat(given["at"])
    return Moment(at, given["by"], "decision", given["answer"], decided, row)


def _tasks(product_id, limit) -> list[Moment]:
    rows = Task.objects.filter(product_id=product_id).select_related("created_by", "done_by")
    moments = []
    for row in rows.order_by("-id")[:limit]:
        moments.append(Moment(row.created_at, _name(row.created_by), "task", row.title, row=row))
        if row.done_at:
            moments.append(Moment(row.done_at, _name(row.done_by), "done", row.title, row=row))
    return moments


def _name(user) -> str:
    return user.get_username() if user else "–"
