"""Deliveries over the API: keys see them only if they may issue, secrets are names."""

from datetime import UTC, datetime

import pytest

from syndication.actions.api_keys import create_key
from syndication.api import deliveries as doors
from syndication.models import DeliveryAttempt, Edition, OutboxEntry, Output, Pointer

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PLACE = "/api/v1/outputs/list/deliveries"
pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery():
    output = Output.objects.create(
        code="list", name="List", kind="web_json", channel="web", audience="consumer",
        locales=["en"],
    )  # fmt: skip
    edition = Edition.objects.create(
        output=output, number=7, locale="en", trigger_key="a", state="issued", created_at=NOW
    )
    Pointer.objects.create(output=output, locale="en", edition=edition, moved_at=NOW)
    made = output.deliveries.create(url="mailto:", recipients="a@example.com\nb@example.com")
    DeliveryAttempt.objects.create(
        delivery=made, edition=edition, n=1, state="again", cause="busy", at=NOW, next_at=NOW
    )
    return made


def key(**rights) -> dict:
    _row, text = create_key("shop", channel="web", audiences=["consumer"], **rights)
    return {"HTTP_AUTHORIZATION": f"Bearer {text}"}


def test_a_key_that_may_issue_reads_places_and_attempts(delivery, client):
    allowed = key(may_issue=True)
    (row,) = client.get(PLACE, **allowed).json()["results"]
    assert (row["url"], row["recipients"], row["latest"]["cause"]) == ("mailto:", 2, "busy")
    assert "a@example.com" not in str(row)
    (attempt,) = client.get(f"{PLACE}/{delivery.pk}/attempts", **allowed).json()["results"]
    told = [attempt[name] for name in ("edition", "test", "n", "state", "cause")]
    assert told == [7, False, 1, "again", "busy"]


def test_a_key_that_only_reads_sees_and_sends_nothing(delivery, client):
    reader = key()
    assert client.get(PLACE, **reader).status_code == 403
    assert client.get(f"{PLACE}/{delivery.pk}/attempts", **reader).status_code == 403
    for verb in ("send", "test"):
        assert client.post(f"{PLACE}/{delivery.pk}/{verb}", **reader).status_code == 403
    assert OutboxEntry.objects.count() == 0


def test_sending_again_and_tests_are_queued(delivery, client):
    allowed = key(may_issue=True)
    edition = Edition.objects.get()
    sent = client.post(f"{PLACE}/{delivery.pk}/send", **allowed)
    assert (sent.status_code, sent.json()) == (202, {"numbers": [7]})
    assert client.post(f"{PLACE}/{delivery.pk}/test", **allowed).status_code == 202
    payloads = [entry.payload for entry in OutboxEntry.objects.order_by("id")]
    assert [(p.get("edition"), p.get("test")) for p in payloads] == [
        (edition.pk, None),
        (None, True),
    ]


def test_an_edition_without_files_and_a_delivery_of_another_are_refused(delivery, client):
    allowed = key(may_issue=True)
    form = {"content_type": "application/json"}
    gone = client.post(f"{PLACE}/{delivery.pk}/send", {"edition": 3}, **form, **allowed)
    assert (gone.status_code, gone.json()["code"]) == (422, "nothing_served")
    bad = client.post(f"{PLACE}/{delivery.pk}/send", {"edition": "x"}, **form, **allowed)
    assert bad.status_code in (400, 422)
    assert client.post(f"{PLACE}/{delivery.pk + 1}/test", **allowed).status_code == 404
    assert OutboxEntry.objects.count() == 0


def test_a_cause_is_told_in_the_language_of_who_asks(delivery, client, monkeypatch):
    cause = "The mail server refuses %(addresses)s."
    german = {cause: "Der Mailserver weist %(addresses)s ab."}
    delivery.attempts.update(cause=cause, params={"addresses": "a@example.com"})
    allowed = key(may_issue=True)
    (row,) = client.get(PLACE, **allowed).json()["results"]
    assert row["latest"]["cause"] == "The mail server refuses a@example.com."
    monkeypatch.setattr(doors, "translate", lambda text: german.get(text, text))
    (row,) = client.get(PLACE, **allowed).json()["results"]
    assert row["latest"]["cause"] == "Der Mailserver weist a@example.com ab."
