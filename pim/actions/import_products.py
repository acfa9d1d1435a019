"""Applying tables of products and models, batch by batch, through the one write path."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from pim.actions import bulk
from pim.actions.import_media import MediaIntake
from pim.actions.products import ProductWrite, WriteResult, write_products
from pim.content.actor import Actor
from pim.content.refusals import Refused, _
from pim.content.states import state_of
from pim.importing.columns import read_layout
from pim.importing.report import CHANGED, UNCHANGED, Place, Report
from pim.importing.rows import RowContent, RowReader
from pim.importing.tables import Table
from pim.models import Draft, ImportMark, ImportRun, Product
from pim.queries.structure import load_structure

BATCH = 1000
MARK_COLUMNS = ("product_id", "layout", "digest", "row_version")
# Refusals that a later row may cure: what is named there may be made further on.
CURABLE = ("unknown_parent", "unknown_product")
# Values that do not belong on their level are left out; the rest of the row is good.
VALUE_LEVEL = "wrong_level"


@dataclass
class ProductTable:
    """One table on its way: `later` holds {line: first outcome} of rows to look at again."""

    kind: str
    table: Table
    reader: RowReader | None = None
    later: dict[int, str] = field(default_factory=dict)
    seen: dict[int, int] = field(default_factory=dict)

    def place(self, row: RowContent) -> Place:
        """Return where a row stands."""
        return Place(self.table.name, row.line, row.identifier)


@dataclass
class ProductImport:
    """One run over the product tables; `ids` collects every product that stands in them."""

    media: MediaIntake
    report: Report
    actor: Actor
    at: datetime
    run: ImportRun | None = None
    trust_marks: bool = True
    decimal_comma: bool = False
    reason: str = ""

    def open(self, kind: str, table: Table) -> ProductTable:
        """Read the header of a table and report the columns that mean nothing."""
        product_table = ProductTable(kind, table)
        models = kind == "product_models"
        structure = load_structure()
        layout = read_layout(table.header, structure=structure, models=models)
        for column, refusal in layout.notices:
            self.report.note(kind, Place(table.name, 1), column, refusal)
        if layout.identifier is None:
            self.report.refuse(kind, Place(table.name, 1), [("", _no_identifier_column(models))])
            return product_table
        product_table.reader = RowReader(
            layout,
            structure=structure,
            models=models,
            find_media=lambda paths, attribute: self.media.codes(
                paths, attribute, folder=table.folder
            ),
            stamp_media=lambda cell: self.media.stamp(cell, folder=table.folder),
            decimal_comma=self.decimal_comma,
        )
        return product_table

    def first_pass(self, product_table: ProductTable) -> Iterator[list[int]]:
        """Write every row that can be written now; yield the ids of each batch's products."""
        if product_table.reader is None:
            return
        for batch in _batches(product_table.table.read()):
            yield self._first(product_table, batch)

    def later_pass(self, product_table: ProductTable, *, last: bool) -> Iterator[list[int]]:
        """Look again at the rows that named something that was not there yet."""
        wanted, product_table.later = product_table.later, {}
        rows = (row for row in product_table.table.read() if row[0] in wanted)
        for batch in _batches(rows) if wanted else ():
            contents = [self._identify(product_table, line, cells) for line, cells in batch]
            yield self._write(product_table, contents, batch, before=wanted, last=last)

    def _first(self, product_table: ProductTable, batch: list) -> list[int]:
        rows, cells, same = [], [], []
        identified = [self._identify(product_table, line, row) for line, row in batch]
        known = self._known(product_table, identified)
        for content, row in zip(identified, batch, strict=True):
            if content.refusal or self._repeats(product_table, content):
                self.report.refuse(
                    product_table.kind, product_table.place(content), [content.refusal]
                )
                continue
            product = known.get(content.identifier)
            if product and product.mark == (content.digest, product.row_version):
                same.append(product.id)
                continue
            content.fresh = product is None
            rows.append(content)
            cells.append(row)
        if same:
            self.report.count(product_table.kind, UNCHANGED, len(same))
        if not rows:
            return same
        return same + self._write(product_table, rows, cells, before={}, last=False)

    def _identify(self, product_table: ProductTable, line: int, cells: list[str]) -> RowContent:
        return product_table.reader.identify(line, cells)

    def _repeats(self, product_table: ProductTable, content: RowContent) -> bool:
        key = hash(content.identifier)
        first = product_table.seen.setdefault(key, content.line)
        if first == content.line:
            return False
        content.refusal = ("", _repeated(content.identifier, first))
        return True

    def _known(self, product_table: ProductTable, rows: list[RowContent]) -> dict:
        """Return {identifier: what is known of the product and of its last import}."""
        names = [row.identifier for row in rows if not row.refusal]
        products = Product.objects.filter(identifier__in=names)
        found = {
            identifier: _Known(pk, row_version)
            for identifier, pk, row_version in products.values_list(
                "identifier", "id", "row_version"
            ).order_by()
        }
        if not self.trust_marks or not found:
            return found
        by_id = {known.id: known for known in found.values()}
        marks = ImportMark.objects.filter(
            product_id__in=list(by_id), layout=product_table.reader.digest
        )
        for pk, digest, row_version in marks.values_list("product_id", "digest", "row_version"):
            by_id[pk].mark = (digest, row_version)
        return found

    def _write(
        self, product_table: ProductTable, rows: list[RowContent], cells: list, *, before, last
    ) -> list[int]:
        """Read the rows, write them, mark them and report them, in one transaction."""
        reader = product_table.reader
        media = [c for _line, row in cells for c in reader.media_cells(row)]
        self.media.prepare(media, folder=product_table.table.folder)
        for content, (_line, row) in zip(rows, cells, strict=True):
            reader.read(content, row)
        _keep_other_currencies(reader, [row for row in rows if not row.fresh])
        with transaction.atomic():
            results = self._settled(product_table, rows, last=last)
            self._mark(product_table, rows, results)
        for content, result in zip(rows, results, strict=True):
            self._report(product_table, content, result, before.get(content.line, ""))
        return [r.product_id for r in results if r.outcome != "refused"]

    def _settled(
        self, product_table: ProductTable, rows: list[RowContent], *, last: bool
    ) -> list[WriteResult]:
        """Write; then write again, without what could not be, those rows that stand without it."""
        results = self._try([ProductWrite(**row.write) for row in rows])
        again = {}
        for place, (row, result) in enumerate(zip(rows, results, strict=True)):
            if result.outcome == "refused":
                write = self._lessened(product_table, row, result.refusals, last=last)
                if write is not None:
                    again[place] = write
        if again:
            retried = self._try(list(again.values()))
            for place, result in zip(again, retried, strict=True):
                results[place] = result
        return results

    def _try(self, writes: list[ProductWrite]) -> list[WriteResult]:
        return write_products(
            writes, actor=self.actor, at=self.at, run=self.run, reason=self.reason
        )

    def _lessened(
        self, product_table: ProductTable, row: RowContent, refusals: list[Refused], *, last: bool
    ) -> ProductWrite | None:
        """Return the write without what refuses it, or None where the row cannot stand so."""
        codes = {refusal.code for refusal in refusals}
        structure = load_structure()
        if "unknown_parent" in codes or not codes <= {VALUE_LEVEL, "unknown_product"}:
            if "unknown_parent" in codes and not last:
                product_table.later[row.line] = ""
            return None
        if any(r.field not in structure.attributes and r.code == VALUE_LEVEL for r in refusals):
            return None
        write = ProductWrite(**row.write)
        for refusal in refusals:
            if refusal.code == VALUE_LEVEL:
                write.values = _without(write.values, refusal)
                title = product_table.reader.layout.title_of(refusal.field)
                row.problems.append((title, refusal))
        if "unknown_product" in codes:
            self._postpone(product_table, row, write, refusals, last=last)
        return write

    def _postpone(
        self, product_table: ProductTable, row: RowContent, write: ProductWrite, refusals, *, last
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

    def _mark(
        self, product_table: ProductTable, rows: list[RowContent], results: list[WriteResult]
    ) -> None:
        """Remember what the rows said, but only of rows that were taken whole."""
        marks = [
            (result.product_id, product_table.reader.digest, row.digest, result.row_version)
            for row, result in zip(rows, results, strict=True)
            if result.outcome != "refused"
            and not row.problems
            and row.line not in product_table.later
        ]
        bulk.upsert(ImportMark, MARK_COLUMNS, marks, unique=("product_id", "layout"))

    def _report(
        self, product_table: ProductTable, row: RowContent, result: WriteResult, before: str
    ) -> None:
        kind, place = product_table.kind, product_table.place(row)
        later = product_table.later.get(row.line)
        if later == "":
            return  # the whole row waits
        if result.outcome == "refused":
            title_of = product_table.reader.layout.title_of
            self.report.refuse(kind, place, [(title_of(r.field), r) for r in result.refusals])
            return
        if later == "?":
            product_table.later[row.line] = before or result.outcome
        if later is None or before:
            self._note_problems(kind, place, row)
        self._count(kind, result.outcome, before)

    def _note_problems(self, kind: str, place: Place, row: RowContent) -> None:
        for column, refusal in row.problems:
            self.report.note(kind, place, column, refusal)

    def _count(self, kind: str, outcome: str, before: str) -> None:
        """A row that is looked at twice counts once: created or changed, if it ever was."""
        if not before:
            self.report.count(kind, outcome)
        elif before == UNCHANGED and outcome == CHANGED:
            self.report.count(kind, UNCHANGED, -1)
            self.report.count(kind, CHANGED)


@dataclass(slots=True)
class _Known:
    id: int
    row_version: int
    mark: tuple[str, int] = ("", 0)


def _keep_other_currencies(reader: RowReader, rows: list[RowContent]) -> None:
    """Let a table with `price-EUR` alone leave the prices in other currencies as they are."""
    partial = reader.partial_prices if rows else {}
    if not partial:
        return
    drafts = Draft.objects.filter(
        product__identifier__in=[row.identifier for row in rows],
        locale__in={address.locale for address in partial},
    )
    held = {
        (identifier, locale): values
        for identifier, locale, values in drafts.values_list(
            "product__identifier", "locale", "values"
        )
    }
    for row in rows:
        for address, currencies in partial.items():
            values = held.get((row.identifier, address.locale), {})
            prices = values.get(address.attribute, {}).get(address.channel) or {}
            others = {c: a for c, a in prices.items() if c not in currencies and c[:1] != "$"}
            if others and not state_of(row.write["values"].get(address)):
                row.write["values"][address] = {
                    **others,
                    **(row.write["values"].get(address) or {}),
                }


def _batches(rows: Iterator) -> Iterator[list]:
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


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


def _no_identifier_column(models: bool) -> Refused:
    return Refused(
        _("The table has no column “%(name)s”: add one with a code for every row."),
        code="no_identifier_column",
        name="code" if models else "sku",
    )


def _repeated(identifier: str, line: int) -> Refused:
    return Refused(
        _("“%(name)s” stands in line %(line)s already; this row was left out."),
        code="repeated_row",
        name=re.sub(r"\s+", " ", identifier)[:100],
        line=line,
    )
