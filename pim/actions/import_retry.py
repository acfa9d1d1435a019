"""Rows that cannot be written as they stand: what is left out, what waits, what is kept."""

from dataclasses import dataclass, field
from operator import attrgetter

from pim.actions.import_seen import Seen
from pim.actions.products import ProductWrite, WriteResult, write_products
from pim.content.refusals import Refused
from pim.importing.documents import DocumentReader
from pim.importing.report import Place, place_in
from pim.importing.rows import RowContent, RowReader
from pim.importing.tables import Table
from pim.queries.structure import load_structure

# Values that do not belong on their level are left out; the rest of the row is good.
VALUE_LEVEL = "wrong_level"
RETRIES = 5


@dataclass
class ProductTable:
    """One table on its way: `later` holds {line: first outcome} of rows to look at again.

    `waiting` are those of them that the round under way has not come to yet.
    """

    kind: str
    table: Table
    reader: RowReader | DocumentReader | None = None
    later: dict[int, str] = field(default_factory=dict)
    waiting: dict[int, str] = field(default_factory=dict)
    seen: Seen = field(default_factory=Seen)
    place_in_plan: int = 0
    read: int = 0

    def place(self, row: RowContent) -> Place:
        """Return where a row stands."""
        return place_in(self.table, row.line, row.identifier)


@dataclass(slots=True)
class SortedOut:
    """Rows to write, in the order of the table, and ids of products whose rows say nothing new."""

    rows: list[RowContent] = field(default_factory=list)
    same: list[int] = field(default_factory=list)

    def __iadd__(self, other: "SortedOut") -> "SortedOut":
        self.rows = sorted([*self.rows, *other.rows], key=attrgetter("line"))
        self.same += other.same
        return self


def write_rows(
    rows: list[RowContent], product_table: ProductTable, *, last: bool, **how
) -> list[WriteResult]:
    """Write; then write again, without what could not be, those rows that stand without it."""
    writes = [ProductWrite(**row.write) for row in rows]
    results = write_products(writes, **how)
    for _round in range(RETRIES):
        again = [
            place
            for place, result in enumerate(results)
            if result.outcome == "refused"
            and _lessen(
                writes[place],
                row=rows[place],
                product_table=product_table,
                refusals=result.refusals,
                last=last,
            )
        ]
        if not again:
            break
        retried = write_products([writes[place] for place in again], **how)
        for place, result in zip(again, retried, strict=True):
            results[place] = result
    return results


def _lessen(
    write: ProductWrite,
    *,
    row: RowContent,
    product_table: ProductTable,
    refusals: list[Refused],
    last: bool,
) -> bool:
    """Take out of the write what refuses it; return False where the row cannot stand so."""
    codes = {refusal.code for refusal in refusals}
    structure = load_structure()
    if "unknown_parent" in codes or not codes <= {VALUE_LEVEL, "unknown_product"}:
        if "unknown_parent" in codes and not last:
            product_table.later[row.line] = ""
        return False
    if any(r.field not in structure.attributes and r.code == VALUE_LEVEL for r in refusals):
        return False
    for refusal in refusals:
        if refusal.code == VALUE_LEVEL:
            write.values = _without(write.values, refusal)
            title = product_table.reader.layout.title_about(refusal)
            row.problems.append((title, refusal))
    if "unknown_product" in codes:
        _postpone(product_table, row, write, refusals, last=last)
    return True


def _postpone(
    product_table: ProductTable, row: RowContent, write: ProductWrite, refusals, *, last
) -> None:
    """Leave out what names products that are not there: for now, or for good at the end."""
    structure = load_structure()
    if not last:
        product_table.later[row.line] = "?"
        write.associations = None
        write.values = {
            address: raw
            for address, raw in write.values.items()
            if structure.attributes[address.attribute].kind != "product"
        }
        return
    missing = {r.params.get("name") for r in refusals if r.code == "unknown_product"}
    for refusal in refusals:
        if refusal.code == "unknown_product":
            row.problems.append((_tie_title(product_table, refusal), refusal))
    write.associations = _ties_without(write.associations, missing)
    write.values = {
        address: [n for n in raw if n not in missing]
        if structure.attributes[address.attribute].kind == "product" and isinstance(raw, list)
        else raw
        for address, raw in write.values.items()
    }


def _without(values: dict, refusal: Refused) -> dict:
    key = refusal.params.get("address", "")
    return {
        address: raw
        for address, raw in values.items()
        if (address.key() != key if key else address.attribute != refusal.field)
    }


def _ties_without(associations: dict | None, missing: set) -> dict | None:
    if associations is None:
        return None
    return {
        code: {**ties, "products": [pair for pair in ties["products"] if pair[0] not in missing]}
        for code, ties in associations.items()
    }


def _tie_title(product_table: ProductTable, refusal: Refused) -> str:
    layout = product_table.reader.layout
    ties = [t.title for t in layout.ties if t.type == refusal.field]
    return ties[0] if ties else layout.title_of(refusal.field)
