"""Retention: old versions go, but never one that is the latest or that something still uses."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.module_loading import import_string

from pim.content.actor import Actor
from pim.content.refusals import _
from pim.models import Change, Job, PlannedPublication, Product, Version
from pim.queries.titles import sentence

from .jobs import Progress, queue_job

BATCH = 1000
TITLE = sentence(_("Old versions"))


class Old(NamedTuple):
    """A version that was the latest from `since` until `until`.

    `products` are the product and all below it: what inherits from it.
    """

    id: int
    product_id: int
    number: int
    since: datetime
    until: datetime
    products: tuple[int, ...]


Keeper = Callable[[list[Old]], Iterable[int]]  # which of them are in use, by id


@dataclass(frozen=True, slots=True)
class Rule:
    """A version is old when it was followed before `before` and by `keep_last` or more others."""

    keep_last: int
    before: datetime

    @classmethod
    def of(cls, *, at: datetime, keep_last: int | None = None, keep_days: int | None = None):
        """Return the rule of the settings, or with other numbers; None where all is kept."""
        last = settings.VERSIONS_KEEP_LAST if keep_last is None else keep_last
        days = settings.VERSIONS_KEEP_DAYS if keep_days is None else keep_days
        return cls(last, at - timedelta(days=days)) if last > 0 else None


def dispensable(
    rule: Rule, *, after: int = 0, keepers: list[Keeper] | None = None
) -> Iterator[list[Old]]:
    """Yield the versions that may go, batch by batch, from the id `after` on.

    Kept whatever the rule says: each product's latest, the bases of planned publications, and
    what any of the `keepers` (the setting VERSION_KEEPERS, made anew) has in use.
    """
    if keepers is None:
        keepers = [import_string(path)() for path in settings.VERSION_KEEPERS]
    while rows := _old(rule, after=after):
        used = {pk for keeper in keepers for pk in keeper(rows)}
        yield [row for row in rows if row.id not in used]
        after = rows[-1].id


def drop_versions(rule: Rule, progress: Progress) -> int:
    """Delete what may go, with one change for all; return how many."""
    for gone in dispensable(rule, after=progress.cursor.get("after", 0)):
        if gone:
            Version.objects.filter(id__in=[row.id for row in gone]).delete()
            progress.report.count("versions", "removed", len(gone))
            progress.advance(len(gone))
            progress.keep("versions", cursor={"after": gone[-1].id})
    if progress.job.done:
        _note(progress.job, actor=progress.actor, at=progress.at)
    return progress.job.done


def run_retention(progress: Progress) -> None:
    """Run a job of the kind "retention"; its params may name other numbers than the settings."""
    rule = Rule.of(at=progress.at, **progress.params)
    if rule is not None:
        drop_versions(rule, progress)


def queue_retention(*, at: datetime) -> Job | None:
    """Queue the day's retention, if there is anything to go and none is waiting."""
    rule = Rule.of(at=at)
    unfinished = Job.objects.filter(kind="retention", state__in=("queued", "running"))
    if rule is None or unfinished.exists() or not any(dispensable(rule)):
        return None
    return queue_job("retention", title=TITLE, actor="schedule")


def _old(rule: Rule, *, after: int) -> list[Old]:
    following = Version.objects.filter(product=OuterRef("product"), number__gt=OuterRef("number"))
    planned = PlannedPublication.objects.filter(state=PlannedPublication.WAITING)
    rows = (
        Version.objects.filter(id__gt=after, at__lt=rule.before, product__version__isnull=False)
        .filter(number__lte=F("product__version__number") - max(rule.keep_last, 1))
        .exclude(id__in=planned.filter(base__isnull=False).values("base_id"))
        .annotate(until=Subquery(following.order_by("number").values("at")[:1]))
        .filter(until__lt=rule.before)
        .order_by("id")
        .values_list("id", "product_id", "number", "at", "until")[:BATCH]
    )
    found = list(rows)
    below = _below({row[1] for row in found})
    return [Old(*row, products=(row[1], *below.get(row[1], ()))) for row in found]


def _below(ids: set[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    children = Product.objects.filter(Q(parent_id__in=ids) | Q(parent__parent_id__in=ids))
    for pk, parent, grandparent in children.values_list("id", "parent_id", "parent__parent_id"):
        for above in {parent, grandparent} & ids:
            found.setdefault(above, []).append(pk)
    return found


@transaction.atomic
def _note(job: Job, *, actor: Actor, at: datetime) -> None:
    Change.objects.create(
        subject="versions",
        action="drop_versions",
        actor=actor.name,
        source=actor.source,
        at=at,
        job=job,
        detail={"@versions": [job.done, 0]},
    )
