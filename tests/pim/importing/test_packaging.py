"""Packaging in tables: a column for each cell, one for all, and back again."""

import csv
import io

import pytest

from pim.actions.exports import queue_export
from pim.actions.imports import import_catalog
from pim.actions.jobs import run_job
from pim.content.actor import Actor
from pim.content.refusals import Refused
from pim.importing.columns import Grammar
from pim.models import Draft, GtinClaim
from pim.queries.structure import forget_structure, load_structure
from tests.factories.catalogue import NOW, lamp_catalogue, wish, write
from tests.factories.packing import gtin, with_packaging
from tests.factories.rights import limited

from .files import lines_of
from .files import load as load_path

pytestmark = pytest.mark.django_db
CASE, PALLET = gtin(1, indicator="1"), gtin(1, indicator="2")
HEAD = (
    "sku;family;packs-each-gross_weight;packs-each-gross_weight-unit;packs-case-gtin;"
    "packs-case-quantity;packs-case-width;packs-case-material;packs-pallet-gtin;"
    "packs-pallet-layers;packs-pallet-per_layer\n"
)
ROW = f"A;lamp;400;GRAM;{CASE};6;300 MILLIMETER;20;{PALLET};5;8\n"
DATA = [
    {"level": "each", "base_units": 1, "gross_weight": {"amount": "400", "unit": "GRAM"}},
    {"level": "case", "gtin": CASE, "contains": "each", "quantity": 6, "base_units": 6,
     "width": {"amount": "300", "unit": "MILLIMETER"}, "material": "PAP 20"},
    {"level": "pallet", "gtin": PALLET, "contains": "case", "quantity": 40, "base_units": 240,
     "layers": 5, "per_layer": 8},
]  # fmt: skip


@pytest.fixture(autouse=True)
def _catalogue(settings, tmp_path):
    settings.EXPORT_ROOT = tmp_path / "exports"
    lamp_catalogue()
    with_packaging()


def load(folder, tables: dict):
    """Import tables by the names of their files; return the run."""
    for name, text in tables.items():
        (folder / name).write_text(text, encoding="utf-8")
    return load_path(folder)


def held(identifier: str = "A"):
    values = Draft.objects.get(product__identifier=identifier, locale="").values
    return values.get("packs", {}).get("")


def test_columns_make_up_the_levels(tmp_path):
    run = load(tmp_path, {"products.csv": HEAD + ROW})
    assert run.counts["products"] == {"created": 1}
    assert held() == DATA
    assert load(tmp_path, {"products.csv": HEAD + ROW}).counts["products"] == {"unchanged": 1}


def test_columns_that_are_not_there_leave_their_cells_alone(tmp_path):
    load(tmp_path, {"products.csv": HEAD + ROW})
    load(tmp_path, {"products.csv": "sku;packs-case-quantity;packs-case-material\nA;12;\n"})
    case = {k: v for k, v in DATA[1].items() if k != "material"}
    assert held() == [
        DATA[0],
        case | {"quantity": 12, "base_units": 12},
        DATA[2] | {"base_units": 480},
    ]
    whole = HEAD.replace("\n", ";packs-pallet-quantity\n")
    load(tmp_path, {"products.csv": whole + f"A;lamp;;;{CASE};12;;;;;;\n"})
    assert held() == [
        {"level": "each", "base_units": 1},
        {"level": "case", "gtin": CASE, "contains": "each", "quantity": 12, "base_units": 12},
    ]
    assert list(GtinClaim.objects.values_list("gtin", flat=True)) == [CASE]
    load(tmp_path, {"products.csv": whole + "A;lamp;;;;;;;;;;\n"})
    assert held() is None


def test_one_cell_may_hold_all_as_json(tmp_path):
    cell = '"[{""level"":""CASE"",""quantity"":6,""gtin"":""' + CASE + '""}]"'
    load(tmp_path, {"products.csv": f"sku;family;packs\nA;lamp;{cell}\n"})
    assert held() == [
        {"level": "each", "base_units": 1},
        {"level": "case", "gtin": CASE, "contains": "each", "quantity": 6, "base_units": 6},
    ]


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("packs-case-gtin", "16429999001018", "bad_gtin"),
        ("packs-case-quantity", "0", "contains_nothing"),
        ("packs-case-width", "wide", "not_a_number"),
        ("packs-pallet-contains", "pallet", "wrong_order"),
        ("packs-case-material", "wood", "unknown_material"),
        ("packs", "[1,2]", "not_packaging"),
        ("packs", '"{""case"": [5]}"', "not_packaging"),
    ],
)
def test_a_refusal_names_the_column_and_nothing_of_the_row_is_written(tmp_path, column, cell, code):
    more = ";packs-case-quantity" if "quantity" not in column and "-" in column else ""
    pallet = ";packs-pallet-quantity" if "pallet" in column else ""
    row = f"A;lamp;3;{cell}{';6' if more else ''}{';4' if pallet else ''}\n"
    run = load(tmp_path, {"products.csv": f"sku;family;pieces;{column}{more}{pallet}\n{row}"})
    assert [(line[5], line[2]) for line in lines_of(run)] == [(code, column)]
    assert not Draft.objects.exists()


