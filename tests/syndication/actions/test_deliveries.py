"""Deliveries: attempts are listed, secrets stay in the environment, mail writes to each once."""

from datetime import UTC, datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from urllib.parse import urlsplit

import pytest
from django.core import mail

from syndication.actions import deliveries
from syndication.actions.collect import collect
from syndication.actions.delivery_checks import faults_of
from syndication.contract import said
from syndication.models import (
    Artefact,
    AuditEntry,
    ChannelSequence,
    Delivery,
    DeliveryAttempt,
    Edition,
    EditionArtefact,
    OutboxEntry,
    Output,
    Pointer,
)
from syndication.refusals import NothingServed
from syndication.transport import Undeliverable, secret_of
from syndication.transport.recipients import MOST, recipients_of
from tests.factories import receivers

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DATA = b"the list"
pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(settings, tmp_path):
    """An edition with one file, being served of an output."""
    import hashlib

    from syndication import store

    settings.ARTEFACT_ROOT, settings.SCRATCH_ROOT = tmp_path / "artefacts", tmp_path / "scratch"
    settings.PUBLIC_URL, settings.MAIL_URL = "https://pim.example.com", "smtp://mail.example.com"
    output = Output.objects.create(
        code="list", name="Price list", kind="plain_list", channel="shop", audience="reseller",
        locales=["fi"],
    )  # fmt: skip
    sha, path = hashlib.sha256(DATA).hexdigest(), tmp_path / "made"
    path.write_bytes(DATA)
    store.adopt(path, sha256=sha)
    made = Edition.objects.create(
        output=output, number=3, locale="fi", trigger_key="manual:1", state="issued",
        settings={"channel": "shop", "audience": "reseller"}, created_at=NOW,
    )  # fmt: skip
    artefact = Artefact.objects.create(sha256=sha, size=len(DATA), media_type="text/plain")
    EditionArtefact.objects.create(
        edition=made, artefact=artefact, name="list.fi.txt", audience="reseller"
    )
    Pointer.objects.create(output=output, locale="fi", edition=made, moved_at=NOW)
    ChannelSequence.objects.create(
        channel="shop", contexts={"locales": ["fi"], "audiences": [["reseller", False]]}
    )
    return made


def to(edition, url, **fields) -> Delivery:
    return edition.output.deliveries.create(url=url, **fields)


def run(delivery, *, at=NOW) -> list[tuple]:
    """Make every attempt that waits; return what is listed, oldest first."""
    for entry in OutboxEntry.objects.filter(kind="delivery", done_at=None).order_by("id"):
        OutboxEntry.objects.filter(pk=entry.pk).update(attempts=entry.attempts + 1)
        deliveries.deliver_entry(entry.pk, at=at)
    listed = delivery.attempts.order_by("id")
    return [(a.state, a.n, a.is_test, a.edition and a.edition.number) for a in listed]


@pytest.fixture
def server(settings):
    with receivers.taker() as running:
        settings.OUTBOUND_HOSTS = [f"127.0.0.1:{running.server_port}"]
        yield running


def test_every_attempt_is_listed_until_it_arrives(edition, server):
    delivery = to(edition, f"{server.url}/in")
    server.answers = [503, 503]
    deliveries.send_again(delivery, actor="anna", at=NOW)
    assert run(delivery) == [("again", 1, False, 3)]
    run(delivery)
    assert run(delivery) == [
        ("again", 1, False, 3),
        ("again", 2, False, 3),
        ("arrived", 3, False, 3),
    ]
    assert run(delivery)[-1] == ("arrived", 3, False, 3)  # nothing waits any more
    first, last = delivery.attempts.order_by("id").first(), delivery.attempts.first()
    assert (first.params["status"] == 503, first.files, bool(first.next_at)) == (True, 0, True)
    assert (last.cause, last.files, last.size, last.asked_by) == ("", 1, len(DATA), "anna")
    assert server.files == {"/in/list.fi.txt": DATA}


def test_what_cannot_arrive_is_given_up_at_once(edition, server):
    delivery = to(edition, f"{server.url}/in")
    server.answers = [403]
    deliveries.send_again(delivery, actor="anna", at=NOW)
    assert run(delivery) == [("failed", 1, False, 3)]
    assert OutboxEntry.objects.get().done_at == NOW
    assert run(delivery) == [("failed", 1, False, 3)]


