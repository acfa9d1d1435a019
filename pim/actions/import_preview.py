"""What an import would do to its first rows: everything done for real, shown, and taken back."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.utils.translation import gettext

from pim.actions.import_media import MediaIntake
from pim.actions.import_options import ImportOptions
from pim.actions.import_products import ProductImport
from pim.actions.import_structure import import_structure
from pim.actions.imports import plan_of
from pim.content.actor import Actor
from pim.importing.plan import PRODUCT_KINDS, Plan
from pim.importing.recognise import STRUCTURE
from pim.importing.refusals import NoTables
from pim.importing.report import REFUSED, Report, ReportLine, place_in
from pim.importing.source import Source
from pim.importing.tables import Table
from pim.queries.structure import forget_structure

ROWS = 50
WAITING = "waiting"


@dataclass
class PreviewRow:
    """One row: `outcome` is created, changed, unchanged, skipped, refused, removed or waiting.

    `differences` are as in the change log; `reasons` are (column, sentence). A row is waiting
    when it names something that none of the rows before it has made.
    """

    table: str
    line: int
    subject: str = ""
    outcome: str = "unchanged"
    differences: dict[str, list] = field(default_factory=dict)
    reasons: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Preview:
    """The rows in the order of the file, and what is to be said about files and columns."""

    rows: list[PreviewRow] = field(default_factory=list)
    notes: list[ReportLine] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """Return {outcome: number of rows}."""
        found: dict[str, int] = {}
        for row in self.rows:
            found[row.outcome] = found.get(row.outcome, 0) + 1
        return found


def preview_import(
    source: Source, *, options: ImportOptions, actor: Actor, at: datetime, rows: int = ROWS
) -> Preview:
    """Return what the first rows of each product table would do; nothing is written.

    Raises FileRefused where no table can be read.
    """
    try:
        with transaction.atomic():
            plan = plan_of(source, options)
            if not plan.tables:
                raise plan.refused[0][1] if plan.refused else NoTables()
            found = _Look(source, options, actor=actor, at=at, rows=rows).look(plan)
            transaction.set_rollback(True)
    finally:
        forget_structure()
    return found


class _Look:
    def __init__(self, source: Source, options: ImportOptions, *, actor, at, rows: int):
        self._how = {"actor": actor, "at": at}
        self._rows, self._preview = rows, Preview()
        self.report = Report(sink=self._take)
        media = MediaIntake(source, store=False, fetch=options.fetch, **self._how)
        self._importer = _Watched(
            media=media,
            report=self.report,
            keep=lambda table, line, count: None,
            options=options,
            **self._how,
        )
        self._lines: list[ReportLine] = []

    def look(self, plan: Plan) -> Preview:
        for kind, table in plan.tables:
            if kind in STRUCTURE:
                import_structure(kind, table, report=self.report, **self._how)
        for _kind, table in plan.tables:
            for notice in table.notices:
                self.report.note("files", place_in(table, 0), "", notice)
        shown = [(kind, self._first(table)) for kind, table in plan.of(*PRODUCT_KINDS)]
        opened = [self._importer.open(kind, table) for kind, table in shown]
        for product_table in opened:
            list(self._importer.first_pass(product_table))
        for _round in range(2):
            for product_table in opened:
                list(self._importer.later_pass(product_table, last=False))
        self.report.flush()
        for _kind, table in shown:
            self._tell(table)
        rows = {(row.table, row.line) for row in self._preview.rows}
        self._preview.notes = [n for n in self._lines if (n.file, n.line) not in rows]
        return self._preview

    def _first(self, table: Table) -> Table:
        """Return the table with its first rows alone."""
        few = list(islice(table.read(), self._rows))
        return replace(table, read=lambda: ((n, _copy(c)) for n, c in few), origin=None)

    def _tell(self, table: Table) -> None:
        waiting = {line for name, line in self._importer.waiting() if name == table.name}
        reasons: dict[int, list[tuple[str, str]]] = {}
        refused = set()
        for line in self._lines:
            if line.file == table.name[:200]:
                reasons.setdefault(line.line, []).append((line.column, line.say(gettext)))
                refused |= {line.line} if line.outcome == REFUSED else set()
        for number, _cells in table.read():
            row = self._importer.seen.get((table.name, number)) or PreviewRow(table.name, number)
            row.reasons = reasons.get(number, [])
            if number in refused:
                row.outcome = REFUSED
            elif number in waiting:
                row.outcome = WAITING
            self._preview.rows.append(row)

    def _take(self, lines: list[ReportLine]) -> None:
        self._lines += lines


class _Watched(ProductImport):
    """An import that remembers what became of each row."""

    def __init__(self, **how):
        super().__init__(**how)
        self.seen: dict[tuple[str, int], PreviewRow] = {}
        self._opened: list = []

    def open(self, kind, table, *, told=False):
        opened = super().open(kind, table, told=told)
        self._opened.append(opened)
        return opened

    def waiting(self) -> list[tuple[str, int]]:
        """Return (table, line) of the rows that wait for something."""
        return [(t.table.name, line) for t in self._opened for line in t.later]

    def _report(self, product_table, row, result, before) -> None:
        super()._report(product_table, row, result, before)
        key = (product_table.table.name, row.line)
        found = self.seen.setdefault(key, PreviewRow(*key, row.identifier, result.outcome))
        found.differences |= result.differences
        if found.outcome == "unchanged":
            found.outcome = result.outcome

    def _wanted(self, content, product) -> bool:
        wanted = super()._wanted(content, product)
        if not wanted:
            self._note(content, "skipped")
        return wanted

    def _note(self, content, outcome: str) -> None:
        name = self._opened[-1].table.name
        self.seen[name, content.line] = PreviewRow(name, content.line, content.identifier, outcome)


def _copy(cells):
    return list(cells) if isinstance(cells, list) else cells
