"""Our own API: bulk edits and jobs, by session and by token, each request done once."""

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from pim.actions.bulk_edit import queue_bulk_edit
from pim.actions.connections import create_connection
from pim.actions.jobs import run_job
from pim.actions.tokens import give_tokens
from pim.models import Change, Job, Product
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write
from tests.factories.desk import staff, superuser

pytestmark = pytest.mark.django_db
OFF = {"selection": {"all": True}, "operations": [{"op": "enabled", "value": False}]}


@pytest.fixture(autouse=True)
def _catalogue():
    lamp_catalogue()
    write(wish("A", family="lamp"), wish("B", family="lamp"))


@pytest.fixture
def anna(client):
    client.force_login(superuser())
    return client


def post(client, address: str, body: dict | None = None, **headers):
    return client.post(
        f"/api/v1/{address}", body or {}, content_type="application/json", headers=headers
    )


def ran(answer) -> Job:
    job = Job.objects.get(pk=answer.json()["id"])
    run_job(job.pk, at=NOW)
    job.refresh_from_db()
    return job


def enabled() -> list[bool]:
    return list(Product.objects.order_by("identifier").values_list("enabled", flat=True))


def test_a_bulk_edit_is_a_job_that_is_followed_and_taken_back(anna):
    answer = post(anna, "bulk-edits", OFF)
    job = ran(answer)
    assert (answer.status_code, answer["Location"]) == (202, f"/api/v1/jobs/{job.pk}")
    assert answer.json()["state"] == "queued"
    seen = anna.get(f"/api/v1/jobs/{job.pk}").json()
    assert (seen["state"], seen["done"], seen["total"], seen["counts"]) == (
        "done", 2, 2, {"products": {"changed": 2}},
    )  # fmt: skip
    changes = anna.get(f"/api/v1/jobs/{job.pk}/changes").json()
    assert [(c["subject"], c["differences"]) for c in changes["results"]] == [
        ("A", {"@enabled": [True, False]}),
        ("B", {"@enabled": [True, False]}),
    ]
    undo = ran(post(anna, f"jobs/{job.pk}/undo"))
    assert (undo.state, undo.undoes_id, enabled()) == ("done", job.pk, [True, True])
    listed = {
        j["id"]: (j["undoes"], j["undone_by"]) for j in anna.get("/api/v1/jobs").json()["results"]
    }
    assert listed == {job.pk: (None, undo.pk), undo.pk: (job.pk, None)}
    assert anna.get(f"/api/v1/jobs/{job.pk}").json()["undone_by"] == undo.pk


def test_whoever_does_not_see_the_undo_is_not_told_its_number(anna, client):
    otto = staff("otto", "view_product", "change_product")
    job = queue_bulk_edit(OFF["selection"], OFF["operations"], user=otto)
    run_job(job.pk, at=NOW)
    ran(post(anna, f"jobs/{job.pk}/undo"))
    client.force_login(otto)
    assert client.get(f"/api/v1/jobs/{job.pk}").json()["undone_by"] is None


def test_a_job_that_changed_nothing_is_not_taken_back(anna):
    ran(post(anna, "bulk-edits", OFF))
    job = ran(post(anna, "bulk-edits", OFF))
    answer = post(anna, f"jobs/{job.pk}/undo", {"dry_run": True})
    assert (answer.status_code, answer.json()["code"], answer.json()["detail"]) == (
        422, "nothing_to_undo", "The job has changed no product: there is nothing to take back.",
    )  # fmt: skip
    assert Job.objects.count() == 2


def test_a_preview_is_a_job_that_changes_nothing(anna):
    job = ran(post(anna, "bulk-edits", {**OFF, "dry_run": True}))
    seen = anna.get(f"/api/v1/jobs/{job.pk}").json()
    assert (seen["dry_run"], seen["preview"][0]) == (True, ["A", {"@enabled": [True, False]}])
    assert enabled() == [True, True]


def test_the_same_key_makes_one_job(anna):
    first = post(anna, "bulk-edits", OFF, **{"Idempotency-Key": "k1"})
    again = post(anna, "bulk-edits", OFF, **{"Idempotency-Key": "k1"})
    assert (first.json()["id"], again.status_code) == (again.json()["id"], 202)
    other = post(anna, "bulk-edits", {**OFF, "dry_run": True}, **{"Idempotency-Key": "k1"})
    assert (other.status_code, other.json()["code"], Job.objects.count()) == (422, "key_used", 1)


def test_every_reason_is_told_with_the_number_of_its_operation(anna):
    body = {**OFF, "operations": [{"op": "set"}, {"op": "enabled", "value": True}, {"op": "x"}]}
    answer = post(anna, "bulk-edits", body)
    told = answer.json()
    assert (answer.status_code, answer["Content-Type"], told["code"]) == (
        422, "application/problem+json", "bad_operations",
    )  # fmt: skip
    assert [(e["place"], e["code"], e["field"]) for e in told["errors"]] == [
        (1, "unknown_code", "attribute"),
        (3, "unknown_operation", ""),
    ]
    assert Job.objects.count() == 0


