"""Locks on rows, and transactions that are tried again when another one was in their way.

Every writer locks products in the order of their ids. A row that the writer only refers to
(an association's target, a listing's product) is locked by the database itself, in an order
that nobody chooses; so a circle stays possible, and the database breaks it by ending one.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import IntegrityError, OperationalError, connection, models, transaction

_TRIES = 4
Result = TypeVar("Result")


def locked(rows):
    """Return the rows, locked until the transaction ends (PostgreSQL; SQLite has one writer).

    The lock keeps other writers away but lets rows be added that refer to these (FOR NO KEY
    UPDATE, PostgreSQL §13.3.2): without that, two writers of tied products wait for each other.
    """
    if not connection.features.has_select_for_update:
        return rows
    return rows.select_for_update(of=("self",), no_key=True)


def hold(model: type[models.Model], ids: Iterable[int]) -> None:
    """Keep rows that others are to refer to from being deleted until the transaction ends.

    It is what a foreign key does (FOR KEY SHARE, PostgreSQL §13.3.2), once for a whole batch
    instead of once for each of its rows. A row that is gone raises IntegrityError.
    """
    wanted = sorted(set(ids))
    if not wanted or not connection.features.has_select_for_update:
        return  # SQLite has one writer: what it has read stays
    table = connection.ops.quote_name(model._meta.db_table)
    key = connection.ops.quote_name(model._meta.pk.column)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key} FROM {table} WHERE {key} = ANY(%s) ORDER BY {key} FOR KEY SHARE",
            [wanted],
        )
        if cursor.rowcount < len(wanted):
            raise IntegrityError(f"Rows of {table} are gone.")


def settled(work: Callable[[], Result], *, clashes: bool = False) -> Result:
    """Run `work` in one transaction, again when the database ended it to break a deadlock.

    With `clashes`, also when another writer took a unique name or value meanwhile. `work` must
    read what it needs itself, so that it sees what the other one wrote.
    """
    for left in reversed(range(_TRIES)):
        try:
            with transaction.atomic():
                return work()
        except IntegrityError:
            if not (left and clashes):
                raise
        except OperationalError as error:
            if not (left and "deadlock" in str(error)):
                raise
    raise AssertionError("unreachable")
