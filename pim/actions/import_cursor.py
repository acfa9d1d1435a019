"""Where an import goes on after its worker was lost: the table, the line, the rows that wait."""

import hashlib
from dataclasses import dataclass, field

from pim.actions.import_retry import ProductTable
from pim.actions.jobs import Progress
from pim.importing.plan import Plan

# With more rows waiting than this, an attempt is repeated from its start, which does no harm.
MOST_WAITING = 5000


@dataclass
class Bookmark:
    """`table` tables of the plan are behind, and of the next one all rows up to `line`.

    `later` is {name of table: {line: first outcome}} of rows to look at again. So many of the
    products, in the order of their ids, are `published`; `structure` says whether it changed,
    `pictures` whether categories and reference entities have theirs.
    """

    of: str
    table: int = 0
    line: int = 0
    structure: bool = False
    later: dict[str, dict[int, str]] = field(default_factory=dict)
    published: int = 0
    pictures: bool = False

    @classmethod
    def find(cls, progress: Progress, plan: Plan) -> "Bookmark":
        """Return the job's bookmark; one of other files than these is thrown away."""
        of = fingerprint(plan)
        held = progress.cursor
        if not held or held.get("of") != of:
            if held:
                progress.restart()
            return cls(of)
        later = {
            name: {int(line): outcome for line, outcome in lines.items()}
            for name, lines in held["later"].items()
        }
        place = (held["table"], held["line"], held["structure"])
        return cls(of, *place, later, held["published"], held.get("pictures", False))

    @property
    def begun(self) -> bool:
        """Return whether an earlier attempt has kept anything."""
        return bool(self.table or self.line)

    def told(self, place: int) -> bool:
        """Return whether a table was begun: its notices stand in the report."""
        return place < self.table or (place == self.table and self.line > 0)

    def line_of(self, place: int) -> int | None:
        """Return the line after which a table goes on, None where it is all behind."""
        if place < self.table:
            return None
        return self.line if place == self.table else 0

    def set(self, *, table: int, line: int = 0) -> None:
        """Move to a line of a table."""
        self.table, self.line = table, line

    def wait_for(self, tables: list[ProductTable]) -> None:
        """Take over the rows that wait."""
        self.later = {t.table.name: {**t.waiting, **t.later} for t in tables}

    def document(self) -> dict:
        """Return it as a cursor: an empty one where it would grow too large."""
        if sum(map(len, self.later.values())) > MOST_WAITING:
            return {}
        later = {
            name: {str(line): outcome for line, outcome in lines.items()}
            for name, lines in self.later.items()
            if lines
        }
        return {
            "of": self.of,
            "table": self.table,
            "line": self.line,
            "structure": self.structure,
            "later": later,
            "published": self.published,
            "pictures": self.pictures,
        }


def fingerprint(plan: Plan) -> str:
    """Return what changes when the files of a plan do."""
    parts = [(kind, t.name, t.stamp, t.header) for kind, t in plan.tables]
    return hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest()
