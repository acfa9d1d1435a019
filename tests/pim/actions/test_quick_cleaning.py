"""The quick way of cleaning says exactly what the kinds say, whatever comes in."""

from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pim.actions.writing.quick import quick_cleaner
from pim.content.kinds import clean
from pim.content.refusals import Refused
from pim.content.structure import AttributeDef, MeasurementDef, OptionDef, Structure

UNITS = {"GRAM": {"factor": "0.001"}, "KILOGRAM": {"factor": "1"}}
STRUCTURE = Structure(
    currencies=frozenset({"EUR", "USD"}),
    options={"a": {code: OptionDef(code) for code in ("red", "blue", "1")}},
    measurements={"Weight": MeasurementDef("Weight", "KILOGRAM", UNITS)},
)
DECIMALS = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False).map(str),
    st.decimals(-999, 999, places=3, allow_nan=False).map(str),
    st.integers().map(str),
    st.sampled_from(["-0", "-0.0", "0.0", "00", "1.", ".5", "+1", "1e3", " 1", "1,5", "x", ""]),
)
TEXTS = st.one_of(
    st.text(max_size=12), st.sampled_from(["A\u030a", " a", "a ", "a\nb", "x" * 300, "\x00a"])
)
PARTS = st.fixed_dictionaries(
    {}, optional={"amount": DECIMALS | st.none(), "unit": st.sampled_from(["GRAM", "MILE", ""]),
                  "currency": st.sampled_from(["EUR", "USD", "XXX"]), "more": TEXTS},
)  # fmt: skip
RAW = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), TEXTS, DECIMALS, PARTS,
    st.dictionaries(st.sampled_from(["EUR", "USD", "XXX", ""]), DECIMALS | st.none(), max_size=3),
    st.lists(PARTS, max_size=3), st.lists(st.sampled_from(["red", "blue", "green", "1"])),
    st.lists(TEXTS | st.integers(), max_size=2), st.dates().map(str),
    st.sampled_from(["red", "2026-02-30", "2026-02-03T10:00:00+00:00", {"$state": "empty"}]),
)  # fmt: skip
KINDS = ("text", "textarea", "number", "measurement", "price", "boolean", "date", "select",
         "multiselect", "richtext")  # fmt: skip


def outcome(cleaner, raw):
    try:
        return cleaner(raw)
    except Refused as refusal:
        return (refusal.code, refusal.field)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rules", [{}, {"max_length": 5, "min": "2", "decimals": False}])
def test_the_quick_way_says_what_the_kind_says(kind, rules):
    attribute = AttributeDef(
        "a", kind, rules=rules, measurement_family="Weight", default_unit="GRAM"
    )

    def slow(raw):
        return clean(attribute, raw, STRUCTURE)

    quick = quick_cleaner(attribute, STRUCTURE, slow=slow)

    @settings(max_examples=150, deadline=None, database=None)
    @given(RAW)
    def same(raw):
        one, other = outcome(quick, raw), outcome(slow, raw)
        assert (one, type(one)) == (other, type(other))

    same()


def test_usual_forms_do_not_take_the_slow_way():
    calls = []
    usual = {
        "text": "Lamp", "number": "12.50", "boolean": True, "select": "red", "date": "2026-01-31",
        "multiselect": ["red", "blue"], "measurement": {"amount": "2.0", "unit": "GRAM"},
        "price": [{"amount": "9.90", "currency": "EUR"}],
    }  # fmt: skip
    for kind, raw in usual.items():
        attribute = SimpleNamespace(
            code="a", kind=kind, rules={}, measurement_family="Weight", default_unit=""
        )
        quick_cleaner(attribute, STRUCTURE, slow=calls.append)(raw)
    assert calls == []
