"""The schedule, the outbox and deliveries: once per slot, once per effect."""

from datetime import UTC, datetime, timedelta

import pytest

from syndication.actions import deliveries, outbox
from syndication.actions.editions import issue_edition, run_due_editions, run_edition
from syndication.actions.schedule import ChangeWatch, arm_cadence, issue_due
from syndication.models import AuditEntry, Edition, OutboxEntry, Output, Pointer
from tests.factories import shelf

NOW = datetime(2026, 11, 22, 12, 1, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def armed(**fields):
    """Return an output whose cadence has been seen once, a little before noon."""
    shelf.stock({"A-1": "one"})
    output = shelf.make_output(cadence="hourly", **fields)
    issue_due(at=NOW - timedelta(minutes=30))
    assert Edition.objects.count() == 0
    return output


def test_slot_is_issued_once_however_often_it_is_looked_at():
    armed()
    for seconds in (0, 10, 60):
        issue_due(at=NOW + timedelta(seconds=seconds))
    assert [e.trigger_key for e in Edition.objects.all()] == ["sched:2026-11-22T12:00Z"]


def test_missed_slots_fold_into_one():
    armed()
    issue_due(at=NOW + timedelta(hours=40))
    assert [e.trigger_key for e in Edition.objects.all()] == ["sched:2026-11-24T04:00Z"]


def test_held_and_switched_off_outputs_skip_their_slots():
    output = armed(held=True)
    issue_due(at=NOW)
    Output.objects.filter(pk=output.pk).update(held=False)
    issue_due(at=NOW + timedelta(minutes=1))
    assert Edition.objects.count() == 0
    Output.objects.filter(pk=output.pk).update(enabled=False)
    issue_due(at=NOW + timedelta(hours=1))
    assert Edition.objects.count() == 0


def test_new_cadence_begins_with_its_next_slot():
    output = armed()
    Output.objects.filter(pk=output.pk).update(cadence="daily 11:00")
    issue_due(at=NOW)
    assert Edition.objects.count() == 0
    issue_due(at=NOW + timedelta(days=1))
    assert Edition.objects.get().trigger_key == "sched:2026-11-23T11:00Z"


HELSINKI = {"cadence": "daily 02:00", "time_zone": "Europe/Helsinki"}


def beats(first: str, *, until: str) -> list[str]:
    """Beat once a minute from `first` to `until` and return the slots that were issued."""
    at, end = datetime.fromisoformat(first), datetime.fromisoformat(until)
    while at <= end:
        issue_due(at=at)
        at += timedelta(minutes=1)
    keys = Edition.objects.order_by("id").values_list("trigger_key", flat=True)
    return [key.removeprefix("sched:") for key in keys]


@pytest.mark.parametrize("said", [True, False])
@pytest.mark.parametrize(
    ("fields", "given", "until", "slots"),
    [
        (
            {"cadence": "every 5 minutes"}, "2026-11-22T12:04:30Z", "2026-11-22T12:11:00Z",
            ["2026-11-22T12:05Z", "2026-11-22T12:10Z"],
        ),
        (HELSINKI, "2026-11-21T23:59:59Z", "2026-11-22T00:03:00Z", ["2026-11-22T00:00Z"]),
        # The clock goes from 3 to 4 in that night, and from 4 back to 3 in the other.
        (HELSINKI, "2026-03-28T23:59:59Z", "2026-03-29T00:03:00Z", ["2026-03-29T00:00Z"]),
        (
            HELSINKI | {"cadence": "daily 03:30"}, "2026-03-29T01:29:20Z", "2026-03-29T01:40:00Z",
            ["2026-03-29T01:30Z"],
        ),
        (
            HELSINKI | {"cadence": "daily 03:30"}, "2026-10-25T00:29:20Z", "2026-10-25T02:00:00Z",
            ["2026-10-25T00:30Z"],
        ),
        # Given between the two half past threes of that night: the first has gone by.
        (
            HELSINKI | {"cadence": "daily 03:30"}, "2026-10-25T00:50:00Z", "2026-10-25T02:00:00Z",
            [],
        ),
    ],
)  # fmt: skip
def test_cadence_given_mid_minute_begins_with_the_very_next_slot(said, fields, given, until, slots):
    shelf.stock({"A-1": "one"})
    output = shelf.make_output(**fields)
    at = datetime.fromisoformat(given)
    if said:
        arm_cadence(output, at=at)
    whole = at.replace(second=0) + timedelta(minutes=1, microseconds=40_000)
    assert beats(whole.isoformat(), until=until) == slots


def test_cadence_given_in_the_moment_of_a_slot_begins_with_the_one_after():
    shelf.stock({"A-1": "one"})
    output = shelf.make_output(cadence="every 5 minutes")
    arm_cadence(output, at=datetime(2026, 11, 22, 12, 5, 0, 500, tzinfo=UTC))
    assert beats("2026-11-22T12:05:01Z", until="2026-11-22T12:10:01Z") == ["2026-11-22T12:10Z"]


def test_slots_missed_after_a_cadence_was_given_fold_into_one():
    shelf.stock({"A-1": "one"})
    arm_cadence(shelf.make_output(**HELSINKI), at=datetime(2026, 10, 22, 12, tzinfo=UTC))
    # Three nights without a beat, the last after the clock went back.
    assert beats("2026-10-26T09:00:30Z", until="2026-10-26T09:02:30Z") == ["2026-10-26T00:00Z"]
    assert beats("2026-10-27T00:00:00Z", until="2026-10-27T00:01:00Z") == [
        "2026-10-26T00:00Z",
        "2026-10-27T00:00Z",
    ]


def test_output_without_a_cadence_is_armed_for_nothing():
    shelf.stock({"A-1": "one"})
    output = arm_cadence(shelf.make_output(cadence="on change"), at=NOW)
    output.refresh_from_db()
    assert (output.last_slot, beats(NOW.isoformat(), until=NOW.isoformat())) == (None, [])


def test_careful_output_is_issued_only_when_something_changed():
    output = armed(only_if_changed=True)
    for hours in (0, 1):
        issue_due(at=NOW + timedelta(hours=hours))
        run_due_editions()
    assert Edition.objects.count() == 1
    shelf.stock({"A-1": "two"})
    issue_due(at=NOW + timedelta(hours=2))
    run_due_editions()
    assert Edition.objects.count() == 2
    output.refresh_from_db()
    output.options = {"environment": "other"}
    output.save()
    issue_due(at=NOW + timedelta(hours=3))
    assert Edition.objects.count() == 3


def slot(hours: int) -> list[str]:
    """Let one slot come and its editions run; return the states of all editions."""
    issue_due(at=NOW + timedelta(hours=hours))
    run_due_editions()
    return list(Edition.objects.order_by("id").values_list("state", flat=True))


def quiet() -> list[tuple]:
    noted = AuditEntry.objects.filter(action="nothing new").order_by("id")
    return [(entry.note, entry.edition and entry.edition.number) for entry in noted]


def test_slot_with_nothing_new_is_noted_and_sends_nothing(settings, tmp_path):
    output = armed(only_if_changed=True)
    output.deliveries.create(url=f"file://{tmp_path}/open")
    assert (slot(0), quiet()) == (["issued"], [])
    sent = OutboxEntry.objects.filter(kind="delivery").count()
    assert slot(1) == ["issued"]
    assert quiet() == [("sched:2026-11-22T13:00Z", None)]
    assert OutboxEntry.objects.filter(kind="delivery").count() == sent == 1


@pytest.mark.parametrize("kind", ["plain_list", "numbered_list"])
def test_change_of_something_else_is_seen_by_freezing_and_counts_as_shown(kind, tmp_path):
    output = armed(only_if_changed=True, kind=kind, selection={"identifiers": ["A-1"]})
    output.deliveries.create(url=f"file://{tmp_path}/open")
    slot(0)
    shelf.stock({"A-1": "one", "B-9": "something else"})
    assert slot(1) == ["issued", "nothing_new"]
    ended = Edition.objects.get(state="nothing_new")
    assert ended.why() == "Nothing is new since edition 1."
    assert (ended.artefacts.count(), ended.lease_owner, bool(ended.finished_at)) == (0, "", True)
    pointer = Pointer.objects.get()
    assert (pointer.edition.number, pointer.data_version) == (1, ended.data_version)
    assert OutboxEntry.objects.filter(kind="delivery").count() == 1
    assert slot(2) == ["issued", "nothing_new"]  # known now without another freeze
    assert quiet() == [("sched:2026-11-22T13:00Z", 2), ("sched:2026-11-22T14:00Z", None)]
    shelf.stock({"A-1": "two", "B-9": "something else"})
    assert slot(3) == ["issued", "nothing_new", "issued"]


def test_change_of_the_environment_alone_is_something_new(monkeypatch):
    armed(only_if_changed=True)
    slot(0)
    Output.objects.update(options={"heading": "News"})  # only assembly reads it
    assert slot(1) == ["issued", "issued"]
    assert (slot(2), len(quiet())) == (["issued", "issued"], 1)


def test_what_a_person_asks_for_is_issued_in_any_case():
    output = armed(only_if_changed=True)
    slot(0)
    issue_edition(output, actor="anna", at=NOW)
    run_due_editions()
    assert [e.state for e in Edition.objects.order_by("id")] == ["issued", "issued"]


def test_notes_of_quiet_slots_do_not_grow_without_end(monkeypatch):
    from syndication.actions.editions import nothing_new

    monkeypatch.setattr(nothing_new, "KEPT", 2)
    armed(only_if_changed=True)
    for hours in range(5):
        slot(hours)
    assert [note for note, _ in quiet()] == ["sched:2026-11-22T15:00Z", "sched:2026-11-22T16:00Z"]


def test_careful_output_on_change_rests_after_a_change_of_something_else():
    shelf.stock({"A-1": "one"})
    chosen = {"identifiers": ["A-1"]}
    shelf.make_output(cadence="on change", only_if_changed=True, selection=chosen)
    watch = ChangeWatch()

    def turn(seconds):
        watch.issue_changed(at=NOW + timedelta(seconds=seconds))
        run_due_editions()
        return [e.state for e in Edition.objects.order_by("id")]

    assert (turn(0), turn(10)) == ([], ["issued"])
    shelf.stock({"A-1": "one", "B-9": "something else"})
    turn(20)
    assert [turn(30), turn(40), turn(50)] == [["issued", "nothing_new"]] * 3


def test_cadence_nobody_understands_stops_nobody_else():
    shelf.make_output("odd", cadence="whenever")
    shelf.make_output("odder", cadence="hourly", time_zone="Mars/Olympus")
    armed()
    issue_due(at=NOW)
    assert [e.output.code for e in Edition.objects.all()] == ["list"]


def test_output_on_change_waits_for_quiet_then_is_issued_once():
    shelf.stock({"A-1": "one"})
    shelf.make_output(cadence="on change")
    watch, at = ChangeWatch(), NOW
    assert watch.issue_changed(at=at) == []
    shelf.stock({"A-1": "two"})
    assert watch.issue_changed(at=at + timedelta(seconds=2)) == []
    assert watch.issue_changed(at=at + timedelta(seconds=4)) == []
    (edition,) = watch.issue_changed(at=at + timedelta(seconds=5))
    assert edition.trigger_key == "dirty:2"
    assert watch.issue_changed(at=at + timedelta(seconds=9)) == []
    run_due_editions()
    assert watch.issue_changed(at=at + timedelta(seconds=20)) == []
    assert Edition.objects.count() == 1


def test_effect_is_done_once_and_tried_again_after_a_failure():
    outbox.put("thing", key="a", payload={}, at=NOW)
    calls = []

    def fail(entry):
        calls.append(entry.attempts)
        raise OSError("not now")

    assert outbox.dispatch({"thing": fail}, at=NOW) == 1
    assert outbox.dispatch({"thing": fail}, at=NOW + timedelta(seconds=29)) == 0
    assert outbox.dispatch({"thing": fail}, at=NOW + timedelta(seconds=31)) == 1
    assert calls == [1, 2]
    assert OutboxEntry.objects.get().cause == "OSError: not now"
    assert outbox.dispatch({"thing": lambda entry: True}, at=NOW + timedelta(hours=1)) == 1
    assert outbox.dispatch({"thing": fail}, at=NOW + timedelta(hours=2)) == 0


def test_entry_read_by_two_is_taken_by_one():
    outbox.put("thing", key="a", payload={}, at=NOW)
    first, second = OutboxEntry.objects.get(), OutboxEntry.objects.get()
    assert [outbox.take(first, at=NOW), outbox.take(second, at=NOW)] == [True, False]


def delivered(settings, tmp_path, url):
    settings.DELIVERY_ROOTS = [tmp_path / "open"]
    shelf.stock({"A-1": "one"})
    output = shelf.make_output()
    output.deliveries.create(url=url)
    (edition,) = issue_edition(output, actor="anna", at=NOW)
    run_edition(edition.pk)
    entry = OutboxEntry.objects.get(kind="delivery")
    entry.arrived = deliveries.deliver_entry(entry.pk, at=NOW)
    return entry


def test_files_arrive_whole_in_the_folder(settings, tmp_path):
    entry = delivered(settings, tmp_path, f"file://{tmp_path}/open/shop")
    assert entry.arrived
    folder = tmp_path / "open" / "shop"
    assert [p.name for p in folder.iterdir()] == ["list.en.txt"]
    assert (folder / "list.en.txt").read_text() == "list 1\nA-1;one;10\n"
    assert OutboxEntry.objects.get(pk=entry.pk).done_at == NOW


@pytest.mark.parametrize("url", ["file:///etc/cron.d", "file://{open}/../closed", "gopher://x/y"])
def test_place_that_is_not_open_gets_nothing(settings, tmp_path, url):
    entry = delivered(settings, tmp_path, url.replace("{open}", str(tmp_path / "open")))
    stored = OutboxEntry.objects.get(pk=entry.pk)
    assert (entry.arrived, bool(stored.done_at), bool(stored.cause)) == (False, True, True)
    assert not (tmp_path / "closed").exists()
