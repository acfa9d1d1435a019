"""Time travel on the desk: what a product was, and the way back as a previewed job."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pim.actions.jobs import run_waiting_jobs
from pim.models import Job, Product
from pim.queries.drafts import read_drafts
from tests.factories.catalogue import lamp_catalogue, wish, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def lamp():
    lamp_catalogue()
    now = timezone.now()
    write(wish("L1", family="lamp", at={"name||en": "Moon"}), at=now - timedelta(days=3))
    write(wish("L1", at={"name||en": "Sun"}), at=now - timedelta(days=1))
    return Product.objects.get()


def page(lamp) -> str:
    return reverse("admin:pim_product_past", args=[lamp.pk])


def moment(days: int) -> str:
    return timezone.localtime(timezone.now() - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


def test_the_page_shows_then_and_now(admin_client, lamp):
    answer = admin_client.get(page(lamp), {"moment": moment(2), "what": "draft"})
    rows = [(r["locale"], r["before"], r["after"]) for r in answer.context["rows"]]
    assert rows == [("en", "Moon", "Sun")]
    early = admin_client.get(page(lamp), {"moment": moment(5), "what": "draft"})
    assert (early.context["rows"], bool(early.context["trouble"])) == ([], True)
    published = admin_client.get(page(lamp), {"moment": moment(2), "what": "published"})
    assert (published.context["rows"], bool(published.context["trouble"])) == ([], True)


def test_going_back_is_previewed_first(admin_client, lamp):
    answer = admin_client.post(page(lamp), {"moment": moment(2), "what": "draft"})
    job = Job.objects.get()
    assert (job.kind, job.dry_run) == ("rewind", True)
    assert answer["Location"] == reverse("admin:pim_job_change", args=[job.pk])
    run_waiting_jobs()
    job.refresh_from_db()
    assert job.counts["products"] == {"changed": 1}
    assert read_drafts([lamp.pk])[lamp.pk].values["en"]["name"] == {"": "Sun"}


def test_the_page_is_for_people_who_see_products(client, lamp, django_user_model):
    client.force_login(django_user_model.objects.create_user("otto", is_staff=True))
    assert client.get(page(lamp)).status_code == 403
