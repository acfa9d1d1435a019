"""The demo catalogue loaded by the importer that everybody uses."""

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from pim.actions.imports import ImportOptions, import_catalog
from pim.content.actor import Actor
from pim.models import Asset, JobLine, LogEntry, Product, Version
from syndication.actions.listings import upkeep
from syndication.models import Listing, ListingBody

pytestmark = pytest.mark.django_db
FOLDER = settings.BASE_DIR / "pim" / "demo" / "catalogue"
AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
COUNTS = {
    "locales": 7,
    "currencies": 3,
    "audiences": 3,
    "measurement_families": 8,
    "attribute_groups": 7,
    "reference_entities": 2,
    "categories": 25,
    "price_lists": 4,
    "channels": 4,
    "attributes": 52,
    "options": 38,
    "families": 5,
    "family_variants": 6,
    "association_types": 3,
    "group_types": 1,
    "groups": 3,
    "reference_records": 24,
    "assets": 100,
    "product_models": 22,
    "products": 63,
    "prices": 313,
    "availability": 63,
}


def load():
    return import_catalog(
        FOLDER, actor=Actor("test", "import"), at=AT, options=ImportOptions(publish=True)
    )


@pytest.fixture(scope="module")
def run(django_db_setup, django_db_blocker, tmp_path_factory):
    """The catalogue, loaded once; what a test does to it is taken back behind it."""
    folder = tmp_path_factory.mktemp("demo")
    with (
        django_db_blocker.unblock(),
        override_settings(ASSET_ROOT=folder / "assets"),
        transaction.atomic(),
    ):
        yield load()
        transaction.set_rollback(True)


def outcomes(run, outcome: str) -> dict[str, int]:
    return {kind: c[outcome] for kind, c in run.counts.items() if c.get(outcome)}


def test_everything_is_created_and_nothing_refused(run):
    assert list(JobLine.objects.values_list("file", "line", "code")) == []
    assert run.state == "done"
    assert {k: v for k, v in outcomes(run, "created").items() if k in COUNTS} == COUNTS
    assert outcomes(run, "refused") == {}
    assert Product.objects.filter(version=None).count() == 0
    assert Asset.objects.filter(kind="document").count() == 24


def test_a_second_load_changes_nothing(run):
    before = (Version.objects.count(), LogEntry.objects.count())
    again = load()
    assert outcomes(again, "created") == {}
    assert outcomes(again, "changed") == {}
    assert (Version.objects.count(), LogEntry.objects.count()) == before


def test_only_the_unfinished_knife_is_withheld(run):
    upkeep(at=AT)
    withheld = Listing.objects.filter(state="withheld")
    assert set(withheld.values_list("identifier", flat=True)) == {"LINKKU"}
    assert set(withheld.values_list("channel", flat=True)) == {
        "web",
        "print",
        "marketplace",
        "kiosk",
    }
    live = Listing.objects.filter(state="live", channel="web", audience="consumer", locale="pl")
    assert live.count() == 84


def test_missing_polish_text_falls_back_to_english(run):
    upkeep(at=AT)
    values = body("terassi", locale="pl")["values"]
    assert values["short_description"][1:] == ["fallback:en", "en"]
    assert values["name"][1:] == ["own", "pl"]


def test_trade_and_service_values_stay_with_their_audience(run):
    upkeep(at=AT)
    limited = {"pack_quantity", "customs_tariff", "reseller_note", "service_note", "spare_parts"}
    seen = {a: set(body("revontuli", audience=a)["values"]) & limited for a in AUDIENCES}
    assert seen == {
        "consumer": set(),
        "technician": {"service_note", "spare_parts"},
        "reseller": {"pack_quantity", "customs_tariff", "reseller_note"},
    }


AUDIENCES = ("consumer", "technician", "reseller")


def test_reseller_prices_are_in_no_consumer_facts(run):
    upkeep(at=AT)
    lists = {}
    for audience in AUDIENCES:
        found = Listing.objects.get(
            channel="web", audience=audience, locale="en", identifier="REV-MOSS"
        )
        text = ListingBody.objects.get(digest=found.facts_digest).body
        lists[audience] = "reseller_eur" in text
    assert lists == {"consumer": False, "technician": False, "reseller": True}


def body(identifier: str, *, locale: str = "en", audience: str = "consumer") -> dict:
    import json

    found = Listing.objects.get(
        channel="web", audience=audience, locale=locale, identifier=identifier
    )
    return json.loads(ListingBody.objects.get(digest=found.digest).body)
