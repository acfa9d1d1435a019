"""Batches of nothing but new products that were worked out ahead are written the short way."""

from collections.abc import Callable

from django.db import IntegrityError, OperationalError, transaction

from pim.actions import bulk
from pim.actions.import_ahead import Fresh, ReadBatch
from pim.actions.import_known import MARK_COLUMNS
from pim.actions.import_retry import ProductTable
from pim.actions.writing.fresh import write_new
from pim.content.collector import no_collection
from pim.content.structure import Structure
from pim.models import ImportMark


def write_fresh(
    batch: ReadBatch,
    product_table: ProductTable,
    *,
    structure: Structure,
    tell: Callable[[], None],
    **how,
) -> list[int] | None:
    """Write a batch and return the ids; None where it must go the usual way.

    `tell` is called within the transaction, once everything is written.
    """
    rows, ids = batch.fresh, None
    seen = product_table.seen.first
    if any(seen(row.product.identifier, row.line) != row.line for row in rows):
        return None
    try:
        with no_collection(), transaction.atomic():
            ids = _written(rows, product_table.reader.digest, structure=structure, **how)
            if ids is not None:
                tell()
    except (IntegrityError, OperationalError):
        if ids is not None:
            raise
        # Another writer was faster: the usual way looks again.
    return ids


def _written(rows: list[Fresh], layout: str, **how) -> list[int] | None:
    ids = write_new([row.product for row in rows], **how)
    if ids is None:
        return None
    marks = [(pk, layout, row.digest, 1) for pk, row in zip(ids, rows, strict=True)]
    bulk.insert(ImportMark, MARK_COLUMNS, marks)
    return ids
