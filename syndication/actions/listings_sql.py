"""Inserting many rows with a constant number of statements, on SQLite and PostgreSQL."""

from collections.abc import Sequence

from django.db import connection


def insert_rows(model, columns: Sequence[str], rows: Sequence[tuple], on_conflict: str) -> None:
    """Insert `rows` (values as the database takes them); `on_conflict` ends the statement.

    SQLite runs one prepared statement over all rows; PostgreSQL copies them into a temporary
    table first. Binding thousands of parameters would cost either of them several times more.
    """
    if not rows:
        return
    table, names = model._meta.db_table, ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({places}) ON CONFLICT {on_conflict}", rows
            )
            return
        stage = _stage(cursor, table, columns)
        with (
            connection.wrap_database_errors,
            cursor.copy(f"COPY {stage} ({names}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(row)
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {names} FROM {stage} ON CONFLICT {on_conflict}"
        )
        cursor.execute(f"TRUNCATE {stage}")


def _stage(cursor, table: str, columns: Sequence[str]) -> str:
    """Return the name of the session's temporary table with these columns."""
    stage = f"stage_{table}_{len(columns)}"
    cursor.execute(
        f"CREATE TEMP TABLE IF NOT EXISTS {stage} ON COMMIT DELETE ROWS AS "
        f"SELECT {', '.join(columns)} FROM {table} WITH NO DATA"
    )
    return stage
