"""The latest changes in a few lines: what one job or one request did to many products is one."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.utils.translation import gettext as translate

from pim.actions.jobs import KINDS
from pim.models import Change, Job

from .limits import seen_changes, seen_jobs
from .words import action_word, source_word, subject_words

SHOWN = 8
# Rows read at a time, and how often: the overview waits for no job, however long it is.
WINDOW, LOOKS = 500, 3
_ROW = ("pk", "job_id", "product_id", "subject", "action", "actor", "source", "at")


@dataclass
class Recent:
    """One line, the newest of what was written in one go first; `changes` is how many writes.

    `products` are {id: identifier}; `at_least` says that there may be more than were looked at.
    `kind` is that of the job in the reader's language, `may_open` whether its page opens.
    """

    actor: str
    done: str
    door: str
    about: str
    at: datetime
    job_id: int | None
    products: dict[int, str] = field(default_factory=dict)
    changes: int = 0
    at_least: bool = False
    kind: str = ""
    may_open: bool = False

    @property
    def first(self) -> tuple[int, str] | None:
        """Return (id, identifier) of the newest product, None where there is none."""
        return next(iter(self.products.items()), None)

    @property
    def number(self) -> int:
        """Return of how many products it tells, else how many writes there were."""
        return len(self.products) or self.changes

    @property
    def of_job(self) -> bool:
        """Return whether the job is told of, not the one product that it wrote."""
        return bool(self.kind) and self.number > 1


def recent_changes(request) -> list[Recent]:
    """Return the latest that happened, as far as it may be seen; five statements at most."""
    found: dict[tuple, Recent] = {}
    changes = seen_changes(request, Change.objects.order_by("-id"))
    for _look in range(LOOKS):
        rows = list(changes.values_list(*_ROW, named=True)[:WINDOW])
        _gather(rows, found)
        if len(rows) < WINDOW:
            break
        last = found[_key(rows[-1])]
        last.at_least = bool(last.job_id) or len(found) >= SHOWN  # else the next look goes on
        if len(found) >= SHOWN:
            break
        jobs = {row.job_id for row in rows if row.job_id}
        changes = changes.filter(pk__lt=rows[-1].pk).exclude(job_id__in=jobs)
    lines = list(islice(found.values(), SHOWN))
    _name_jobs(lines, request)
    return lines


def _gather(rows: Iterable, found: dict[tuple, Recent]) -> None:
    for row in rows:
        line = found.get(_key(row))
        if line is None:
            about = row.subject if row.product_id else subject_words(row.subject)
            words = (action_word(row.action), source_word(row.source), about)
            line = found[_key(row)] = Recent(row.actor, *words, row.at, row.job_id)
        line.changes += 1
        if row.product_id:
            line.products.setdefault(row.product_id, row.subject)


def _key(row) -> tuple:
    """Return what belongs together: all of a job; of a request, what was done at one moment.

    What somebody did to the same part of the structure again and again is one thing, too.
    """
    if row.job_id:
        return ("job", row.job_id)
    return (row.at if row.product_id else row.subject, row.actor, row.source, row.action)


def _name_jobs(lines: list[Recent], request) -> None:
    """Say what sort of job it was; a link leads to it where the person may open it."""
    ids = {line.job_id for line in lines if line.job_id}
    if not ids:
        return
    jobs = Job.objects.filter(pk__in=ids).order_by()
    kinds = dict(jobs.values_list("pk", "kind"))
    opened = set(seen_jobs(request, jobs).values_list("pk", flat=True))
    for line in lines:
        kind = KINDS.get(kinds.get(line.job_id, ""))
        line.kind, line.may_open = translate(kind.label) if kind else "", line.job_id in opened
