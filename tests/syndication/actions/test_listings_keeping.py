"""Tombstones, orphan bodies and the invariants that `verify` checks."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from syndication.actions.listings import upkeep
from syndication.actions.listings_bodies import drop_orphan_bodies
from syndication.actions.listings_log import pull_publication_log
from syndication.actions.listings_sequence import begin_epoch, drop_tombstones
from syndication.actions.listings_tidy import tidy_listings
from syndication.models import ChannelSequence, Listing, ListingBody, StaleMark
from syndication.queries.verification import findings
from tests.factories import lamps
from tests.factories.lamps import NOW, names, publish, withdraw

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def structure(db):
    lamps.build_structure()


def found():
    return [(f.check, f.message) for f in findings(full=True, at=NOW)]


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_tombstones_go_after_their_time_and_raise_the_horizon():
    product = publish("L-1", names(en="Lamp"))
    publish("L-2", names(en="Lamp"))
    upkeep(at=NOW)
    withdraw(product)
    upkeep(at=NOW)
    last = Listing.objects.filter(identifier="L-1", channel="web").latest("sequence").sequence
    assert drop_tombstones(at=NOW + timedelta(days=89), days=90) == 0
    assert drop_tombstones(at=NOW + timedelta(days=91), days=90) == 10
    assert not Listing.objects.filter(identifier="L-1").exists()
    assert Listing.objects.filter(identifier="L-2").count() == 10
    assert ChannelSequence.objects.get(channel="web").horizon == last


def test_bodies_that_nobody_names_are_dropped_and_only_these():
    product = publish("L-1", names(en="Lamp"))
    lamps.price(product, "5")
    upkeep(at=NOW)
    publish("L-1", names(en="Renamed"))
    upkeep(at=NOW)
    named = {
        digest
        for row in Listing.objects.values_list("digest", "facts_digest")
        for digest in row
        if digest
    }
    assert drop_orphan_bodies() == 1
    assert set(ListingBody.objects.values_list("digest", flat=True)) == named
    assert drop_orphan_bodies() == 0


def test_tidying_is_done_once_a_day():
    product = publish("L-1", names(en="Lamp"))
    upkeep(at=NOW)
    withdraw(product)
    upkeep(at=NOW)
    much_later = NOW + timedelta(days=100)
    assert tidy_listings(at=much_later) == (10, 2)
    assert tidy_listings(at=much_later + timedelta(hours=23)) is None
    assert tidy_listings(at=much_later + timedelta(hours=24)) == (0, 0)


def test_an_epoch_is_new_each_time():
    publish("L-1", names(en="Lamp"))
    upkeep(at=NOW)
    epochs = [1]
    for seconds in (0, 0, 60):
        begin_epoch(at=NOW + timedelta(seconds=seconds))
        epochs.append(ChannelSequence.objects.get(channel="web").epoch)
    assert sorted(set(epochs)) == epochs


def test_nothing_is_found_where_all_is_well():
    publish("M", names(en="Range"), role="model", family_variant="by_color")
    publish("M-red", {"": {"color": {"": "red"}}}, parent="M")
    lamps.stock(publish("L-1", names(en="Lamp")))
    publish("L-2", names(en="Off"), enabled=False)
    withdraw(publish("L-3", names(en="Gone")))
    upkeep(at=NOW)
    assert found() == []
    assert "all invariants hold" in run("verify", "--full")


def test_what_is_stale_is_no_finding():
    publish("L-1", names(en="Lamp"))
    pull_publication_log(at=NOW)
    assert found() == []
    assert StaleMark.objects.count() == 1


@pytest.mark.parametrize(
    ("spoil", "finding"),
    [
        (
            lambda: ListingBody.objects.update(body="{}"),
            ("body_digest", "the body's sha256 is another"),
        ),
        (
            lambda: ChannelSequence.objects.filter(channel="print").update(value=0),
            ("sequence", "1 is above the counter"),
        ),
        (
            lambda: ListingBody.objects.all().delete(),
            ("body_missing", "digest names nothing"),
        ),
        (
            lambda: Listing.objects.filter(channel="print").delete(),
            ("recomputation", "is missing"),
        ),
        (
            lambda: Listing.objects.filter(channel="print").update(name="Spoilt"),
            ("recomputation", "differs in name"),
        ),
    ],
)
def test_what_is_wrong_is_found(spoil, finding):
    publish("L-1", names(en="Lamp"))
    upkeep(at=NOW)
    spoil()
    assert finding in found()
    with pytest.raises(CommandError, match="finding"):
        run("verify", "--full")


def test_rebuilding_all_mends_what_was_spoilt_and_says_what_it_did():
    publish("L-1", names(en="Lamp"))
    upkeep(at=NOW)
    Listing.objects.filter(channel="print").update(name="Spoilt")
    said = run("rebuild_listings", "--all")
    assert said.startswith("1 products, 10 listings in ")
    assert said.rstrip().endswith("1 rows written, 0 visible changes")
    assert found() == []


def test_a_channel_without_listings_cannot_be_rebuilt():
    with pytest.raises(CommandError, match="no channel 'nowhere'"):
        run("rebuild_listings", "--channel", "nowhere")
