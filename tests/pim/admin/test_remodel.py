"""The page that changes the model: asks step by step, previews first, and says what is wrong."""

import pytest
from django.urls import reverse

from pim.actions.jobs import repeat_for_good, run_waiting_jobs
from pim.models import AttributeOption, Job, Product
from pim.queries.drafts import read_drafts
from tests.factories.catalogue import lamp_catalogue, wish, write

pytestmark = pytest.mark.django_db
PAGE = "admin:pim_job_remodel"


@pytest.fixture
def desk(admin_client):
    lamp_catalogue()
    write(wish("L1", family="lamp", at={"color||": "red", "notes||": "Pine"}))
    return admin_client


def fields(answer) -> list[str]:
    return list(answer.context["form"].fields)


def test_what_depends_on_a_choice_is_asked_after_it(desk):
    assert fields(desk.get(reverse(PAGE), {"operation": "merge_options"})) == ["attribute"]
    answer = desk.post(
        reverse(PAGE), {"operation": "merge_options", "attribute": "color", "more": "1"}
    )
    assert fields(answer) == ["attribute", "options", "into"]
    answer = desk.post(reverse(PAGE), {"operation": "rename", "kind": "option", "more": "1"})
    assert fields(answer) == ["kind", "owner", "code", "to"]
    answer = desk.post(reverse(PAGE), {"operation": "rename", "kind": "family", "more": "1"})
    assert fields(answer) == ["kind", "code", "to"]


def test_a_change_is_previewed_and_then_done_for_good(desk, django_user_model):
    form = {"operation": "merge_options", "attribute": "color", "options": ["red"], "into": "blue"}
    answer = desk.post(reverse(PAGE), form)
    job = Job.objects.get()
    assert answer["Location"] == reverse("admin:pim_job_change", args=[job.pk])
    run_waiting_jobs()
    job.refresh_from_db()
    assert (job.dry_run, job.state, job.counts["products"]) == (True, "done", {"changed": 1})
    assert AttributeOption.objects.filter(code="red").count() == 1
    repeat_for_good(job, user=django_user_model.objects.get())
    run_waiting_jobs()
    pk = Product.objects.get().pk
    assert read_drafts([pk])[pk].values[""]["color"] == {"": "blue"}


def test_products_are_renamed_line_by_line(desk):
    desk.post(reverse(PAGE), {"operation": "rename_products", "names": "L1;LAMP 1\n"})
    desk.post(reverse(PAGE), {"operation": "rename_products", "names": "L1\tLAMP 1\n"})
    assert [job.params["params"] for job in Job.objects.all()] == [{"names": {"L1": "LAMP 1"}}] * 2
    answer = desk.post(reverse(PAGE), {"operation": "rename_products", "names": "L1\n"})
    assert list(answer.context["form"].errors) == ["names"]
    assert Job.objects.count() == 2


def test_what_cannot_be_done_is_said_at_its_field(desk):
    form = {"operation": "delete_attribute", "attribute": "color"}
    answer = desk.post(reverse(PAGE), form)
    assert list(answer.context["form"].errors) == ["attribute"]
    assert Job.objects.count() == 0


def test_the_page_needs_its_permissions(client, django_user_model):
    user = django_user_model.objects.create_user("otto", is_staff=True)
    client.force_login(user)
    assert client.get(reverse(PAGE)).status_code == 403
