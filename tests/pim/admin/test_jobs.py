"""The page of a job: what it would change, and the way back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from pim.actions.bulk_edit import queue_bulk_edit
from pim.actions.exports import queue_export
from pim.actions.jobs import queue_job, run_job
from pim.actions.jobs.progress import _store_lines
from pim.actions.rewinding import queue_rewind, rewind_title
from pim.actions.translation.memory import queue_learning
from pim.actions.undo import queue_undo
from pim.admin.words import REPORTED
from pim.content.refusals import UnknownCode
from pim.importing.recognise import ORDER
from pim.importing.report import Place, Report
from pim.models import Attribute, Job, Product
from pim.queries.structure import forget_structure
from pim.queries.titles import title_of_job
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write
from tests.factories.desk import staff, superuser

pytestmark = pytest.mark.django_db


@pytest.fixture
def job() -> Job:
    """A job that has changed one product and created another."""
    lamp_catalogue()
    write(wish("A", family="lamp", at={"name||en": "Old"}))
    made = queue_job("import", title="Spring range", actor="anna")
    Job.objects.filter(pk=made.pk).update(state="done")
    write(wish("A", at={"name||en": "New"}), wish("B"), job=made)
    made.refresh_from_db()
    return made


def address(job: Job, action: str = "change") -> str:
    return reverse(f"admin:pim_job_{action}", args=[job.pk])


def undo_of(job: Job) -> Job:
    found = Job.objects.get(undoes=job)
    run_job(found.pk, at=NOW)
    found.refresh_from_db()
    return found


def test_the_preview_of_an_undo_shows_before_and_after(client, job):
    client.force_login(superuser())
    assert "Preview undo" in client.get(address(job)).content.decode()
    client.post(address(job, "undo"), {"dry_run": "1"})
    seen = undo_of(job)
    page = client.get(address(seen)).content.decode()
    assert ("<del>New</del>" in page, "<ins>Old</ins>" in page) == (True, True)
    assert (seen.dry_run, Product.objects.count()) == (True, 2)


def test_an_undo_is_started_from_the_page_of_its_job(client, job):
    client.force_login(superuser())
    answer = client.post(address(job, "undo"))
    assert answer.url == address(Job.objects.get(undoes=job))
    assert undo_of(job).counts == {"products": {"changed": 1, "removed": 1}}
    assert list(Product.objects.values_list("identifier", flat=True)) == ["A"]
    undo = Job.objects.get(undoes=job)
    assert f'href="{address(undo)}">taken back by job {undo.pk} · Done<' in (
        client.get(address(job)).content.decode()
    )
    assert f'href="{address(job)}">takes back “Spring range”<' in (
        client.get(address(undo)).content.decode()
    )


def test_whoever_only_looks_takes_nothing_back(client, job):
    client.force_login(staff("otto", "view_job"))
    assert "Preview undo" not in client.get(address(job)).content.decode()
    assert client.post(address(job, "undo")).status_code == 403
    assert Job.objects.count() == 1


def test_the_changes_of_a_job_are_listed_by_themselves(client, job):
    write(wish("C"))
    client.force_login(superuser())
    page = client.get(reverse("admin:pim_change_changelist"), {"job": job.pk}).content.decode()
    assert ("Spring range" in page, page.count('/change/">A<'), page.count(">C</a>")) == (
        True,
        1,
        0,
    )


def test_every_row_of_a_report_is_named_in_words(admin_client):
    counts = {kind: {"created": 1} for kind in (*ORDER, "published", "My rule")}
    job = Job.objects.create(kind="import", title="in", state="done", counts=counts)
    page = admin_client.get(reverse("admin:pim_job_change", args=[job.pk]))
    kinds = [row["kind"] for row in page.context["counts"]]
    assert [kind for kind in kinds if "_" in kind] == []
    assert set(ORDER) <= REPORTED.keys()
    assert {"published", "My rule"} <= set(kinds)


def test_the_list_counts_a_product_and_its_version_once(admin_client):
    counts = {"products": {"changed": 16}, "published versions": {"changed": 16}}
    Job.objects.create(kind="remodel", title="weight", state="done", counts=counts)
    page = admin_client.get(reverse("admin:pim_job_changelist")).content.decode()
    assert "16 changed" in page
    assert "32 changed" not in page


def test_a_job_whose_process_is_gone_says_so_and_promises_no_time(admin_client):
    now = timezone.now()
    job = Job.objects.create(
        kind="import", title="in", state="running", total=100, done=50,
        started_at=now - timedelta(seconds=100), lease_until=now + timedelta(seconds=50),
    )  # fmt: skip
    page = admin_client.get(reverse("admin:pim_job_change", args=[job.pk]))
    assert page.context["silent"] is False
    assert 100 <= page.context["left"] < 160  # a busy machine takes seconds to answer
    Job.objects.update(lease_until=now - timedelta(seconds=1))
    page = admin_client.get(reverse("admin:pim_job_change", args=[job.pk]))
    assert (page.context["left"], page.context["rate"]) == (None, 0)
    assert "Its process is gone" in page.content.decode()


def test_whoever_starts_a_job_opens_its_page_and_does_its_preview_for_good(client):
    lamp_catalogue()
    write(wish("A", family="lamp"))
    mine = staff("otto", "view_product", "change_product")
    client.force_login(mine)
    assert client.get(reverse("admin:pim_job_changelist")).status_code == 403
    steps = [{"op": "enabled", "value": False}]
    params = {"selection": {"all": True}, "operations": steps}
    seen = queue_job("bulk_edit", title="Off", params=params, dry_run=True, user=mine)
    other = queue_job("bulk_edit", title="Secret", params=params, dry_run=True)
    run_job(seen.pk, at=NOW)
    page = client.get(address(seen))
    assert (page.status_code, page.context["may_repeat"]) == (200, True)
    assert "Secret" not in client.get(reverse("admin:pim_job_changelist")).content.decode()
    assert client.get(address(other)).status_code == 404
    assert client.post(address(other, "repeat")).status_code == 404
    client.post(address(seen, "repeat"))
    assert Job.objects.filter(dry_run=False, created_by=mine).count() == 1


def test_a_stopped_job_goes_on_from_its_page(client, job):
    client.force_login(superuser())
    assert ">Go on<" not in client.get(address(job)).content.decode()
    Job.objects.filter(pk=job.pk).update(state="stopped")
    assert ">Go on<" in client.get(address(job)).content.decode()
    client.post(address(job, "resume"))
    job.refresh_from_db()
    assert job.state == "queued"
    client.force_login(staff("otto", "view_job"))
    assert client.post(address(job, "resume")).status_code in (403, 404)


@pytest.fixture
def noted(job) -> Job:
    """A job whose report has one line, about a product and no file."""
    report = Report(sink=lambda lines: _store_lines(job, lines))
    refusal = UnknownCode(what="category", name="moon")
    report.refuse("products", Place("", subject="A"), [("", refusal)])
    report.flush()
    return job


def test_a_report_without_files_has_no_columns_for_them(client, noted):
    client.force_login(superuser())
    page = client.get(address(noted)).content.decode()
    heads = page[page.index("Lines to look at") :]
    assert [f"<th>{head}</th>" in heads for head in ("File", "Field", "Subject")] == [
        False, False, True,
    ]  # fmt: skip
    assert "Line</th>" not in heads


def test_what_a_line_is_about_is_called_by_its_label_unless_it_is_a_column(client, job):
    Attribute.objects.filter(code="name").update(labels={"en": "Name"})
    forget_structure()
    report = Report(sink=lambda lines: _store_lines(job, lines))
    refusal = UnknownCode(what="category", name="moon")
    for place, column in (("", "name||fi"), ("", "family_variant"), ("a.csv", "name-fi")):
        report.refuse("products", Place(place, subject="A"), [(column, refusal)])
    report.flush()
    client.force_login(superuser())
    about = [line.about for line in client.get(address(job)).context["page"]]
    assert about == ["Name · fi", "family variant", "name-fi"]


def test_an_edit_that_changes_nothing_does_not_speak_of_lines(client):
    lamp_catalogue()
    write(wish("A", family="lamp"))
    job = queue_bulk_edit({"all": True}, [{"op": "enabled", "value": True}], dry_run=True)
    run_job(job.pk, at=NOW)
    client.force_login(superuser())
    page = client.get(address(job)).content.decode()
    assert ("No product has to change" in page, "Every line" in page) == (True, False)


def test_the_lines_of_a_report_are_told_in_the_language_of_the_reader(client, noted):
    client.force_login(superuser())
    german = {"headers": {"Accept-Language": "de"}}
    assert noted.lines.get().message == "There is no category “moon”."
    told = [client.get(address(noted), **german), client.get(address(noted, "report"), **german)]
    told.append(client.get(f"/api/v1/jobs/{noted.pk}/lines", **german))
    for answer in told:
        assert "Nicht vorhanden: Kategorie „moon“." in answer.content.decode()


def test_a_line_without_its_sentence_keeps_its_message(client, noted):
    noted.lines.update(said={}, message="Kept as it was.")
    client.force_login(superuser())
    assert "Kept as it was." in client.get(address(noted)).content.decode()


def test_a_job_that_has_passed_lines_over_does_not_call_them_taken(admin_client):
    made = queue_job("import", title="Mai.csv", actor="anna")
    counts = {"products": {"skipped": 2}}
    Job.objects.filter(pk=made.pk).update(state="done", counts=counts)
    page = admin_client.get(address(made)).content.decode()
    assert ("No line was refused" in page, "Every line was taken" in page) == (True, False)


STEPS = [{"op": "set", "attribute": "name", "locale": "en", "value": "N"}, {"op": "publish"}]
GERMAN = {"headers": {"Accept-Language": "de"}}


def test_titles_of_jobs_are_told_in_the_language_of_the_reader(client):
    lamp_catalogue()
    write(wish("A", family="lamp"))
    Attribute.objects.filter(code="name").update(labels={"en": "Name", "de_AT": "Bezeichnung"})
    forget_structure()
    with override("fi"):
        job = queue_bulk_edit({"all": True}, STEPS)
    run_job(job.pk, at=NOW)
    job.refresh_from_db()
    undo = queue_undo(job)
    said = "Setzen: Bezeichnung, Veröffentlichen"
    product = Product.objects.get()
    client.force_login(superuser())
    pages = (
        address(job), address(undo), reverse("admin:pim_job_changelist"), reverse("admin:index"),
        f"{reverse('admin:pim_change_changelist')}?job={job.pk}",
        reverse("admin:pim_product_change", args=[product.pk]),
        reverse("admin:pim_product_version", args=[product.pk, 1]),
        reverse("admin:pim_product_talk", args=[product.pk]),
        f"/api/v1/jobs/{job.pk}", "/api/v1/jobs", f"/api/v1/jobs/{job.pk}/changes",
        "/api/v1/products/A/versions", "/api/v1/products/A/timeline",
    )  # fmt: skip
    told = {page: said in client.get(page, **GERMAN).content.decode() for page in pages}
    assert told == dict.fromkeys(pages, True)


@pytest.mark.parametrize(
    ("queue", "said"),
    [
        (lambda: queue_export({"all": True}, {}), "Produkte, CSV"),
        (lambda: queue_learning(), "Übersetzungsgedächtnis"),
        (lambda: queue_bulk_edit({"all": True}, STEPS, title="Spring"), "Spring"),
        (
            lambda: queue_rewind(
                {"ids": [7, 8], "except": [8]},
                moment=NOW - timedelta(days=1),
                title=rewind_title(NOW, what={"ids": [7, 8], "except": [8]}),
                actor=ANNA,
                at=NOW,
            ),
            f"{NOW:%Y-%m-%d %H:%M} ← 2 gewählte Produkte, ohne 1",
        ),
    ],
)
def test_a_title_that_nobody_gave_is_said_of_what_was_kept(queue, said):
    lamp_catalogue()
    job = queue()
    with override("de"):
        assert title_of_job(job) == said


def test_a_job_without_what_its_title_was_made_of_keeps_its_text(client):
    search = {"selection": {"search": {"gone": [{"operator": "=", "value": "x"}]}}}
    kept = {"sentence": "%(what)s", "params": {"what": search}}
    old = Job.objects.create(kind="undo", title="As it was")
    gone = Job.objects.create(kind="undo", title="Of what is gone", said=kept)
    with override("de"):
        assert [title_of_job(job) for job in (old, gone)] == ["As it was", "Of what is gone"]
