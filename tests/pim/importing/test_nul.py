"""A NUL in a file refuses its row, and names the column."""

import pytest

from pim.models import Category, Product

from .files import lines_of, load, write_folder

pytestmark = pytest.mark.django_db


def test_a_row_of_products_with_a_nul_is_refused(tmp_path):
    rows = "sku;family;name-en_US;note\nL1;lamp;La\0mp;\nL2;lamp;Lamp;\nL3;la\0mp;Lamp;\n"
    run = load(write_folder(tmp_path / "in", products=rows))
    refused = [line for line in lines_of(run) if line[4] == "refused"]
    assert [(line[1], line[2], line[5]) for line in refused] == [
        (2, "name-en_US", "nul"), (4, "family", "nul"),
    ]  # fmt: skip
    assert set(Product.objects.values_list("identifier", flat=True)) == {"L2"}


def test_a_row_of_structure_with_a_nul_is_refused(tmp_path):
    rows = "code;parent;label-en_US\nmaster;;Master\nlamps;master;La\0mps\n"
    run = load(write_folder(tmp_path / "in", categories=rows))
    assert ("refused", "nul") in [line[4:] for line in lines_of(run)]
    assert set(Category.objects.values_list("code", flat=True)) == {"master"}


def test_a_document_with_a_nul_is_refused(tmp_path):
    folder = write_folder(tmp_path / "in")
    lines = '{"identifier":"L1","groups":["a\\u0000"]}\n{"identifier":"L2","family":"lamp"}\n'
    (folder / "products.jsonl").write_text(lines, encoding="utf-8")
    run = load(folder)
    refused = [line for line in lines_of(run) if line[4] == "refused"]
    assert [(line[1], line[2], line[5]) for line in refused] == [(1, "groups.0", "nul")]
    assert set(Product.objects.values_list("identifier", flat=True)) == {"L2"}
