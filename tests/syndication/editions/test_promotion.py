"""What is served: the guard, approval, rolling back, holding, superseding, expiring."""

from datetime import UTC, datetime, timedelta

import pytest

from syndication import store
from syndication.actions import editions as actions
from syndication.actions.collect import collect
from syndication.models import Edition, EditionArtefact, Output, Pointer
from syndication.refusals import NothingToRollBackTo
from tests.factories import shelf

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def issue(output, at=NOW):
    (edition,) = actions.issue_edition(output, actor="anna", at=at)
    actions.run_edition(edition.pk, clock=lambda: at)
    return Edition.objects.select_related("output").get(pk=edition.pk)


def served(output):
    return Pointer.objects.get(output=output).edition.number


def many(n, name="one"):
    return {f"A-{i}": name for i in range(1, n + 1)}


def test_guard_blocks_when_many_items_vanish_and_approval_serves_them():
    output = shelf.make_output()
    shelf.stock(many(60))
    issue(output)
    shelf.stock(many(39))
    edition = issue(output)
    assert (edition.state, edition.cause) == ("blocked", "21 of 60 items (35.0 %) have vanished.")
    assert served(output) == 1
    actions.approve_edition(edition, actor="eva", at=NOW)
    edition.refresh_from_db()
    assert (edition.state, edition.approved_by, served(output)) == ("issued", "eva", 2)


@pytest.mark.parametrize(("before", "after"), [(60, 40), (300, 271)])
def test_guard_lets_few_items_go(before, after):
    output = shelf.make_output()
    shelf.stock(many(before))
    issue(output)
    shelf.stock(many(after))
    assert issue(output).state == "issued"


def test_guard_counts_newly_refused_items_as_vanished():
    output = shelf.make_output()
    shelf.stock(many(50) | {"A-51": "refused"})
    issue(output)
    shelf.stock(many(50) | {f"A-{n}": "refused" for n in range(1, 26)})
    edition = issue(output)
    assert (edition.state, edition.counts["vanished"]) == ("blocked", 25)


def test_items_refused_before_do_not_vanish():
    output = shelf.make_output()
    shelf.stock(many(30) | {f"A-{n}": "refused" for n in range(31, 61)})
    issue(output)
    shelf.stock(many(30))
    edition = issue(output)
    assert (edition.state, edition.counts["vanished"], edition.counts["removed"]) == (
        "issued",
        0,
        30,
    )


def test_nothing_left_is_never_served_unseen():
    output = shelf.make_output()
    shelf.stock({"A-1": "refused"})
    edition = issue(output)
    assert (edition.state, edition.cause) == ("blocked", "No item is left to issue.")
    assert Pointer.objects.count() == 0


def test_guard_blocks_when_prices_jump():
    output = shelf.make_output()
    shelf.stock(many(3))
    issue(output)
    shelf.stock(many(3), prices={f"A-{n}": "14" for n in range(1, 4)})
    edition = issue(output)
    assert (edition.state, edition.cause) == ("blocked", "The median price moved from 10 to 14.")


def test_guard_blocks_when_prices_are_lost():
    output = shelf.make_output()
    shelf.stock(many(40))
    issue(output)
    shelf.stock(many(40), prices={"A-1": ""})
    edition = issue(output)
    assert edition.cause == "2.5 % of the items have no price; it was 0.0 %."


def test_guard_can_be_widened_or_switched_off():
    for rules in ({"enabled": False}, {"vanished_percent": 90}):
        output = shelf.make_output(f"list-{len(rules)}-{next(iter(rules))}", guard=rules)
        shelf.stock(many(60))
        issue(output)
        shelf.stock(many(30))
        assert issue(output).state == "issued"


def test_rejected_edition_is_never_served():
    output = shelf.make_output(needs_approval=True)
    shelf.stock(many(1))
    edition = issue(output)
    assert (edition.state, edition.cause) == ("blocked", "The output needs approval.")
    actions.reject_edition(edition, actor="eva", at=NOW)
    assert Pointer.objects.count() == 0


def test_strict_output_refuses_item_errors():
    output = shelf.make_output(strict=True)
    shelf.stock({"A-1": "one", "A-2": "refused"})
    assert issue(output).cause == "1 items have errors, and the output is strict."


def test_older_data_never_replaces_newer():
    output = shelf.make_output(needs_approval=True)
    shelf.stock(many(1))
    older = issue(output)
    shelf.stock(many(1, "two"))
    newer = issue(output)
    actions.approve_edition(newer, actor="eva", at=NOW)
    assert actions.approve_edition(older, actor="eva", at=NOW).state == "superseded"
    assert served(output) == newer.number


def test_rolling_back_serves_the_one_before_and_holds_until_released():
    output = shelf.make_output()
    for name in ("one", "two", "three"):
        shelf.stock(many(1, name))
        issue(output)
    actions.roll_back(output, actor="eva", at=NOW)
    assert served(output) == 2
    assert Output.objects.get().held
    late = issue(output)
    assert (late.state, late.cause, served(output)) == ("blocked", "The output is held.", 2)
    actions.release_output(output, actor="eva", at=NOW)
    assert issue(output).state == "issued"
    assert served(output) == 5
    actions.roll_back(output, actor="eva", at=NOW, number=1)
    assert served(output) == 1
    assert [e.action for e in output.audit.order_by("id")] == ["rollback", "release", "rollback"]


def test_nothing_to_roll_back_to_changes_nothing():
    output = shelf.make_output()
    shelf.stock(many(1))
    issue(output)
    with pytest.raises(NothingToRollBackTo):
        actions.roll_back(output, actor="eva", at=NOW)
    assert (served(output), Output.objects.get().held) == (1, False)


def test_expired_edition_answers_410_and_the_newest_three_stay(client):
    output = shelf.make_output(keep_days=1)
    for n in range(5):
        shelf.stock(many(1, f"name {n}"))
        issue(output, at=NOW + timedelta(minutes=n))
    collect(at=NOW + timedelta(days=2), grace=0)
    kept = Edition.objects.filter(artefacts__isnull=False).order_by("number")
    assert [edition.number for edition in kept] == [3, 4, 5]
    assert client.get("/out/list/editions/1/list.en.txt").status_code == 410
    assert len(list(store.stored())) == 7  # files, frozen sets, and their one list of products
    for link in EditionArtefact.objects.all():
        assert store.digest_of(store.path_of(link.artefact_id)) == link.artefact_id


def test_what_is_served_survives_a_lost_database(client, monkeypatch):
    from django.db import DatabaseError

    from syndication.api import artefacts
    from syndication.models import ChannelSequence

    shelf.stock(many(1))
    ChannelSequence.objects.update(contexts={"audiences": [["consumer", True]]})
    issue(shelf.make_output())

    def gone(*_args, **_kwargs):
        raise DatabaseError

    monkeypatch.setattr(artefacts, "current_file", gone)
    assert client.get("/out/list/list.en.txt").getvalue() == b"list 1\nA-1;one;10\n"
