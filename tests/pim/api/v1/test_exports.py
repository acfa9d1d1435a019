"""Export profiles through our own API, and the command that runs them."""

import io

import pytest
from django.core.management import CommandError, call_command

from pim.actions.jobs import run_job
from pim.models import ExportProfile, Job
from tests.factories.catalogue import NOW, lamp_catalogue, wish, write
from tests.factories.desk import staff, superuser

pytestmark = pytest.mark.django_db
BODY = {
    "name": "Weekly",
    "selection": {"all": True},
    "settings": {"columns": ["pieces"], "associations": False},
}
FILE = b"sku;pieces\r\nA;3\r\n"


@pytest.fixture
def anna(client):
    lamp_catalogue()
    write(wish("A", family="lamp", at={"pieces||": 3}))
    client.force_login(superuser())
    return client


def send(client, method: str, body=None, address: str = "/weekly", **headers):
    call = getattr(client, method)
    return call(f"/api/v1/exports{address}", body, content_type="application/json", headers=headers)


def test_a_profile_is_written_run_and_deleted(anna):
    made = send(anna, "put", BODY)
    assert (made.status_code, made["ETag"], made.json()["time_zone"]) == (201, '"1"', "UTC")
    assert send(anna, "patch", {"name": "X"}).status_code == 428
    changed = send(anna, "patch", {"name": "X"}, **{"If-Match": '"1"'})
    assert (changed.json()["name"], changed["ETag"]) == ("X", '"2"')
    job = send(anna, "post", {}, "/weekly/run").json()
    run_job(job["id"], at=NOW)
    answer = anna.get(f"/api/v1/jobs/{job['id']}/result")
    assert b"".join(answer.streaming_content) == FILE
    assert send(anna, "delete", **{"If-Match": '"2"'}).status_code == 204
    assert ExportProfile.objects.count() == 0


def test_an_export_needs_no_profile(anna):
    body = {"selection": BODY["selection"], "settings": BODY["settings"]}
    assert send(anna, "post", body, "").status_code == 202
    wrong = send(anna, "post", {**body, "settings": {"format": "pdf"}}, "")
    assert (wrong.status_code, wrong.json()["code"], Job.objects.count()) == (422, "bad_setting", 1)


def test_whoever_may_not_gets_403(anna):
    send(anna, "put", BODY)
    anna.force_login(staff("otto"))
    statuses = [send(anna, m, BODY).status_code for m in ("get", "put", "patch", "delete")]
    statuses += [send(anna, "post", BODY, a).status_code for a in ("", "/weekly/run")]
    assert (statuses, Job.objects.count(), ExportProfile.objects.count()) == ([403] * 6, 0, 1)


def test_the_command_writes_the_same_file(anna, tmp_path):
    send(anna, "put", BODY)
    out = io.StringIO()
    call_command("export_catalog", str(tmp_path / "a.csv"), profile="weekly", stdout=out)
    assert ((tmp_path / "a.csv").read_bytes(), out.getvalue()[:10]) == (FILE, "1 products")
    with pytest.raises(CommandError):
        call_command("export_catalog", str(tmp_path / "b.csv"), columns="nope", stdout=out)
    with pytest.raises(CommandError):
        call_command("export_catalog", str(tmp_path / "b.csv"), profile="nope", stdout=out)
    assert not (tmp_path / "b.csv").exists()
