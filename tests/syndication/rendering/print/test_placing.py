"""Rules choose layouts and places; what they name and is not there is told."""

import shutil
from dataclasses import replace

import pytest

from syndication.contract import Unit
from syndication.outputs.catalogue import Catalogue
from syndication.rendering.print.hand import Hand, Move
from syndication.rendering.print.layouts.folders import BUILT_IN
from syndication.rendering.print.placing import Placing, faults_of, hand_of, placing_of, rules_of
from tests.factories import listings as samples

KIND = Catalogue()


def row(when="", of="", then="layout:two", value="", page=None):
    return {"when": when, "of": of, "then": then, "value": value, "page": page}


def context(tmp_path, *rows, **options):
    return samples.context(KIND, "en", tmp_path, placing=list(rows), **options)


def layout(tmp_path, unit, *rows, **options) -> str:
    return Placing(context(tmp_path, *rows, **options)).choose(unit).layout.code


BLANKET, SHIRT = samples.unit(0), samples.unit(4)

FITTING = [
    (row("product", "X, BLANKET-001"), True),
    (row("product", "SHIRT-001"), False),
    (row("family", "goods"), True),
    (row("family", "other"), False),
    (row("category", "textiles"), True),
    (row("category", "home"), True),  # above
    (row("category", "light"), False),
    (row("attribute", "washable"), True),
    (row("attribute", "gone"), False),
    (row("attribute", "brand", value="Halla"), True),
    (row("attribute", "brand", value="other"), False),
    (row("attribute", "width", value="> 1"), True),
    (row("attribute", "width", value=">= 100000"), False),
    (row("attribute", "pieces", value="< 1000"), True),
    (row("attribute", "name", value="> 1"), False),
    (row("attribute", "width", value="> NaN"), False),
    (row("variants"), False),
    (row("nonsense", "BLANKET-001"), False),
]


@pytest.mark.parametrize(("rule", "fits"), FITTING)
def test_condition_decides(rule, fits, tmp_path):
    assert layout(tmp_path, BLANKET, rule) == ("two" if fits else "six")


def test_variants_are_counted(tmp_path):
    for value, found in (("", "two"), ("8", "two"), ("9", "six")):
        assert layout(tmp_path, SHIRT, row("variants", value=value)) == found


def test_value_of_a_variant_counts_for_its_model(tmp_path):
    colour = SHIRT.listings["en"][1].body["values"]["colour"][0]
    assert layout(tmp_path, SHIRT, row("attribute", "colour", value=colour)) == "two"


@pytest.mark.parametrize(("value", "fits"), [("yes", True), ("true", True), ("no", False)])
def test_switch_is_compared_by_yes_and_no(value, fits, tmp_path):
    main = BLANKET.listings["en"][0]
    values = main.body["values"] | {"washable": [True, "own", ""]}
    unit = Unit(1, {"en": (replace(main, body=main.body | {"values": values}),)})
    found = layout(tmp_path, unit, row("attribute", "washable", value=value))
    assert found == ("two" if fits else "six")


def test_products_go_before_conditions_and_the_first_before_later_ones(tmp_path):
    rows = [
        row("family", "goods", "layout:four"),
        row("family", "goods", "layout:one"),
        row("product", "BLANKET-001", "layout:three"),
    ]
    assert layout(tmp_path, BLANKET, *rows) == "three"
    assert layout(tmp_path, samples.unit(1), *rows) == "four"


def test_layout_for_models_is_not_used_for_an_item(tmp_path):
    choice = Placing(context(tmp_path, layout="variants")).choose(BLANKET)
    assert (choice.layout.code, [t[0] for t in choice.told]) == ("six", ["layout_not_for_product"])
    assert layout(tmp_path, SHIRT, layout="variants") == "variants"


def test_hand_is_read_from_rules_that_name_products():
    rows = [
        row("product", "a, b", "together"),
        row("product", "c\nd", "first"),
        row("product", "b;c", "first"),
        row("product", "e", "break"),
        row("product", "f", "pin", page=3),
        row("product", "g", "pin"),
        row("family", "goods", "break"),
        row("product", "h, i", "before") | {"value": "c"},
        row("product", "j", "after") | {"value": "j"},
    ]
    assert hand_of({"placing": rows}) == Hand(
        breaks=frozenset({"e"}),
        together=(("a", "b"),),
        order={"c": 0, "d": 1, "b": 2},
        pins={"f": 3},
        moves=(Move(("h", "i"), "c", behind=False),),
    )


@pytest.mark.parametrize("rows", [None, "x", {"a": 1}, [1, None, ["x"]]])
def test_what_is_no_row_is_no_rule(rows):
    assert (rules_of({"placing": rows}), hand_of({"placing": rows})) == ([], Hand())


def told(tmp_path, *rows, **options):
    faults = faults_of(context(tmp_path, *rows, **options), {"BLANKET-001"})
    return [(f.code, f.identifier, f.params.get("rule"), f.params.get("name")) for f in faults]


def test_names_that_are_not_there_are_told(tmp_path):
    rows = [
        row("product", "BLANKET-001, GONE-1"),
        row("family", "goods, gone"),
        row("category", "textiles, gone"),
        row("attribute", "width, gone"),
    ]
    assert told(tmp_path, *rows) == [
        ("placing_rule_unknown", "GONE-1", 1, "GONE-1"),
        ("placing_rule_unknown", "", 2, "gone"),
        ("placing_rule_unknown", "", 3, "gone"),
        ("placing_rule_unknown", "", 4, "gone"),
    ]


def test_unclear_rules_are_told(tmp_path):
    rows = [
        row("product", "BLANKET-001", ""),
        row("", "x"),
        row("family", "goods", "break"),
        row("product", "BLANKET-001", "pin"),
        row("product", ""),
        row("variants", ""),
        row("product", "BLANKET-001", "before"),
    ]
    assert [(code, n) for code, _, n, _ in told(tmp_path, *rows)] == [
        ("placing_rule_unclear", n) for n in (1, 2, 3, 4, 5, 7)
    ]


def test_layout_that_is_not_there_is_told_and_six_is_used(tmp_path):
    assert told(tmp_path, layout="gone") == [("layout_missing", "", None, None)]
    assert layout(tmp_path, BLANKET, layout="gone") == "six"


def test_layouts_are_looked_for_once_an_output(tmp_path, settings):
    one = context(tmp_path)
    first = placing_of(one)
    shutil.copytree(BUILT_IN / "two", tmp_path / "layouts/house")
    settings.PRINT_LAYOUTS = str(tmp_path / "layouts")
    assert placing_of(one) is first
    assert "house" not in first.layouts
    assert "house" in placing_of(context(tmp_path)).layouts
