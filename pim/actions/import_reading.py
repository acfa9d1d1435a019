"""The batches of a product table: read here, or ahead by a helper once that is worth its start."""

from collections.abc import Iterable, Iterator

from pim.actions.import_ahead import WORTH, ReadAhead, ReadBatch, may_read_ahead
from pim.actions.import_retry import ProductTable
from pim.content.structure import Structure
from pim.importing.rows import RowReader
from pim.importing.tables import Row


class Reading:
    """Yields the batches of a table; whoever writes them tells how many rows were `fresh`.

    A helper works out what new products need; of rows about products that are there already it
    would do so in vain. So it is started, once, after a batch of which most rows were new, and
    ended after one of which they were not.
    """

    def __init__(self, product_table: ProductTable, *, size: int, structure: Structure):
        self._table, self._reader = product_table.table, product_table.reader
        self._size, self._structure = size, structure
        self._read, self.fresh = 0, 0

    def batches(self, rows: Iterable[Row], *, helped: bool) -> Iterator[ReadBatch]:
        """Yield the batches of the rows; only one that may be `helped` ever gets a helper."""
        line = 0
        for batch in in_batches(rows, self._size):
            yield self._alone(batch)
            line = batch[-1][0]
            if helped and self._worth_it():
                break
        else:
            return
        helper = ReadAhead(
            lambda: in_batches(self._after(line), self._size),
            reader=self._reader,
            structure=self._structure,
            line=line,
        )
        try:
            yield from self._helped(helper)
        finally:
            helper.close()
        if not helper.complete:
            rest = in_batches(self._after(helper.line), self._size)
            yield from (self._alone(batch) for batch in rest)

    def _helped(self, helper: ReadAhead) -> Iterator[ReadBatch]:
        for batch in helper.batches():
            yield batch
            if not self._mostly_new(batch.size):
                return

    def _alone(self, batch: list[Row]) -> ReadBatch:
        self._read += len(batch)
        return ReadBatch(len(batch), batch[-1][0], batch)

    def _after(self, line: int) -> Iterator[Row]:
        return (row for row in self._table.read() if row[0] > line)

    def _worth_it(self) -> bool:
        left = self._table.rows - self._read
        return (
            left >= WORTH
            and self._mostly_new(self._size)
            and isinstance(self._reader, RowReader)
            and self._table.origin is None
            and may_read_ahead()
        )

    def _mostly_new(self, size: int) -> bool:
        return self.fresh * 2 > size


def in_batches(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """Yield the rows in lists of `size`, the last one of what is left."""
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
