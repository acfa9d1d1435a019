"""Packaging: its levels in canonical form, what is refused, and what is doubtful."""

import pytest

from pim.content import kinds
from pim.content.gtins import check_digit, gtin14, is_gtin
from pim.content.kinds.packaging import Packaging
from pim.content.packaging import DESCRIPTORS, LEVELS, family_of, unit_of
from pim.content.packaging_doubts import doubts
from pim.content.refusals import Refused
from pim.content.structure import AttributeDef, MeasurementDef
from tests.factories.structures import attributes, small_structure

PACK = AttributeDef("pack", "packaging")
WEIGHT = MeasurementDef(
    "Weight", "KILOGRAM", {"GRAM": {"factor": "0.001"}, "KILOGRAM": {"factor": "1"}}
)
LENGTH = MeasurementDef(
    "Length", "METER", {"CENTIMETER": {"factor": "0.01"}, "METER": {"factor": "1"}}
)
S = small_structure(attributes=attributes(PACK), measurements={"Weight": WEIGHT, "Length": LENGTH})
EACH, INNER, CASE, PALLET = (
    "6429999001012", "16429999001019", "26429999001016", "36429999001013",
)  # fmt: skip


def clean(raw, structure=S):
    return kinds.clean(PACK, raw, structure)


def cm(number):
    return {"amount": number, "unit": "CENTIMETER"}


def problems(raw):
    found = Packaging().problems(raw, PACK, S)
    return [(p.code, p.params.get("level"), p.params.get("part")) for p in found]


FULL = [
    {"level": "each", "gtin": EACH, "gross_weight": {"amount": "400", "unit": "GRAM"}},
    {"level": "inner", "gtin": INNER, "quantity": 4},
    {
        "level": "case", "gtin": CASE, "quantity": "6", "gross_weight": "10.50",
        "net_weight": {"amount": 9.6, "unit": "KILOGRAM"}, "width": cm("40"), "height": cm(30),
        "depth": cm("20"), "material": "pap20",
    },
    {"level": "pallet", "gtin": PALLET, "per_layer": 8, "layers": "5"},
]  # fmt: skip


def test_levels_come_in_canonical_form_with_their_base_units():
    assert clean(FULL) == [
        {"level": "each", "gtin": EACH, "base_units": 1,
         "gross_weight": {"amount": "400", "unit": "GRAM"}},
        {"level": "inner", "gtin": INNER, "contains": "each", "quantity": 4, "base_units": 4},
        {"level": "case", "gtin": CASE, "contains": "inner", "quantity": 6, "base_units": 24,
         "gross_weight": {"amount": "10.5", "unit": "KILOGRAM"},
         "net_weight": {"amount": "9.6", "unit": "KILOGRAM"}, "width": cm("40"),
         "height": cm("30"), "depth": cm("20"), "material": "PAP 20"},
        {"level": "pallet", "gtin": PALLET, "contains": "case", "quantity": 40,
         "base_units": 960, "per_layer": 8, "layers": 5},
    ]  # fmt: skip


def test_cleaning_twice_changes_nothing_and_base_units_are_never_taken():
    data = clean(FULL)
    assert clean(data) == data
    assert clean([{**held, "base_units": 7} for held in data]) == data


def test_levels_by_name_in_any_order_and_gdsn_words_are_understood():
    rows = [
        {"level": DESCRIPTORS[held["level"]], **{k: v for k, v in held.items() if k != "level"}}
        for held in reversed(FULL)
    ]
    by_name = {held["level"]: {**held, "layers": held.get("layers", "")} for held in FULL}
    assert clean(rows) == clean(by_name) == clean(FULL)


def test_the_each_is_always_there_and_blank_levels_are_not():
    assert clean({"case": {"quantity": 6}, "pallet": {"gtin": "", "layers": None}}) == [
        {"level": "each", "base_units": 1},
        {"level": "case", "contains": "each", "quantity": 6, "base_units": 6},
    ]
    assert clean([{"level": "each"}]) is None
    assert clean({"case": {"gtin": ""}}) is None


def test_a_level_may_contain_any_smaller_one():
    data = clean([{"level": "inner", "quantity": 4}, {"level": "case", "quantity": 6},
                  {"level": "display", "quantity": 10, "contains": "inner"},
                  {"level": "pallet", "quantity": 40, "contains": "CASE"}])  # fmt: skip
    assert [(h["level"], h.get("contains"), h["base_units"]) for h in data] == [
        ("each", None, 1), ("inner", "each", 4), ("case", "inner", 24),
        ("display", "inner", 40), ("pallet", "case", 960),
    ]  # fmt: skip


