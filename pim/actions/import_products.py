"""Applying tables of products and models, batch by batch, through the one write path."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from pim.actions.import_ahead import Fresh, ReadBatch
from pim.actions.import_doubts import GtinWatch, note_doubts
from pim.actions.import_fresh import Overtaken, on_their_own, touched, write_fresh
from pim.actions.import_known import Known, known_products, mark_rows, name_by_uuid
from pim.actions.import_media import MediaIntake
from pim.actions.import_options import USUAL, ImportOptions
from pim.actions.import_parts import keep_other_parts
from pim.actions.import_reading import Reading, in_batches
from pim.actions.import_removal import delete_rows
from pim.actions.import_retry import ProductTable, SortedOut, write_rows
from pim.actions.jobs.progress import SHOWN
from pim.actions.products import WriteResult
from pim.actions.writing.fresh import rules_stay_apart
from pim.content.actor import Actor
from pim.content.collector import no_collection
from pim.content.seen import seen_structure
from pim.importing.columns import read_layout
from pim.importing.documents import DocumentReader
from pim.importing.report import CHANGED, CREATED, SKIPPED, UNCHANGED, Report, place_in
from pim.importing.rows import RowContent, RowReader, no_identifier_column, repeated_row
from pim.importing.tables import Row, Table
from pim.models import Job, Product
from pim.queries.drafts import chunks
from pim.queries.structure import load_structure

BATCH = 1000

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
    _untold: deque[tuple[Fresh, WriteResult]] = field(default_factory=deque)

    def open(self, kind: str, table: Table, *, told: bool = False) -> ProductTable:
        """Read the header of a table and report the columns that mean nothing, unless `told`."""
        product_table = ProductTable(kind, table)
        product_table.reader = self._reader(kind, table)
        layout = product_table.reader.layout
        for column, refusal in () if told else layout.notices:
            self.report.note(kind, place_in(table, 1), column, refusal)
        if table.documents or layout.identifier is not None or "uuid" in layout.fields:
            return product_table
        product_table.reader = None
        if not told:
            missing = no_identifier_column(kind == "product_models")
            self.report.refuse(kind, place_in(table, 1), [("", missing)])
        return product_table

    def _reader(self, kind: str, table: Table) -> RowReader | DocumentReader:
        models = kind == "product_models"
        structure = self._structure = seen_structure(load_structure(), self.actor.rights)
        self._watch = GtinWatch(structure)
        how = {
            "structure": structure,
            "find_media": lambda paths, attribute: self.media.codes(
                paths, attribute, folder=table.folder
            ),
            "stamp_media": lambda cell: self.media.stamp(cell, folder=table.folder),
        }
        if table.documents:
            return DocumentReader(**how)
        layout = read_layout(table.header, structure=structure, models=models)
        comma, keep = self.options.decimal_comma, self.options.empty == "keep"
        return RowReader(layout, models=models, decimal_comma=comma, keep_blank=keep, **how)

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
        """Write a batch: what was worked out of it the short way, after that all other rows."""
        odd = self._identified(product_table, batch.odd)
        fresh = self._on_their_own(product_table, batch, odd)
        back = {row.line for row in batch.fresh} - {row.line for row in fresh}
        sorted_out = self._sort_out(product_table, [*odd, *batch.unfold(back)])
        if back := touched(sorted_out.rows, fresh, self._structure):
            fresh = [row for row in fresh if row.line not in back]
            sorted_out += self._sort_out(product_table, batch.unfold(back))
        reading.fresh = len(fresh) + sum(row.fresh for row in sorted_out.rows)
        try:
            ids = self._write_both(product_table, batch, fresh, sorted_out.rows)
        except Overtaken:
            back = {row.line for row in fresh}
            sorted_out += self._sort_out(product_table, batch.unfold(back))
            ids = self._write_both(product_table, batch, [], sorted_out.rows)
        return sorted_out.same + ids

    def _identified(self, product_table: ProductTable, rows: list[Row]) -> list[tuple]:
        contents = [product_table.reader.identify(line, cells) for line, cells in rows]
        name_by_uuid(contents)
        return list(zip(rows, contents, strict=True))

    def _on_their_own(
        self, product_table: ProductTable, batch: ReadBatch, odd: list[tuple]
    ) -> list[Fresh]:
        if not batch.fresh or self.options.mode == "update" or not rules_stay_apart(self.actor):
            return []
        return on_their_own(batch.fresh, [content for _row, content in odd], product_table)

    def _write_both(
        self, product_table: ProductTable, batch: ReadBatch, fresh: list[Fresh], rows: list
    ) -> list[int]:
        with no_collection() if fresh else nullcontext(), transaction.atomic():
            how = {"structure": self._structure, "shown": SHOWN, **self._how()}
            results = write_fresh(fresh, product_table.reader.digest, **how)
            if fresh:
                self.report.count(product_table.kind, CREATED, len(fresh))
            pairs = zip(fresh, results, strict=True)
            self._untold = deque(pair for pair in pairs if pair[0].doubts or pair[1].differences)
            ids = [result.product_id for result in results]
            if rows:
                ids += self._write(product_table, rows, before={}, last=False)
            self._tell_fresh(product_table)
            self.keep(product_table, batch.line, batch.size)
        return ids

    def _tell_fresh(self, product_table: ProductTable, upto: int | None = None) -> None:
        """Tell of the fresh rows in front of a line (None: all), in the order of the table."""
        while self._untold and (upto is None or self._untold[0][0].line < upto):
            row, result = self._untold.popleft()
            self.show(result.identifier, result.differences)
            place = place_in(product_table.table, row.line, result.identifier)
            note_doubts(row.doubts, product_table, place, self.report)

    def _sort_out(self, product_table: ProductTable, pairs: list[tuple]) -> SortedOut:
        """Part the rows to write from the ids of those that say nothing new, and read them.

        A pair is a row as it stands and what is known of it already.
        """
        found, cells = SortedOut(), []
        if not pairs:
            return found
        pairs = sorted(pairs, key=lambda pair: pair[0][0])
        known = known_products([c for _row, c in pairs], layout=product_table.reader.digest)
        for row, content in pairs:
            product = known.get(content.identifier)
            if content.refusal or self._repeats(product_table, content):
                place = product_table.place(content)
                self.report.refuse(product_table.kind, place, [content.refusal])
            elif product and product.mark == (content.digest, product.row_version):
                found.same.append(product.id)
            elif not self._wanted(content, product):
                self.report.count(product_table.kind, SKIPPED)
            else:
                content.fresh = product is None
                if not content.fresh:
                    content.write.pop("ready", None)
                found.rows.append(content)
                cells.append(row)
        if found.same:
            self.report.count(product_table.kind, UNCHANGED, len(found.same))
        self._read(product_table, found.rows, cells)
        return found

    def _wanted(self, content: RowContent, product: Known | None) -> bool:
        if content.delete or self.options.mode == "upsert":
            return True
        return (product is None) == (self.options.mode == "create")

    def _repeats(self, product_table: ProductTable, content: RowContent) -> bool:
        first = product_table.seen.first(content.identifier, content.line)
        if first == content.line:
            return False
        content.refusal = ("", repeated_row(content.identifier, first))
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
        results = write_rows(rows, product_table, last=last, **self._how())
        mark_rows(rows, results, product_table)
        for content, result in zip(rows, results, strict=True):
            self._report(product_table, content, result, before.get(content.line, ""))
        return [r.product_id for r in results if r.outcome != "refused"]

    def _how(self) -> dict:
        return {"actor": self.actor, "at": self.at, "reason": self.options.reason, "job": self.job}

    def _report(
        self, product_table: ProductTable, row: RowContent, result: WriteResult, before: str
    ) -> None:
        self._tell_fresh(product_table, upto=row.line)
        kind, place = product_table.kind, product_table.place(row)
        later = product_table.later.get(row.line)
        if later == "":
            return  # the whole row waits
        if result.outcome == "refused":
            about = product_table.reader.layout.title_about
            self.report.refuse(kind, place, [(about(r), r) for r in result.refusals])
            return
        self.show(result.identifier, result.differences)
        note_doubts(self._watch.written(result.differences), product_table, place, self.report)
        if later == "?":
            product_table.later[row.line] = before or result.outcome
        for column, refusal in row.problems if later is None or before else ():
            self.report.note(kind, place, column, refusal)
        self._count(kind, result.outcome, before)

    def _count(self, kind: str, outcome: str, before: str) -> None:
        """A row that is looked at twice counts once: created or changed, if it ever was."""
        if not before:
            self.report.count(kind, outcome)
        elif before == UNCHANGED and outcome == CHANGED:
            self.report.count(kind, UNCHANGED, -1)
            self.report.count(kind, CHANGED)
