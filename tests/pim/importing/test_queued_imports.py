"""Queued imports: claimed once, taken up again when a worker is lost, given up at last."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command

from pim.actions.imports import queue_import
from pim.actions.jobs import fail_lost_jobs, run_job, run_waiting_jobs, waiting_jobs
from pim.models import Change, Job, JobLine, Product

from .files import NOW, load, write_folder

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folders(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    load(write_folder(tmp_path / "in"))


def queue(text: str = "sku;family\nA;lamp\nB;nope\n", **options) -> Job:
    return queue_import(ContentFile(text.encode(), name="products.csv"), user=None, **options)


def test_queued_import_runs_once(django_user_model):
    user = django_user_model.objects.create_user("anna")
    run = queue_import(ContentFile(b"sku;family\nA;lamp\n", name="products.csv"), user=user)
    assert (run_job(run.pk, at=NOW), run_job(run.pk, at=NOW)) == (True, False)
    run.refresh_from_db()
    assert (run.state, run.counts["products"], run.attempts) == ("done", {"created": 1}, 1)
    change = Change.objects.get(product__identifier="A")
    assert (change.actor, change.source, change.job_id) == ("anna", "import", run.pk)


def test_queued_dry_run_writes_nothing_but_its_report():
    run = queue(dry_run=True)
    assert run_waiting_jobs() == 1
    run.refresh_from_db()
    assert (run.state, run.counts["products"]) == ("done", {"created": 1, "refused": 1})
    assert (Product.objects.count(), JobLine.objects.filter(job=run).count()) == (0, 1)


def test_import_of_a_lost_worker_is_taken_up_and_repeats_no_line():
    run = queue()
    Job.objects.filter(pk=run.pk).update(
        state="running", attempts=1, lease_until=NOW - timedelta(seconds=1)
    )
    JobLine.objects.create(job=run, file="products.csv", line=3, outcome="refused")
    assert waiting_jobs(at=NOW) == [run.pk]
    assert run_job(run.pk, at=NOW)
    run.refresh_from_db()
    assert (run.state, run.attempts, run.lines.count()) == ("done", 2, 1)


def test_import_with_a_living_worker_is_left_alone():
    run = queue()
    Job.objects.filter(pk=run.pk).update(
        state="running", attempts=1, lease_until=NOW + timedelta(seconds=1)
    )
    assert (waiting_jobs(at=NOW), run_job(run.pk, at=NOW)) == ([], False)
    assert Product.objects.count() == 0


def test_import_that_loses_three_workers_is_given_up():
    run = queue()
    Job.objects.filter(pk=run.pk).update(
        state="running", attempts=3, lease_until=NOW - timedelta(seconds=1)
    )
    assert (waiting_jobs(at=NOW), fail_lost_jobs(at=NOW)) == ([], 1)
    run.refresh_from_db()
    assert run.state == "failed"


def test_command_prints_the_table_and_writes_the_report(tmp_path, capsys):
    path = tmp_path / "products.csv"
    path.write_text("sku;family\n=A;lamp\nB;=nope\n")
    report = tmp_path / "report.csv"
    call_command("import_catalog", str(path), report=str(report), quiet=True)
    assert "products        1        0          0        1      0" in capsys.readouterr().out
    assert report.read_text(encoding="utf-8-sig").splitlines() == [
        "file;line;column;subject;outcome;code;message",
        "products.csv;3;family;B;refused;unknown_code;There is no family “=nope”.",
    ]


def test_report_is_downloaded_with_every_line(admin_client):
    run = load_refused()
    answer = admin_client.get(f"/admin/pim/job/{run.pk}/report/")
    assert answer["Content-Disposition"] == f'attachment; filename="job-{run.pk}.csv"'
    assert answer.content.decode("utf-8-sig").splitlines()[1:] == [
        f"{run.lines.get().file};3;family;B;refused;unknown_code;There is no family “nope”."
    ]


def load_refused() -> Job:
    run = queue()
    run_waiting_jobs()
    return run