REFUSED = [
    ("x", "not_packaging", None, None),
    ([5], "not_packaging", None, None),
    ({"case": 5}, "not_packaging", None, None),
    ([{"gtin": EACH}], "not_packaging", None, None),
    ([{"level": "box"}], "unknown_level", None, None),
    ([{"level": "each", "colour": "red"}], "unknown_column", None, None),
    ([{"level": "case", "quantity": 1}] * 2, "level_twice", "case", "level"),
    ([{"level": "each", "gtin": "6429999001013"}], "bad_gtin", "each", "gtin"),
    ([{"level": "each", "gtin": "12345"}], "bad_gtin", "each", "gtin"),
    ([{"level": "each", "gtin": "00000000"}], "bad_gtin", "each", "gtin"),
    ([{"level": "each", "gtin": "６429999001012"}], "bad_gtin", "each", "gtin"),
    ([{"level": "each", "gtin": [EACH]}], "bad_gtin", "each", "gtin"),
    ([{"level": "each", "quantity": 2}], "each_contains", "each", "quantity"),
    ([{"level": "case"}], "quantity_missing", "case", "quantity"),
    ([{"level": "case", "quantity": 0}], "contains_nothing", "case", "quantity"),
    ([{"level": "case", "quantity": -3}], "not_a_count", "case", "quantity"),
    ([{"level": "case", "quantity": "1.5"}], "not_a_count", "case", "quantity"),
    ([{"level": "case", "quantity": True}], "not_a_count", "case", "quantity"),
    ([{"level": "case", "quantity": "many"}], "not_a_count", "case", "quantity"),
    ([{"level": "case", "quantity": "1e29"}], "not_a_count", "case", "quantity"),
    ([{"level": "case", "quantity": 2, "contains": "case"}], "wrong_order", "case", "contains"),
    ([{"level": "case", "quantity": 2, "contains": "pallet"}, {"level": "pallet", "quantity": 2}],
     "wrong_order", "case", "contains"),
    ([{"level": "case", "quantity": 2, "contains": "inner"}], "level_missing", "case", "contains"),
    ([{"level": "case", "quantity": 2, "contains": ["x"]}], "wrong_order", "case", "contains"),
    ([{"level": "case", "quantity": 2, "width": "0"}], "not_positive", "case", "width"),
    ([{"level": "case", "quantity": 2, "width": "-1"}], "not_positive", "case", "width"),
    ([{"level": "case", "quantity": 2, "width": "wide"}], "not_a_number", "case", "width"),
    ([{"level": "case", "quantity": 2, "width": {"amount": "1", "unit": "MILE"}}],
     "unknown_code", "case", "width"),
    ([{"level": "case", "quantity": 2, "material": "PAP 4"}],
     "unknown_material", "case", "material"),
    ([{"level": "each", "gtin": EACH}, {"level": "case", "quantity": 2, "gtin": f"0{EACH}"}],
     "gtin_twice", "case", "gtin"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "code", "level", "part"), REFUSED)
def test_what_is_wrong_names_its_level_and_part(raw, code, level, part):
    with pytest.raises(Refused) as refused:
        clean(raw)
    said = refused.value
    assert (said.code, said.params.get("level"), said.params.get("part")) == (code, level, part)
    assert said.field == "pack"
    assert "%(" not in said.say()


def test_a_wrong_check_digit_is_refused_with_the_right_one():
    with pytest.raises(Refused) as refused:
        clean([{"level": "case", "gtin": "6429999001013", "quantity": 2}])
    assert refused.value.say() == (
        "Case: the check digit of “6429999001013” is wrong: the digits before it ask for 2. "
        "Compare them with the packaging."
    )


def test_more_pieces_than_any_pallet_holds_are_refused():
    raw = [{"level": level, "quantity": 999_999} for level in LEVELS[1:]]
    assert [(code, part) for code, _level, part in problems(raw)] == [("too_many", "quantity")] * 3


def test_everything_that_is_wrong_is_told_at_once():
    raw = [{"level": "each", "gtin": "1"}, {"level": "case", "quantity": 0, "width": "x"}]
    assert problems(raw) == [
        ("bad_gtin", "each", "gtin"),
        ("contains_nothing", "case", "quantity"),
        ("not_a_number", "case", "width"),
    ]


