"""Events and webhooks: one stream that misses nothing, signed messages, repeats, replay."""

import hashlib
import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from pim.actions.products import delete_product
from pim.actions.publishing import publish_products, withdraw_products
from pim.actions.structure import record_structure_change
from syndication.actions import hooks
from syndication.actions.events import collect_events, forget_events, head, horizon
from syndication.models import ChannelSequence, Event, HookDelivery, Webhook
from syndication.refusals import Refused
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write

pytestmark = pytest.mark.django_db(transaction=True)
LATER = timedelta(days=1)


class Receiver(BaseHTTPRequestHandler):
    """Keeps what it was sent, answers what it is told to."""

    got: list = []
    answers: list = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.got.append((dict(self.headers.items()), body))
        self.send_response(self.answers.pop(0) if self.answers else 204)
        self.end_headers()

    def log_message(self, *args):
        return


@pytest.fixture
def receiver(settings):
    Receiver.got, Receiver.answers = [], []
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    settings.OUTBOUND_HOSTS = [f"127.0.0.1:{server.server_port}"]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook"
    server.shutdown()
    server.server_close()


def hook(url: str, **how) -> Webhook:
    made = Webhook(name="shop", url=url, **how)
    hooks.start_hook(made)
    made.save()
    return made


def tell(*, at=NOW) -> int:
    collect_events(at=at)
    hooks.plan_deliveries(at=at)
    return hooks.send_due(at=at)


def stream() -> list[tuple]:
    rows = Event.objects.order_by("seq")
    return [(e.seq, e.type, [p["identifier"] for p in e.data.get("products", [])]) for e in rows]


def state(delivery_id: int) -> tuple:
    row = HookDelivery.objects.get(pk=delivery_id)
    return row.state, row.attempts, row.status


def test_edits_publications_and_structure_become_one_stream():
    lamp_catalogue()
    (one,) = write(wish("L1"))
    write(wish("L1", enabled=False), wish("L2"))
    publish_products([one.product_id], actor=ANNA, at=NOW)
    record_structure_change("family", ["lamp"], actor=ANNA, at=NOW)
    withdraw_products([one.product_id], actor=ANNA, at=NOW)
    delete_product(one.product_id, actor=ANNA, at=NOW)
    assert collect_events(at=NOW) == 7
    assert stream() == [
        (1, "product.created", ["L1"]),
        (2, "product.changed", ["L1"]),
        (3, "product.created", ["L2"]),
        (4, "product.deleted", ["L1"]),
        (5, "product.published", ["L1"]),
        (6, "structure.changed", []),
        (7, "product.withdrawn", ["L1"]),
    ]
    assert (collect_events(at=NOW), head()) == (0, 7)


def test_writing_what_is_there_makes_no_event():
    lamp_catalogue()
    write(wish("L1"))
    collect_events(at=NOW)
    write(wish("L1"))
    assert collect_events(at=NOW) == 0


def test_large_writes_come_in_events_of_a_hundred():
    lamp_catalogue()
    write(*(wish(f"P{n}") for n in range(250)))
    collect_events(at=NOW)
    assert [len(names) for _seq, _type, names in stream()] == [100, 100, 50]


def test_a_moved_channel_says_from_where_to_where():
    ChannelSequence.objects.create(channel="web", value=7)
    collect_events(at=NOW)
    ChannelSequence.objects.update(value=9)
    collect_events(at=NOW)
    rows = Event.objects.order_by("seq").values_list("type", "channel", "data")
    assert list(rows) == [
        ("listings.changed", "web", {"channel": "web", "epoch": 1, "after": 0, "sequence": 7}),
        ("listings.changed", "web", {"channel": "web", "epoch": 1, "after": 7, "sequence": 9}),
    ]


