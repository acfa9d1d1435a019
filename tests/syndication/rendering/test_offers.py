"""Prices: the fact first, sales only where they end, amounts in the currency's minor units."""

import pytest

from syndication.contract import Facts
from syndication.rendering.offers import Price, availability, money, price, tiers


def fact(amount, currency="EUR", **fields):
    base = {"currency": currency, "amount": amount, "min_quantity": 1, "price_list": "x"}
    return {**base, "tax_included": True, "valid_to": None, **fields}


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("12.5", "EUR", "12.50"),
        ("1500.4", "JPY", "1500"),
        ("1.2346", "KWD", "1.235"),
        ("0", "EUR", ""),
        ("0.001", "EUR", ""),
        ("-3", "EUR", ""),
        ("nonsense", "EUR", ""),
        ("NaN", "EUR", ""),
    ],
)
def test_money_has_the_digits_of_its_currency(amount, currency, text):
    assert money(amount, currency) == text


def test_fact_wins_over_the_list_price():
    assert price(Facts((fact("9"),)), listed={"EUR": "20"}, currency="EUR") == Price("9.00", "EUR")


def test_list_price_where_there_is_no_fact():
    assert price(Facts(), listed={"EUR": "20"}, currency="EUR") == Price("20.00", "EUR")


def test_no_price_in_the_currency_is_none():
    assert price(Facts((fact("9", "DKK"),)), listed={"PLN": "1"}, currency="EUR") is None


def test_lower_price_that_ends_is_a_sale_of_the_standing_price():
    facts = Facts((fact("9", valid_to="2026-12-24"), fact("15")))
    found = price(facts, listed={"EUR": "20"}, currency="EUR")
    assert found == Price("9.00", "EUR", regular="15.00", valid_to="2026-12-24")


def test_higher_price_that_ends_is_no_sale():
    found = price(Facts((fact("25", valid_to="2026-12-24"),)), listed={"EUR": "20"}, currency="EUR")
    assert (found.amount, found.regular) == ("25.00", "")


def test_quantity_prices_are_tiers_and_not_the_price_of_one():
    facts = Facts((fact("8", min_quantity=10), fact("9"), fact("7", min_quantity=100)))
    assert price(facts, listed=None, currency="EUR").amount == "9.00"
    assert tiers(facts, currency="EUR") == [(10, "8.00"), (100, "7.00")]


def test_unknown_availability_is_empty():
    assert availability(Facts()) == ""
    assert availability(Facts((), {"state": "sometimes"})) == ""
    assert availability(Facts((), {"state": "in_stock"})) == "in_stock"