def test_the_last_attempt_is_the_last(edition, server):
    delivery = to(edition, f"{server.url}/in")
    server.answers = [503] * 20
    deliveries.send_again(delivery, actor="anna", at=NOW)
    OutboxEntry.objects.update(attempts=deliveries.LAST - 2)
    assert [state for state, *_ in run(delivery)] == ["again"]
    assert [state for state, *_ in run(delivery)] == ["again", "failed"]
    assert OutboxEntry.objects.get().done_at == NOW


def test_a_test_is_tried_once_and_says_so(edition, server):
    delivery = to(edition, f"{server.url}/in")
    deliveries.test_delivery(delivery, actor="anna", at=NOW)
    assert run(delivery) == [("arrived", 1, True, None)]
    server.answers = [503]
    deliveries.test_delivery(delivery, actor="anna", at=NOW)
    assert run(delivery)[-1] == ("failed", 1, True, None)
    assert (server.files, OutboxEntry.objects.filter(done_at=None).count()) == ({}, 0)
    assert (
        list(AuditEntry.objects.values_list("actor", "action")) == [("anna", "test delivery")] * 2
    )


def test_a_fault_nobody_foresaw_is_listed_and_tried_again(edition, server, monkeypatch):
    delivery = to(edition, f"{server.url}/in")

    def broken(*args):
        raise ZeroDivisionError("strange server")

    monkeypatch.setattr("syndication.transport.send", broken)
    deliveries.send_again(delivery, actor="anna", at=NOW)
    assert run(delivery) == [("again", 1, False, 3)]
    attempt = delivery.attempts.get()
    assert said(attempt.cause, attempt.params) == "ZeroDivisionError: strange server"


def test_a_disabled_delivery_sends_only_what_somebody_asked_for(edition, server):
    delivery = to(edition, f"{server.url}/in", enabled=False)
    payload = {"delivery": delivery.pk, "edition": edition.pk}
    OutboxEntry.objects.create(kind="delivery", key="a", payload=payload, due_at=NOW)
    assert (run(delivery), server.files) == ([], {})
    deliveries.send_again(delivery, actor="anna", at=NOW)
    assert run(delivery) == [("arrived", 1, False, 3)]


def test_an_edition_by_its_number_is_sent_or_refused(edition, server):
    delivery = to(edition, f"{server.url}/in")
    assert deliveries.send_again(delivery, actor="anna", at=NOW, number=3) == [edition]
    with pytest.raises(NothingServed):
        deliveries.send_again(delivery, actor="anna", at=NOW, number=4)
    EditionArtefact.objects.all().delete()
    with pytest.raises(NothingServed):
        deliveries.send_again(delivery, actor="anna", at=NOW, number=3)
    assert OutboxEntry.objects.count() == 1


ENVIRONMENT = {
    "PIM_DELIVERY_SHOP_HOST": "files.example.com", "PIM_DELIVERY_SHOP_USER": "u",
    "PIM_DELIVERY_SHOP_PASSWORD": "p", "PIM_DELIVERY_BARE_PASSWORD": "p",
}  # fmt: skip


def test_a_secret_is_given_to_its_own_host_only():
    asked = {"environment": ENVIRONMENT}
    known = secret_of("SHOP", host="Files.Example.com", **asked)
    assert known == {"host": "files.example.com", "user": "u", "password": "p"}
    assert secret_of("", host="anywhere", **asked) == {}
    with pytest.raises(Undeliverable, match="another host"):
        secret_of("SHOP", host="evil.example.com", **asked)
    for reference in ("BARE", "UNKNOWN"):
        with pytest.raises(Undeliverable, match="_HOST is not set"):
            secret_of(reference, host="files.example.com", **asked)


def test_a_secret_is_stored_and_said_nowhere(edition, server, monkeypatch):
    for name, value in (("HOST", "127.0.0.1"), ("TOKEN", "very-secret")):
        monkeypatch.setenv(f"PIM_DELIVERY_SHOP_{name}", value)
    delivery = to(edition, f"{server.url}/in", secret="SHOP")
    server.answers = [503]
    deliveries.send_again(delivery, actor="anna", at=NOW)
    run(delivery)
    run(delivery)
    assert server.asked[-1][2]["authorization"] == "Bearer very-secret"
    rows = [*Delivery.objects.values(), *DeliveryAttempt.objects.values()]
    rows += [*OutboxEntry.objects.values(), *AuditEntry.objects.values()]
    assert "very-secret" not in repr(rows) + repr(deliveries.place_of(delivery))


