"""Set-wise SQL for whole batches: COPY on PostgreSQL, rows by the hundred on SQLite.

The ORM adapts every value twice and parses thousands of literals; a batch of products is
written several times faster through these few statements. Columns are named by field
attname; DocumentField values come in as text, serialised once by the caller.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from itertools import chain
from typing import Any

from django.db import connection, models


def allocate_ids(model: type[models.Model], count: int) -> list[int]:
    """Return `count` fresh primary keys; call it inside the transaction that uses them."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [table, count],
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or (0,))[0]
    return list(range(last + 1, last + 1 + count))


def insert(model: type[models.Model], columns: Sequence[str], rows: Sequence[tuple]) -> None:
    """Insert the rows; a clash with a unique constraint raises IntegrityError."""
    if not rows:
        return
    names, rows = _names(model, columns), _converted(model, columns, rows)
    table = _quote(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _copy(cursor, f"{table} ({names})", rows)
        else:
            _insert_many(cursor, f"INSERT INTO {table} ({names})", columns, rows)


def upsert(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Sequence[tuple],
    *,
    unique: Sequence[str],
    counting: str = "",
) -> None:
    """Insert the rows, or set their columns where `unique` is there already.

    The column `counting` rises by one for a row that is there already.
    """
    if not rows:
        return
    names = _names(model, columns)
    changed = [c for c in columns if c not in unique and c != counting]
    sets = [f"{_column(model, c)} = excluded.{_column(model, c)}" for c in changed]
    if counting:
        sets.append(f"{_column(model, counting)} = t.{_column(model, counting)} + 1")
    tail = f"ON CONFLICT ({_names(model, unique)}) DO UPDATE SET {', '.join(sets)}"
    into = f"INSERT INTO {_quote(model._meta.db_table)} AS t ({names})"
    rows = _converted(model, columns, rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            staged = f"{into} SELECT {names} FROM {{stage}} WHERE true {tail}"
            _run_staged(cursor, model, columns, rows, staged)
        else:
            _insert_many(cursor, into, columns, rows, tail=tail)


def update(model: type[models.Model], columns: Sequence[str], rows: Sequence[tuple]) -> None:
    """Update rows by their id: every row is (value of each column …, id)."""
    if not rows:
        return
    table = _quote(model._meta.db_table)
    staged_sets = [f"{_column(model, c)} = s.{_column(model, c)}" for c in columns]
    many_sets = [f"{_column(model, c)} = %s" for c in columns]
    _staged_or_many(
        model,
        [*columns, "id"],
        rows,
        staged=f"UPDATE {table} AS t SET {', '.join(staged_sets)} "
        "FROM {stage} AS s WHERE t.id = s.id",
        many=f"UPDATE {table} SET {', '.join(many_sets)} WHERE id = %s",
    )


def delete(model: type[models.Model], columns: Sequence[str], rows: Sequence[tuple]) -> None:
    """Delete the rows whose columns equal one of `rows`."""
    if not rows:
        return
    table = _quote(model._meta.db_table)
    names = [_column(model, c) for c in columns]
    _staged_or_many(
        model,
        columns,
        rows,
        staged=f"DELETE FROM {table} AS t USING {{stage}} AS s WHERE "
        + " AND ".join(f"t.{n} = s.{n}" for n in names),
        many=f"DELETE FROM {table} WHERE " + " AND ".join(f"{n} = %s" for n in names),
    )


def _staged_or_many(model, columns, rows, *, staged: str, many: str) -> None:
    rows = _converted(model, columns, rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _run_staged(cursor, model, columns, rows, staged)
        else:
            cursor.executemany(many, rows)


def _run_staged(cursor, model, columns, rows, statement: str) -> None:
    stage = _stage(cursor, model, columns)
    _copy(cursor, stage, rows)
    cursor.execute(statement.format(stage=stage))
    cursor.execute(f"DELETE FROM {stage}")


def _insert_many(cursor, into: str, columns: Sequence[str], rows, *, tail: str = "") -> None:
    """Insert the rows, many by one statement: each one opens the table and all its indexes."""
    one, size = f"({_marks(columns)})", connection.features.max_query_params // len(columns)
    whole = len(rows) // size * size
    if whole:
        many = (list(chain.from_iterable(rows[n : n + size])) for n in range(0, whole, size))
        cursor.executemany(f"{into} VALUES {', '.join([one] * size)} {tail}", many)
    if whole < len(rows):
        cursor.executemany(f"{into} VALUES {one} {tail}", rows[whole:])


def _stage(cursor, model: type[models.Model], columns: Sequence[str]) -> str:
    """Return the name of a temporary table with these columns, made once per session."""
    table = model._meta.db_table
    mark = sha256(" ".join(columns).encode()).hexdigest()[:12]
    name = _quote(f"stage_{table[:40]}_{mark}")
    cursor.execute(
        f"CREATE TEMP TABLE IF NOT EXISTS {name} ON COMMIT DELETE ROWS AS "
        f"SELECT {_names(model, columns)} FROM {_quote(table)} WITH NO DATA"
    )
    return name


def _copy(cursor, target: str, rows: Sequence[tuple]) -> None:
    # The driver's own call: without the wrapper, a clash would not be Django's IntegrityError.
    with connection.wrap_database_errors, cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _converted(model, columns: Sequence[str], rows: Sequence[tuple]) -> Sequence[tuple]:
    """Return the rows with values in the database's own form where it is not Python's."""
    if connection.vendor == "postgresql":
        return rows
    places = [(i, f) for i, c in enumerate(columns) if (f := _converter(model, c))]
    if not places:
        return rows
    return [_converted_row(row, places) for row in rows]


def _converted_row(row: tuple, places: list[tuple[int, Callable]]) -> list:
    cells = list(row)
    for index, convert in places:
        cells[index] = convert(cells[index])
    return cells


def _converter(model, column: str) -> Callable[[Any], Any] | None:
    """Return what turns a value into the form that SQLite stores, None where nothing must."""
    field = model._meta.get_field(column)
    if isinstance(field, models.UUIDField):
        return lambda value: str(value).replace("-", "")
    if isinstance(field, models.DecimalField):
        places = field.decimal_places
        return lambda value: None if value is None else f"{Decimal(value):.{places}f}"
    if isinstance(field, models.DateField):
        # The moment of a write is the same object in every row of the batch.
        return lru_cache(64)(lambda value: field.get_db_prep_save(value, connection))
    return None


def _column(model, name: str) -> str:
    return _quote(model._meta.get_field(name).column)


def _names(model, columns: Sequence[str]) -> str:
    return ", ".join(_column(model, c) for c in columns)


def _marks(columns: Sequence[str]) -> str:
    return ", ".join(["%s"] * len(columns))


def _quote(name: str) -> str:
    return connection.ops.quote_name(name)
