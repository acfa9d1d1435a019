"""Undo: what a job wrote is taken back, address by address, where nobody has changed it since."""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from pim.actions.jobs import KINDS, JobKind, Progress, queue_job
from pim.actions.jobs.permits import refuse_taking_back
from pim.content.refusals import Refused, _
from pim.models import FINAL, Change, Job
from pim.queries.drafts import chunks

from .undoing.creations import create_removed, remove_created, tie_removed
from .undoing.edits import take_back_edits
from .undoing.versions import take_back_versions

CHUNK = 500


def queue_undo(job: Job, *, user=None, actor: str = "", dry_run: bool = False) -> Job:
    """Queue the job that takes `job` back; raises `Refused` where that cannot be,
    `NotAllowed` where the user may not.

    What it leaves alone (others have changed it since) stands in its report with both values.
    It is a job as any other: it can be previewed, and taken back itself.
    """
    refuse_undo(job)
    if user is not None:
        refuse_taking_back(user, job)
    return queue_job(
        KINDS[job.kind].undo,
        title=job.said or job.title,
        user=user,
        actor=actor,
        undoes=job,
        dry_run=dry_run,
    )


def refuse_undo(job: Job) -> None:
    """Raise `Refused` unless the job has ended, and has written what can be taken back."""
    kind = KINDS.get(job.kind)
    if kind is None or not kind.undoable or job.dry_run:
        raise Refused(_("What this job did cannot be taken back."), code="not_undoable")
    if job.state not in FINAL:
        raise Refused(_("The job is not over yet: stop it first."), code="job_runs")
    _refuse_nothing(job, kind)
    if job.undone_by.filter(dry_run=False).exclude(state__in=FINAL).exists():
        raise Refused(_("This job is being taken back already."), code="being_undone")
    if _undone(job):
        raise Refused(_("This job has been taken back already."), code="undone")


def _refuse_nothing(job: Job, kind: JobKind) -> None:
    """Refuse where a job has written nothing: what is one transaction unless it was done whole."""
    if kind.atomic and job.state != "done":
        raise Refused(_("The job has changed nothing."), code="nothing_to_undo")
    if not kind.atomic and not job.changes.exists():
        raise Refused(
            _("The job has changed no product: there is nothing to take back."),
            code="nothing_to_undo",
        )


def _undone(job: Job) -> bool:
    """Return whether the job was taken back, and that was not taken back in turn."""
    done = job.undone_by.filter(dry_run=False, state="done")
    return any(not _undone(undo) for undo in done)


def run_undo(progress: Progress) -> None:
    """Run a job of the kind "undo": stage by stage, each in chunks, resumed where it was."""
    undone = progress.job.undoes
    if undone is None:
        raise Refused(_("The job that was to be taken back is gone."), code="job_gone")
    stages = _stages(undone)
    progress.expect(sum(len(stage.keys) for stage in stages))
    begun = progress.cursor.get("stage", 0)
    for number, stage in enumerate(stages[begun:], begun):
        after = progress.cursor.get("after") if number == begun else None
        for keys in chunks(_rest(stage.keys, after), CHUNK):
            stage.act(keys, undone=undone, progress=progress)
            progress.advance(len(keys))
            progress.keep(stage.name, cursor={"stage": number, "after": keys[-1]})


class _Stage(NamedTuple):
    """One pass over ascending keys: ids of products, or negative ids of deletions."""

    name: str
    keys: Sequence[int]
    act: Callable


def _stages(undone: Job) -> list[_Stage]:
    """Return the passes in their order: what was deleted comes first, what was made goes last."""
    mine = Change.objects.filter(job=undone)
    deleted = _ids(-pk for pk in _flat(mine.filter(action="delete").order_by("-id"), "id"))
    made = mine.filter(action="create")
    edited = mine.filter(action="change").exclude(product_id__in=made.values("product_id"))
    moved = mine.filter(action__in=("publish", "withdraw"))
    moved = moved.exclude(product_id__in=made.values("product_id"))
    return [
        _Stage("deleted", deleted, create_removed),
        _Stage("ties", deleted, tie_removed),
        _Stage("products", _products(edited), take_back_edits),
        _Stage("versions", _products(moved), take_back_versions),
        *(
            _Stage("created", _products(made.filter(product__level=level)), remove_created)
            for level in (2, 1, 0)
        ),
    ]


def _products(changes) -> array:
    return _ids(_flat(changes.order_by("product_id").distinct(), "product_id"))


def _flat(rows, name: str) -> Iterator[int]:
    return rows.values_list(name, flat=True).iterator(chunk_size=10_000)


def _ids(found: Iterator[int]) -> array:
    return array("q", found)


def _rest(keys: Sequence[int], after: int | None) -> Sequence[int]:
    return keys if after is None else keys[bisect_right(keys, after) :]
