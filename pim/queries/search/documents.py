"""Looking into draft documents in SQL, with the same answer on SQLite and PostgreSQL.

A document is {attribute: {channel: data}} as text. It is parsed only where the attribute's name
occurs in it at all, so a search costs little for products that lack the attribute.
"""

import json

from django.db.models import BooleanField, DecimalField, F, TextField, Value
from django.db.models.expressions import Expression, Func

_NUMBER = r"^-?[0-9]+(\.[0-9]+)?$"


class _Inside(Func):
    """An expression over the document and a path within it."""

    def __init__(self, *path: str, output_field=None):
        self.path = path
        super().__init__(F("values"), output_field=output_field or TextField())

    @property
    def needle(self) -> str:
        return json.dumps(self.path[0], ensure_ascii=False) + ":"

    def as_postgresql(self, compiler, connection, **extra):
        column, params = compiler.compile(self.source_expressions[0])
        marks = ", ".join(["%s"] * len(self.path))
        datum = f"({column}::jsonb #> ARRAY[{marks}]::text[])"
        return self._within(
            f"strpos({column}, %s) > 0",
            [*params, self.needle],
            *self.postgresql(datum, [*params, *self.path]),
        )

    def as_sqlite(self, compiler, connection, **extra):
        column, params = compiler.compile(self.source_expressions[0])
        steps = "".join(f'."{step}"' for step in self.path)
        return self._within(
            f"instr({column}, %s) > 0",
            [*params, self.needle],
            *self.sqlite(f"{column}, %s", [*params, f"${steps}"]),
        )

    def _within(self, test: str, tested: list, result: str, params: list):
        return f"(CASE WHEN {test} THEN {result} END)", [*tested, *params]


class TextIn(_Inside):
    """The text at a path; NULL for what is no text (a state, a list, nothing)."""

    def postgresql(self, datum, params):
        sql = f"CASE jsonb_typeof({datum}) WHEN 'string' THEN {datum} #>> '{{}}' END"
        return sql, [*params, *params]

    def sqlite(self, place, params):
        sql = f"CASE json_type({place}) WHEN 'text' THEN json_extract({place}) END"
        return sql, [*params, *params]


class NumberIn(TextIn):
    """The number whose decimal text is at a path."""

    def __init__(self, *path: str):
        super().__init__(*path, output_field=DecimalField(max_digits=30, decimal_places=10))

    def as_postgresql(self, compiler, connection, **extra):
        sql, params = super().as_postgresql(compiler, connection)
        sql = f"(CASE WHEN {sql} ~ '{_NUMBER}' THEN {sql}::numeric END)"
        return sql, [*params, *params]

    def as_sqlite(self, compiler, connection, **extra):
        sql, params = super().as_sqlite(compiler, connection)
        return f"CAST({sql} AS NUMERIC)", params


class TruthIn(_Inside):
    """The text true or false of the boolean at a path."""

    def postgresql(self, datum, params):
        sql = f"CASE jsonb_typeof({datum}) WHEN 'boolean' THEN {datum} #>> '{{}}' END"
        return sql, [*params, *params]

    def sqlite(self, place, params):
        return f"json_type({place})", params


class ListIn(_Inside):
    """The JSON text of the list at a path, without spaces between its items."""

    def postgresql(self, datum, params):
        listed = f"replace({datum}::text, '\", \"', '\",\"')"
        return f"CASE jsonb_typeof({datum}) WHEN 'array' THEN {listed} END", [*params, *params]

    def sqlite(self, place, params):
        sql = f"CASE json_type({place}) WHEN 'array' THEN json_extract({place}) END"
        return sql, [*params, *params]


class AnyIn(_Inside):
    """Whether the list at a path holds one of the texts."""

    def __init__(self, *path: str, among: list[str]):
        self.among = among
        super().__init__(*path, output_field=BooleanField())

    def postgresql(self, datum, params):
        sql = f"jsonb_typeof({datum}) = 'array' AND jsonb_exists_any({datum}, %s::text[])"
        return sql, [*params, *params, self.among]

    def sqlite(self, place, params):
        marks = ", ".join(["%s"] * len(self.among)) or "NULL"
        sql = (
            f"json_type({place}) = 'array' AND "
            f"EXISTS (SELECT 1 FROM json_each({place}) AS item WHERE item.value IN ({marks}))"
        )
        return sql, [*params, *params, *self.among]


class Present(_Inside):
    """Whether there is anything at a path, a state included."""

    def __init__(self, *path: str):
        super().__init__(*path, output_field=BooleanField())

    def postgresql(self, datum, params):
        return f"{datum} IS NOT NULL", params

    def sqlite(self, place, params):
        return f"json_type({place}) IS NOT NULL", params


class Filled(Present):
    """Whether there is data at a path: something that is not a state."""

    def postgresql(self, datum, params):
        state = f"(jsonb_typeof({datum}) = 'object' AND jsonb_exists({datum}, '$state'))"
        return f"{datum} IS NOT NULL AND NOT {state}", [*params, *params, *params]

    def sqlite(self, place, params):
        column_params, path = params[:-1], params[-1]
        sql = f"json_type({place}) IS NOT NULL AND json_type({place}) IS NULL"
        return sql, [*params, *column_params, f'{path}."$state"']


TRUE = Value(True)
__all__ = [
    "TRUE",
    "AnyIn",
    "Expression",
    "Filled",
    "ListIn",
    "NumberIn",
    "Present",
    "TextIn",
    "TruthIn",
]