def test_a_cell_that_is_no_json_is_told_and_the_rest_of_the_row_is_kept(tmp_path):
    run = load(tmp_path, {"products.csv": "sku;family;pieces;packs\nA;lamp;3;[\n"})
    assert [(line[5], line[2]) for line in lines_of(run)] == [("not_packaging", "packs")]
    assert Draft.objects.get().values == {"pieces": {"": "3"}}


def test_columns_of_levels_that_do_not_exist_are_left_out_and_told():
    grammar = Grammar(load_structure())
    for title in ("packs-box-gtin", "packs-each-quantity", "packs-case", "packs-case-base_units"):
        with pytest.raises(Refused) as refused:
            grammar.value(0, title)
        assert refused.value.code == "unknown_column"
    assert grammar.value(0, "packs-case-width-unit").part == "case-width-unit"


def exported(**settings):
    job = queue_export({"all": True}, settings, title="x", actor="anna", user=None)
    run_job(job.pk, at=NOW)
    job.refresh_from_db()
    assert (job.state, job.cause) == ("done", "")
    return job


def rows(job) -> list[list[str]]:
    text = job.result.open("rb").read().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_people_get_a_column_for_every_cell_in_use():
    write(wish("A", family="lamp", at={"packs||": DATA}), wish("B", family="lamp"))
    write(wish("C", family="lamp", at={"packs||": {"$state": "na"}}))
    job = exported(audience="people", associations=False, columns=["packs"])
    assert rows(job) == [
        ["sku", "packs-each-gross_weight", "packs-each-gross_weight-unit", "packs-case-gtin",
         "packs-case-contains", "packs-case-quantity", "packs-case-width",
         "packs-case-width-unit", "packs-case-material", "packs-pallet-gtin",
         "packs-pallet-contains", "packs-pallet-quantity", "packs-pallet-per_layer",
         "packs-pallet-layers"],
        ["A", "400", "GRAM", CASE, "each", "6", "300", "MILLIMETER", "PAP 20", PALLET, "case",
         "40", "8", "5"],
        ["B", *[""] * 13],
        ["C", *[""] * 13],
    ]  # fmt: skip


def test_variants_show_people_what_their_model_is_packed_in():
    write(wish("M", role="model", family="lamp", family_variant="lamp_color",
               at={"packs||": DATA[:2]}))  # fmt: skip
    write(wish("V", parent="M", at={"color||": "red"}))
    job = exported(audience="people", associations=False, columns=["packs"])
    assert [row[3] for row in rows(job)] == ["packs-case-gtin", CASE, CASE]


@pytest.mark.parametrize("form", [{"format": "csv"}, {"format": "xlsx"}, {"format": "jsonl"}])
def test_what_machines_get_imports_back_without_a_change(form):
    write(wish("A", family="lamp", at={"packs||": DATA}))
    write(wish("B", family="lamp", at={"packs||": {"$state": "empty"}}))
    job = exported(**form)
    run = import_catalog(job.result.path, actor=Actor("anna", "import"), at=NOW)
    assert list(run.lines.values_list("subject", "column", "message")) == []
    assert run.counts["products"] == {"unchanged": 2}
    write(wish("A", at={"packs||": None}), wish("B", at={"packs||": None}))
    import_catalog(job.result.path, actor=Actor("anna", "import"), at=NOW)
    assert (held(), held("B")) == (DATA, {"$state": "empty"})


def test_what_people_read_imports_back():
    write(wish("A", family="lamp", at={"packs||": DATA}))
    job = exported(audience="people", associations=False, columns=["packs"])
    write(wish("A", at={"packs||": None}))
    import_catalog(job.result.path, actor=Actor("anna", "import"), at=NOW)
    assert held() == DATA


def test_who_may_not_see_logistics_gets_no_columns_of_it():
    from pim.actions.exports.running import _packed
    from pim.actions.selected import Selected
    from pim.content.address import Address
    from pim.exporting.settings import read_settings

    write(wish("A", family="lamp", at={"packs||": DATA}))
    forget_structure()
    blind = limited(group={"logistics": "none"}).rights
    settings = read_settings({"audience": "people"}, load_structure())
    place = Address("packs")
    chosen = Selected({"all": True}, at=NOW, rights=blind)
    assert _packed(chosen, settings, {place}, blind) == {place: set()}
