"""Deliveries on the desk: refused where they are typed, tested and sent again by a button."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from syndication.models import DeliveryAttempt, Edition, OutboxEntry, Pointer
from tests.syndication.admin.test_outputs import output, page, settings_of

__all__ = ["output"]
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def typed(output, **fields) -> dict:
    """Return what the form would post with one new delivery."""
    given = {"url": "", "secret": "", "host_key": "", "recipients": "", "enabled": "on"} | fields
    row = {f"deliveries-0-{name}": value for name, value in given.items()}
    return settings_of(output) | {"deliveries-TOTAL_FORMS": "1"} | row


def test_a_delivery_is_saved_as_it_was_typed(output, client):
    answer = client.post(page(output), typed(output, url="mailto:", recipients="a@example.com fi"))
    assert answer.status_code == 302
    saved = output.deliveries.get()
    assert (saved.url, saved.recipients, saved.enabled) == ("mailto:", "a@example.com fi", True)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"url": "sftp://u:secret@8.8.8.8/in"}, "No login in an address"),
        ({"url": "https://127.0.0.1/in"}, "not a public host"),
        ({"url": "mailto:", "recipients": "nobody"}, "Line 1"),
    ],
)
def test_what_cannot_be_delivered_is_refused_on_the_page(fields, said, output, client):
    answer = client.post(page(output), typed(output, **fields))
    assert (answer.status_code, said in answer.content.decode()) == (200, True)
    assert output.deliveries.count() == 0


def button(output, delivery, verb) -> str:
    return reverse(f"admin:syndication_delivery_{verb}", args=[output.pk, delivery.pk])


def test_the_buttons_queue_a_test_and_what_is_served(output, client):
    delivery = output.deliveries.create(url="file:///nowhere")
    nothing = client.post(button(output, delivery, "again"), follow=True)
    assert "no edition of “feed” with files" in nothing.content.decode()
    assert OutboxEntry.objects.count() == 0
    edition = Edition.objects.create(
        output=output, number=1, locale="en", trigger_key="a", state="issued", created_at=NOW
    )
    Pointer.objects.create(output=output, locale="en", edition=edition, moved_at=NOW)
    for verb in ("test", "again"):
        assert client.post(button(output, delivery, verb)).status_code == 302
    payloads = [entry.payload for entry in OutboxEntry.objects.order_by("id")]
    mine = {"delivery": delivery.pk, "by": get_user_model().objects.get().username}
    assert payloads == [
        {**mine, "test": True},
        {**mine, "edition": edition.pk},
    ]


def test_a_button_is_no_link_and_knows_its_output(output, client):
    delivery = output.deliveries.create(url="file:///nowhere")
    other = type(output).objects.create(code="other", name="Other", kind="web_json", channel="web")
    assert client.get(button(output, delivery, "test")).status_code == 403
    assert client.post(button(other, delivery, "test")).status_code == 404
    assert OutboxEntry.objects.count() == 0


def test_attempts_stand_on_the_page_with_their_cause(output, client):
    delivery = output.deliveries.create(url="file:///nowhere")
    DeliveryAttempt.objects.create(
        delivery=delivery, n=1, state="failed", cause="<b>No such place</b>", is_test=True, at=NOW
    )
    shown = client.get(page(output)).content.decode()
    assert "&lt;b&gt;No such place&lt;/b&gt;" in shown
    assert button(output, delivery, "again") in shown
