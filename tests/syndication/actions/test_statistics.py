"""The planner learns of a large change at once, and the feed's queries do not wait for that."""

import json

import pytest
from django.db import connection

from syndication.actions.statistics import refresh_statistics
from syndication.models import ListingBody
from syndication.queries.listings import Context, last_change, one_listing
from tests.factories import shelf

TABLE = "public.syndication_listingbody"


def flush():
    """Have PostgreSQL count what this connection has written by now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")


def fill(first: int, last: int):
    ListingBody.objects.bulk_create(
        ListingBody(digest=f"{n:064d}", body="{}") for n in range(first, last)
    )


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_table_is_analysed_after_a_large_change_and_only_then():
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    fill(0, 1500)
    flush()
    assert TABLE in refresh_statistics()
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'syndication_listingbody'")
        assert cursor.fetchone()[0] == 1500
    fill(1500, 1600)
    flush()
    assert TABLE not in refresh_statistics()


@pytest.mark.django_db
def test_other_databases_have_nothing_to_analyse():
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL has")
    assert refresh_statistics() == []


def plan_of(query) -> str:
    """Return the plan of the one statement that a query runs."""
    statements = []

    def note(execute, sql, params, many, context):
        statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        query()
    ((sql, params),) = statements
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
        found = cursor.fetchone()[0]
    return found if isinstance(found, list) else json.loads(found)


def forget_statistics():
    """Make the table of listings one that was never looked at, whatever ran here before."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE syndication_listing CASCADE")
        cursor.execute("DELETE FROM pg_statistic WHERE starelid = 'syndication_listing'::regclass")


def rows_read(node: dict) -> int:
    """Return how many listings a plan read, what it threw away included.

    Tables of a row or two beside them are read whole by right.
    """
    mine = 0
    if node.get("Relation Name") == "syndication_listing":
        mine = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    return mine + sum(rows_read(child) for child in node.get("Plans", ()))


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        lambda context: last_change(context),
        lambda context: one_listing(context, identifier="A-20"),
    ],
    ids=["last change", "one listing"],
)
def test_query_without_statistics_reads_one_listing(query):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    forget_statistics()
    shelf.stock({f"A-{n}": "one" for n in range(1, 41)})
    (plan,) = plan_of(lambda: query(Context("shop", "consumer", "en")))
    assert rows_read(plan["Plan"]) == 1
