"""Export profiles on the desk: made, run, duplicated, downloaded."""

import json

import pytest
from django.urls import reverse

from pim.actions.exports import queue_export
from pim.actions.jobs import run_job
from pim.admin.job_report import asked_by
from pim.models import ExportProfile, Job
from tests.factories.catalogue import NOW, lamp_catalogue, wish, write
from tests.factories.desk import staff, superuser

pytestmark = pytest.mark.django_db
ADD = reverse("admin:pim_exportprofile_add")
FORM = {
    "code": "weekly", "name": "Weekly", "selection": json.dumps({"all": True}), "format": "csv",
    "audience": "people", "state": "draft", "separator": ";", "columns": "pieces,family",
    "locales": ["en"], "time_zone": "UTC", "row_version": "0",
}  # fmt: skip


@pytest.fixture
def desk(client):
    lamp_catalogue()
    write(wish("A", family="lamp", at={"pieces||": 3}))
    client.force_login(superuser())
    return client


def page(profile: ExportProfile, name: str = "change") -> str:
    return reverse(f"admin:pim_exportprofile_{name}", args=[profile.pk])


def test_a_profile_is_made_run_and_its_file_fetched(desk):
    desk.post(ADD, {**FORM, "run": "1"})
    job = Job.objects.get()
    run_job(job.pk, at=NOW)
    answer = desk.get(reverse("admin:pim_job_result", args=[job.pk]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert text == "sku;pieces;family\r\nA;3;lamp\r\n"
    listed = desk.get(reverse("admin:pim_exportprofile_changelist")).content.decode()
    assert ("Weekly" in listed, "Download" in listed) == (True, True)


def test_a_profile_is_shown_as_it_was_saved_and_duplicated(desk):
    desk.post(ADD, FORM)
    profile = ExportProfile.objects.get()
    shown = desk.get(page(profile)).context
    assert [c["code"] for c in shown["columns"][:2]] == ["pieces", "family"]
    desk.post(page(profile, "duplicate"))
    codes = ExportProfile.objects.order_by("code").values_list("code", flat=True)
    assert list(codes) == ["weekly", "weekly_2"]


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"code": "a b"}, {"selection": "{"}, {"columns": "nope"}, {"cadence": "x"},
     {"folder": "../x"}, {"format": "pdf"}],
)  # fmt: skip
def test_what_makes_no_profile_is_said(desk, wrong):
    answer = desk.post(ADD, {**FORM, **wrong})
    assert (bool(answer.context["error"]), ExportProfile.objects.count()) == (True, 0)


def test_whoever_only_looks_changes_nothing(desk):
    desk.post(ADD, FORM)
    profile = ExportProfile.objects.get()
    desk.force_login(staff("otto", "view_exportprofile"))
    posts = [
        desk.post(a, FORM).status_code for a in (ADD, page(profile), page(profile, "duplicate"))
    ]
    assert (posts, ExportProfile.objects.count()) == ([403] * 3, 1)


def test_an_export_is_told_in_its_own_words(desk):
    job = queue_export({"all": True}, {}, user=superuser("berta"), actor="api")
    run_job(job.pk, at=NOW)
    listed = desk.get(reverse("admin:pim_job_changelist")).content.decode()
    assert [word in listed for word in ("products, CSV", "berta · API", "1 row written")] == [
        True
    ] * 3
    shown = desk.get(reverse("admin:pim_job_change", args=[job.pk])).content.decode()
    words = ("Rows written", "berta · API", "Unchanged", "Every line was taken")
    assert [word in shown for word in words] == [True, True, False, False]


def test_a_scheduled_export_names_its_person_and_the_clock(desk):
    job = queue_export({"all": True}, {}, user=superuser("berta"), actor="schedule")
    assert asked_by(job) == "berta · schedule"
    assert asked_by(queue_export({"all": True}, {}, user=job.created_by)) == "berta"


@pytest.mark.parametrize("name", ["api", "admin"])
def test_a_person_who_is_called_like_a_door_is_none(name):
    person = superuser(name)
    assert asked_by(Job(kind="remodel", created_by=person, actor=name)) == name
    assert asked_by(Job(kind="import", actor="profile halla")) == "profile halla"
