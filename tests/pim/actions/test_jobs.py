"""Jobs: claimed once, stopped when asked, resumed where they were, taken from whoever lost them."""

from datetime import timedelta

import pytest

from pim.actions.jobs import (
    KINDS,
    Progress,
    queue_job,
    resumable,
    resume_job,
    run_job,
    stop_job,
    waiting_jobs,
)
from pim.actions.jobs.kinds import JobKind
from pim.actions.jobs.progress import Lost
from pim.actions.jobs.queue import claim
from pim.content.actor import Actor
from pim.content.refusals import NotFound, Refused
from pim.importing.report import Place
from pim.models import Job, JobLine
from tests.factories.catalogue import NOW
from tests.factories.desk import superuser

pytestmark = pytest.mark.django_db
SEEN: list = []


def count_to_five(progress: Progress) -> None:
    """Five units, one batch each; the third stops or loses the job where params say so."""
    progress.expect(5)
    for unit in range(progress.cursor.get("next", 0), 5):
        SEEN.append(unit)
        progress.report.refuse("products", Place("", 0, f"P{unit}"), [("name", Refused("No."))])
        if unit == 2 and progress.params.get("then") == "stop":
            stop_job(progress.job.pk, at=NOW)
        if unit == 2 and progress.params.get("then") == "lose" and progress.job.attempts == 1:
            raise KeyboardInterrupt
        progress.advance()
        progress.keep(cursor={"next": unit + 1})


@pytest.fixture(autouse=True)
def _kind(monkeypatch):
    SEEN.clear()
    kind = JobKind("count", "Count", f"{__name__}:count_to_five")
    monkeypatch.setitem(KINDS, "count", kind)
    monkeypatch.setitem(KINDS, "read", JobKind("read", "Read", kind.runner, lane="read"))


def queue(kind="count", **params) -> Job:
    return queue_job(kind, title="Count", params=params, actor="anna")


def state(job: Job) -> tuple:
    job.refresh_from_db()
    return job.state, job.done, job.total, job.counts.get("products"), job.lines.count()


def test_a_job_runs_once_to_its_end():
    job = queue()
    assert (run_job(job.pk, at=NOW), run_job(job.pk, at=NOW)) == (True, False)
    assert state(job) == ("done", 5, 5, {"refused": 5}, 5)
    assert SEEN == [0, 1, 2, 3, 4]


def test_a_job_that_is_asked_to_stop_ends_after_its_batch():
    job = queue(then="stop")
    run_job(job.pk, at=NOW)
    assert state(job) == ("stopped", 3, 5, {"refused": 3}, 3)


def test_a_stopped_job_goes_on_where_it_stopped():
    job = queue(then="stop")
    run_job(job.pk, at=NOW)
    job.refresh_from_db()
    Job.objects.filter(pk=job.pk).update(params={})
    resume_job(job, user=superuser())
    job.refresh_from_db()
    assert (job.state, job.finished_at) == ("queued", None)
    assert run_job(job.pk, at=NOW)
    assert state(job)[:3] == ("done", 5, 5)
    assert SEEN == [0, 1, 2, 3, 4]


def test_only_what_was_stopped_goes_on_and_nothing_that_was_undone():
    job = queue()
    with pytest.raises(Refused) as refusal:
        resume_job(job, user=superuser())
    assert refusal.value.code == "not_stopped"
    Job.objects.filter(pk=job.pk).update(state="stopped")
    job.refresh_from_db()
    assert resumable(job)
    queue_job("undo", title="back", undoes=job)
    assert not resumable(job)


def test_a_queued_job_that_is_stopped_never_starts():
    job = queue()
    stop_job(job.pk, at=NOW)
    assert (run_job(job.pk, at=NOW), state(job)[0], SEEN) == (False, "stopped", [])


def test_an_ended_job_cannot_be_stopped():
    job = queue()
    run_job(job.pk, at=NOW)
    with pytest.raises(Refused) as refused:
        stop_job(job.pk, at=NOW)
    assert (refused.value.code, state(job)[0]) == ("job_ended", "done")


def test_a_killed_job_goes_on_where_it_was_and_repeats_no_line():
    job = queue(then="lose")
    with pytest.raises(KeyboardInterrupt):
        run_job(job.pk, at=NOW)
    assert state(job)[:2] == ("running", 2)
    Job.objects.update(lease_until=NOW - timedelta(seconds=1))
    assert waiting_jobs(at=NOW) == [job.pk]
    run_job(job.pk, at=NOW)
    assert state(job) == ("done", 5, 5, {"refused": 5}, 5)
    assert SEEN == [0, 1, 2, 2, 3, 4]


def test_whoever_has_lost_a_job_writes_nothing_more():
    job = queue()
    claim(job.pk, at=NOW)
    old = Progress(Job.objects.get(pk=job.pk), actor=Actor("anna"), at=NOW)
    Job.objects.update(lease_until=NOW - timedelta(seconds=1))
    claim(job.pk, at=NOW)
    old.report.refuse("products", Place("", 0, "P"), [("name", Refused("No."))])
    old.advance()
    with pytest.raises(Lost):
        old.keep(cursor={"next": 1})
    with pytest.raises(Lost):
        old.conclude("done")
    assert (state(job), JobLine.objects.count()) == (("running", 0, None, None, 0), 0)


def test_jobs_of_a_lane_wait_for_one_another_and_other_lanes_do_not():
    first, second, reader = queue(), queue(), queue("read")
    assert waiting_jobs(at=NOW) == [first.pk, second.pk, reader.pk]
    claim(first.pk, at=NOW)
    assert waiting_jobs(at=NOW) == [reader.pk]


def test_an_unknown_kind_is_refused():
    with pytest.raises(NotFound):
        queue("nope")
    assert Job.objects.count() == 0