def test_attempts_are_forgotten_after_a_while(edition, server):
    delivery = to(edition, f"{server.url}/in")
    deliveries.send_again(delivery, actor="anna", at=NOW)
    run(delivery)
    collect(at=NOW + timedelta(days=89))
    assert delivery.attempts.count() == 1
    collect(at=NOW + timedelta(days=91))
    assert delivery.attempts.count() == 0


PEOPLE = "anna@example.com fi\nben@example.com; de\n\ncleo@example.com"


def test_each_recipient_gets_a_link_in_their_language(edition, client):
    delivery = to(edition, "mailto:", recipients=PEOPLE)
    deliveries.send_again(delivery, actor="anna", at=NOW)
    assert run(delivery) == [("arrived", 1, False, 3)]
    assert [m.to for m in mail.outbox] == [
        ["anna@example.com"], ["ben@example.com"], ["cleo@example.com"],
    ]  # fmt: skip
    assert mail.outbox[0].extra_headers == {"Auto-Submitted": "auto-generated"}
    assert all("Price list" in m.subject and "list.fi.txt" in m.body for m in mail.outbox)
    days = [
        "6. joulukuuta 2026",
        "6. Dezember 2026",
        "6. joulukuuta 2026",
    ]  # the edition is Finnish
    assert [day in message.body for day, message in zip(days, mail.outbox, strict=True)] == [
        True
    ] * 3


def link_in(message) -> str:
    found = [line for line in message.body.splitlines() if line.startswith("https://")]
    parts = urlsplit(found[0])
    return f"{parts.path}?{parts.query}"


def test_a_link_opens_its_file_until_it_expires(edition, client):
    from django.utils import timezone

    delivery = to(edition, "mailto:", recipients="anna@example.com")
    deliveries.send_again(delivery, actor="anna", at=NOW)
    run(delivery, at=timezone.now())
    link = link_in(mail.outbox[0])
    answer = client.get(link)
    assert (answer.status_code, b"".join(answer)) == (200, DATA)
    assert answer["Cache-Control"].startswith("private")
    assert answer["Referrer-Policy"] == "no-referrer"
    mail.outbox.clear()
    deliveries.send_again(delivery, actor="anna", at=NOW)
    run(delivery, at=timezone.now() - timedelta(days=15))
    late = client.get(link_in(mail.outbox[0]))
    assert (late.status_code, late.json()["code"]) == (403, "link_expired")


def test_a_link_opens_no_other_file(edition, client):
    from django.utils import timezone

    delivery = to(edition, "mailto:", recipients="anna@example.com")
    deliveries.send_again(delivery, actor="anna", at=NOW)
    run(delivery, at=timezone.now())
    path, _, token = link_in(mail.outbox[0]).partition("?link=")
    artefact = Artefact.objects.get()
    EditionArtefact.objects.create(
        edition=edition, artefact=artefact, name="prices.txt", audience="reseller"
    )
    other = path.replace("list.fi.txt", "prices.txt")
    for address in (f"{other}?link={token}", f"{path}?link={token[:-2]}xx", f"{path}?link=x", path):
        assert client.get(address).status_code == 401


def test_a_public_file_needs_no_signature(edition):
    ChannelSequence.objects.update(contexts={"audiences": [["reseller", True]]})
    delivery = to(edition, "mailto:", recipients="anna@example.com")
    deliveries.send_again(delivery, actor="anna", at=NOW)
    run(delivery)
    assert link_in(mail.outbox[0]) == "/out/list/editions/3/list.fi.txt?"
    assert "until" not in mail.outbox[0].body


def test_who_has_their_mail_gets_no_second_one(edition, monkeypatch):
    delivery = to(edition, "mailto:", recipients=PEOPLE)
    deliveries.send_again(delivery, actor="anna", at=NOW)
    sent, before = [], mail.EmailMessage.send

    def hangs_up(message, *args):
        if len(sent) == 1:
            sent.append(None)
            raise SMTPServerDisconnected("gone")
        sent.append(message.to)
        return before(message, *args)

    monkeypatch.setattr(mail.EmailMessage, "send", hangs_up)
    assert run(delivery) == [("again", 1, False, 3)]
    assert run(delivery)[-1] == ("arrived", 2, False, 3)
    assert [m.to[0].split("@")[0] for m in mail.outbox] == ["anna", "ben", "cleo"]


