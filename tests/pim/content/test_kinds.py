"""Every attribute kind has one canonical form, and refuses what it cannot hold."""

from datetime import date
from decimal import Decimal

import pytest

from pim.content import kinds
from pim.content.kinds.scalars import convert
from pim.content.refusals import InvalidValue, Refused
from pim.content.states import state_of
from tests.factories.structures import measurement_family, small_structure

S = small_structure()
UUID = "0b0d8b0e-3a58-4a08-9a57-3f2f0a3f7f10"

CANONICAL = [
    ("sku", " A-1 ", "A-1"),
    ("name", "  Two\r\nlines ", "Two lines"),
    ("name", "e\u0301\x07", "é"),
    ("name", 7, "7"),
    ("notes", "a\r\nb\rc", "a\nb\nc"),
    ("story", "<p onclick=x>Hi<script>alert(1)</script></p>", "<p>Hi</p>"),
    ("story", '<a href="javascript:x">a</a>', '<a rel="noopener nofollow">a</a>'),
    ("story", "<p> </p>", None),
    ("pieces", "12.500", "12.5"),
    ("pieces", 1200, "1200"),
    ("pieces", "-0.0", "0"),
    ("pieces", "1e3", "1000"),
    ("heat", "20.50", {"amount": "20.5", "unit": "CELSIUS"}),
    ("heat", {"amount": 300, "unit": "KELVIN"}, {"amount": "300", "unit": "KELVIN"}),
    ("heat", {"amount": "", "unit": "KELVIN"}, None),
    ("price", {"EUR": "9.90", "DKK": ""}, {"EUR": "9.9"}),
    ("price", [{"amount": "15.5", "currency": "EUR"}], {"EUR": "15.5"}),
    ("washable", "Yes", True),
    ("washable", 0, False),
    ("since", "2026-11-22T10:00:00Z", "2026-11-22"),
    ("since", date(2026, 1, 2), "2026-01-02"),
    ("color", "red", "red"),
    ("care", "warm,cold,warm", ["cold", "warm"]),
    ("photo", "lamp-front", ["lamp-front"]),
    ("related", [UUID.upper()], [UUID]),
    ("maker", "aino", ["aino"]),
    ("sizes", [{"size": "M", "chest": "96.0"}, {}], [{"size": "M", "chest": "96"}]),
    (
        "packs",
        {"case": {"quantity": "6", "gtin": "1 6429999 00101 9"}},
        [
            {"level": "each", "base_units": 1},
            {
                "level": "case",
                "gtin": "16429999001019",
                "contains": "each",
                "quantity": 6,
                "base_units": 6,
            },
        ],
    ),
    ("name", {"$state": "empty"}, {"$state": "empty"}),
    ("name", "", None),
    ("care", [], None),
]

REFUSED = [
    ("sku", "a;b", "bad_identifier"),
    ("name", ["x"], "not_a_text"),
    ("name", "x" * 256, "too_long"),
    ("pieces", "12,5", "not_a_number"),
    ("pieces", "NaN", "not_a_number"),
    ("pieces", "1e999", "not_a_number"),
    ("pieces", True, "not_a_number"),
    ("heat", {"amount": "1", "unit": "STONE"}, "unknown_code"),
    ("price", {"USD": "1"}, "unknown_code"),
    ("price", {"EUR": "-1"}, "negative"),
    ("price", "12", "not_a_price"),
    ("washable", "maybe", "not_a_boolean"),
    ("since", "22.11.2026", "not_a_date"),
    ("color", "pink", "unknown_option"),
    ("care", ["hot"], "unknown_option"),
    ("photo", ["a", "b"], "too_many"),
    ("related", "SKU-1", "not_a_uuid"),
    ("maker", "nobody", "unknown_record"),
    ("sizes", [{"waist": "1"}], "unknown_column"),
    ("sizes", [{"chest": "-1"}], "too_small"),
    ("packs", {"case": {"quantity": "0"}}, "contains_nothing"),
    ("name", {"$state": "gone"}, "unknown_state"),
]


@pytest.mark.parametrize(("code", "raw", "data"), CANONICAL)
def test_clean_gives_the_canonical_form(code, raw, data):
    assert kinds.clean(S.attributes[code], raw, S) == data


@pytest.mark.parametrize(("code", "raw", "data"), [c for c in CANONICAL if c[2] is not None])
def test_cleaning_twice_changes_nothing(code, raw, data):
    assert kinds.clean(S.attributes[code], data, S) == data


@pytest.mark.parametrize(("code", "raw", "reason"), REFUSED)
def test_clean_refuses_and_names_the_attribute(code, raw, reason):
    with pytest.raises(Refused) as refused:
        kinds.clean(S.attributes[code], raw, S)
    assert (refused.value.code, refused.value.field) == (reason, code)
    assert "%(" not in refused.value.say()


@pytest.mark.parametrize(
    ("rules", "raw", "reason"),
    [
        ({"decimals": False}, "1.5", "decimals"),
        ({"negative": False}, "-1", "negative"),
        ({"min": "2"}, "1", "too_small"),
        ({"max": "2"}, "3", "too_large"),
    ],
)
def test_number_rules_refuse(rules, raw, reason):
    from dataclasses import replace

    attribute = replace(S.attributes["pieces"], rules=rules)
    with pytest.raises(InvalidValue) as refused:
        kinds.clean(attribute, raw, S)
    assert refused.value.code == reason


def test_pattern_understands_delimiters_and_flags():
    from dataclasses import replace

    attribute = replace(S.attributes["name"], rules={"pattern": "/^[a-z]+$/i"})
    assert kinds.clean(attribute, "Lamp", S) == "Lamp"
    with pytest.raises(InvalidValue) as refused:
        kinds.clean(attribute, "Lamp 1", S)
    assert refused.value.code == "pattern"


def test_every_kind_has_plain_text_and_an_index():
    samples = {S.attributes[c].kind: d for c, _raw, d in CANONICAL if d and not state_of(d)}
    assert set(samples) == set(kinds.CODES)
    for code, data in samples.items():
        kind = kinds.kind(code)
        assert isinstance(kind.plain(data), str)
        assert all(len(text) <= 255 for text, _number in kind.index(data))


def test_conversion_uses_factor_and_offset():
    family = measurement_family()
    assert convert(Decimal("20"), unit="CELSIUS", to="KELVIN", family=family) == Decimal("293.15")
    assert convert(Decimal("293.15"), unit="KELVIN", to="CELSIUS", family=family) == Decimal("20")
    assert convert(Decimal("5"), unit="KELVIN", to="KELVIN", family=family) == Decimal("5")
