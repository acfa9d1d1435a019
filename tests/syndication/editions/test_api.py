"""The editions API and `/out/`, as their readers meet them."""

import hashlib
from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model
from openapi_spec_validator import validate

from syndication import store
from syndication.actions.api_keys import create_key
from syndication.actions.editions import issue_edition, run_due_editions, run_edition
from syndication.models import ChannelSequence, Edition, EditionArtefact, OutboxEntry
from tests.factories import shelf

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db
LIST = "/api/v1/outputs/list/editions"


@pytest.fixture
def output():
    shelf.stock({"A-1": "one", "A-2": "refused"})
    ChannelSequence.objects.update(contexts={"audiences": [["consumer", True], ["trade", False]]})
    return shelf.make_output()


@pytest.fixture
def key():
    _, text = create_key("ci", channel="shop", audiences=["trade"], may_issue=True)
    return {"Authorization": f"Bearer {text}"}


def issue(output):
    (edition,) = issue_edition(output, actor="anna", at=NOW)
    run_edition(edition.pk)
    return Edition.objects.get(pk=edition.pk)


def test_issuing_answers_202_and_the_same_key_the_same_number(client, output, key):
    first = client.post(LIST, headers={**key, "Idempotency-Key": "k1"})
    again = client.post(LIST, headers={**key, "Idempotency-Key": "k1"})
    other = client.post(LIST, headers={**key, "Idempotency-Key": "k2"})
    assert [r.status_code for r in (first, again, other)] == [202, 202, 202]
    assert [r.json()["number"] for r in (first, again, other)] == [1, 1, 2]
    assert first.headers["Location"] == f"{LIST}/1"
    assert Edition.objects.count() == 2


def test_edition_shows_state_counts_lease_and_artefacts(client, output, key):
    client.post(LIST, headers=key)
    assert client.get(f"{LIST}/1", headers=key).json()["state"] == "queued"
    run_due_editions()
    shown = client.get(f"{LIST}/1", headers=key).json()
    assert (shown["state"], shown["attempt"], shown["cause"]) == ("issued_with_warnings", 1, "")
    assert shown["lease"] == {"owner": "", "pid": None, "child_pids": [], "until": None}
    assert shown["counts"]["issued"] == 1
    (file,) = shown["artefacts"]
    body = client.get(file["url"]).getvalue()
    assert hashlib.sha256(body).hexdigest() == file["sha256"]
    assert (file["name"], file["size"], file["media_type"]) == (
        "list.en.txt",
        len(body),
        "text/plain",
    )


def test_errors_are_paged(client, output, key):
    shelf.stock({f"A-{n}": "refused" for n in range(1, 6)} | {"A-6": "one"})
    issue(output)
    page = client.get(f"{LIST}/1/errors?limit=3", headers=key).json()
    rest = client.get(page["next"], headers=key).json()
    assert [e["identifier"] for e in page["results"] + rest["results"]] == [
        f"A-{n}" for n in range(1, 6)
    ]
    assert (page["count"], rest["next"]) == (5, None)


def test_errors_are_said_in_the_language_that_the_request_accepts(client, output, key):
    shelf.stock({"A-1": "doubtful"})
    issue(output)
    page = client.get(f"{LIST}/1/errors", headers={**key, "Accept-Language": "fi, en;q=0.5"})
    assert page.json()["results"] == [
        {
            "identifier": "A-1",
            "field": "",
            "code": "doubtful",
            "message": "Ei löydy: item ”A-1”.",
            "params": {"what": "item", "name": "A-1"},
            "severity": "warning",
            "part": None,
        }
    ]
    assert (page["Content-Language"], "Accept-Language" in page["Vary"]) == ("fi", True)
    plain = client.get(f"{LIST}/1/errors", headers=key).json()
    assert plain["results"][0]["message"] == "There is no item “A-1”."


def test_decisions_in_the_wrong_state_are_conflicts(client, output, key):
    issue(output)
    for verb in ("approve", "reject", "cancel", "retry"):
        answer = client.post(f"{LIST}/1/{verb}", headers=key)
        assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")
    assert Edition.objects.get().state == "issued_with_warnings"


def test_roll_back_serves_the_edition_before_and_holds(client, output, key):
    issue(output)
    shelf.stock({"A-1": "new"})
    issue(output)
    assert client.get("/out/list/list.en.txt").getvalue() == b"list 1\nA-1;new;10\n"
    answer = client.post("/api/v1/outputs/list/rollback", headers=key)
    assert (answer.status_code, answer.json()["serving"], answer.json()["held"]) == (
        200,
        {"en": 1},
        True,
    )
    assert client.get("/out/list/list.en.txt").getvalue() == b"list 1\nA-1;one;10\n"


@pytest.mark.parametrize("verb", ["get", "post"])
def test_nobody_gets_in_without_a_key_or_a_session(client, output, verb):
    assert getattr(client, verb)(LIST).status_code == 401
    assert getattr(client, verb)(LIST, headers={"Authorization": "Bearer no.no"}).status_code == 401
    assert Edition.objects.count() == 0


