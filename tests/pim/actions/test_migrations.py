"""Moving in from a running system: all of it, once, in several attempts, from our own API."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from PIL import Image

from pim.actions.assets import ingest_asset
from pim.actions.jobs import Progress
from pim.actions.migrating import run as run_module
from pim.actions.migrating import structure as structure_module
from pim.actions.migrations import StillRunning, migrate_from
from pim.models import AssociationType, Change, Job, JobLine, Product
from pim.queries.structure import forget_structure
from tests.factories.catalogue import ANNA, NOW, wish, write
from tests.factories.replay import CREDENTIALS, playing, record, wipe
from tests.factories.rest import RestClient
from tests.pim.api.rest.test_products import shop

__all__ = ["shop"]
pytestmark = pytest.mark.django_db
LIMIT = 2
COMPARED = (
    "attributes", "attribute-groups", "families", "channels", "association-types", "categories",
    "measurement-families", "attributes/color/options",
    "product-models", "products-uuid", "reference-entities", "reference-entities/maker/records",
    "reference-entities/maker/attributes/trend/options",
)  # fmt: skip


@pytest.fixture(autouse=True)
def small_pages(monkeypatch, settings, tmp_path):
    settings.ASSET_ROOT = tmp_path / "assets"
    for module in (run_module, structure_module):
        monkeypatch.setattr(module, "LIMIT", LIMIT)


@pytest.fixture
def other(shop, settings):
    """A running system with what the shop has, and nothing here; and what it says of all."""
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(picture, "PNG")
    picture.seek(0)
    ingest_asset(picture, filename="red.png", code="red-lamp", actor=ANNA, at=NOW)
    write(
        wish("N", role="model", family="lamp", family_variant="lamp_color_size"),
        wish("N-blue", role="model", parent="N", at={"color||": "blue", "photo||": ["red-lamp"]}),
        wish("N-blue-s", parent="N-blue", at={"size||": "s"}),
        # What is empty on purpose, and what a variant says against its model, is nothing that
        # the API of the original knows.
        wish("M-red", at={"name||en": None, "story|web|en": None, "spare||": None}),
        wish("A", at={"spare||": ["M-red"]}),
    )
    trend = "/reference-entities/maker/attributes/trend"
    shop.patch(trend, {"type": "single_option"})
    shop.patch(f"{trend}/options/nordic", {"labels": {"en": "Nordic"}})
    shop.patch("/reference-entities/maker", {"image": "red-lamp"})
    shop.patch("/reference-entities/maker/attributes/logo", {"type": "image"})
    logo = [{"locale": None, "channel": None, "data": "red-lamp"}]
    shop.patch("/reference-entities/maker/records/aino", {"values": {"logo": logo}})
    tape, documents = record(shop, limit=LIMIT), said(shop)
    wipe()
    forget_structure()
    with playing(tape, settings) as server:
        server.documents = documents
        yield server


def said(client) -> dict:
    """Return what the API says, without times and addresses."""
    found = {}
    for path in COMPARED:
        document = client.get(f"/{path}", {"limit": "100"}).json()
        items = document if isinstance(document, list) else document["_embedded"]["items"]
        found[path] = sorted((_timeless(item) for item in items), key=json.dumps)
    return found


def _timeless(data):
    if isinstance(data, dict):
        gone = ("_links", "created", "updated")
        return {name: _timeless(one) for name, one in data.items() if name not in gone}
    return [_timeless(one) for one in data] if isinstance(data, list) else data


def move(server, **how) -> Job:
    return migrate_from(server.url, CREDENTIALS, actor=ANNA, at=NOW, **how)


def lines(job) -> list:
    return list(JobLine.objects.filter(job=job).values_list("file", "outcome", "subject", "code"))


def test_everything_comes_and_a_second_move_changes_nothing(other):
    job = move(other)
    assert (job.state, job.cause, lines(job)) == ("done", "", [])
    assert said(RestClient("again")) == other.documents
    assert job.counts["products-uuid"] == {"created": 3}
    assert (job.done, job.total) == (12, 12)
    before = Change.objects.count()
    second = move(other)
    outcomes = {outcome for counts in second.counts.values() for outcome in counts}
    assert (second.state, outcomes, Change.objects.count()) == ("done", {"unchanged"}, before)


@pytest.mark.parametrize("stage", ["attributes", "options", "products-uuid"])
def test_a_move_that_was_killed_goes_on_without_doubles(other, monkeypatch, stage):
    recorded = Progress.record

    def killed(self, name="", **how):
        if name == stage:
            raise KeyboardInterrupt
        recorded(self, name, **how)

    monkeypatch.setattr(Progress, "record", killed)
    with pytest.raises(KeyboardInterrupt):
        move(other)
    first = Job.objects.get()
    assert (first.state, Product.objects.filter(role="item").count()) == ("running", 0)
    Job.objects.update(lease_until=NOW.replace(year=2025))
    monkeypatch.setattr(Progress, "record", recorded)
    other.asked.clear()
    second = move(other)
    assert (second.state, lines(second)) == ("done", [])
    assert not [path for path in other.asked if "/attribute-groups" in path]
    assert said(RestClient("again")) == other.documents
    assert second.counts["attribute_groups"] == {"created": 2}
    assert second.counts["products-uuid"] == {"created": 3}
    first.refresh_from_db()
    assert first.state == "stopped"


def left_running(other, until) -> None:
    """Leave a move as a process that was killed leaves it."""
    move(other)
    Job.objects.update(state="running", lease_until=until, finished_at=None)


def test_a_move_that_may_be_alive_is_not_repeated_beside_it(other):
    left_running(other, NOW + timedelta(seconds=30))
    with pytest.raises(StillRunning) as refused:
        move(other)
    assert (refused.value.until, Job.objects.count()) == (NOW + timedelta(seconds=30), 1)
    assert move(other, fresh=True).state == "done"


@pytest.mark.parametrize("alive", [False, True])
def test_the_command_waits_until_it_is_seen_whether_the_last_move_is_alive(
    other, monkeypatch, alive
):
    until = timezone.now() + timedelta(seconds=30)
    left_running(other, until)
    slept = []

    def sleep(seconds):
        slept.append(seconds)
        at = until + timedelta(days=1) if alive else NOW.replace(year=2025)
        Job.objects.filter(state="running").update(lease_until=at)

    monkeypatch.setattr("pim.management.commands.migrate_from.time.sleep", sleep)
    for name in ("client_id", "secret", "username", "password"):
        monkeypatch.setenv(f"PIM_MIGRATE_{name.upper()}", "x")
    if alive:
        with pytest.raises(CommandError, match="Another process is moving in"):
            call_command("migrate_from", other.url, "--quiet")
    else:
        call_command("migrate_from", other.url, "--quiet")
    states = list(Job.objects.order_by("id").values_list("state", flat=True))
    assert states == (["running"] if alive else ["stopped", "done"])
    assert len(slept) == 1
    assert 0 < slept[0] <= 31


def test_a_dry_run_says_the_same_and_writes_nothing(other):
    job = move(other, dry_run=True)
    assert (job.state, job.counts["products-uuid"]) == ("done", {"created": 3})
    assert (Product.objects.count(), Change.objects.count()) == (0, 0)
    assert not [path for path in other.asked if path.endswith("/download")]


def test_what_was_moved_is_published_where_asked(other):
    job = move(other, publish=True)
    assert job.counts["published"] == {"created": 6}
    assert Product.objects.filter(version=None).count() == 0


def test_older_systems_name_products_by_identifier(other):
    for path in [path for path in other.tape if "products-uuid" in path]:
        del other.tape[path]
    job = move(other)
    assert (job.state, lines(job), job.counts["products"]) == ("done", [], {"created": 3})
    tied = RestClient("again").get("/products/M-red").json()
    assert tied["associations"]["cross_sell"]["products"] == ["A"]


def test_what_has_no_place_here_is_left_out_and_told_once(other):
    for path, body in other.tape.items():
        if "/attributes?" in path:
            document = json.loads(body)
            for item in document["_embedded"]["items"]:
                item["decimal_places_strategy"] = "round"
                if item["code"] == "notes":
                    item["type"] = "acme_catalog_hologram"
            other.tape[path] = json.dumps(document).encode()
        if "/products-uuid?pag" in path:
            other.tape[path] = body.replace(
                b'"values":{', b'"values":{"notes":[{"locale":null,"scope":null,"data":"x"}],'
            )
    job = move(other)
    assert lines(job) == [
        ("attributes", "noted", "care", "left_out"),
        ("attributes", "refused", "notes", "unknown_type"),
        ("families", "noted", "", "left_out"),
        ("products-uuid", "noted", said_first(other), "left_out"),
    ]
    assert (job.state, job.counts["products-uuid"]["created"]) == ("done", 3)


def said_first(other) -> str:
    path = next(
        p
        for p in other.tape
        if p.endswith(f"/products-uuid?pagination_type=search_after&limit={LIMIT}")
    )
    return json.loads(other.tape[path])["_embedded"]["items"][0]["uuid"]


def test_a_system_that_gives_no_access_ends_the_move_with_its_reason(other):
    other.before = lambda request: (401, b'{"message": "No."}')
    job = move(other)
    assert (job.state, AssociationType.objects.count()) == ("failed", 0)
    assert job.cause.endswith("answers 401: No.")


def test_the_command_takes_secrets_from_the_environment_and_shows_none(other, monkeypatch, capsys):
    with pytest.raises(CommandError, match="--client-id, --secret, --username, --password"):
        call_command("migrate_from", other.url)
    for name in ("CLIENT_ID", "SECRET", "USERNAME", "PASSWORD"):
        monkeypatch.setenv(f"PIM_MIGRATE_{name}", f"hidden-{name}")
    call_command("migrate_from", other.url, "--quiet")
    assert "hidden" not in capsys.readouterr().out + str(Job.objects.values())
    assert Job.objects.get().state == "done"