def test_without_a_measurement_family_a_weight_is_refused():
    bare = small_structure(attributes=attributes(PACK), measurements={"Length": LENGTH})
    with pytest.raises(Refused) as refused:
        clean([{"level": "each", "gross_weight": "1"}], bare)
    assert (refused.value.code, refused.value.params["part"]) == ("no_family", "gross_weight")
    assert clean([{"level": "each", "width": "1"}], bare)[0]["width"]["unit"] == "METER"


def test_units_are_those_of_the_attributes_with_the_roles():
    weigh = AttributeDef("weigh", "measurement", role="weight", measurement_family="Mass",
                         default_unit="T")  # fmt: skip
    mass = MeasurementDef("Mass", "T", {"T": {"factor": "1"}})
    told = small_structure(
        attributes=attributes(PACK, weigh),
        measurements={"Mass": mass, "Weight": WEIGHT, "Length": LENGTH},
    )
    assert (family_of("net_weight", told), unit_of("net_weight", told)) == (mass, "T")
    assert (family_of("net_weight", S), unit_of("net_weight", S)) == (WEIGHT, "KILOGRAM")
    assert (family_of("depth", told), unit_of("depth", told)) == (LENGTH, "METER")


def doubted(raw, **how):
    return [(d.code, d.params["level"], d.params["part"]) for d in doubts(clean(raw), S, **how)]


def test_what_adds_up_is_not_doubted():
    assert doubted(FULL, gtin=EACH) == []


def test_a_case_lighter_or_smaller_than_its_content_is_doubted():
    each = {"level": "each", "gross_weight": "0.5", "net_weight": "0.4", "width": cm(10),
            "height": cm(10), "depth": cm(10)}  # fmt: skip
    case = {"level": "case", "gtin": CASE, "quantity": 4}
    light = {**case, "gross_weight": {"amount": "1999", "unit": "GRAM"}, "net_weight": "1.6"}
    assert doubted([each, light]) == [("lighter_than_content", "case", "gross_weight")]
    assert doubted([each, {**light, "gross_weight": "2", "net_weight": "1.5"}]) == [
        ("lighter_than_content", "case", "net_weight")
    ]
    small = {**case, "width": cm(20), "height": cm(20), "depth": cm("9.9")}
    assert doubted([each, small]) == [("smaller_than_content", "case", "height")]
    assert doubted([each, {**small, "depth": cm(10)}]) == []


def test_layers_weights_and_numbers_that_do_not_go_together_are_doubted():
    assert doubted(
        [
            {"level": "each", "gtin": INNER, "gross_weight": "1", "net_weight": "2"},
            {"level": "case", "quantity": 7, "layers": 2, "per_layer": 3},
        ],
        gtin=EACH,
    ) == [
        ("gtin_differs", "each", "gtin"),
        ("grouping_gtin", "each", "gtin"),
        ("net_above_gross", "each", "net_weight"),
        ("level_without_gtin", "case", "gtin"),
        ("layers_differ", "case", "layers"),
    ]


def test_every_doubt_is_a_whole_sentence():
    raw = [{"level": "each", "gtin": INNER}, {"level": "case", "quantity": 7, "layers": 2,
           "per_layer": 3}]  # fmt: skip
    assert all("%(" not in d.say() for d in doubts(clean(raw), S, gtin=EACH))


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        (EACH, f"0{EACH}"), ("6 429999-001012", f"0{EACH}"), ("96385074", "00000096385074"),
        ("036000291452", "00036000291452"), ("6429999001013", ""), ("", ""), ("0" * 13, ""),
        ("٦429999001012", ""),
    ],
)  # fmt: skip
def test_a_gtin_is_compared_by_its_14_digits(text, whole):
    assert gtin14(text) == whole


def test_the_check_digit_is_the_one_that_makes_a_gtin():
    assert all(is_gtin(f"642999900101{d}") is (d == check_digit("642999900101")) for d in range(10))


def test_refusals_say_levels_and_parts_in_words():
    (wrong,) = Packaging().problems([{"level": "inner", "quantity": "x"}], PACK, S)
    said = "Inner pack: Quantity is a whole number from 1 to 999999."
    assert (wrong.say(), str(wrong)) == (said, said)
    (twice,) = Packaging().problems(
        [{"level": "each", "gtin": EACH}, {"level": "case", "gtin": EACH, "quantity": 2}], PACK, S
    )
    assert twice.say() == "Case has the GTIN of Each: every level has its own."
    words = {"packaging\x04Case": "Karton", "packaging\x04Each": "Stück"}
    german = twice.say(lambda text: words.get(text, text))
    assert german == "Karton has the GTIN of Stück: every level has its own."
    assert (twice.params["level"], twice.params["name"]) == ("case", "each")
