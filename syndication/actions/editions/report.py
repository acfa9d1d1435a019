"""What is wrong with which item of an edition: every error, and of each warning the first ones."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import orjson

SHOWN = 1000  # of each warning; how often it was given in all is counted


class Entry(NamedTuple):
    """An item error or warning."""

    identifier: str
    field: str
    code: str
    message: str
    severity: str


class Report:
    """Collects refusals while fragments go by, and what assembly adds to them."""

    def __init__(self):
        self.entries: list[Entry] = []
        self.warnings: Counter[str] = Counter()
        self.left_out: set[int] = set()
        self.refused: set[str] = set()

    def read(self, page: Iterable[tuple]):
        """Take in a page of fragments; what was left out, its errors say why."""
        for unit, identifier, *_, left_out, refusals in page:
            if left_out:
                self.left_out.add(unit)
                self.refused.add(identifier)
            if refusals != "[]":
                self._add(orjson.loads(refusals))

    def add(self, refusals: list[list[str]]):
        """Take in what assembly reported; it can no longer leave an item out, only warn."""
        self._add([*refusal[:4], "warning"] for refusal in refusals)

    def _add(self, refusals: Iterable[list[str]]):
        for refusal in refusals:
            entry = Entry(*refusal)
            if entry.severity != "warning":
                self.entries.append(entry)
                continue
            self.warnings[entry.code] += 1
            if self.warnings[entry.code] <= SHOWN:
                self.entries.append(entry)
