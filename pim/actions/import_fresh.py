"""Rows of new products that were worked out ahead are written the short way, the others not."""

from collections.abc import Iterable, Sequence

from django.db import IntegrityError, OperationalError

from pim.actions import bulk
from pim.actions.import_ahead import Fresh
from pim.actions.import_known import MARK_COLUMNS
from pim.actions.import_retry import ProductTable
from pim.actions.products import ProductWrite, WriteResult
from pim.actions.writing.batch import tied_products
from pim.actions.writing.fresh import held_back, write_new
from pim.actions.writing.wanting import wanted_claims
from pim.content.structure import Structure
from pim.importing.rows import RowContent
from pim.models import ImportMark


class Overtaken(Exception):
    """Rows cannot be written the short way after all, and nothing of them was written."""


def on_their_own(
    rows: Sequence[Fresh], others: Sequence[RowContent], product_table: ProductTable
) -> list[Fresh]:
    """Return the rows of products that are new and whose claims nobody holds; none that repeats.

    The others stand in the table between them, and have their names before those further on.
    """
    back = held_back([row.product for row in rows])
    named = [(row.line, row.product.identifier) for row in rows]
    named += [(row.line, row.identifier) for row in others if not row.refusal]
    first = product_table.seen.first
    repeated = {line for line, name in sorted(named) if first(name, line) != line}
    return [row for place, row in enumerate(rows) if place not in back and row.line not in repeated]


def touched(rows: Iterable[RowContent], fresh: list[Fresh], structure: Structure) -> set[int]:
    """Return the lines of fresh rows that the other rows, to be written after them, may touch.

    They claim the same, so that the order of the table decides, or tie themselves to them.
    """
    claims, names, lines = set(), set(), set()
    two_way = {t.code for t in structure.association_types.values() if t.two_way}
    for row in rows if fresh else ():
        write = ProductWrite(**row.write)
        claims |= wanted_claims(write, structure)
        for code, ties in (write.associations or {}).items():
            names |= {name for name, _n in tied_products(ties) if code in two_way}
    while found := _touched(fresh, claims, names, lines):
        lines |= {row.line for row in found}
        claims |= {claim for row in found for claim in row.product.own_claims()}
    return lines


def _touched(fresh: list[Fresh], claims: set, names: set, known: set[int]) -> list[Fresh]:
    return [
        row
        for row in (fresh if claims or names else ())
        if row.line not in known
        and (row.product.identifier in names or not claims.isdisjoint(row.product.own_claims()))
    ]


def write_fresh(
    rows: Sequence[Fresh], layout: str, *, structure: Structure, **how
) -> list[WriteResult]:
    """Write the rows in the transaction that is open; raises `Overtaken` where that cannot be."""
    if not rows:
        return []
    try:
        results = write_new([row.product for row in rows], structure=structure, **how)
        if results is None:
            raise Overtaken
        marks = [
            (result.product_id, layout, row.digest, result.row_version)
            for result, row in zip(results, rows, strict=True)
        ]
        bulk.insert(ImportMark, MARK_COLUMNS, marks)
    except (IntegrityError, OperationalError) as clash:
        raise Overtaken from clash  # another writer was faster
    return results
