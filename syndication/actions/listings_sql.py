"""Inserting many rows with one statement, alike on SQLite and PostgreSQL."""

from collections.abc import Sequence

from django.db import connection

CHUNK = 500


def insert_rows(model, columns: Sequence[str], rows: Sequence[tuple], on_conflict: str) -> None:
    """Insert `rows` (values as the database takes them); `on_conflict` ends the statement.

    SQLite runs one prepared statement over all rows, which costs a fifth of what binding
    thousands of parameters costs; PostgreSQL takes lists of values, to save round trips.
    """
    if not rows:
        return
    start = f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) VALUES "
    one = f"({', '.join(['%s'] * len(columns))})"
    end = f" ON CONFLICT {on_conflict}"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(start + one + end, rows)
            return
        for at in range(0, len(rows), CHUNK):
            chunk = rows[at : at + CHUNK]
            values = [value for row in chunk for value in row]
            cursor.execute(start + ", ".join([one] * len(chunk)) + end, values)
