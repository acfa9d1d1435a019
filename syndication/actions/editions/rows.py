"""Fragments in and out of the database, set-wise, as raw rows: there may be millions."""

from collections.abc import Callable, Iterator

from django.db import connection

from syndication.models import Edition, Fragment
from syndication.supervise.wire import Result

COLUMNS = {
    "output_id": "int8",
    "locale": "varchar",
    "unit": "int8",
    "identifier": "varchar",
    "key": "varchar",
    "reads": "varchar",
    "price": "float8",
    "left_out": "bool",
    "summary": "text",
    "codes": "varchar",
    "refusals": "text",
    "payload": "bytea",
}
PAGE = 2000


def _table() -> str:
    return Fragment._meta.db_table


def insert_fragments(edition: Edition, made: list[tuple], *, environment: str):
    """Insert fragments from (entry, result) pairs; none of these units may have one."""
    rows = [_row(edition, entry, result, environment) for entry, result in made]
    insert_rows(_table(), COLUMNS, rows)


def insert_rows(table: str, columns: dict[str, str], rows: list[tuple]):
    """Insert rows by the quickest way of the database; columns are {name: PostgreSQL type}."""
    if not rows:
        return
    if connection.vendor == "postgresql":
        return _copy(table, columns, rows)
    places = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)


def _row(edition: Edition, entry, result: Result, environment: str) -> tuple:
    reads = environment[:16] + result.reads[:48] if result.reads else ""
    return (
        edition.output_id,
        edition.locale,
        result.unit,
        entry.identifier,
        entry.key,
        reads,
        result.price,
        result.left_out,
        result.summary,
        result.codes,
        result.refusals,
        result.payload,
    )


def _copy(table: str, columns: dict[str, str], rows: list[tuple]):
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT BINARY)"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(list(columns.values()))
        for row in rows:
            copy.write_row(row)


def touch_fragments(edition: Edition, kept: list[tuple]):
    """Give fragments that need no rendering the key of their new inputs."""
    rows = [(entry.key, edition.output_id, edition.locale, result.unit) for entry, result in kept]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(
                f"UPDATE {_table()} SET key = %s"
                " WHERE output_id = %s AND locale = %s AND unit = %s",
                rows,
            )


def delete_fragments(edition: Edition, units: list[int]):
    """Delete the fragments of these units."""
    mine = Fragment.objects.filter(output_id=edition.output_id, locale=edition.locale)
    for start in range(0, len(units), PAGE):
        mine.filter(unit__in=units[start : start + PAGE])._raw_delete(mine.db)


def fragment_pages(edition: Edition, beat: Callable) -> Iterator[list[tuple]]:
    """Yield pages of (unit, identifier, payload, summary, price, left_out, codes), by unit."""
    sql = f"""SELECT unit, identifier, payload, summary, price, left_out, codes FROM {_table()}
        WHERE output_id = %s AND locale = %s AND unit > %s ORDER BY unit LIMIT {PAGE}"""
    last = -1
    while True:
        page = _fetch(sql, [edition.output_id, edition.locale, last])
        if not page:
            return
        yield page
        beat()
        last = page[-1][0]


def _fetch(sql: str, params: list) -> list[tuple]:
    if connection.vendor == "postgresql":
        return _fetch_binary(sql, params)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def fragment_count(edition: Edition) -> int:
    """Return how many units have a fragment or were refused."""
    mine = Fragment.objects.filter(output_id=edition.output_id, locale=edition.locale)
    return mine.count()


def left_out(edition: Edition) -> list[tuple[int, str]]:
    """Return (unit, identifier) of the units that were refused."""
    mine = Fragment.objects.filter(output_id=edition.output_id, locale=edition.locale)
    return list(mine.filter(left_out=True).order_by("unit").values_list("unit", "identifier"))


def _fetch_binary(sql: str, params: list) -> list[tuple]:
    """Fetch with a server-side bound cursor, in binary: as text, a payload is twice its size."""
    from psycopg import Cursor

    connection.ensure_connection()
    with Cursor(connection.connection) as cursor:
        return cursor.execute(sql, params, binary=True).fetchall()


def refusals_of(edition: Edition, units: list[int]) -> Iterator[str]:
    """Yield the refusals of these units, as JSON, in order of units."""
    mine = Fragment.objects.filter(output_id=edition.output_id, locale=edition.locale)
    for start in range(0, len(units), PAGE):
        rows = mine.filter(unit__in=units[start : start + PAGE]).order_by("unit")
        yield from rows.values_list("refusals", flat=True)