def test_an_address_the_server_refuses_does_not_stop_the_others(edition, monkeypatch):
    delivery = to(edition, "mailto:", recipients=PEOPLE)
    deliveries.send_again(delivery, actor="anna", at=NOW)
    before = mail.EmailMessage.send

    def refuses(message, *args):
        if message.to == ["ben@example.com"]:
            raise SMTPRecipientsRefused({"ben@example.com": (550, b"no such user")})
        return before(message, *args)

    monkeypatch.setattr(mail.EmailMessage, "send", refuses)
    assert run(delivery) == [("failed", 1, False, 3)]
    attempt = delivery.attempts.get()
    assert said(attempt.cause, attempt.params) == "The mail server refuses ben@example.com."
    assert attempt.params == {"addresses": "ben@example.com"}
    assert len(mail.outbox) == 2


def test_without_a_mail_server_it_says_which_setting(edition, settings):
    settings.MAIL_URL = ""
    delivery = to(edition, "mailto:", recipients="anna@example.com")
    deliveries.send_again(delivery, actor="anna", at=NOW)
    assert run(delivery) == [("failed", 1, False, 3)]
    assert "PIM_MAIL_URL" in delivery.attempts.get().cause
    assert mail.outbox == []


def test_a_name_with_a_line_break_makes_no_header(edition):
    Output.objects.update(name="List\r\nBcc: eve@example.com")
    delivery = to(edition, "mailto:", recipients="anna@example.com")
    deliveries.send_again(delivery, actor="anna", at=NOW)
    assert run(delivery) == [("arrived", 1, False, 3)]
    assert "\nBcc" not in mail.outbox[0].message().as_string().partition("\n\n")[0]
    assert mail.outbox[0].recipients() == ["anna@example.com"]


@pytest.mark.parametrize(
    ("text", "line"),
    [("nobody", 1), ("a@example.com\nb@", 2), ("a@example.com xx", 1), ("a@example.com fi de", 1),
     ("<a@example.com>", 1), ("a@example.com\nBcc: b@example.com", 2)],
)  # fmt: skip
def test_a_line_that_is_no_recipient_is_named(text, line):
    with pytest.raises(Undeliverable, match=f"Line {line}:"):
        recipients_of(text)


def test_recipients_are_counted_once_and_not_without_end():
    assert [r.address for r in recipients_of("A@example.com\na@example.com")] == ["A@example.com"]
    many = "\n".join(f"p{n}@example.com" for n in range(MOST + 1))
    for text in ("", " \n", many):
        with pytest.raises(Undeliverable):
            recipients_of(text)


EMPTY = {"url": "", "secret": "", "host_key": "", "recipients": ""}
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"url": "sftp://u@files.example.com/in", "host_key": KEY}, set()),
        ({"url": "sftp://u@files.example.com/in"}, {"host_key"}),
        ({"url": "sftp://u:password@files.example.com/in", "host_key": KEY}, {"url"}),
        ({"url": "https://8.8.8.8/in", "secret": "SHOP"}, set()),
        ({"url": "https://8.8.8.8/in", "secret": "shop; rm"}, {"secret"}),
        ({"url": "https://u@8.8.8.8/in"}, {"url"}),
        ({"url": "https://8.8.8.8/in?token=abc"}, {"url"}),
        ({"url": "https://127.0.0.1/in"}, {"url"}),
        ({"url": "http://8.8.8.8/in"}, {"url"}),
        ({"url": "s3://bucket/in?endpoint=https://8.8.8.8"}, set()),
        ({"url": "s3://bucket/in?endpoint=https://10.0.0.8"}, {"url"}),
        ({"url": "s3://bucket/in?endpoint=https://8.8.8.8&key=abc"}, {"url"}),
        ({"url": "mailto:", "recipients": PEOPLE}, set()),
        ({"url": "mailto:", "recipients": "nobody"}, {"recipients"}),
        ({"url": "mailto:anna@example.com", "recipients": PEOPLE}, {"url"}),
        ({"url": "file:///etc"}, {"url"}),
        ({"url": "gopher://example.com/x"}, {"url"}),
        ({"url": "sftp://"}, {"url", "host_key"}),
        ({"url": "https://8.8.8.8:port/"}, {"url"}),
        ({"url": "rubbish"}, {"url"}),
    ],
)
def test_what_cannot_be_delivered_is_refused_where_it_is_typed(given, wrong):
    assert set(faults_of(**(EMPTY | given))) == wrong
