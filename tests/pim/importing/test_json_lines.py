"""JSON lines: the same pipeline as tables, in the shape of the API's values."""

import gzip
import json

import pytest

from pim.models import Asset, Association, Change, Draft, Product

from .files import lines_of, load, write_folder
from .test_import_catalog import jpeg, values_of

pytestmark = pytest.mark.django_db

LAMP = {
    "identifier": "L1",
    "family": "lamp",
    "categories": ["lamps"],
    "groups": ["set"],
    "enabled": False,
    "values": {
        "name": [
            {"locale": "en_US", "scope": None, "data": "Lamp"},
            {"locale": "de_DE", "scope": None, "data": "Lampe"},
        ],
        "description": [{"locale": "en_US", "scope": "web", "data": "<p>Bright</p>"}],
        "price": [{"locale": None, "scope": None, "data": [{"amount": "9.50", "currency": "EUR"}]}],
        "weight": [{"locale": None, "scope": None, "data": {"amount": "800", "unit": "GRAM"}}],
        "outdoor": [{"locale": None, "scope": None, "data": True}],
        "color": [{"locale": None, "scope": None, "data": "RED"}],
        "care": [{"locale": None, "scope": None, "data": ["wash", "iron"]}],
        "pieces": [{"locale": None, "scope": None, "data": 3}],
        "image": [{"locale": None, "scope": None, "data": "a.jpg"}],
        "spare": [{"locale": None, "scope": None, "data": ["L2"]}],
        "sizes": [{"locale": None, "scope": None, "data": [{"what": "Base", "cm": "10"}]}],
    },
    "associations": {"X_SELL": {"products": ["L2"], "groups": ["set"]}},
    "quantified_associations": {"BUNDLE": {"products": [{"identifier": "L2", "quantity": 2}]}},
}


@pytest.fixture(autouse=True)
def _assets(settings, tmp_path):
    settings.ASSET_ROOT = tmp_path / "assets"


def lines(*documents) -> bytes:
    return b"".join(json.dumps(document).encode() + b"\n" for document in documents)


def write(path, *documents):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(lines(*documents))
    return path


def test_documents_are_read_and_find_what_comes_later(tmp_path):
    folder = write_folder(tmp_path / "in")
    (folder / "a.jpg").write_bytes(jpeg())
    write(folder / "products.jsonl", LAMP, {"identifier": "L2", "family": "lamp"})
    run = load(folder)
    assert (run.state, lines_of(run)) == ("done", [])
    assert run.counts["products"] == {"created": 2}
    assert values_of("L1") == {
        "": {
            "price": {"": {"EUR": "9.5"}},
            "weight": {"": {"amount": "800", "unit": "GRAM"}},
            "outdoor": {"": True},
            "color": {"": "red"},
            "care": {"": ["iron", "wash"]},
            "pieces": {"": "3"},
            "image": {"": [Asset.objects.get().code]},
            "spare": {"": [str(Product.objects.get(identifier="L2").uuid)]},
            "sizes": {"": [{"what": "Base", "cm": "10"}]},
        },
        "en-US": {"name": {"": "Lamp"}, "description": {"web": "<p>Bright</p>"}},
        "de-DE": {"name": {"": "Lampe"}},
    }
    ties = Association.objects.values_list("type__code", "target__identifier", "quantity")
    assert sorted(ties, key=str) == [
        ("BUNDLE", "L2", 2), ("X_SELL", "L2", None), ("X_SELL", None, None),
    ]  # fmt: skip
    assert Product.objects.get(identifier="L1").enabled is False


def test_second_import_of_documents_changes_nothing(tmp_path):
    folder = write_folder(tmp_path / "in")
    (folder / "a.jpg").write_bytes(jpeg())
    write(folder / "products.jsonl", LAMP, {"identifier": "L2", "family": "lamp"})
    load(folder)
    before = (Change.objects.count(), list(Draft.objects.order_by("pk").values()))
    assert load(folder).counts["products"] == {"unchanged": 2}
    assert (Change.objects.count(), list(Draft.objects.order_by("pk").values())) == before


def test_what_a_document_does_not_name_stays_and_null_takes_away(tmp_path):
    folder = write_folder(
        tmp_path / "in", products="sku;family;name-en_US;name-de_DE\nA;lamp;a;b\n"
    )
    load(folder)
    entry = {"locale": "en_US", "scope": None, "data": None}
    load(write(tmp_path / "n.jsonl", {"identifier": "A", "values": {"name": [entry]}}))
    assert values_of("A") == {"de-DE": {"name": {"": "b"}}}
    assert Product.objects.get().family.code == "lamp"


def test_models_and_variants_come_as_documents_packed(tmp_path):
    folder = write_folder(tmp_path / "in")
    model = {"code": "M", "family": "lamp", "family_variant": "lamp_color"}
    color = [{"locale": None, "scope": None, "data": "red"}]
    variant = {"identifier": "V", "parent": "M", "values": {"color": color}}
    (folder / "all_models.ndjson.gz").write_bytes(gzip.compress(lines(model)))
    (folder / "rest.jsonl").write_bytes(lines(variant))
    assert lines_of(load(folder)) == []
    assert Product.objects.get(identifier="V").parent.identifier == "M"
    assert values_of("V") == {"": {"color": {"": "red"}}}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b'{"identifier": "A", "values": {', "not_json"),
        (b"[1]", "not_json"),
        (b'{"family": "lamp"}', "no_identifier"),
        (b'{"identifier": "A", "values": [1]}', "misshapen"),
        (b'{"identifier": "A", "values": {"name": {"x": 1}}}', "misshapen"),
        (b'{"identifier": "A", "categories": "lamps"}', "misshapen"),
        (b'{"identifier": "A", "associations": {"X_SELL": []}}', "misshapen"),
        (b'{"identifier": "A", "family": {"a": 1}}', "unknown_code"),
    ],
)
def test_hostile_line_is_refused_and_stops_no_other(tmp_path, text, code):
    write_folder(tmp_path / "in", products="sku\nB\n")
    load(tmp_path / "in")
    path = tmp_path / "products.jsonl"
    path.write_bytes(text + b"\n" + lines({"identifier": "C"}))
    run = load(path)
    assert run.counts["products"] == {"refused": 1, "created": 1}
    assert [line[5] for line in lines_of(run)] == [code]
    assert set(Product.objects.values_list("identifier", flat=True)) == {"B", "C"}


def test_value_of_an_unknown_attribute_is_noted(tmp_path):
    load(write_folder(tmp_path / "in"))
    entry = {"locale": None, "scope": None, "data": "1"}
    run = load(write(tmp_path / "a.jsonl", {"identifier": "A", "values": {"nope": [entry]}}))
    assert lines_of(run) == [("a.jsonl", 1, "nope", "A", "noted", "unknown_attribute")]
    assert Product.objects.get().identifier == "A"
