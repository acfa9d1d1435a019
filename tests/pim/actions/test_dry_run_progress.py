"""A dry run tells where it is, can be stopped and is missed when it dies: on both databases."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as live
from django.core.files.base import ContentFile
from django.db import connection
from django.utils.timezone import now

from pim.actions import import_products
from pim.actions.imports import queue_import
from pim.actions.jobs import aside, fail_lost_jobs, run_job_now, stop_job, waiting_jobs
from pim.actions.jobs.aside import overlay
from pim.content.actor import Actor
from pim.models import Job, Product
from tests.pim.importing.files import NOW, STRUCTURE

ROWS = 40
HERE = Actor("importer", "import")


@pytest.fixture(autouse=True)
def _folders(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT, settings.SCRATCH_ROOT = tmp_path / "media", tmp_path / "scratch"
    monkeypatch.setattr(import_products, "BATCH", 10)
    monkeypatch.setattr(aside, "RARELY", 0)


def queue(**options) -> Job:
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in STRUCTURE.items():
            archive.writestr(name, text)
        rows = "".join(f"P{n};lamp\n" for n in range(ROWS))
        archive.writestr("products.csv", f"sku;family\n{rows}")
    return queue_import(ContentFile(out.getvalue(), name="in.zip"), user=None, **options)


def seen_by_others(pk: int) -> Job:
    """Return the job as another process sees it meanwhile."""
    if connection.vendor == "sqlite":
        return overlay(Job(pk=pk, dry_run=True, state="running", fence=1))
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT done, total, state FROM pim_job WHERE id = %s", [pk])
            done, total, state = cursor.fetchone()
            return Job(pk=pk, done=done, total=total, state=state)
    finally:
        other.close()


@pytest.mark.django_db(transaction=True)
def test_others_see_how_far_a_dry_run_is():
    job, seen = queue(dry_run=True), []
    run_job_now(job, actor=HERE, at=NOW, say=lambda j, name: seen.append(seen_by_others(j.pk)))
    steps = [s.done for s in seen if s.total]
    assert steps == sorted(steps)
    assert {s.total for s in seen if s.total} == {50 + ROWS}
    assert len(set(steps)) > 5
    assert (job.state, job.counts["products"], Product.objects.count()) == (
        "done", {"created": ROWS}, 0,
    )  # fmt: skip
    left = Path(live.SCRATCH_ROOT) / "jobs"
    assert [p.name for p in left.glob("*")] == []


@pytest.mark.django_db(transaction=True)
def test_dry_run_is_stopped():
    job, told = queue(dry_run=True), []

    def stop_it(running, name):
        told.append(name)
        if name == "products.csv" and told.count(name) == 2:
            ask(running.pk)

    run_job_now(job, actor=HERE, at=NOW, say=stop_it)
    assert (job.state, told.count("products.csv")) == ("stopped", 2)
    assert Product.objects.count() == 0


def ask(pk: int) -> None:
    """Ask to stop as the web process would, which is outside of the run's transaction."""
    if connection.vendor == "sqlite":
        stop_job(pk, at=NOW)
        return
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("UPDATE pim_job SET state = 'stopping' WHERE id = %s", [pk])
    other.close()


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="elsewhere its lease runs out")
def test_dry_run_on_sqlite_that_has_gone_silent_is_taken_up():
    job = queue(dry_run=True)
    at = now()
    started = at - timedelta(minutes=10)
    Job.objects.filter(pk=job.pk).update(
        state="running", started_at=started, attempts=1, lease_until=at + timedelta(hours=5)
    )
    told = aside.FileAside(job)
    told.tell()
    assert (fail_lost_jobs(at=at), waiting_jobs(at=at)) == (0, [])
    path = Path(live.SCRATCH_ROOT) / "jobs" / f"{job.pk}.json"
    os.utime(path, (at.timestamp() - 100,) * 2)
    assert (fail_lost_jobs(at=at), waiting_jobs(at=at)) == (0, [job.pk])


def test_time_left_counts_what_this_attempt_has_done():
    job = Job(total=1000, done=600, done_before=500, started_at=NOW)
    at = NOW + timedelta(seconds=10)
    assert (job.rate(at), job.seconds_left(at)) == (10.0, 40)
    assert Job(total=1000, done=0, started_at=NOW).seconds_left(at) is None
