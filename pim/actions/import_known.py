"""Which products the rows of a table are about, and what their last import said of them."""

from dataclasses import dataclass
from uuid import UUID

from pim.actions import bulk
from pim.actions.import_retry import ProductTable
from pim.actions.products import WriteResult
from pim.importing.rows import RowContent
from pim.models import ImportMark, Product

MARK_COLUMNS = ("product_id", "layout", "digest", "row_version")


@dataclass(slots=True)
class Known:
    """A product that is there; `mark` is the digest of its row when it was last imported.

    With the digest stands the `row_version` that the product had after that.
    """

    id: int
    row_version: int
    mark: tuple[str, int] = ("", 0)


def known_products(rows: list[RowContent], *, layout: str) -> dict[str, Known]:
    """Return {identifier: Known} of the products that the rows name and that are there."""
    names = {row.identifier for row in rows if not row.refusal and row.identifier.isprintable()}
    products = Product.objects.filter(identifier__among=names)
    found = {
        identifier: Known(pk, row_version)
        for identifier, pk, row_version in products.values_list(
            "identifier", "id", "row_version"
        ).order_by()
    }
    if not found:
        return found
    by_id = {known.id: known for known in found.values()}
    marks = ImportMark.objects.filter(product_id__among=by_id, layout=layout)
    for pk, digest, row_version in marks.values_list("product_id", "digest", "row_version"):
        by_id[pk].mark = (digest, row_version)
    return found


def name_by_uuid(rows: list[RowContent]) -> None:
    """Give rows that have only a uuid the product's identifier; a new one is named by it."""
    nameless = {uuid: row for row in rows if not row.identifier and (uuid := _uuid(row.uuid))}
    if not nameless:
        return
    found = Product.objects.filter(uuid__in=nameless).values_list("uuid", "identifier")
    names = {str(uuid): identifier for uuid, identifier in found}
    for uuid, row in nameless.items():
        row.write["identifier"] = names.get(uuid, uuid)


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def mark_rows(
    rows: list[RowContent], results: list[WriteResult], product_table: ProductTable
) -> None:
    """Remember what the rows said, but only of rows that were taken whole."""
    marks = [
        (result.product_id, product_table.reader.digest, row.digest, result.row_version)
        for row, result in zip(rows, results, strict=True)
        if result.outcome != "refused" and not row.problems and row.line not in product_table.later
    ]
    bulk.upsert(ImportMark, MARK_COLUMNS, marks, unique=("product_id", "layout"))
