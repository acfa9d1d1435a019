"""What a batch claims is looked up by an index, however many claims there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pim.models import UniqueValue
from tests.pim.importing.files import load, write_folder

pytestmark = pytest.mark.django_db


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's plans")
def test_no_statement_of_a_batch_reads_all_claims_or_products(tmp_path):
    head = "sku;family;name-en_US;ean\n"
    load(write_folder(tmp_path / "a", products=head + "P1;lamp;One;1001\n"))
    second = write_folder(tmp_path / "b", products=head + "P2;lamp;Two;1002\nP3;lamp;No;1001\n")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        job = load(second)
    assert job.counts["products"] == {"created": 1, "refused": 1}
    assert UniqueValue.objects.count() == 2
    read = [q["sql"] for q in asked if q["sql"].startswith("SELECT")]
    claims = [sql for sql in read if 'FROM "pim_uniquevalue"' in sql]
    assert claims
    with connection.cursor() as cursor:
        for sql in claims:
            steps = cursor.execute(f"EXPLAIN QUERY PLAN {sql.replace('%', '%%')}").fetchall()
            assert not [s for *_ids, s in steps if s.startswith("SCAN pim_")]
