"""Facts replaced whole: set what is named, take away what is not, and stop what looks wrong."""

from datetime import UTC, datetime

import pytest

from pim.actions.facts import AvailabilityRow, PriceRow
from pim.actions.facts_replace import TooManyVanish, take_availability, take_prices
from pim.models import AvailabilityFact, Currency, LogEntry, PriceFact, PriceList
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write

pytestmark = pytest.mark.django_db
SPRING = datetime(2027, 3, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _lists():
    lamp_catalogue()
    euro = Currency.objects.get(code="EUR")
    for code in ("retail", "trade"):
        PriceList.objects.create(code=code, currency=euro)
    write(*(wish(f"P{n:02}") for n in range(40)))


def prices(*numbers: int, code="retail", amount="5", **how) -> list[PriceRow]:
    return [PriceRow(f"P{n:02}", code, amount, **how) for n in numbers]


def held(code="retail") -> list[str]:
    rows = PriceFact.objects.filter(price_list__code=code).order_by("product__identifier")
    return list(rows.values_list("product__identifier", flat=True))


def take(rows, **how):
    return take_prices(rows, actor=ANNA, at=NOW, **how)


def test_without_replace_nothing_goes():
    take(prices(1, 2))
    assert take(prices(2, 3, amount="6")).counts == {"changed": 1, "created": 1}
    assert held() == ["P01", "P02", "P03"]


def test_replacing_takes_away_what_is_not_named_in_that_list_only():
    take([*prices(1, 2), *prices(1, code="trade")])
    done = take(prices(2, 3), replace="retail")
    assert done.counts == {"unchanged": 1, "created": 1, "removed": 1}
    assert (held(), held("trade")) == (["P02", "P03"], ["P01"])


def test_prices_of_other_quantities_and_times_are_prices_of_their_own():
    take([*prices(1), *prices(1, min_quantity=10), *prices(1, valid_from=SPRING)])
    done = take([*prices(1), *prices(1, valid_from=SPRING)], replace="retail")
    assert done.counts == {"unchanged": 2, "removed": 1}


def test_a_refused_row_keeps_what_its_product_has():
    take(prices(1, 2))
    done = take([*prices(1, amount="much"), *prices(77)], replace="retail")
    assert done.counts == {"refused": 2, "removed": 1}
    assert [(line, name, r.code) for line, name, r in done.refused] == [
        (1, "P01", "bad_amount"),
        (2, "P77", "unknown_product"),
    ]
    assert held() == ["P01"]


def test_mass_vanishing_needs_somebody_to_insist():
    take(prices(*range(40)))
    before = LogEntry.objects.count()
    with pytest.raises(TooManyVanish):
        take(prices(*range(10)), replace="retail")
    assert (len(held()), LogEntry.objects.count()) == (40, before)
    assert take(prices(*range(10)), replace="retail", insist=True).counts["removed"] == 30
    assert LogEntry.objects.count() == before + 1


def test_what_comes_in_new_does_not_hide_what_vanishes():
    take(prices(*range(25)))
    write(*(wish(f"Q{n:02}") for n in range(90)))
    news = [PriceRow(f"Q{n:02}", "retail", "5") for n in range(90)]
    with pytest.raises(TooManyVanish) as caught:
        take(news, replace="retail")
    assert caught.value.params == {"count": 25, "total": 25}
    assert len(held()) == 115


def test_availability_is_replaced_by_place():
    def rows(*numbers, place=""):
        return [AvailabilityRow(f"P{n:02}", "in_stock", place) for n in numbers]

    take_availability([*rows(1, 2), *rows(1, place="Oulu")], actor=ANNA, at=NOW)
    done = take_availability(rows(2), replace="", actor=ANNA, at=NOW)
    assert done.counts == {"unchanged": 1, "removed": 1}
    left = AvailabilityFact.objects.order_by("product_id", "place")
    assert list(left.values_list("product__identifier", "place")) == [("P01", "Oulu"), ("P02", "")]
