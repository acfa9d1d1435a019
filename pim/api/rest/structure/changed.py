"""When structure was last changed: the change log knows, for lists and their filters."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, F, Max, OuterRef, Q, Value
from django.db.models.functions import Concat

from pim.models import Change


class Changed:
    """The type of a filter on the time of the last change; its column is the log's kind."""


def changed_condition(column: str, operator: str, moment: datetime) -> Q:
    """Return the condition of rows whose last change is later (">") or earlier ("<").

    `column` is the kind in the log and, after a colon, what stands before the code there:
    "option:attribute__code" is logged as option:<attribute>/<code>.
    """
    since = "at__gt" if operator == ">" else "at__gte"
    logged = Change.objects.filter(subject=_subject(column), **{since: moment})
    return Q(Exists(logged)) if operator == ">" else ~Q(Exists(logged))


def _subject(column: str) -> Concat:
    kind, _colon, owner = column.partition(":")
    above = [OuterRef(owner), Value("/")] if owner else []
    return Concat(Value(f"{kind}:"), *above, OuterRef("code"))


def last_changes(kind: str, codes: Iterable[str]) -> dict[str, datetime]:
    """Return {code: when it was last changed} of those that the log knows."""
    start = len(kind) + 1
    rows = Change.objects.filter(subject__in=[f"{kind}:{code}" for code in codes])
    times = rows.order_by().values("subject").annotate(last=Max(F("at")))
    return {row["subject"][start:]: row["last"] for row in times}
