"""An edition made from what changed since the last is, byte for byte, one made from nothing."""

import random

import pytest

from syndication import store
from syndication.actions.editions import run
from syndication.actions.editions.freeze import freeze
from syndication.models import ChannelSequence, Edition, Fragment, FragmentSet, Listing, Pointer
from tests.factories import shelf

from .test_run import figures, issue, text_of

pytestmark = pytest.mark.django_db
NAMES = {f"A-{n}": "one" for n in (2, 3, 5, 8, 13, 21)}
COUNTS = ("items_in", "items", "excluded", "excluded_by", "issued", "item_errors", "warnings_by")


@pytest.fixture
def full(monkeypatch):
    """Count the full freezes."""
    taken = []
    monkeypatch.setattr(run, "freeze", lambda *a, **k: taken.append(1) or freeze(*a, **k))
    return taken


def advance() -> int:
    """Draw the channel's next number."""
    sequence = ChannelSequence.objects.get(channel="shop")
    sequence.value += 1
    sequence.save()
    return sequence.value


def change(name: str | None, identifier: str, **how):
    """Write one listing as the upkeep does: under a new number; None leaves a tombstone."""
    number = advance()
    if name is None:
        rows = Listing.objects.filter(identifier=identifier, state="live")
        rows.update(state="removed", digest="", facts_digest="", sequence=number)
    else:
        shelf.put(identifier, name, **how)


def result(edition, counts=COUNTS):
    return (
        edition.frozen,
        edition.products,
        text_of(edition),
        [edition.counts[name] for name in counts],
    )


def forget_everything():
    for model in (Pointer, Edition, Fragment, FragmentSet):
        model.objects.all().delete()


STEPS = {
    "add before all": [("one", "A-1")],
    "add between": [("one", "A-4"), ("one", "A-9")],
    "add behind all": [("one", "A-34")],
    "change the first": [("two", "A-2")],
    "change two that adjoin": [("two", "A-3"), ("three", "A-5")],
    "change the last": [("two", "A-21")],
    "change and change back": [("two", "A-5"), ("one", "A-5")],
    "remove the first": [(None, "A-2")],
    "remove the last": [(None, "A-21")],
    "remove and add again": [(None, "A-8"), ("one", "A-8")],
    "refuse": [("refused", "A-8")],
    "warn": [("doubtful", "A-13")],
    "all at once": [("new", "A-1"), (None, "A-3"), ("two", "A-8"), ("new", "A-9"), (None, "A-21")],
    "remove all but one": [(None, f"A-{n}") for n in (2, 3, 5, 8, 13)],
}


@pytest.mark.parametrize("steps", STEPS.values(), ids=STEPS)
def test_patched_edition_is_a_full_one(steps, full):
    output = shelf.make_output(guard={"enabled": False})
    shelf.stock(NAMES)
    issue(output)
    for name, identifier in steps:
        change(name, identifier)
    patched = issue(output)
    assert len(full) == 1
    found, frozen = result(patched), store.path_of(patched.frozen).read_bytes()
    forget_everything()
    whole = issue(output)
    assert len(full) == 2
    assert found == result(whole)
    assert frozen == store.path_of(whole.frozen).read_bytes()


def test_withdrawn_item_is_out_and_counted_as_a_full_freeze_counts_it(full):
    output = shelf.make_output(guard={"enabled": False})
    shelf.stock(NAMES)
    change("one", "A-1", state="withheld", reasons=[{"code": "never_shown"}])
    issue(output)
    change("one", "A-5", state="withheld", reasons=[{"code": "missing_value"}])
    patched = issue(output)
    assert patched.counts["excluded_by"] == {
        "withheld:never_shown": 1,
        "withheld:missing_value": 1,
    }
    found = result(patched)
    forget_everything()
    assert found == result(issue(output))
    assert len(full) == 2


