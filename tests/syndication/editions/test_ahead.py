"""Rendering ahead: idle workers make what the next edition needs; nobody sees it until then."""

from datetime import UTC, datetime, timedelta

import pytest

from syndication.actions.collect import collect
from syndication.actions.editions import issue_edition, run, run_due_editions, run_edition, sweep
from syndication.actions.schedule import ChangeWatch
from syndication.models import Edition, EditionArtefact, Fragment, OutboxEntry, Output, Pointer
from tests.factories import shelf

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
LATER = timedelta(seconds=10)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick_look(monkeypatch):
    monkeypatch.setattr(run, "LOOK_SECONDS", 0)


def costly(**fields) -> Output:
    return shelf.make_output(kind="numbered_list", **fields)


def watched(*, watch: ChangeWatch | None = None, at=NOW) -> list[Edition]:
    """Return what is queued once the channel has been quiet for a while."""
    watch = watch or ChangeWatch()
    return watch.prepare_changed(at=at) + watch.prepare_changed(at=at + LATER)


def issued(output: Output) -> Edition:
    (edition,) = issue_edition(output, actor="anna", at=NOW)
    assert run_edition(edition.pk)
    return Edition.objects.get(pk=edition.pk)


def work(edition: Edition) -> list[int]:
    return [edition.counts[name] for name in ("rendered", "reused", "added", "changed")]


def test_the_edition_after_a_quiet_hour_renders_nothing():
    output = costly()
    shelf.stock({"A-1": "one", "A-2": "refused"})
    (prepared,) = watched()
    run_due_editions()
    prepared.refresh_from_db()
    assert (prepared.state, prepared.cause, Fragment.objects.count()) == ("superseded", "", 2)
    edition = issued(output)
    assert edition.state == "issued_with_warnings", edition.cause
    assert work(edition) == [0, 2, 2, 0]
    assert [e.code for e in edition.item_errors.all()] == ["no_name"]


def test_a_change_is_rendered_ahead_and_counted_by_the_next_edition():
    output, watch = costly(), ChangeWatch()
    shelf.stock({"A-1": "one", "A-2": "two"})
    issued(output)
    shelf.stock({"A-1": "one", "A-2": "new", "A-3": "three"})
    watched(watch=watch)
    run_due_editions()
    assert work(issued(output)) == [0, 3, 1, 1]


def test_what_is_prepared_is_no_edition():
    output = costly()
    shelf.stock({"A-1": "one"})
    watched()
    run_due_editions()
    assert (Edition.objects.count(), output.editions.count(), Edition.every.count()) == (0, 0, 1)
    assert (Pointer.objects.count(), EditionArtefact.objects.count()) == (0, 0)
    assert issued(output).number == 1


def test_nothing_is_prepared_twice():
    costly(locales=("en", "fi"))
    shelf.stock({"A-1": "one"}, locales=("en", "fi"))
    watch = ChangeWatch()
    assert [e.locale for e in watched(watch=watch)] == ["en", "fi"]
    run_due_editions()
    assert watched(watch=watch, at=NOW + 2 * LATER) == []
    assert OutboxEntry.objects.filter(kind="bell").count() == 2


def test_nothing_is_prepared_that_an_edition_shows_or_will_show():
    output = costly()
    shelf.stock({"A-1": "one"})
    issue_edition(output, actor="anna", at=NOW)
    assert watched() == []
    run_due_editions()
    assert watched() == []


def test_other_options_are_prepared_again():
    output, watch = costly(), ChangeWatch()
    shelf.stock({"A-1": "one"})
    watched(watch=watch)
    run_due_editions()
    Output.objects.filter(pk=output.pk).update(options={"environment": "other"})
    assert len(watched(watch=watch, at=NOW + 2 * LATER)) == 1
    run_due_editions()
    output.refresh_from_db()
    assert work(issued(output)) == [0, 1, 1, 0]


@pytest.mark.parametrize("how", ["cheap", "disabled", "switched off", "unquiet"])
def test_only_costly_outputs_are_prepared_and_only_in_quiet(settings, how):
    output = costly() if how != "cheap" else shelf.make_output()
    shelf.stock({"A-1": "one"})
    settings.RENDER_AHEAD = how != "switched off"
    Output.objects.filter(pk=output.pk).update(enabled=how != "disabled")
    watch = ChangeWatch()
    watch.prepare_changed(at=NOW)
    if how == "unquiet":
        shelf.stock({"A-1": "two"})
    assert watch.prepare_changed(at=NOW + LATER) == []
    assert Edition.every.count() == 0


def test_an_edition_that_waits_goes_first():
    output = costly(options={"nap": 0.2})
    shelf.stock({f"A-{n}": "one" for n in range(1, 10)})
    (prepared,) = watched()
    (edition,) = issue_edition(output, actor="anna", at=NOW)
    assert run_edition(prepared.pk)  # gives way at once
    prepared.refresh_from_db()
    assert (prepared.state, prepared.attempt) == ("queued", 0)
    run_due_editions()
    edition.refresh_from_db()
    prepared.refresh_from_db()
    assert (edition.state, prepared.state) == ("issued", "superseded")
    assert edition.finished_at <= prepared.finished_at


def test_a_preparation_whose_worker_is_lost_is_swept_and_done_again():
    costly()
    shelf.stock({"A-1": "one"})
    (prepared,) = watched()
    Edition.every.update(state="running", attempt=1, lease_until=NOW - LATER, fence=1)
    assert sweep(at=NOW) == 1
    run_due_editions()
    prepared.refresh_from_db()
    assert (prepared.state, Fragment.objects.count()) == ("superseded", 1)


def test_a_preparation_that_fails_is_not_tried_again_until_something_changes():
    costly()
    shelf.stock({"A-1": "one"})
    watch = ChangeWatch()
    (prepared,) = watched(watch=watch)
    Edition.every.update(state="failed")
    assert watched(watch=watch, at=NOW + 2 * LATER) == []
    shelf.stock({"A-1": "two"})
    assert [e.pk for e in watched(watch=watch, at=NOW + 4 * LATER)] == [prepared.pk]


def test_collecting_leaves_what_was_prepared(store_root):
    output = costly()
    shelf.stock({"A-1": "one"})
    watched()
    run_due_editions()
    collect(at=NOW, grace=-1)
    assert work(issued(output)) == [0, 1, 1, 0]
