"""A move from a running system through our own API and the desk: queued, and run as a job."""

import pytest
from django.urls import reverse

from pim.actions.jobs import run_job
from pim.models import Job
from tests.factories.catalogue import NOW
from tests.factories.desk import superuser
from tests.factories.replay import CREDENTIALS, playing

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/migrations"
KNOWN = {name: getattr(CREDENTIALS, name) for name in ("client_id", "secret", "username")}


@pytest.fixture
def anna(client):
    client.force_login(superuser())
    return client


@pytest.fixture
def known(settings):
    settings.MIGRATE = {**KNOWN, "password": CREDENTIALS.password, "url": "http://127.0.0.1:1/"}
    settings.OUTBOUND_HOSTS = ["127.0.0.1"]


def post(client, **body):
    return client.post(ADDRESS, body, content_type="application/json")


def test_without_a_system_named_nothing_is_queued(anna):
    answer = post(anna)
    assert (answer.status_code, answer.json()["code"]) == (422, "no_credentials")
    assert Job.objects.count() == 0


def test_a_move_is_queued_without_secrets(anna, known):
    answer = post(anna, publish=True)
    job = Job.objects.get()
    assert (answer.status_code, job.kind, job.dry_run) == (202, "migration", False)
    assert job.params == {"url": "http://127.0.0.1:1", "publish": True}


def test_its_worker_reads_the_credentials_of_that_address_only(anna, known, settings):
    with playing({}, settings) as server:
        settings.MIGRATE = {**settings.MIGRATE, "url": server.url}
        post(anna)
        settings.MIGRATE = {**settings.MIGRATE, "url": "https://elsewhere.example"}
        run_job(Job.objects.get().pk, at=NOW)
        assert (Job.objects.get().state, server.asked, server.granted) == ("failed", [], 0)


def test_the_desk_asks_first_and_previews(anna, known):
    page = reverse("admin:pim_job_move")
    assert anna.get(page).context["url"] == "http://127.0.0.1:1"
    answer = anna.post(page, {"dry_run": "on"})
    job = Job.objects.get()
    assert answer["Location"] == reverse("admin:pim_job_change", args=[job.pk])
    assert (job.kind, job.dry_run, job.params["publish"]) == ("migration", True, False)


def test_the_desk_says_what_is_missing(anna):
    assert "PIM_MIGRATE_URL" in anna.get(reverse("admin:pim_job_move")).content.decode()
