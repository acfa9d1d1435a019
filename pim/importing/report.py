"""The report of an import: counts per kind of table, and a line for all that was not taken."""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from pim.content.refusals import Refused, say_kept

from .tables import Table

CREATED, CHANGED, UNCHANGED, REFUSED, NOTED, REMOVED = (
    "created",
    "changed",
    "unchanged",
    "refused",
    "noted",
    "removed",
)
SKIPPED = "skipped"
OUTCOMES = (CREATED, CHANGED, UNCHANGED, REFUSED)
# Outcomes that are shown only where there are any.
RARE = (REMOVED, SKIPPED)
COLUMNS = ("file", "line", "column", "subject", "outcome", "code", "message")
# What is kept of a line: also its sentence and what fills it, to be said in any language.
KEPT = (*COLUMNS, "said")


@dataclass(slots=True)
class ReportLine:
    """One line: a row that was refused, or what is noted: a value left out, or a doubtful one."""

    file: str
    line: int
    column: str
    subject: str
    outcome: str
    code: str
    message: str
    said: dict = field(default_factory=dict)

    def cells(self) -> list:
        """Return the line in the order of COLUMNS."""
        return [getattr(self, name) for name in COLUMNS]

    def say(self, translate=None) -> str:
        """Return its message in the reader's language."""
        return say_kept(self.said, self.message, translate)

    def kept(self) -> list:
        """Return the line in the order of KEPT."""
        return [getattr(self, name) for name in KEPT]


@dataclass
class Report:
    """Counts while an import goes on; `sink` takes the lines, a few hundred at a time."""

    sink: Callable[[list[ReportLine]], None]
    counts: dict[str, Counter] = field(default_factory=dict)
    _lines: list[ReportLine] = field(default_factory=list)

    def count(self, kind: str, outcome: str, number: int = 1) -> None:
        """Add to the count of an outcome of a kind of table."""
        self.counts.setdefault(kind, Counter())[outcome] += number

    def refuse(self, kind: str, place: "Place", refusals: Iterable[tuple[str, Refused]]) -> None:
        """Count one refused row, with a line per reason."""
        self.count(kind, REFUSED)
        for column, refusal in refusals:
            self._add(place, column, REFUSED, refusal)

    def note(self, kind: str, place: "Place", column: str, refusal: Refused) -> None:
        """Note a value or column that was left out although the rest stands, or is doubtful."""
        self.count(kind, NOTED)
        self._add(place, column, NOTED, refusal)

    def _add(self, place: "Place", column: str, outcome: str, refusal: Refused) -> None:
        refusal = _in_form(refusal, place.forms.get(column, ""))
        self._lines.append(
            ReportLine(
                file=place.file[:200],
                line=place.line,
                column=place.titles.get(column, column)[:200],
                subject=place.subject[:300],
                outcome=outcome,
                code=refusal.code[:60],
                message=refusal.say(),
                said=refusal.document(),
            )
        )
        if len(self._lines) >= 500:
            self.flush()

    def resume(self, counts: dict[str, dict[str, int]]) -> None:
        """Go on from the counts of an earlier attempt."""
        self.counts = {kind: Counter(held) for kind, held in counts.items()}

    def flush(self) -> None:
        """Hand the lines over."""
        if self._lines:
            self.sink(self._lines)
            self._lines = []

    def document(self) -> dict[str, dict[str, int]]:
        """Return the counts as a plain document."""
        return {kind: dict(counts) for kind, counts in self.counts.items()}


def _in_form(refusal: Refused, form: str) -> Refused:
    """Return a refusal that asks for the form in which the sender writes, where it names one."""
    if not form or "form" not in refusal.params:
        return refusal
    params = {**refusal.params, "form": form}
    return Refused(refusal.sentence, code=refusal.code, field=refusal.field, **params)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the files something stands, and what it is about.

    `titles` are what the sender calls columns that have another name here, `forms` an example of
    what stands in columns that have another form there.
    """

    file: str
    line: int = 0
    subject: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    forms: Mapping[str, str] = field(default_factory=dict)


def place_in(table: Table, line: int, subject: str = "") -> Place:
    """Return a place in a table, whose columns are called as in the file."""
    return Place(table.name, line, subject, table.titles, table.forms)


def counts_table(counts: dict[str, dict[str, int]]) -> str:
    """Return the counts as a table of text."""
    rare = [name for name in RARE if any(held.get(name) for held in counts.values())]
    heads = ["", *OUTCOMES, NOTED, *rare]
    rows = [[kind, *(str(c.get(o, 0)) for o in heads[1:])] for kind, c in counts.items()]
    widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(len(heads))]
    lines = []
    for row in [heads, *rows]:
        cells = [
            row[0].ljust(widths[0]),
            *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True)),
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def write_csv(lines: Iterable[ReportLine], out) -> None:
    """Write the lines as CSV for people: cells that a spreadsheet would run are quoted off."""
    writer = csv.writer(out, delimiter=";")
    writer.writerow(COLUMNS)
    for line in lines:
        writer.writerow([_harmless(cell) for cell in line.cells()])


def _harmless(cell) -> str | int:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" and cell else cell
