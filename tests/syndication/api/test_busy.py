"""A page that has waited for other writers too long says so: 503, ask again."""

import pytest
from django.db import OperationalError

from tests.factories.desk import superuser

pytestmark = pytest.mark.django_db


@pytest.fixture
def locked(client, monkeypatch):
    superuser()
    client.login(username="anna", password="secret-enough")
    client.raise_request_exception = False
    fault = {"text": "database is locked"}

    def busy(*args, **how):
        raise OperationalError(fault["text"])

    monkeypatch.setattr("pim.admin.remodel.load_structure", busy)
    monkeypatch.setattr("pim.api.v1.quality.load_structure", busy)
    return fault


def test_a_person_reads_what_to_do(client, locked):
    answer = client.get("/admin/pim/job/model/?operation=delete_attribute")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert "Busy just now" in answer.content.decode()


def test_a_machine_reads_a_problem_document(client, locked):
    answer = client.get("/api/v1/quality")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert answer.json()["code"] == "busy"


def test_other_faults_of_the_database_stay_500(client, locked):
    locked["text"] = "no such table: pim_product"
    answer = client.get("/admin/pim/job/model/?operation=delete_attribute")
    assert answer.status_code == 500
