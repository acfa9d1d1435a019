"""Rows by the thousand: all of them arrive, whatever fits into one statement."""

import pytest

from pim.actions import bulk
from pim.models import ImportMark
from tests.factories.catalogue import lamp_catalogue, wish, write

pytestmark = pytest.mark.django_db
COLUMNS = ("product_id", "layout", "digest", "row_version")
UNIQUE = ("product_id", "layout")


@pytest.fixture
def product() -> int:
    lamp_catalogue()
    return write(wish("L1"))[0].product_id


def marks() -> list[tuple]:
    return list(ImportMark.objects.order_by("layout").values_list(*COLUMNS))


@pytest.mark.parametrize("count", [1, 249, 250, 1003])
def test_every_row_is_inserted_and_then_set_anew(product, count):
    rows = [(product, f"{n:04}", "old", 1) for n in range(count)]
    bulk.insert(ImportMark, COLUMNS, rows)
    assert marks() == rows
    changed = [(product, f"{n:04}", "new", 1) for n in range(count + 1)]
    bulk.upsert(ImportMark, COLUMNS, changed, unique=UNIQUE, counting="row_version")
    assert marks() == [(*row[:3], 2) for row in changed[:-1]] + changed[-1:]