@pytest.mark.parametrize("body", [{}, {"selection": 5, "operations": OFF["operations"]}, [1], 7])
def test_bodies_that_make_no_sense_are_refused(anna, body):
    answer = anna.post("/api/v1/bulk-edits", body, content_type="application/json")
    assert (answer.status_code in (400, 422), Job.objects.count()) == (True, 0)


def test_a_token_of_a_connection_does_as_well(client):
    user = staff("shop", "change_product", "view_job", "add_job")
    connection, credentials = create_connection("shop", actor=ANNA, at=NOW, user=user)
    token = give_tokens(connection, at=timezone.now()).access
    answer = post(client, "bulk-edits", OFF, Authorization=f"Bearer {token}")
    assert (answer.status_code, answer.json()["created_by"]) == (202, "shop")
    wrong = post(client, "bulk-edits", OFF, Authorization=f"Bearer {credentials.secret}")
    assert (wrong.status_code, wrong.json()["code"], Job.objects.count()) == (
        401, "invalid_token", 1,
    )  # fmt: skip


def test_whoever_may_not_gets_403_and_nobody_gets_401(client):
    assert post(client, "bulk-edits", OFF).status_code == 401
    client.force_login(staff("otto", "view_product", "view_job"))
    assert post(client, "bulk-edits", OFF).status_code == 403
    job = Job.objects.create(kind="import", title="x", state="done")
    statuses = [post(client, f"jobs/{job.pk}/{n}").status_code for n in ("stop", "resume", "undo")]
    assert (statuses, client.get(f"/api/v1/jobs/{job.pk}").status_code) == ([403] * 3, 200)
    assert Job.objects.count() == 1


def test_publishing_needs_the_right_to_publish(client):
    user = staff("otto", "change_product", "add_job", "view_job")
    client.force_login(user)
    body = {**OFF, "operations": [{"op": "publish"}]}
    assert (post(client, "bulk-edits", body).status_code, Job.objects.count()) == (403, 0)
    user.user_permissions.add(Permission.objects.get(codename="publish_product"))
    assert post(client, "bulk-edits", body).status_code == 202


def test_jobs_are_paged_and_filtered(anna):
    for n in range(5):
        Job.objects.create(kind="import", title=str(n), state="done")
    Job.objects.create(kind="undo", title="u", state="done")
    first = anna.get("/api/v1/jobs?limit=2&kind=import").json()
    assert [j["title"] for j in first["results"]] == ["4", "3"]
    second = anna.get(first["next"]).json()
    last = anna.get(second["next"]).json()
    assert [[j["title"] for j in p["results"]] for p in (second, last)] == [["2", "1"], ["0"]]
    assert last["next"] is None
    assert anna.get("/api/v1/jobs?limit=x").status_code == 400


def test_lines_and_stopping(anna):
    job = Job.objects.create(kind="bulk_edit", title="x")
    job.lines.create(subject="A", outcome="refused", code="c", message="No.")
    job.lines.create(subject="B", outcome="noted", code="c", message="Well.")
    lines = anna.get(f"/api/v1/jobs/{job.pk}/lines?outcome=noted").json()
    assert [(n["subject"], n["message"]) for n in lines["results"]] == [("B", "Well.")]
    assert post(anna, f"jobs/{job.pk}/stop").json()["state"] == "stopped"
    assert post(anna, f"jobs/{job.pk}/stop").json()["code"] == "job_ended"
    assert post(anna, f"jobs/{job.pk}/resume").json()["state"] == "queued"
    assert post(anna, f"jobs/{job.pk}/resume").json()["code"] == "not_stopped"
    assert anna.get(f"/api/v1/jobs/{job.pk}/result").status_code == 404
    assert anna.get("/api/v1/jobs/999").status_code == 404


def test_what_the_api_changes_names_the_bulk_edit(anna):
    ran(post(anna, "bulk-edits", OFF))
    last = Change.objects.first()
    assert (last.actor, last.source, timezone.is_aware(last.at)) == ("anna", "bulk", True)


def test_whoever_starts_a_job_follows_stops_and_takes_it_back(client):
    mine = staff("otto", "view_product", "change_product")
    client.force_login(mine)
    job = ran(post(client, "bulk-edits", OFF))
    assert client.get(f"/api/v1/jobs/{job.pk}").json()["state"] == "done"
    assert client.get(f"/api/v1/jobs/{job.pk}/lines").status_code == 200
    Job.objects.create(kind="import", title="of somebody else")
    assert [j["id"] for j in client.get("/api/v1/jobs").json()["results"]] == [job.pk]
    assert ran(post(client, f"jobs/{job.pk}/undo")).counts["products"]["changed"] == 2
    assert post(client, f"jobs/{job.pk}/stop").status_code == 422
    mine.user_permissions.set(Permission.objects.filter(codename="view_product"))
    assert post(client, f"jobs/{job.pk}/undo").status_code == 403
