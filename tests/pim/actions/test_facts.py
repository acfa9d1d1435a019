"""Facts: only what differs is written, and the log hears of exactly that."""

from datetime import date, timedelta

import pytest

from pim import published
from pim.actions.facts import AvailabilityRow, PriceRow, set_availability, set_prices
from pim.models import (
    AvailabilityFact,
    Channel,
    Currency,
    LogEntry,
    PriceFact,
    PriceList,
)
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write

pytestmark = pytest.mark.django_db
HOW = {"actor": ANNA, "at": NOW}


@pytest.fixture
def ids():
    lamp_catalogue()
    for code, tax in (("retail", True), ("sale", False)):
        made = PriceList.objects.create(
            code=code, currency=Currency.objects.get(code="EUR"), tax_included=tax
        )
        Channel.objects.get(code="web").price_lists.add(made)
    return [r.product_id for r in write(wish("A"), wish("B"))]


def outcomes(results) -> list[str]:
    return [r.outcome for r in results]


def facts(ids, *, channel="web", at=NOW) -> dict:
    return published.facts(ids, channel, "consumer", at)


def test_prices_are_created_changed_left_alone_and_removed(ids):
    rows = [PriceRow("A", "retail", "9.90"), PriceRow("B", "retail", 5, min_quantity=10)]
    assert outcomes(set_prices(rows, **HOW)) == ["created", "created"]
    assert outcomes(set_prices(rows, **HOW)) == ["unchanged", "unchanged"]
    assert LogEntry.objects.count() == 1
    rows = [PriceRow("A", "retail", "8"), PriceRow("B", "retail", None, min_quantity=10)]
    assert outcomes(set_prices(rows, **HOW)) == ["changed", "removed"]
    assert list(PriceFact.objects.values_list("product_id", "amount")) == [(ids[0], 8)]
    scopes = LogEntry.objects.order_by("seq").values_list("kind", "scope")
    assert list(scopes) == [("facts", {"products": sorted(ids)})] * 2


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (PriceRow("X", "retail", "1"), "unknown_product"),
        (PriceRow("A", "nope", "1"), "unknown_code"),
        (PriceRow("A", "retail", "cheap"), "bad_amount"),
        (PriceRow("A", "retail", "-1"), "bad_amount"),
        (PriceRow("A", "retail", "1", min_quantity=0), "bad_min_quantity"),
        (PriceRow("A", "retail", "1", valid_from=NOW, valid_to=NOW), "bad_valid_to"),
    ],
)
def test_a_bad_price_is_refused_and_the_others_are_set(ids, row, code):
    bad, good = set_prices([row, PriceRow("B", "retail", "2")], **HOW)
    assert (bad.outcome, bad.refusal.code, good.outcome) == ("refused", code, "created")
    assert PriceFact.objects.count() == 1


def test_availability_is_set_by_place(ids):
    row = AvailabilityRow("A", "preorder", quantity="3", available_on=date(2026, 12, 1))
    assert outcomes(set_availability([row], **HOW)) == ["created"]
    assert outcomes(set_availability([row], **HOW)) == ["unchanged"]
    assert facts(ids) == {
        ids[0]: {
            "prices": [],
            "availability": {"state": "preorder", "quantity": "3", "available_on": "2026-12-01"},
        }
    }
    bad = set_availability([AvailabilityRow("A", "maybe")], **HOW)[0]
    assert bad.refusal.code == "bad_state"
    assert outcomes(set_availability([AvailabilityRow("A", "")], **HOW)) == ["removed"]
    assert AvailabilityFact.objects.count() == 0


def test_only_prices_valid_now_and_of_the_channel_are_seen(ids):
    hour = timedelta(hours=1)
    set_prices(
        [
            PriceRow("A", "retail", "10"),
            PriceRow("A", "sale", "8.50", valid_from=NOW, valid_to=NOW + hour),
            PriceRow("A", "sale", "7", valid_from=NOW + hour),
        ],
        **HOW,
    )
    now, later = facts(ids[:1])[ids[0]]["prices"], facts(ids, at=NOW + hour)[ids[0]]["prices"]
    assert [(p["amount"], p["price_list"], p["tax_included"]) for p in now] == [
        ("8.5", "sale", False),
        ("10", "retail", True),
    ]
    assert [p["amount"] for p in later] == ["7", "10"]
    assert facts(ids, channel="print") == {}
    assert published.fact_boundaries(NOW - hour, NOW) == {ids[0]}
    assert published.fact_boundaries(NOW, NOW + hour) == {ids[0]}
    assert published.fact_boundaries(NOW + hour, NOW + 2 * hour) == set()
