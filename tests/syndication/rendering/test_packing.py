"""Packaging in the reader's language: a table without empty columns, or a line per level."""

import pytest

from syndication.contract import Labels
from syndication.rendering.formats import Formatter
from syndication.rendering.packing_words import _WORDS, NAMES, packing_words

CM, KG = "CENTIMETER", "KILOGRAM"
BODY = {
    "attributes": {"packs": {"kind": "packaging"}, "parts": {"kind": "table", "columns": [
        {"code": "size", "label": ""}]}},
    "units": {
        "Length": {CM: {"symbol": "cm", "cldr": "length-centimeter"}},
        "Weight": {KG: {"symbol": "kg", "cldr": "mass-kilogram"}},
    },
}  # fmt: skip
CASE = {
    "level": "case", "gtin": "16429999001019", "contains": "each", "quantity": 1200,
    "base_units": 1200, "gross_weight": {"amount": "10.5", "unit": KG},
    "width": {"amount": "40", "unit": CM}, "height": {"amount": "30.5", "unit": CM},
    "depth": {"amount": "20", "unit": CM},
}  # fmt: skip
EACH = {"level": "each", "base_units": 1}


def formatter(locale: str) -> Formatter:
    return Formatter(Labels("packing", BODY), locale=locale)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_the_table_has_the_columns_that_are_filled():
    heads, rows = formatter("de").table("packs", [EACH, CASE])
    assert heads == ["Ebene", "GTIN", "Inhalt", "Stück gesamt", "Bruttogewicht", "B × H × T"]
    assert [[plain(cell) for cell in row] for row in rows] == [
        ["Stück", "", "", "1", "", ""],
        ["Karton", "16429999001019", "1.200 × Stück", "1.200", "10,5 kg", "40 × 30,5 × 20 cm"],
    ]


def test_a_line_per_level_says_the_most_important():
    assert plain(formatter("en").value("packs", [EACH, CASE])) == (
        "Each\nCase · 1,200 × Each · 16429999001019 · 10.5 kg · 40 × 30.5 × 20 cm"
    )


@pytest.mark.parametrize(
    ("sides", "text"),
    [
        ({"width": {"amount": "40", "unit": CM}}, "40 cm × – × –"),
        (
            {"width": {"amount": "40", "unit": CM}, "height": {"amount": "1", "unit": "ODD_UNIT"},
             "depth": {"amount": "2", "unit": CM}},
            "40 cm × 1 odd unit × 2 cm",
        ),
        ({}, ""),
    ],
)  # fmt: skip
def test_sides_that_do_not_agree_are_said_one_by_one(sides, text):
    held = {"level": "case", "contains": "each", "quantity": 2, "base_units": 2, **sides}
    heads, rows = formatter("en").table("packs", [held])
    assert plain(dict(zip(heads, rows[0], strict=True)).get("W × H × D", "")) == text


def test_layers_and_material_have_their_columns():
    pallet = {**CASE, "level": "pallet", "layers": 5, "per_layer": 8, "material": "FOR 50"}
    heads, rows = formatter("en").table("packs", [pallet])
    assert dict(zip(heads, rows[0], strict=True)) | {"Layers": "5 × 8", "Material": "FOR 50"} == (
        dict(zip(heads, rows[0], strict=True))
    )


def test_a_packaging_without_levels_is_an_empty_table():
    assert formatter("en").table("packs", []) == ([], [])
    assert formatter("en").value("packs", {"$state": "na"}) == ""


def test_a_column_without_a_label_is_called_by_its_code():
    assert formatter("en").table("parts", [{"size": "M"}]) == (["size"], [["M"]])


@pytest.mark.parametrize("language", sorted(_WORDS))
def test_every_language_has_every_word(language):
    assert len(_WORDS[language]) == len(NAMES)
    assert all(packing_words(language).values())
    assert packing_words("tlh") == packing_words("en")
