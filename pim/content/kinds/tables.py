"""Tables: rows of typed cells under the columns that the attribute's rules name."""

from dataclasses import replace
from typing import Any

from ..refusals import UnknownCode, _
from ..structure import AttributeDef, Structure
from .base import Kind, check_number, decimal_text, refuse, to_decimal
from .scalars import Boolean, Date
from .texts import Text

_MAX_ROWS = 500
CELL_KINDS = ("text", "number", "boolean", "date", "select")


class Table(Kind):
    """A list of rows {column: cell}; `rules["columns"]` is [{code, kind, labels, options}]."""

    code = "table"

    def clean(self, raw: Any, attribute: AttributeDef, structure: Structure) -> Any:
        if not isinstance(raw, list) or not all(isinstance(row, dict) for row in raw):
            raise refuse(attribute, _("“%(attribute)s” needs a list of rows."), code="not_a_table")
        limit = int(attribute.rules.get("max_items") or _MAX_ROWS)
        if len(raw) > limit:
            raise refuse(
                attribute,
                _("“%(attribute)s” takes at most %(limit)s rows."),
                code="too_many",
                limit=limit,
            )
        columns = {c["code"]: c for c in attribute.rules.get("columns", [])}
        rows = [self._row(row, columns, attribute, structure) for row in raw]
        return [row for row in rows if row] or None

    def _row(self, row: dict, columns: dict, attribute: AttributeDef, structure: Structure) -> dict:
        cells = {}
        for code, raw in row.items():
            if code not in columns:
                raise UnknownCode(
                    code="unknown_column", what="column", name=code, field=attribute.code
                )
            if raw not in (None, ""):
                cells[code] = self._cell(raw, columns[code], attribute, structure)
        return cells

    def _cell(self, raw: Any, column: dict, attribute: AttributeDef, structure: Structure) -> Any:
        kind = column.get("kind", "text")
        if kind == "number":
            number = to_decimal(raw, attribute)
            check_number(number, replace(attribute, rules=column))
            return decimal_text(number)
        if kind == "boolean":
            return Boolean().clean(raw, attribute, structure)
        if kind == "date":
            return Date().clean(raw, replace(attribute, rules={}), structure)
        if kind == "select":
            return self._choice(str(raw).strip(), column, attribute)
        return Text().clean(raw, replace(attribute, kind="text", rules={}), structure)

    def _choice(self, code: str, column: dict, attribute: AttributeDef) -> str:
        options = {o["code"] for o in column.get("options", [])}
        # A column that came without its options takes any code.
        if options and code not in options:
            raise UnknownCode(code="unknown_option", what="option", name=code, field=attribute.code)
        return code

    def plain(self, data: Any) -> str:
        return "; ".join(", ".join(f"{k}={v}" for k, v in sorted(row.items())) for row in data)
