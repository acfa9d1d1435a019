"""The event stream and webhooks over the API: who may hear what, and where a reader goes on."""

import pytest
from django.utils import timezone

from pim.actions.connections import create_connection
from pim.actions.requests import forget_requests
from pim.actions.tokens import give_tokens
from syndication.actions.api_keys import create_key
from syndication.actions.events import collect_events
from syndication.models import ChannelSequence, Event, Webhook
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue

pytestmark = pytest.mark.django_db


@pytest.fixture
def events():
    lamp_catalogue()
    for channel in ("web", "print"):
        ChannelSequence.objects.create(channel=channel, value=3)
    Event.objects.create(seq=1, type="product.changed", data={"products": []}, at=NOW)
    from syndication.models import LogCursor

    LogCursor.objects.create(name="events", seq=1)
    collect_events(at=NOW)


def key(**how) -> dict:
    return {"HTTP_AUTHORIZATION": f"Bearer {create_key('k', **how)[1]}"}


def bearer_of(code: str, user, **limits) -> dict:
    """Return the headers of a connection that acts as a user."""
    made, _secret = create_connection(code, user=user, actor=ANNA, at=NOW, **limits)
    token = give_tokens(made, at=timezone.now()).access
    return {"HTTP_AUTHORIZATION": f"Bearer {token}"}


def numbers(answer) -> list[int]:
    return [event["sequence"] for event in answer.json()["events"]]


def test_a_reader_goes_on_where_it_was(admin_client, events):
    first = admin_client.get("/api/v1/events?limit=2").json()
    assert ([e["sequence"] for e in first["events"]], first["more"]) == ([1, 2], True)
    rest = admin_client.get(first["next"])
    assert (numbers(rest), rest.json()["more"], rest.json()["sequence"]) == ([3], False, 3)
    assert numbers(admin_client.get(rest.json()["next"])) == []


def test_types_are_chosen(admin_client, events):
    assert numbers(admin_client.get("/api/v1/events?types=product.changed")) == [1]
    assert numbers(admin_client.get("/api/v1/events?types=listings.*")) == [2, 3]
    answer = admin_client.get("/api/v1/events?types=product.changed,listing")
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_type")


def test_where_to_go_on_keeps_the_types(admin_client, events):
    first = admin_client.get("/api/v1/events?types=listings.*,edition.issued&limit=1").json()
    assert [e["sequence"] for e in first["events"]] == [2]
    Event.objects.create(seq=4, type="product.changed", data={"products": []}, at=NOW)
    assert numbers(admin_client.get(first["next"])) == [3]
    assert "types=listings.*,edition.issued" in first["next"]


def test_a_key_hears_of_its_channel_and_never_of_drafts(client, events):
    web = Event.objects.get(channel="web").seq
    assert numbers(client.get("/api/v1/events", **key(channel="web"))) == [web]
    assert numbers(client.get("/api/v1/events", **key())) == [2, 3]


def test_nobody_else_hears_anything(client, events):
    assert client.get("/api/v1/events").status_code in (401, 403)


def test_a_reader_that_is_too_late_is_told(admin_client, events):
    Event.objects.filter(seq__lt=3).delete()
    answer = admin_client.get("/api/v1/events?after=1")
    assert (answer.status_code, answer.json()["code"]) == (410, "too_old")


def test_a_webhook_is_made_changed_and_deleted(admin_client, settings):
    settings.OUTBOUND_HOSTS = ["127.0.0.1:9"]
    body = {"name": "shop", "url": "http://127.0.0.1:9/x", "types": ["edition.*"]}
    made = admin_client.post("/api/v1/webhooks", body, content_type="application/json")
    assert (made.status_code, made.json()["secret"].startswith("whsec_")) == (201, True)
    one = f"/api/v1/webhooks/{made.json()['id']}"
    assert "secret" not in admin_client.get(one).json()
    changed = admin_client.patch(one, {"enabled": False}, content_type="application/json")
    assert changed.json()["enabled"] is False
    assert admin_client.post(f"{one}/rotate").json()["secret"] != made.json()["secret"]
    again = admin_client.post(f"{one}/replay", {"after": 0}, content_type="application/json")
    assert (again.status_code, again.json()) == (202, {"events": 0})
    assert admin_client.get(f"{one}/deliveries").json()["results"] == []
    assert (admin_client.delete(one).status_code, Webhook.objects.count()) == (204, 0)


@pytest.mark.parametrize(
    "wrong", [{"url": "https://10.0.0.1/"}, {"types": ["nothing.*"]}, {"url": "no address"}]
)
def test_a_webhook_that_cannot_be_is_refused(admin_client, wrong):
    body = {"name": "shop", "url": "https://example.com/", **wrong}
    answer = admin_client.post("/api/v1/webhooks", body, content_type="application/json")
    assert (answer.status_code in (400, 422), Webhook.objects.count()) == (True, 0)


@pytest.mark.parametrize("wrong", [{"types": ["edition.*", " "]}, {"channels": ["web", {}]}])
def test_wrong_items_of_a_list_are_named_by_their_number(admin_client, wrong):
    body = {"name": "shop", "url": "https://example.com/", **wrong}
    answer = admin_client.post("/api/v1/webhooks", body, content_type="application/json")
    assert (answer.status_code, Webhook.objects.count()) == (400, 0)
    (field,) = wrong
    assert list(answer.json()["errors"][field]) == ["1"]


@pytest.mark.parametrize("path", ["/api/v1/webhooks", "/api/v1/imports"])
@pytest.mark.parametrize(
    "body",
    ["[" * 5000, '{"a":' + "[" * 400 + "]" * 400 + "}", '{"name":"\\ud800"}'],
)
def test_documents_that_cannot_be_kept_are_malformed(admin_client, path, body):
    answer = admin_client.post(path, body, content_type="application/json")
    assert (answer.status_code, answer.json()["detail"][:18]) == (400, "JSON parse error -")


def test_webhooks_are_for_people_with_the_permission(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("otto", is_staff=True))
    assert client.get("/api/v1/webhooks").status_code == 403
    assert client.get("/api/v1/webhooks", **key(may_issue=True)).status_code == 403


def test_a_connection_manages_webhooks_as_its_user_may(client, django_user_model, settings):
    settings.OUTBOUND_HOSTS = ["127.0.0.1:9"]
    may = django_user_model.objects.create_superuser("integrator")
    not_may = django_user_model.objects.create_user("shop")
    allowed, barred = bearer_of("integration", may), bearer_of("shop", not_may)
    body = {"name": "shop", "url": "http://127.0.0.1:9/", "types": ["product.*"]}
    send = {"data": body, "content_type": "application/json"}
    refused = client.post("/api/v1/webhooks", **send, **barred)
    assert (refused.status_code, Webhook.objects.count()) == (403, 0)
    assert client.post("/api/v1/webhooks", **send, **allowed).status_code == 201
    assert client.get("/api/v1/events", **allowed).status_code == 200
    wrong = client.get("/api/v1/webhooks", HTTP_AUTHORIZATION="Bearer nobody")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "invalid_token")


def test_requests_of_a_connection_count_against_its_limit(client, django_user_model):
    forget_requests()
    headers = bearer_of("busy", django_user_model.objects.create_superuser("busy"), rate_limit=1)
    assert client.get("/api/v1/webhooks", **headers).status_code == 200
    assert client.get("/api/v1/webhooks", **headers).status_code == 429
