"""Mappings: what the columns of somebody's table mean, as a document.

{"kind": "products", "columns": [{"from": ["Name"], "to": "name-en_US", "ops": [{"op": "trim"}],
"join": " "}]}. `to` is a column of our own layout, "" to leave it out. Several columns in `from`
are joined by `join`; none of them gives a column that always says the same (`default`).
"""

import hashlib
from collections.abc import Callable, Iterator

from pim.content.refusals import InvalidValue, Refused, _
from pim.content.structure import Structure

from .operations import MOST, check_operation, compile_operations, date_form
from .tables import Row, Table

KINDS = ("products", "product_models", "prices", "availability")
MOST_COLUMNS = 2000
NAMING = ("identifier", "code", "uuid", "product")


def header_digest(header: list[str]) -> str:
    """Return what tells one header from another: the titles, whatever their order and case.

    Columns about the row (`#reason`) do not count: refused rows come back with it.
    """
    named = (title.strip().casefold() for title in header)
    titles = sorted({title for title in named if title and not title.startswith("#")})
    return hashlib.blake2b("\x1f".join(titles).encode(), digest_size=16).hexdigest()


def check_mapping(document: dict) -> None:
    """Raise InvalidValue where a document is no mapping; {} is none, and good."""
    if not document:
        return
    columns = document.get("columns")
    if document.get("kind") not in KINDS or not isinstance(columns, list):
        raise _wrong(_("it says neither what the rows are nor what the columns mean"))
    if len(columns) > MOST_COLUMNS:
        raise _wrong(_("it has too many columns"))
    taken: set[str] = set()
    for column in columns:
        _check_column(column, taken)


def _check_column(column: dict, taken: set[str]) -> None:
    sources, target = column.get("from"), column.get("to")
    listed = isinstance(sources, list) and all(isinstance(title, str) for title in sources)
    if not listed or not isinstance(target, str) or len(target) > 300:
        raise _wrong(_("a column is not described"))
    if target and target in taken:
        raise InvalidValue(
            _("Two columns go to “%(name)s”: join them, or leave one out."),
            code="target_twice",
            name=target,
        )
    taken.add(target)
    operations = column.get("ops") or []
    if not isinstance(operations, list) or len(operations) > MOST:
        raise _wrong(_("a column has too many operations"))
    for operation in operations:
        check_operation(operation)


def _wrong(why: str) -> InvalidValue:
    return InvalidValue(_("The columns cannot be read: %(why)s."), code="bad_mapping", why=why)


def fits(header: list[str], document: dict) -> bool:
    """Return whether a table has the column that names its rows, by this mapping."""
    folded = {name.strip().casefold() for name in header}
    named = [c for c in document.get("columns", ()) if c["to"] in NAMING or c["to"] == "sku"]
    named = named or [c for c in document.get("columns", ()) if c["from"]][:1]
    return any(title.strip().casefold() in folded for c in named for title in c["from"])


def mapped(table: Table, document: dict, *, structure: Structure) -> Table:
    """Return the table in our own layout; `origin` is the table as it was sent.

    A column of which the file has none of the titles is left out, with a notice: blank cells
    would take away what is there.
    """
    check_mapping(document)
    wanted = [column for column in document["columns"] if column["to"]]
    columns = [column for column in wanted if not _absent(column, table.header)]
    cells = [_cell(column, table.header, structure) for column in columns]

    def read() -> Iterator[Row]:
        width = len(table.header)
        for line, row in table.read():
            if len(row) < width:
                row = [*row, *[""] * (width - len(row))]
            yield line, [cell(row) for cell in cells]

    return Table(
        table.name,
        table.stem,
        [column["to"] for column in columns],
        read,
        table.folder,
        [*table.notices, *(_left_out(column) for column in wanted if column not in columns)],
        table.rows,
        table.stamp,
        kind=document["kind"],
        origin=table,
        titles={column["to"]: _titles(column) for column in columns if column["from"]},
        forms={c["to"]: form for c in columns if (form := date_form(c.get("ops") or []))},
    )


def _absent(column: dict, header: list[str]) -> bool:
    return bool(column["from"]) and all(_place(t, header) is None for t in column["from"])


def _titles(column: dict) -> str:
    return " + ".join(column["from"])


def _left_out(column: dict) -> Refused:
    return Refused(
        _("The file has no column “%(title)s”; “%(name)s” stays as it is."),
        code="no_column",
        title=_titles(column)[:100],
        name=column["to"][:100],
    )


def _cell(column: dict, header: list[str], structure: Structure) -> Callable[[list[str]], str]:
    places = [_place(title, header) for title in column["from"]]
    places = [place for place in places if place is not None]
    change = compile_operations(column.get("ops") or [], target=column["to"], structure=structure)
    if len(places) == 1:
        only = places[0]
        return lambda row: change(row[only])
    join = column.get("join", " ")
    return lambda row: change(join.join(filter(None, (row[place].strip() for place in places))))


def _place(title: str, header: list[str]) -> int | None:
    if title in header:
        return header.index(title)
    folded = [name.strip().casefold() for name in header]
    wanted = title.strip().casefold()
    return folded.index(wanted) if wanted in folded else None
