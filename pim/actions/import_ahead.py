"""A second process that reads a table ahead and works its new products out, batch by batch.

The importing process keeps everything that takes the database: which rows are new, locks,
claims, writing. Its helper is a fork that never touches the database; batches come through a
file of a few slots, whose numbers go through pipes. Where the helper is lost (killed, out of
memory, silent, or the file is damaged where it reads) the importing process goes on alone from
the row after the last batch it got: nothing depends on the helper but speed.
"""

import gc
import logging
import marshal
import os
import resource
import select
import signal
import struct
import tempfile
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from pim.actions.import_doubts import Doubt, GtinWatch
from pim.actions.writing.batch import Batch
from pim.actions.writing.intents import ProductWrite
from pim.actions.writing.ready import revive, work_out
from pim.actions.writing.worked_out import WorkedOut
from pim.content.collector import no_collection
from pim.content.structure import Structure
from pim.importing.rows import RowContent, RowReader
from pim.importing.tables import Row

logger = logging.getLogger(__name__)

# Below so many rows a helper is not worth its start.
WORTH = 4_000
# Batches that it may be ahead; so much memory it may take on top of what it began with.
SLOTS = 3
MEMORY = 768 * 1024 * 1024
# Shorter than the lease of a job, which nobody renews while waiting for a batch.
PATIENCE = 30.0
_MESSAGE = struct.Struct("<QQ")
# Slots lie so far apart in a file that has holes: no batch comes near it, by the limit above.
_SLOT = 1 << 30


class Fresh(NamedTuple):
    """A row that makes a new product, which was worked out ahead; `doubts` are what to warn of."""

    line: int
    digest: str
    product: WorkedOut
    doubts: list[Doubt]


@dataclass(slots=True)
class ReadBatch:
    """Some rows of a table, the last one at `line`: `fresh` ones, and `odd` ones as they stand.

    `unfold` returns the fresh rows as they stand, each with what was read of it ahead.
    """

    size: int
    line: int
    odd: list[Row]
    fresh: Sequence[Fresh] = ()
    unfold: Callable[[Collection[int]], list[tuple[Row, RowContent]]] = lambda lines: []


Reads = Callable[[], Iterator[list[Row]]]


def may_read_ahead() -> bool:
    """Return whether this process can have a helper: another core, and no threads to fork."""
    if not hasattr(os, "fork") or threading.active_count() > 1:
        return False
    return len(os.sched_getaffinity(0)) > 1 if hasattr(os, "sched_getaffinity") else False


class ReadAhead:
    """The helper, seen from the importing process; `batches` yields what it has worked out.

    After the last of them `line` is the last line that came; `complete` says whether the table
    has ended with it.
    """

    def __init__(
        self,
        read: Reads,
        *,
        reader: RowReader,
        structure: Structure,
        line: int,
    ):
        self.line, self.complete = line, False
        self._structure = structure
        self._slots = tempfile.TemporaryFile()  # noqa: SIM115
        self._told, telling = os.pipe()
        listening, self._free = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._told)
            os.close(self._free)
            _help(read, reader, structure, self._slots.fileno(), telling, listening)
        os.close(telling)
        os.close(listening)

    def batches(self) -> Iterator[ReadBatch]:
        """Yield batches in the order of the table, as long as the helper brings them."""
        while (told := self._next()) is not None:
            place, size = told
            if not size:
                self.complete = True
                return
            with no_collection():
                told, odd, rows = marshal.loads(os.pread(self._slots.fileno(), size, place))
                self._let_go()
                batch = self._batch(told, odd, rows)
            self.line = batch.line
            yield batch

    def close(self) -> None:
        """End the helper, whatever it is at."""
        if not self.pid:
            return
        for descriptor in (self._told, self._free):
            os.close(descriptor)
        self._slots.close()
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        self.pid = 0

    def _next(self) -> tuple[int, int] | None:
        """Return (place, size) of the next batch, None where the helper is lost."""
        ready, _, _ = select.select([self._told], [], [], PATIENCE)
        message = os.read(self._told, _MESSAGE.size) if ready else b""
        if len(message) == _MESSAGE.size:
            return _MESSAGE.unpack(message)
        logger.warning("The process that reads ahead was lost after line %s.", self.line)
        return None

    def _let_go(self) -> None:
        with suppress(BrokenPipeError):
            os.write(self._free, b".")

    def _batch(self, told: list[tuple], odd: list[Row], rows: bytes) -> ReadBatch:
        fresh = [
            Fresh(line, digest, WorkedOut(*product), doubts)
            for line, digest, product, doubts in told
        ]
        size, line = len(told) + len(odd), max(row[0] for row in (*told[-1:], *odd[-1:]))
        return ReadBatch(size, line, odd, fresh, partial(self._unfold, fresh, rows))

    def _unfold(self, fresh: list[Fresh], folded: bytes, lines: Collection[int]) -> list[tuple]:
        pairs = zip(fresh, marshal.loads(folded), strict=True) if lines else ()
        return [
            ((row.line, cells), self._content(row, wish))
            for row, (cells, wish) in pairs
            if row.line in lines
        ]

    def _content(self, row: Fresh, wish: dict) -> RowContent:
        wish["ready"] = revive(row.product, self._structure)
        return RowContent(row.line, write=wish, digest=row.digest)


def _help(
    read: Reads, reader: RowReader, structure: Structure, slots: int, telling: int, listening: int
) -> None:
    """Be the helper; never returns, and leaves everything of the importing process untouched."""
    code = 1
    try:
        _settle_in()
        batch, watch = Batch(structure), GtinWatch(structure)
        for number, rows in enumerate(read()):
            with no_collection():
                data = _batch_of(rows, reader, batch, watch)
            if number >= SLOTS and not os.read(listening, 1):
                break  # nobody is there any more
            place = number % SLOTS * _SLOT
            os.pwrite(slots, data, place)
            os.write(telling, _MESSAGE.pack(place, len(data)))
        else:
            os.write(telling, _MESSAGE.pack(0, 0))
        code = 0
    finally:
        os._exit(code)


def _settle_in() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    gc.freeze()
    with suppress(OSError, ValueError), open("/proc/self/statm") as sizes:
        limit = int(sizes.read().split()[0]) * resource.getpagesize() + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _batch_of(rows: list[Row], reader: RowReader, batch: Batch, watch: GtinWatch) -> bytes:
    """Return what is told of a batch; its fresh rows, seldom asked for, lie in it folded up."""
    told, odd, folded = [], [], []
    for line, cells in rows:
        content, product = _worked_out(line, cells, reader, batch)
        if product is None:
            odd.append((line, cells))
            continue
        # The values need not be kept: they are in what was worked out.
        doubts = watch.wished(content.write.pop("values", None) or {})
        told.append((line, content.digest, tuple(product), doubts))
        folded.append((cells, content.write))
    return marshal.dumps((told, odd, marshal.dumps(folded)))


def _worked_out(
    line: int, cells: list[str], reader: RowReader, batch: Batch
) -> tuple[RowContent, WorkedOut | None]:
    content = reader.identify(line, cells)
    if content.refusal or content.delete or content.uuid or reader.media_cells(cells):
        return content, None
    content.fresh = True
    reader.read(content, cells)
    if content.problems:
        return content, None
    return content, work_out(ProductWrite(**content.write), batch)
