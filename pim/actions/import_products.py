"""Applying tables of products and models, batch by batch, through the one write path."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import orjson
from django.db import transaction

from pim.actions.import_ahead import ReadBatch
from pim.actions.import_fresh import write_fresh
from pim.actions.import_known import Known, known_products, mark_rows, name_by_uuid
from pim.actions.import_media import MediaIntake
from pim.actions.import_options import USUAL, ImportOptions
from pim.actions.import_parts import keep_other_parts
from pim.actions.import_reading import Reading, in_batches
from pim.actions.import_removal import delete_rows
from pim.actions.import_retry import ProductTable, lessen
from pim.actions.jobs.progress import SHOWN
from pim.actions.products import ProductWrite, WriteResult, write_products
from pim.content.actor import Actor
from pim.content.refusals import Refused, _
from pim.importing.columns import read_layout
from pim.importing.documents import DocumentReader
from pim.importing.report import CHANGED, CREATED, SKIPPED, UNCHANGED, Place, Report
from pim.importing.rows import RowContent, RowReader
from pim.importing.tables import Table
from pim.models import Job, Product
from pim.queries.drafts import chunks
from pim.queries.structure import load_structure

BATCH = 1000
RETRIES = 5

# Called within the transaction of a batch: the table, its last line, how many rows were read.
Keep = Callable[[ProductTable, int, int], None]


@dataclass
class ProductImport:
    """One run over the product tables; `keep` is called within the transaction of each batch.

    With `ahead`, long tables are read by a second process: their files can be opened anew.
    """

    media: MediaIntake
    report: Report
    actor: Actor
    at: datetime
    keep: Keep
    show: Callable[[str, dict], None] = lambda subject, differences: None
    job: Job | None = None
    options: ImportOptions = USUAL
    ahead: bool = False

    def open(self, kind: str, table: Table, *, told: bool = False) -> ProductTable:
        """Read the header of a table and report the columns that mean nothing, unless `told`."""
        product_table = ProductTable(kind, table)
        product_table.reader = self._reader(kind, table)
        layout = product_table.reader.layout
        for column, refusal in () if told else layout.notices:
            self.report.note(kind, Place(table.name, 1), column, refusal)
        if table.documents or layout.identifier is not None or "uuid" in layout.fields:
            return product_table
        product_table.reader = None
        if not told:
            missing = _no_identifier_column(kind == "product_models")
            self.report.refuse(kind, Place(table.name, 1), [("", missing)])
        return product_table

    def _reader(self, kind: str, table: Table) -> RowReader | DocumentReader:
        models = kind == "product_models"
        structure = self._structure = load_structure()
        how = {
            "structure": structure,
            "models": models,
            "find_media": lambda paths, attribute: self.media.codes(
                paths, attribute, folder=table.folder
            ),
            "stamp_media": lambda cell: self.media.stamp(cell, folder=table.folder),
        }
        if table.documents:
            return DocumentReader(**how)
        layout = read_layout(table.header, structure=structure, models=models)
        comma, keep = self.options.decimal_comma, self.options.empty == "keep"
        return RowReader(layout, decimal_comma=comma, keep_blank=keep, **how)

    def first_pass(self, product_table: ProductTable, *, after: int = 0) -> Iterator[list[int]]:
        """Write every row that can be written now; yield the ids of each batch's products.

        Rows up to the line `after` are behind an earlier attempt: they are only remembered.
        """
        rows = product_table.table.read() if product_table.reader else iter(())
        if after:
            rows = self._passed_over(product_table, rows, after)
        reading = Reading(product_table, size=BATCH, structure=self._structure)
        helped = self.ahead and self.actor.rights.unlimited
        for batch in reading.batches(rows, helped=helped):
            yield self._first(product_table, batch, reading)

    def _passed_over(self, product_table: ProductTable, rows, after: int) -> Iterator:
        for line, cells in rows:
            if line > after:
                yield line, cells
            else:
                product_table.read += 1
                self._repeats(product_table, product_table.reader.identify(line, cells))

    def ids_of(self, product_table: ProductTable, *, upto: int | None = None) -> Iterator[list]:
        """Yield the ids of the products that rows up to a line (None: all) are about."""
        rows = product_table.table.read() if product_table.reader else ()
        passed = (
            product_table.reader.identify(line, cells)
            for line, cells in rows
            if upto is None or line <= upto
        )
        for contents in chunks(passed, BATCH):
            name_by_uuid(contents)
            names = [row.identifier for row in contents if not row.refusal]
            known = Product.objects.filter(identifier__in=names)
            yield list(known.values_list("id", flat=True))

    def later_pass(self, product_table: ProductTable, *, last: bool) -> Iterator[list[int]]:
        """Look again at the rows that named something that was not there yet."""
        wanted, product_table.later = product_table.later, {}
        product_table.waiting = wanted
        rows = (row for row in product_table.table.read() if row[0] in wanted)
        for batch in in_batches(rows, BATCH) if wanted else ():
            contents = [product_table.reader.identify(line, cells) for line, cells in batch]
            name_by_uuid(contents)
            self._read(product_table, contents, batch)
            before = {line: wanted.pop(line) for line, _cells in batch}
            with transaction.atomic():
                ids = self._write(product_table, contents, before=before, last=last)
                self.keep(product_table, batch[-1][0], 0)
            yield ids

    def _first(self, product_table: ProductTable, batch: ReadBatch, reading: Reading) -> list[int]:
        ids = self._write_fresh(product_table, batch)
        if ids is not None:
            reading.fresh = batch.size
            return ids
        rows, cells, same = self._sort_out(product_table, batch)
        reading.fresh = sum(row.fresh for row in rows)
        self._read(product_table, rows, cells)
        with transaction.atomic():
            ids = self._write(product_table, rows, before={}, last=False) if rows else []
            self.keep(product_table, batch.line, batch.size)
        return same + ids

    def _write_fresh(self, product_table: ProductTable, batch: ReadBatch) -> list[int] | None:
        """Write a batch of new products that were worked out; None where it is no such one."""
        if not batch.fresh or self.options.mode == "update":
            return None

        def tell() -> None:
            for row in batch.fresh[:SHOWN]:
                self.show(row.product.identifier, orjson.loads(row.product.detail))
            self.report.count(product_table.kind, CREATED, batch.size)
            self.keep(product_table, batch.line, batch.size)

        how = {"structure": self._structure, "tell": tell, **self._how()}
        return write_fresh(batch, product_table, **how)

    def _sort_out(self, product_table: ProductTable, batch: ReadBatch) -> tuple[list, list, list]:
        """Part the rows to write, with their cells, from the ids of those that say nothing new."""
        rows, cells, same = [], [], []
        identify = product_table.reader.identify
        read, contents = batch.unfold()
        pairs = zip(read, contents, strict=True)
        identified = [ahead or identify(line, row) for (line, row), ahead in pairs]
        name_by_uuid(identified)
        known = known_products(identified, layout=product_table.reader.digest)
        for content, row in zip(identified, read, strict=True):
            product = known.get(content.identifier)
            if content.refusal or self._repeats(product_table, content):
                place = product_table.place(content)
                self.report.refuse(product_table.kind, place, [content.refusal])
            elif product and product.mark == (content.digest, product.row_version):
                same.append(product.id)
            elif not self._wanted(content, product):
                self.report.count(product_table.kind, SKIPPED)
            else:
                content.fresh = product is None
                if not content.fresh:
                    content.write.pop("ready", None)
                rows.append(content)
                cells.append(row)
        if same:
            self.report.count(product_table.kind, UNCHANGED, len(same))
        return rows, cells, same

    def _wanted(self, content: RowContent, product: Known | None) -> bool:
        if content.delete or self.options.mode == "upsert":
            return True
        return (product is None) == (self.options.mode == "create")

    def _repeats(self, product_table: ProductTable, content: RowContent) -> bool:
        first = product_table.seen.first(content.identifier, content.line)
        if first == content.line:
            return False
        content.refusal = ("", _repeated(content.identifier, first))
        return True

    def _read(self, product_table: ProductTable, rows: list[RowContent], cells: list) -> None:
        """Read the rows, taking in the media that they name; no transaction waits for it."""
        reader = product_table.reader
        media = [c for _line, row in cells for c in reader.media_cells(row)]
        self.media.prepare(media, folder=product_table.table.folder)
        for content, (_line, row) in zip(rows, cells, strict=True):
            if not content.delete and "ready" not in content.write:
                reader.read(content, row)
        keep_other_parts(reader, [row for row in rows if not row.fresh and not row.delete])

    def _write(
        self, product_table: ProductTable, rows: list[RowContent], *, before: dict, last: bool
    ) -> list[int]:
        """Write the rows, mark them and report them; call it in a transaction."""
        for content in [row for row in rows if row.refusal]:
            place = product_table.place(content)
            self.report.refuse(product_table.kind, place, [content.refusal])
        gone = [row for row in rows if row.delete]
        delete_rows(gone, product_table, report=self.report, last=last, **self._how())
        rows = [row for row in rows if not row.delete and not row.refusal]
        results = self._settled(product_table, rows, last=last)
        mark_rows(rows, results, product_table)
        for content, result in zip(rows, results, strict=True):
            self._report(product_table, content, result, before.get(content.line, ""))
        return [r.product_id for r in results if r.outcome != "refused"]

    def _settled(
        self, product_table: ProductTable, rows: list[RowContent], *, last: bool
    ) -> list[WriteResult]:
        """Write; then write again, without what could not be, those rows that stand without it."""
        writes = [ProductWrite(**row.write) for row in rows]
        results = self._try(writes)
        for _round in range(RETRIES):
            again = [
                place
                for place, result in enumerate(results)
                if result.outcome == "refused"
                and lessen(
                    writes[place],
                    row=rows[place],
                    product_table=product_table,
                    refusals=result.refusals,
                    last=last,
                )
            ]
            if not again:
                break
            retried = self._try([writes[place] for place in again])
            for place, result in zip(again, retried, strict=True):
                results[place] = result
        return results

    def _try(self, writes: list[ProductWrite]) -> list[WriteResult]:
        return write_products(writes, **self._how())

    def _how(self) -> dict:
        return {"actor": self.actor, "at": self.at, "reason": self.options.reason, "job": self.job}

    def _report(
        self, product_table: ProductTable, row: RowContent, result: WriteResult, before: str
    ) -> None:
        kind, place = product_table.kind, product_table.place(row)
        later = product_table.later.get(row.line)
        if later == "":
            return  # the whole row waits
        if result.outcome == "refused":
            about = product_table.reader.layout.title_about
            self.report.refuse(kind, place, [(about(r), r) for r in result.refusals])
            return
        self.show(result.identifier, result.differences)
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
