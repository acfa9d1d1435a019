"""Versions that kept editions show stay, also when they are old; the others go."""

from array import array
from datetime import UTC, datetime, timedelta

import pytest

from pim.actions.retention import Old, Rule, dispensable
from pim.models import LogEntry, Version
from syndication import store
from syndication.actions.collect import collect
from syndication.actions.editions import issue_edition, run_edition
from syndication.actions.listings import upkeep
from syndication.actions.listings_log import pull_publication_log
from syndication.models import Edition, EditionArtefact, Output, StaleMark
from syndication.queries.listings_behind import MARGIN, listed_up_to
from syndication.queries.versions_shown import Shown
from tests.factories.lamps import build_structure, names, publish

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _structure(settings):
    build_structure()
    settings.VERSIONS_KEEP_LAST, settings.VERSIONS_KEEP_DAYS = 1, 0


def published(identifier, text, *, ago: int, **fields):
    """Publish a version so many days ago."""
    product = publish(identifier, names(en=text, fi=text), **fields)
    at = NOW - ago * DAY
    Version.objects.filter(pk=product.version_id).update(at=at)
    LogEntry.objects.filter(product_id=product.pk).order_by("-seq")[:1].get()
    newest = LogEntry.objects.order_by("-seq").first()
    LogEntry.objects.filter(pk=newest.pk).update(at=at)
    return product


def listed(*, ago: int):
    upkeep(at=NOW - ago * DAY)


def issued(*, ago: int, **fields) -> Edition:
    """Issue an edition so many days ago."""
    at = NOW - ago * DAY
    given = {"name": "List", "kind": "plain_list", "channel": "web", "audience": "consumer"}
    output, _ = Output.objects.get_or_create(
        code="list", defaults={**given, "locales": ["en"], **fields}
    )
    (edition,) = issue_edition(output, actor="anna", at=at)
    assert run_edition(edition.pk, clock=lambda: at)
    return Edition.objects.get(pk=edition.pk)


def going() -> list[tuple[int, int]]:
    rows = [row for batch in dispensable(Rule.of(at=NOW)) for row in batch]
    return [(row.product_id, row.number) for row in rows]


def test_version_that_a_kept_edition_shows_stays_until_its_files_have_gone():
    for text, ago in (("one", 90), ("two", 60)):
        lamp = published("A", text, ago=ago)
        other = published("B", text, ago=ago)
        listed(ago=ago)
    edition = issued(ago=50, selection={"identifiers": ["A"]})
    assert edition.state == "issued", edition.cause
    for text, ago in (("three", 30), ("four", 20)):
        published("A", text, ago=ago)
        published("B", text, ago=ago)
        listed(ago=ago)
    expected = [(lamp.pk, 1), (other.pk, 1), (other.pk, 2), (lamp.pk, 3), (other.pk, 3)]
    assert going() == expected
    EditionArtefact.objects.filter(edition=edition).delete()
    assert sorted(going()) == sorted([*expected, (lamp.pk, 2)])


def test_version_of_an_edition_that_is_not_ended_stays():
    lamp = published("A", "one", ago=60)
    listed(ago=60)
    edition = issued(ago=50, needs_approval=True)
    published("A", "two", ago=30)
    assert (edition.state, going()) == ("blocked", [])
    Edition.objects.update(state="rejected")
    EditionArtefact.objects.all().delete()
    assert going() == [(lamp.pk, 1)]


def test_version_of_a_model_stays_for_the_variant_that_an_edition_shows():
    model = {"role": "model", "family_variant": "by_color"}
    root = published("M", "one", ago=60, **model)
    published("V", "red", ago=60, parent="M")
    listed(ago=60)
    edition = issued(ago=50)
    assert edition.counts["issued"] == 1
    published("M", "two", ago=30, **model)
    assert going() == []
    EditionArtefact.objects.all().delete()
    assert going() == [(root.pk, 1)]


def test_version_that_lagging_listings_still_showed_stays():
    lamp = published("A", "one", ago=90)
    listed(ago=90)
    published("A", "two", ago=60)
    pull_publication_log(at=NOW - 59 * DAY)
    assert StaleMark.objects.get().marked_at == NOW - 60 * DAY
    edition = issued(ago=50)
    published("A", "three", ago=40)
    listed(ago=39)
    assert edition.shown_from == NOW - 60 * DAY - MARGIN
    assert going() == []
    Edition.objects.update(shown_from=NOW - 50 * DAY)
    assert going() == [(lamp.pk, 1)]


def test_listings_are_behind_what_waits_in_the_log_and_what_is_stale():
    assert listed_up_to(at=NOW) == LogEntry.objects.get().at - MARGIN
    listed(ago=0)
    assert listed_up_to(at=NOW) == NOW - MARGIN
    published("A", "one", ago=3)
    assert listed_up_to(at=NOW) == NOW - 3 * DAY - MARGIN
    pull_publication_log(at=NOW)
    assert listed_up_to(at=NOW) == NOW - 3 * DAY - MARGIN
    listed(ago=0)
    assert listed_up_to(at=NOW) == NOW - MARGIN


def test_products_of_an_edition_are_kept_with_its_files_and_collected_with_them():
    published("A", "one", ago=60)
    listed(ago=60)
    edition = issued(ago=50)
    for kept in (True, False):
        collect(at=NOW, grace=0)
        assert store.exists(edition.products) is kept
        EditionArtefact.objects.all().delete()


def test_edition_whose_products_are_lost_keeps_every_version_of_its_time():
    lamp = published("A", "one", ago=60)
    listed(ago=60)
    edition = issued(ago=50, selection={"identifiers": ["nothing"]}, guard={"enabled": False})
    published("A", "two", ago=30)
    assert going() == [(lamp.pk, 1)]
    store.remove(edition.products)
    assert going() == []


def row(since: int, until: int, *products: int) -> Old:
    return Old(1, 1, 1, NOW + since * DAY, NOW + until * DAY, products)


@pytest.mark.parametrize(
    ("since", "until", "products", "held"),
    [
        (0, 1, (7,), False),
        (0, 2, (7,), True),
        (0, 2, (6, 8), False),
        (4, 6, (7,), True),
        (5, 9, (1, 9), False),
        (5, 9, (1, 7), False),
        (4, 9, (1, 7), True),
        (9, 12, (7,), True),
        (13, 14, (7,), False),
    ],
)
def test_version_is_held_by_products_and_times(since, until, products, held):
    day = [(NOW + a * DAY, NOW + b * DAY) for a, b in ((10, 11), (1, 3), (2, 4))]
    assert Shown(array("q", [3, 7]), day).holds(row(since, until, *products)) is held
