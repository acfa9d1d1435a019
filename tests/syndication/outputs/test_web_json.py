"""Web JSON documents, their files and the JSON-LD in them."""

import hashlib
import json

import pytest

from syndication.outputs.web_json import WebJson
from tests.factories import listings as samples
from tests.factories.golden import assert_golden

from .contract_cases import OutputKindCases


class TestWebJson(OutputKindCases):
    kind = WebJson()


@pytest.fixture
def issued(tmp_path):
    cases = TestWebJson()
    context = samples.context(cases.kind, "en", tmp_path)
    return cases.issue(samples.units(6, "en"), context, tmp_path / "out")


def _documents(issued) -> list[dict]:
    return [json.loads(line) for line in issued["products.en.ndjson"].splitlines()]


def test_array_and_lines_hold_the_same_documents(issued):
    assert json.loads(issued["products.en.json"]) == _documents(issued)


def test_index_names_files_by_their_digest_and_every_document_by_its_place(issued):
    index = json.loads(issued["index.en.json"])
    lines = issued["products.en.ndjson"]
    for file in index["files"]:
        payload = issued[file["name"]]
        assert file["sha256"] == hashlib.sha256(payload).hexdigest()
        assert file["size"] == len(payload)
    found = [lines[row["offset"] : row["offset"] + row["length"]] for row in index["products"]]
    assert [json.loads(line)["identifier"] for line in found] == [
        row["identifier"] for row in index["products"]
    ]
    assert index["count"] == len(_documents(issued))


def test_a_model_comes_with_its_variants_and_each_of_them_has_a_document(issued):
    documents = {d["identifier"]: d for d in _documents(issued)}
    model = next(d for d in documents.values() if d["variants"])
    assert [v["identifier"] for v in model["variants"]] == [
        d["identifier"] for d in documents.values() if d["parent"] == model["identifier"]
    ]


def test_values_are_raw_and_formatted_for_the_reader(tmp_path):
    cases = TestWebJson()
    context = samples.context(cases.kind, "de", tmp_path)
    files = cases.issue(samples.units(6, "de"), context, tmp_path / "out")
    height = json.loads(files["products.de.ndjson"].splitlines()[0])["values"]["height"]
    assert height["data"]["unit"] == "CENTIMETER"
    assert "," in height["text"]
    assert height["text"].endswith("cm")


def test_golden(issued):
    assert_golden("web_json.en.ndjson", issued["products.en.ndjson"])