def test_key_that_may_not_issue_reads_only(client, output):
    _, text = create_key("reader", channel="shop")
    headers = {"Authorization": f"Bearer {text}"}
    assert client.get(LIST, headers=headers).status_code == 200
    assert client.post(LIST, headers=headers).status_code == 403
    assert Edition.objects.count() == 0


def test_key_of_another_channel_does_not_know_the_output(client, output):
    _, text = create_key("other", channel="print", may_issue=True)
    headers = {"Authorization": f"Bearer {text}"}
    assert client.get("/api/v1/outputs", headers=headers).json()["results"] == []
    assert client.post(LIST, headers=headers).status_code == 404
    assert Edition.objects.count() == 0


def test_staff_issue_by_permission_only(client, output):
    user = get_user_model().objects.create_user("eva", password="x", is_staff=True)
    client.force_login(user)
    assert client.get(LIST).status_code == 403
    user.is_superuser = True
    user.save()
    assert client.post(LIST).status_code == 202


def test_one_and_three_editions_take_the_same_queries(
    client, output, key, django_assert_num_queries
):
    issue(output)
    client.get(LIST, headers=key)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        client.get(LIST, headers=key)
    issue(output)
    issue(output)
    with CaptureQueriesContext(connection) as three:
        assert len(client.get(LIST, headers=key).json()["results"]) == 3
    assert len(one) == len(three)


def test_file_answers_etag_304_head_and_ranges(client, output):
    edition = issue(output)
    sha256 = EditionArtefact.objects.get(edition=edition).artefact_id
    full = client.get("/out/list/list.en.txt")
    body = full.getvalue()
    assert (full.status_code, full["ETag"], full["X-Content-Type-Options"]) == (
        200,
        f'"{sha256}"',
        "nosniff",
    )
    assert full["Content-Type"] == "text/plain; charset=utf-8"
    same = client.get("/out/list/list.en.txt", headers={"If-None-Match": full["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    head = client.head("/out/list/list.en.txt")
    assert (head.status_code, head["Content-Length"], head.content) == (200, str(len(body)), b"")
    for asked, expected in (("0-3", body[:4]), ("5-", body[5:]), ("-4", body[-4:])):
        part = client.get("/out/list/list.en.txt", headers={"Range": f"bytes={asked}"})
        assert (part.status_code, part.getvalue()) == (206, expected)
    beyond = client.get("/out/list/list.en.txt", headers={"Range": "bytes=9999-"})
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(body)}")


def test_compressed_variant_is_sent_to_who_takes_it(client, output, monkeypatch):
    monkeypatch.setattr("syndication.actions.compress.WORTH", 0)
    import zstandard

    edition = issue(output)
    sha256 = EditionArtefact.objects.get(edition=edition).artefact_id
    store.compress(sha256)
    plain = client.get("/out/list/list.en.txt").getvalue()
    packed = client.get("/out/list/list.en.txt", headers={"Accept-Encoding": "gzip, zstd"})
    assert (packed["Content-Encoding"], packed["ETag"]) == ("zstd", f'"{sha256}-zstd"')
    assert zstandard.ZstdDecompressor().decompressobj().decompress(packed.getvalue()) == plain


def test_file_of_a_private_audience_needs_a_key_in_scope(client, output, key):
    output.audience = "trade"
    output.save()
    from syndication.models import Listing

    Listing.objects.update(audience="trade")
    issue(output)
    assert client.get("/out/list/list.en.txt").status_code == 401
    served = client.get("/out/list/list.en.txt", headers=key)
    assert (served.status_code, served["Cache-Control"]) == (200, "private, no-cache")
    _, text = create_key("consumer", channel="shop", audiences=["consumer"])
    out_of_scope = client.get("/out/list/list.en.txt", headers={"Authorization": f"Bearer {text}"})
    assert out_of_scope.status_code == 403


def test_strange_addresses_are_not_found(client, output):
    issue(output)
    for path in (
        "list/nothing.txt",
        "none/list.en.txt",
        "list/../list.en.txt",
        "list/editions/9/x",
    ):
        assert client.get(f"/out/{path}").status_code == 404


def test_schema_is_valid_and_the_docs_answer(client):
    schema = client.get("/api/schema/", headers={"Accept": "application/json"}).json()
    validate(schema)
    assert schema["openapi"] == "3.1.0"
    assert set(schema["paths"]["/api/v1/outputs/{output}/editions"]) == {"get", "post"}
    assert client.get("/api/docs/").status_code == 200


def test_operations_answer(client, output):
    issue(output)
    assert client.get("/healthz").content == b"ok\n"
    assert client.get("/readyz").json() == {"ready": True}
    assert (
        'pim_editions{state="issued_with_warnings"} 1.0' in client.get("/metrics").content.decode()
    )
    assert OutboxEntry.objects.filter(kind="bell").count() == 1