def test_a_signature_is_that_of_the_specification():
    body = b'{"test": 2432232314}'
    signed = hooks.sign(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=body,
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_webhook_gets_what_happens_after_it_was_made_once_and_signed(receiver):
    lamp_catalogue()
    write(wish("L1"))
    collect_events(at=NOW)
    made = hook(receiver)
    write(wish("L2"))
    assert (tell(), tell()) == (1, 0)
    headers, body = Receiver.got[0]
    assert b'"identifier":"L2"' in body
    stamp, key = int(headers["webhook-timestamp"]), headers["webhook-id"]
    expected = hooks.sign(hooks.secret_of(made), message_id=key, timestamp=stamp, body=body)
    assert (stamp, headers["webhook-signature"]) == (int(NOW.timestamp()), expected)


def test_a_webhook_gets_only_the_types_and_channels_it_asks_for(receiver):
    lamp_catalogue()
    hook(receiver, types=["listings.*"], channels=["web"])
    write(wish("L1"))
    ChannelSequence.objects.create(channel="web", value=1)
    ChannelSequence.objects.create(channel="print", value=1)
    assert tell() == 1
    assert b'"channel":"web"' in Receiver.got[0][1]


def test_a_failed_delivery_is_tried_again_later_with_the_same_id(receiver):
    lamp_catalogue()
    made = hook(receiver)
    Receiver.answers = [500]
    write(wish("L1"))
    assert tell() == 1
    (pk,) = HookDelivery.objects.values_list("pk", flat=True)
    assert state(pk) == ("waiting", 1, 500)
    made.refresh_from_db()
    assert made.failing_since == NOW
    assert tell() == 0
    assert tell(at=NOW + timedelta(seconds=5)) == 1
    made.refresh_from_db()
    assert (state(pk), made.failing_since) == (("delivered", 2, 204), None)
    assert len({headers["webhook-id"] for headers, _body in Receiver.got}) == 1


def test_a_failing_webhook_puts_off_all_that_waits_and_gives_up_after_days(receiver):
    lamp_catalogue()
    hook(receiver)
    for name in "ABC":
        write(wish(name))
    Receiver.answers = [500]
    assert tell() == 1
    assert HookDelivery.objects.filter(due_at=NOW + timedelta(seconds=5)).count() == 3
    Receiver.answers = [500] * 100
    first, at = HookDelivery.objects.order_by("event_id").first(), NOW
    for _turn in range(len(hooks.RETRIES)):
        at += LATER
        hooks.send_due(at=at)
    assert state(first.pk) == ("failed", len(hooks.RETRIES) + 1, 500)


def test_what_happens_while_a_webhook_fails_waits_with_the_rest_and_comes_in_order(receiver):
    lamp_catalogue()
    hook(receiver)
    write(wish("A"))
    Receiver.answers = [500]
    assert tell() == 1
    write(wish("B"))
    assert tell(at=NOW + timedelta(seconds=4)) == 0
    assert tell(at=NOW + timedelta(seconds=5)) == 2
    told = [
        json.loads(body)["data"]["products"][0]["identifier"] for _headers, body in Receiver.got
    ]
    assert told == ["A", "A", "B"]


def test_a_receiver_that_is_gone_switches_the_webhook_off(receiver):
    lamp_catalogue()
    made = hook(receiver)
    Receiver.answers = [410]
    write(wish("L1"))
    tell()
    made.refresh_from_db()
    assert (made.enabled, "410" in made.note) == (False, True)
    assert tell(at=NOW + LATER) == 0


def test_replay_tells_again_with_the_same_ids(receiver):
    lamp_catalogue()
    made = hook(receiver)
    for name in "ABC":
        write(wish(name))
    tell()
    made.refresh_from_db()
    assert hooks.replay(made, after=made.planned_seq - 2, at=NOW) == 2
    assert tell() == 2
    ids = [headers["webhook-id"] for headers, _body in Receiver.got]
    assert ids[3:] == ids[1:3]


def test_a_new_secret_signs_beside_the_old_one_for_a_day(receiver):
    lamp_catalogue()
    made = hook(receiver)
    old = hooks.secret_of(made)
    new = hooks.rotate_secret(made, at=NOW)
    assert old != new
    write(wish("L1"))
    tell()
    headers, body = Receiver.got[0]
    how = {"message_id": headers["webhook-id"], "body": body}
    stamp = int(headers["webhook-timestamp"])
    signed = [hooks.sign(secret, timestamp=stamp, **how) for secret in (new, old)]
    assert headers["webhook-signature"].split(" ") == signed
    write(wish("L2"))
    tell(at=NOW + LATER)
    assert len(Receiver.got[1][0]["webhook-signature"].split(" ")) == 1


def test_an_address_inside_the_house_is_refused():
    for url in ("http://127.0.0.1/x", "https://10.0.0.1/", "https://[::1]/", "ftp://x.org/"):
        with pytest.raises(Refused):
            hook(url)
    assert Webhook.objects.count() == 0


def test_old_events_go_and_the_horizon_says_so():
    lamp_catalogue()
    write(wish("L1"))
    collect_events(at=NOW)
    write(
        wish("L2"),
    )
    collect_events(at=NOW)
    Event.objects.filter(seq=1).update(at=NOW - timedelta(days=31))
    assert (forget_events(at=NOW), horizon(), head()) == (1, 1, 2)


def test_two_collectors_make_no_event_twice():
    lamp_catalogue()
    write(wish("L1"))
    done = []
    threads = [
        threading.Thread(target=lambda: done.append(collect_events(at=NOW))) for _turn in range(3)
    ]
    from django.db import connections

    def run(thread):
        thread.start()
        thread.join()

    for thread in threads:
        run(thread)
    connections.close_all()
    assert (sum(done), Event.objects.count()) == (1, 1)


def test_secrets_differ_by_webhook(receiver):
    digests = {hashlib.sha256(hooks.secret_of(hook(receiver)).encode()).digest() for _n in range(3)}
    assert len(digests) == 3
