"""The publication log: numbers without holes, also where a transaction fails."""

import pytest
from django.db import transaction

from pim import published
from pim.actions.log import Entry, append_to_log, raise_counter
from tests.factories.catalogue import NOW

pytestmark = pytest.mark.django_db


def test_entries_are_numbered_in_order():
    assert append_to_log([], at=NOW) == 0
    assert append_to_log([Entry("published", 5), Entry("withdrawn", 6)], at=NOW) == 2
    assert append_to_log([Entry("facts", None, {"products": [5]})], at=NOW) == 3
    assert published.head() == 3
    assert published.entries_after(1, 5) == [
        (2, "withdrawn", 6, {}, NOW),
        (3, "facts", None, {"products": [5]}, NOW),
    ]
    assert published.entries_after(0, 1) == [(1, "published", 5, {}, NOW)]


def test_a_failed_transaction_leaves_no_hole():
    append_to_log([Entry("published", 5)], at=NOW)
    with transaction.atomic():
        append_to_log([Entry("published", 6)], at=NOW)
        transaction.set_rollback(True)
    assert append_to_log([Entry("published", 7)], at=NOW) == 2


def test_counters_do_not_know_one_another():
    assert (raise_counter("a"), raise_counter("a", by=3), raise_counter("b")) == (1, 4, 1)
