"""Rows of a table that say that their product goes."""

from pim.actions.import_retry import ProductTable
from pim.actions.removal import delete_products
from pim.content.refusals import Refused
from pim.importing.report import REMOVED, UNCHANGED, Report
from pim.importing.rows import RowContent
from pim.models import Product


def delete_rows(
    rows: list[RowContent], product_table: ProductTable, *, report: Report, last: bool, **how
) -> None:
    """Delete the products of the rows; one that is gone already is no mistake.

    Where one is refused, the others go all the same; a model with variants waits for them
    unless this is the `last` pass.
    """
    kind, names = product_table.kind, [row.identifier for row in rows]
    known = dict(Product.objects.filter(identifier__in=names).values_list("identifier", "id"))
    there = [row for row in rows if row.identifier in known]
    if len(rows) > len(there):
        report.count(kind, UNCHANGED, len(rows) - len(there))
    if not there or _deleted([known[row.identifier] for row in there], **how) is None:
        _count(report, kind, len(there))
        return
    for row in there:
        refusal = _deleted([known[row.identifier]], **how)
        if refusal is None:
            _count(report, kind, 1)
        elif refusal.code == "has_variants" and not last:
            product_table.later[row.line] = ""
        else:
            report.refuse(kind, product_table.place(row), [("", refusal)])


def _deleted(ids: list[int], **how) -> Refused | None:
    try:
        delete_products(ids, **how)
    except Refused as refusal:
        return refusal
    return None


def _count(report: Report, kind: str, number: int) -> None:
    if number:
        report.count(kind, REMOVED, number)
