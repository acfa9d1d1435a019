"""Imports through our own API: a file or a profile becomes a job, once per key."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from pim.actions.import_profiles import save_profile
from pim.actions.jobs import run_waiting_jobs
from pim.models import ImportProfile, Job, Product
from tests.pim.importing.files import NOW, load, write_folder

pytestmark = pytest.mark.django_db

URL = "/api/v1/imports"


@pytest.fixture(autouse=True)
def _catalogue(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    load(write_folder(tmp_path / "in"))


def file(text: str = "sku;family\nA;lamp\nB;nope\n", name: str = "products.csv"):
    return SimpleUploadedFile(name, text.encode())


def names() -> set[str]:
    return set(Product.objects.values_list("identifier", flat=True))


def test_file_becomes_a_job_whose_refused_rows_are_its_result(admin_client):
    answer = admin_client.post(URL, {"file": file(), "mode": "create"})
    assert (answer.status_code, answer["Location"]) == (202, f"/api/v1/jobs/{answer.json()['id']}")
    run_waiting_jobs()
    assert names() == {"A"}
    result = admin_client.get(f"{answer['Location']}/result")
    assert b"".join(result.streaming_content).decode("utf-8-sig").splitlines()[0] == (
        "sku;family;#reason"
    )


def test_same_key_queues_once_and_another_file_is_refused(admin_client):
    def send(text):
        return admin_client.post(URL, {"file": file(text)}, headers={"Idempotency-Key": "k"})

    first, second, other = send("sku\nA\n"), send("sku\nA\n"), send("sku\nB\n")
    assert (first.status_code, second.json()["id"]) == (202, first.json()["id"])
    assert other.status_code == 422
    assert Job.objects.filter(kind="import", state="queued").count() == 1


def test_profile_is_named_by_its_code(admin_client):
    columns = [{"from": ["Nr"], "to": "sku", "ops": []}]
    mapping = {"kind": "products", "columns": columns}
    save_profile(ImportProfile(code="halla", name="Halla", mapping=mapping), at=NOW)
    answer = admin_client.post(URL, {"file": file("Nr\nC\n", "x.csv"), "profile": "halla"})
    assert answer.status_code == 202
    run_waiting_jobs()
    assert names() == {"C"}
    assert admin_client.get("/api/v1/import-profiles/halla").json()["mapping"] == mapping
    assert [p["code"] for p in admin_client.get("/api/v1/import-profiles").json()["results"]] == [
        "halla"
    ]


def test_dry_run_writes_nothing(admin_client):
    answer = admin_client.post(URL, {"file": file(), "dry_run": "true"})
    run_waiting_jobs()
    job = Job.objects.get(pk=answer.json()["id"])
    assert (job.counts["products"], names()) == ({"created": 1, "refused": 1}, set())


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"profile": "nobody"}, 404),
        ({"mode": "never"}, 422),
        ({"dry_run": "perhaps"}, 422),
    ],
)
def test_request_that_makes_no_sense_queues_nothing(admin_client, body, status):
    sent = body if not body.get("mode") and "dry_run" not in body else {**body, "file": file()}
    before = Job.objects.count()
    assert admin_client.post(URL, sent).status_code == status
    assert Job.objects.count() == before


def test_file_of_no_known_kind_is_refused(admin_client):
    assert admin_client.post(URL, {"file": file("x", "a.exe")}).status_code == 422


def test_nobody_imports_without_the_right(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("anna"))
    before = Job.objects.count()
    assert client.post(URL, {"file": file()}).status_code == 403
    assert client.get("/api/v1/import-profiles").status_code == 403
    assert Job.objects.count() == before
