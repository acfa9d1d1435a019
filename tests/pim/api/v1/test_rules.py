"""Rules through our own API: written with If-Match, previewed, run."""

import pytest

from pim.actions.jobs import run_job
from pim.models import Job, Rule
from tests.factories.catalogue import NOW, lamp_catalogue, wish, write
from tests.factories.desk import staff, superuser

pytestmark = pytest.mark.django_db
BODY = {
    "name": "Size by colour",
    "when": {"search": {"color": [{"operator": "IN", "value": ["red"]}]}},
    "actions": [{"op": "set", "attribute": "size", "value": "m"}],
}


@pytest.fixture
def anna(client):
    lamp_catalogue()
    client.force_login(superuser())
    return client


def send(client, method: str, body=None, code: str = "size", **headers):
    call = getattr(client, method)
    return call(f"/api/v1/rules/{code}", body, content_type="application/json", headers=headers)


def test_a_rule_is_made_read_changed_and_deleted(anna):
    made = send(anna, "put", BODY)
    assert (made.status_code, made["ETag"], made.json()["enabled"]) == (201, '"1"', True)
    assert send(anna, "get").json() == made.json()
    changed = send(anna, "patch", {"on_save": True}, **{"If-Match": '"1"'})
    assert (changed.status_code, changed["ETag"], changed.json()["on_save"]) == (200, '"2"', True)
    replaced = send(anna, "put", BODY, **{"If-Match": '"2"'})
    assert (replaced.json()["on_save"], replaced["ETag"]) == (False, '"3"')
    assert anna.get("/api/v1/rules").json()["results"] == [replaced.json()]
    assert send(anna, "delete", **{"If-Match": "*"}).status_code == 204
    assert (Rule.objects.count(), send(anna, "get").status_code) == (0, 404)


def test_whoever_has_not_seen_the_latest_state_changes_nothing(anna):
    send(anna, "put", BODY)
    for method in ("put", "patch", "delete"):
        assert send(anna, method, {"name": "X"}).status_code == 428
        assert send(anna, method, {"name": "X"}, **{"If-Match": '"7"'}).status_code == 412
    assert send(anna, "put", BODY, **{"If-None-Match": "*"}).status_code == 412
    assert Rule.objects.values_list("name", "row_version").get() == ("Size by colour", 1)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"name": 5}, "bad_type"),
        ({"sort_order": True}, "bad_type"),
        ({"colour": "x"}, "unknown_field"),
        ({"actions": [{"op": "set", "attribute": "nope"}]}, "bad_operations"),
        ({"when": {"search": {"nope": [{"operator": "="}]}}}, "bad_search"),
        ({"cadence": "often"}, "invalid_cadence"),
    ],
)
def test_bodies_that_make_no_rule_are_refused(anna, body, code):
    answer = send(anna, "put", {**BODY, **body})
    assert (answer.status_code, answer.json()["code"], Rule.objects.count()) == (422, code, 0)


def test_a_preview_shows_and_a_run_does(anna):
    write(wish("A", family="lamp", at={"color||": "red"}))
    send(anna, "put", BODY)
    seen = anna.post("/api/v1/rules/size/preview").json()
    run_job(seen["id"], at=NOW)
    assert anna.get(f"/api/v1/jobs/{seen['id']}").json()["preview"] == [
        ["A", {"size||": [None, "m"]}]
    ]
    done = anna.post("/api/v1/rules/size/run", headers={"Idempotency-Key": "x"}).json()
    again = anna.post("/api/v1/rules/size/run", headers={"Idempotency-Key": "x"}).json()
    run_job(done["id"], at=NOW)
    job = Job.objects.get(pk=done["id"])
    assert (again["id"], job.counts) == (done["id"], {"Size by colour": {"changed": 1}})
    assert anna.get("/api/v1/rules/size").json()["last_job"] == job.pk


def test_whoever_only_looks_changes_and_runs_nothing(client):
    lamp_catalogue()
    client.force_login(staff("otto", "view_rule"))
    Rule.objects.create(code="size", **BODY)
    statuses = [send(client, m, BODY).status_code for m in ("put", "patch", "delete")]
    statuses += [client.post(f"/api/v1/rules/size/{n}").status_code for n in ("run", "preview")]
    assert (statuses, Job.objects.count(), send(client, "get").status_code) == ([403] * 5, 0, 200)
