"""Mappings: what somebody's columns mean, what is done to their cells, what is suggested."""

import pytest

from pim.content.refusals import InvalidValue
from pim.content.structure import AttributeDef, ChannelDef, LocaleDef, Structure
from pim.importing.foreign.target import Target
from pim.importing.mapping import check_mapping, fits, header_digest, mapped
from pim.importing.operations import compile_operations
from pim.importing.suggestions import language_of, suggest
from pim.importing.tables import Table
from pim.queries.structure import load_structure

from .files import load, write_folder


def table(header, *rows) -> Table:
    return Table("t.csv", "t", header, lambda: iter(enumerate(map(list, rows), start=2)))


@pytest.fixture
def structure(tmp_path, db):
    load(write_folder(tmp_path / "in"))
    return load_structure()


@pytest.mark.parametrize(
    ("operation", "before", "after"),
    [
        ({"op": "trim"}, "  a  b ", "a  b"),
        ({"op": "replace", "find": "a", "with": "b"}, "aXa", "bXb"),
        ({"op": "replace", "find": " mm"}, "12 mm", "12"),
        ({"op": "split", "by": "/", "take": "2"}, "a / b / c", "b"),
        ({"op": "split", "by": "/", "take": "-1"}, "a/b/c", "c"),
        ({"op": "split", "by": "/", "take": 4}, "a/b", ""),
        ({"op": "case", "to": "sentence"}, "red LAMP", "Red LAMP"),
        ({"op": "strip_html"}, "<p>a &amp; b</p><p>c</p>", "a & b\nc"),
        ({"op": "decimal_comma"}, "1.234,50", "1234.50"),
        ({"op": "decimal_comma"}, "12.5", "12.5"),
        ({"op": "map", "values": {"Rot": "red"}}, " rot ", "red"),
        ({"op": "map", "values": {"Rot": "red"}}, "blau", "blau"),
        ({"op": "map", "values": {"Rot": "red"}, "others": "empty"}, "blau", ""),
        ({"op": "default", "value": "x"}, " ", "x"),
        ({"op": "prefix", "text": "A-"}, "1", "A-1"),
        ({"op": "prefix", "text": "A-"}, "", ""),
        ({"op": "date", "from": "d.m.y"}, "31.1.2026", "2026-01-31"),
        ({"op": "date", "from": "d.m.y"}, "soon", "soon"),
        ({"op": "list", "by": ";"}, "a; b;", "a,b"),
        ({"op": "code"}, "Wash, iron", "wash,iron"),
        ({"op": "code"}, "Nothing", "Nothing"),
    ],
)
def test_operation_changes_a_cell(structure, operation, before, after):
    change = compile_operations([operation], target="care", structure=structure)
    assert change(before) == after


@pytest.mark.parametrize(
    "document",
    [
        {"columns": []},
        {"kind": "users", "columns": []},
        {"kind": "products", "columns": [{"from": "a", "to": "b"}]},
        {"kind": "products", "columns": [{"from": ["a"], "to": "b"}, {"from": ["c"], "to": "b"}]},
        {"kind": "products", "columns": [{"from": ["a"], "to": "b", "ops": [{"op": "eval"}]}]},
        {"kind": "products", "columns": [{"from": ["a"], "to": "b", "ops": [{"op": "split"}]}]},
        {"kind": "products", "columns": [{"from": ["a"], "to": "b", "ops": [{"op": "trim"}] * 99}]},
    ],
)
def test_mapping_that_makes_no_sense_is_refused(document):
    with pytest.raises(InvalidValue):
        check_mapping(document)


def test_columns_are_renamed_joined_filled_and_left_out(structure):
    document = {
        "kind": "products",
        "columns": [
            {"from": ["Art.-Nr."], "to": "sku"},
            {"from": ["Marke", "Name"], "to": "name-de_DE", "join": " – "},
            {"from": ["Intern"], "to": ""},
            {"from": [], "to": "family", "ops": [{"op": "default", "value": "lamp"}]},
        ],
    }
    made = mapped(
        table(["Art.-Nr.", "Intern", "Name", "marke "], ["1", "x", "Lampe", "Halla"], ["2"]),
        document,
        structure=structure,
    )
    assert made.header == ["sku", "name-de_DE", "family"]
    assert list(made.read()) == [(2, ["1", "Halla – Lampe", "lamp"]), (3, ["2", "", "lamp"])]
    assert made.origin.header == ["Art.-Nr.", "Intern", "Name", "marke "]
    assert (fits(["art.-nr."], document), fits(["Name"], document)) == (True, False)


def test_header_is_the_same_in_any_order_and_case():
    assert header_digest(["A", "b", ""]) == header_digest(["B ", "a"])
    assert header_digest(["A"]) != header_digest(["A", "B"])
    assert header_digest(["A", "#reason"]) == header_digest(["A"])


def test_suggestions_are_found_by_title_label_synonym_and_content(structure):
    header = [
        "Artikelnummer", "Bezeichnung DE", "name_en", "Preis", "Farbe", "Launched", "Gewicht (g)",
        "Spalte 7", "Nettogewicht", "family", "Unsinn",
    ]  # fmt: skip
    rows = [
        "1|Lampe|Lamp|9,50|Red|31.1.2026|800|4006381333931||lamp|q".split("|"),
        "2|Tisch|Table|10,00|Blue|1.2.2026|90|4006381333948||lamp|w".split("|"),
        "3|Bank|Bench|11|Red|3.3.2026|70|4006381333955||lamp|e".split("|"),
    ]
    found = suggest(header, rows, structure=structure, locale="en-US", currency="EUR")
    assert [(s.to, s.why) if s else None for s in found] == [
        ("sku", "synonym"),
        ("name-de_DE", "synonym"),
        ("name-en_US", "label"),
        ("price-EUR", "synonym"),
        ("color", "synonym"),
        ("launched", "label"),
        ("weight", "synonym"),
        ("ean", "content"),
        None,
        ("family", "title"),
        None,
    ]
    assert [op["op"] for op in found[3].ops] == ["trim", "decimal_comma"]
    assert [op["op"] for op in found[4].ops] == ["trim", "code"]
    assert found[5].ops == ({"op": "date", "from": "d.m.y"},)
    assert found[6].ops == ({"op": "trim"}, {"op": "suffix", "text": " GRAM"})


def test_the_language_of_a_header_is_that_of_most_of_its_labels():
    labels = {
        "name": {"de": "Name", "en": "Name"},
        "color": {"de": "Farbe", "en": "Colour"},
        "weight": {"de": "Gewicht", "en": "Weight"},
    }
    attributes = {c: AttributeDef(c, "text", labels=held) for c, held in labels.items()}
    structure = Structure(attributes=attributes)
    assert language_of(["Name", "Farbe", "Gewicht (kg)", "X"], structure) == "de"
    assert language_of(["Name", "Farbe", "Weight"], structure) == ""
    assert language_of(["Farbe"], structure) == ""


def test_texts_without_a_language_go_where_most_others_come_from():
    locales = {c: LocaleDef(c, source=s) for c, s in {"ar": "en", "en": "", "fi": "en"}.items()}
    channels = {"web": ChannelDef("web", locales=("ar", "en", "fi"))}
    structure = Structure(locales=locales, channels=channels)
    assert Target(structure).locale == "en"
    assert Target(structure, "fi").locale == "fi"
    assert Target(Structure()).locale == "en"
