"""Jobs are done for those who may: as the user who queued them, and by what their kind needs."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from pim.actions.jobs import queue_job
from pim.actions.jobs.run import actor_of_job
from pim.content.rights import EVERYTHING, NOTHING
from pim.models import Change, Job
from tests.factories.catalogue import NOW
from tests.factories.desk import staff, superuser

pytestmark = pytest.mark.django_db
OPERATION = {"operation": "rename_code", "params": {}}
PUBLISHING = {"operations": [{"op": "publish"}]}


def rights_now(job: Job):
    return actor_of_job(Job.objects.get(pk=job.pk)).rights


def test_only_a_job_that_no_user_queued_has_no_limits():
    machine, mine = queue_job("rules", title="x"), queue_job("rules", title="y", user=superuser())
    assert (rights_now(machine), rights_now(mine)) == (EVERYTHING, EVERYTHING)
    User.objects.update(is_active=False)
    assert (rights_now(machine), rights_now(mine)) == (EVERYTHING, NOTHING)
    User.objects.get().delete()
    assert (rights_now(machine), rights_now(mine)) == (EVERYTHING, NOTHING)


def seen(kind: str, params: dict, *, dry_run: bool) -> Job:
    job = queue_job(kind, title="x", params=params, dry_run=dry_run)
    Job.objects.filter(pk=job.pk).update(state="done")
    return job


CASES = [
    ("remodel", OPERATION, ["change_product"], ["change_attribute"]),
    ("bulk_edit", PUBLISHING, ["change_product"], ["publish_product"]),
    ("import", {"publish": True}, ["change_product"], ["publish_product"]),
    ("rewind", {"publish": False}, [], ["change_product"]),
]


@pytest.mark.parametrize("action", ["repeat", "undo"])
@pytest.mark.parametrize(("kind", "params", "held", "lacks"), CASES)
def test_the_desk_repeats_and_undoes_only_what_one_may(client, action, kind, params, held, lacks):
    job = seen(kind, params, dry_run=action == "repeat")
    Change.objects.create(job=job, at=NOW, actor="x", action="edited", source="job")
    address = reverse(f"admin:pim_job_{action}", args=[job.pk])
    page = reverse("admin:pim_job_change", args=[job.pk])
    client.force_login(staff("otto", "add_job", "view_job", *held))
    client.post(address)
    assert (address in client.get(page).content.decode(), Job.objects.count()) == (False, 1)
    client.force_login(staff("pia", "add_job", "view_job", *held, *lacks))
    assert address in client.get(page).content.decode()
    client.post(address)
    assert Job.objects.count() == 2


@pytest.mark.parametrize(("kind", "params", "held", "lacks"), CASES)
def test_the_api_undoes_only_what_one_may(client, kind, params, held, lacks):
    job = seen(kind, params, dry_run=False)
    Change.objects.create(job=job, at=NOW, actor="x", action="edited", source="job")
    client.force_login(staff("otto", "add_job", "view_job", *held))
    assert client.post(f"/api/v1/jobs/{job.pk}/undo").status_code == 403
    assert Job.objects.count() == 1
    client.force_login(staff("pia", "add_job", "view_job", *held, *lacks))
    assert client.post(f"/api/v1/jobs/{job.pk}/undo").status_code == 202


def test_what_takes_back_a_job_needs_what_the_job_needed(client):
    job = seen("bulk_edit", PUBLISHING, dry_run=False)
    Change.objects.create(job=job, at=NOW, actor="x", action="edited", source="job")
    back = queue_job("undo", title="x", undoes=job, dry_run=True)
    client.force_login(staff("otto", "add_job", "view_job", "change_product"))
    client.post(reverse("admin:pim_job_repeat", args=[back.pk]))
    assert Job.objects.count() == 2
