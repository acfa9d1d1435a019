"""The state machine: every move there is, every move there is not, and who may make it."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connections

from syndication.actions import editions as actions
from syndication.actions.editions import lease
from syndication.actions.editions.lease import Held, LeaseLost, claim, give_up, hand_back, sweep
from syndication.models import FINAL, STATES, AuditEntry, Edition, Pointer
from syndication.refusals import WrongState
from tests.factories import shelf

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ALL = [state for state, _ in STATES]
pytestmark = pytest.mark.django_db


@pytest.fixture
def output():
    shelf.stock({"A-1": "one"})
    return shelf.make_output()


def edition_in(output, state, **fields):
    """Return an edition put into a state."""
    (edition,) = actions.issue_edition(output, actor="anna", at=NOW)
    Edition.objects.filter(pk=edition.pk).update(state=state, **fields)
    return Edition.objects.get(pk=edition.pk)


def state_of(edition):
    return Edition.objects.get(pk=edition.pk).state


COUNTS = {"items_in": 1, "issued": 1, "item_errors": 0, "excluded": 0}
DECISIONS = {
    "approve": (actions.approve_edition, {"blocked": "issued"}),
    "reject": (actions.reject_edition, {"blocked": "rejected"}),
    "cancel": (actions.cancel_edition, {s: "cancelled" for s in ALL if s not in FINAL}),
    "retry": (
        actions.retry_edition,
        {"failed": "queued", "cancelled": "queued", "retry_wait": "queued"},
    ),
}


@pytest.mark.parametrize("state", ALL)
@pytest.mark.parametrize("name", DECISIONS)
def test_decision_moves_from_its_states_only(output, name, state):
    decide, moves = DECISIONS[name]
    edition = edition_in(output, state, counts=COUNTS)
    if state in moves:
        decide(edition, actor="anna", at=NOW)
        assert state_of(edition) == moves[state]
        assert [(e.action, e.actor) for e in AuditEntry.objects.all()] == [(name, "anna")]
    else:
        with pytest.raises(WrongState):
            decide(edition, actor="anna", at=NOW)
        assert state_of(edition) == state
        assert (AuditEntry.objects.count(), Pointer.objects.count()) == (0, 0)


@pytest.mark.parametrize("state", ALL)
def test_only_what_waits_can_be_claimed(output, state):
    edition = edition_in(output, state)
    held = claim(edition.pk, at=NOW)
    if state in ("queued", "retry_wait"):
        assert (state_of(edition), held.fence) == ("running", edition.fence + 1)
    else:
        assert held is None
        assert state_of(edition) == state


def test_what_is_not_due_yet_cannot_be_claimed(output):
    edition = edition_in(output, "retry_wait", not_before=NOW + timedelta(seconds=1))
    assert claim(edition.pk, at=NOW) is None
    assert claim(edition.pk, at=NOW + timedelta(seconds=1)) is not None


def test_two_editions_of_one_output_and_locale_do_not_run_at_once(output):
    first, second = edition_in(output, "queued"), edition_in(output, "queued")
    held = claim(first.pk, at=NOW)
    assert claim(second.pk, at=NOW) is None
    assert state_of(second) == "queued"
    give_up(held, cause="no", at=NOW, for_good=True)
    assert claim(second.pk, at=NOW) is not None


def test_older_fence_writes_nothing(output):
    edition = edition_in(output, "queued")
    old = claim(edition.pk, at=NOW)
    sweep(at=NOW + timedelta(hours=1))
    new = claim(edition.pk, at=NOW + timedelta(hours=1))
    with pytest.raises(LeaseLost):
        old.write(cause="mine")
    with pytest.raises(LeaseLost):
        old.renew(at=NOW, child_pids=[])
    give_up(old, cause="mine", at=NOW, for_good=True)
    hand_back(old)
    now = Edition.objects.get(pk=edition.pk)
    assert (now.state, now.cause, now.fence, now.attempt) == ("running", "", new.fence, 2)


def test_sweep_takes_back_what_ran_out_and_nothing_else(output, settings):
    other = shelf.make_output("other")
    lost, alive = edition_in(output, "queued"), edition_in(other, "queued")
    claim(lost.pk, at=NOW - timedelta(seconds=61))
    claim(alive.pk, at=NOW - timedelta(seconds=59))
    assert sweep(at=NOW) == 1
    assert (state_of(lost), state_of(alive)) == ("retry_wait", "running")
    assert Edition.objects.get(pk=lost.pk).not_before == NOW


def test_sweep_takes_back_what_a_dead_process_of_this_machine_held(output):
    import subprocess
    import sys

    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    edition = edition_in(output, "queued")
    claim(edition.pk, at=NOW)
    owner = lease._owner(process.pid)
    Edition.objects.update(lease_owner=owner, lease_pid=process.pid)
    assert sweep(at=NOW) == 0
    process.communicate()
    assert sweep(at=NOW) == 1
    assert state_of(edition) == "retry_wait"


def test_third_loss_fails_and_says_who_was_lost(output):
    edition = edition_in(output, "queued")
    at = NOW
    for expected in ("retry_wait", "retry_wait", "failed"):
        at += timedelta(hours=2)
        claim(edition.pk, at=at)
        at += timedelta(hours=1)
        sweep(at=at)
        assert state_of(edition) == expected
    ended = Edition.objects.get(pk=edition.pk)
    assert "was lost in attempt 3" in ended.cause
    assert ended.finished_at == at


def test_pauses_double_and_vary(settings):
    settings.EDITION_BACKOFF_SECONDS = 30
    for attempt, base in ((1, 30), (2, 60), (3, 120)):
        pauses = {lease.backoff(attempt) for _ in range(50)}
        assert 0.8 * base <= min(pauses) < max(pauses) <= 1.2 * base


def test_leaving_worker_gives_the_edition_back_without_a_lost_attempt(output):
    edition = edition_in(output, "queued")
    lease.stopping.set()
    assert actions.run_edition(edition.pk)
    now = Edition.objects.get(pk=edition.pk)
    assert (now.state, now.attempt, now.lease_owner) == ("queued", 0, "")


def test_process_of_a_pool_leaves_with_its_worker(output, settings, monkeypatch):
    edition = edition_in(output, "queued")
    monkeypatch.setattr(lease.os, "getpid", lease.os.getppid)
    lease.note_leaving(leaving=True)
    monkeypatch.undo()
    lease.stopping.clear()
    actions.run_edition(edition.pk)
    assert state_of(edition) == "queued"


def test_cancelling_stops_the_worker_at_the_next_beat(output, settings):
    edition = edition_in(output, "queued")
    held = claim(edition.pk, at=NOW)
    actions.cancel_edition(edition, actor="anna", at=NOW)
    with pytest.raises(LeaseLost):
        held.renew(at=NOW, child_pids=[])
    assert state_of(edition) == "cancelled"


def test_edition_that_cannot_be_configured_fails_at_once(output):
    edition = edition_in(output, "queued")
    Edition.objects.update(settings={**edition.settings, "channel": "nowhere"})
    actions.run_edition(edition.pk)
    ended = Edition.objects.get(pk=edition.pk)
    assert (ended.state, ended.attempt) == ("failed", 1)
    assert ended.cause == "The channel 'nowhere' has no listings in en."


def test_files_that_cannot_be_verified_are_never_served(output):
    shelf.stock({"A-1": "unverifiable"})
    edition = edition_in(output, "queued")
    for _ in range(3):
        Edition.objects.update(not_before=None)
        assert actions.run_edition(edition.pk)
    ended = Edition.objects.get(pk=edition.pk)
    assert (ended.state, Pointer.objects.count()) == ("failed", 0)
    assert "not what it claims to be" in ended.cause


def test_text_of_another_audience_is_never_served(output, settings):
    settings.AUDIENCE_CANARIES = {"trade": ["purchase price 60"], "consumer": ["fine"]}
    output.options = {"leak": "… purchase price 60 …"}
    output.save()
    edition = edition_in(output, "queued")
    actions.run_edition(edition.pk)
    assert (state_of(edition), Pointer.objects.count()) == ("failed", 0)


@pytest.mark.django_db(transaction=True)
def test_only_one_of_many_claims_succeeds(output):
    edition = edition_in(output, "queued")
    barrier, got = threading.Barrier(6), []

    def try_to_claim():
        barrier.wait()
        while True:
            try:
                got.append(claim(edition.pk, at=NOW))
                return connections.close_all()
            except OperationalError:  # the database in memory knows no waiting for locks
                time.sleep(0.01)

    threads = [threading.Thread(target=try_to_claim) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [held for held in got if held] == [Held(edition.pk, 1)]
    assert Edition.objects.get(pk=edition.pk).attempt == 1