def test_reason_that_changes_without_a_number_is_counted_anew(full):
    output = shelf.make_output()
    shelf.stock(NAMES)
    shelf.put("A-1", "one", state="withheld", reasons=[{"code": "first"}])
    issue(output)
    Listing.objects.filter(identifier="A-1").update(reasons=[{"code": "second"}], sequence=0)
    edition = issue(output)
    assert edition.counts["excluded_by"] == {"withheld:second": 1}
    assert len(full) == 1


def test_item_that_becomes_a_model_leaves_the_set(full):
    output = shelf.make_output(guard={"enabled": False})
    shelf.stock(NAMES)
    issue(output)
    Listing.objects.filter(identifier="A-5").update(role="model", sequence=advance())
    edition = issue(output)
    assert figures(edition, "items_in", "issued", "removed") == [5, 5, 1]
    assert len(full) == 1


def test_many_editions_one_after_another_are_what_full_ones_would_be(full):
    chance = random.Random(7)
    output = shelf.make_output(guard={"enabled": False})
    shelf.stock(NAMES)
    issue(output)
    for _round in range(8):
        for number in chance.sample(range(1, 25), 5):
            change(chance.choice(["one", "two", "refused", None]), f"A-{number}")
        patched = issue(output)
    assert len(full) == 1
    found = result(patched)
    forget_everything()
    assert found == result(issue(output))


def test_several_contexts_are_told_apart(full):
    output = shelf.make_output()
    shelf.stock(NAMES, locales=("en", "fi"))
    issue(output)
    change("kaksi", "A-5", locale="fi")
    edition = issue(output)
    assert figures(edition, "changed", "unchanged") == [0, 6]
    assert len(full) == 1


def test_nothing_changed_reads_no_set_and_writes_none(full, monkeypatch):
    output = shelf.make_output()
    shelf.stock(NAMES)
    first = issue(output)
    monkeypatch.setattr(store, "adopt", None)
    second = issue(output)
    assert (second.frozen, second.state, len(full)) == (first.frozen, "issued", 1)


LOST = {
    "tombstones below the horizon": lambda edition: ChannelSequence.objects.update(
        horizon=edition.data_version + 1
    ),
    "numbers that began anew": lambda edition: Edition.objects.update(
        data_version=edition.data_version + 5
    ),
    "a set that is gone": lambda edition: store.path_of(edition.frozen).unlink(),
    "products that are gone": lambda edition: store.path_of(edition.products).unlink(),
    "a set of other bytes": lambda edition: _spoil(store.path_of(edition.frozen)),
    "a row gone without a tombstone": lambda edition: Listing.objects.filter(
        identifier="A-8"
    ).delete(),
    "another environment": lambda edition: Edition.objects.update(environment="other"),
}


def _spoil(path):
    path.chmod(0o600)
    path.write_bytes(path.read_bytes().replace(b"A-2", b"A-9"))


@pytest.mark.parametrize("lose", LOST.values(), ids=LOST)
def test_full_freeze_where_the_difference_cannot_be_trusted(lose, full):
    output = shelf.make_output(guard={"enabled": False})
    shelf.stock(NAMES)
    lose(issue(output))
    change("two", "A-3")
    edition = issue(output)
    assert len(full) == 2
    found = result(edition, ("items_in", "items", "issued"))
    forget_everything()
    assert found == result(issue(output), ("items_in", "items", "issued"))


@pytest.mark.parametrize(
    "fields",
    [
        {"selection": {"identifiers": ["A-2", "A-3"]}},
        {"locales": ("en", "fi"), "combined": True},
    ],
    ids=["a selection", "several locales in one"],
)
def test_full_freeze_where_rows_are_not_all_there_is_to_it(fields, full):
    output = shelf.make_output(**fields)
    shelf.stock(NAMES, locales=("en", "fi"))
    for _turn in range(2):
        issue_any(output)
    assert len(full) == 2


def issue_any(output):
    """Issue an output whose file is not of one locale."""
    from syndication.actions.editions import issue_edition, run_edition

    from .test_run import NOW

    for edition in issue_edition(output, actor="anna", at=NOW):
        assert run_edition(edition.pk)
