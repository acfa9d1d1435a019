"""What is wrong with which item of an edition: every error, and of each warning the first ones."""

from collections import Counter
from collections.abc import Callable, Iterable
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
    """Collects refusals while fragments go by, and what assembly adds to them.

    Thousands of items may carry the same warning: they are counted by their codes alone, and
    only what will be shown is read.
    """

    def __init__(self):
        self.entries: list[Entry] = []
        self.groups: Counter[str] = Counter()  # items by their codes, joined as stored
        self.added: Counter[str] = Counter()
        self.left_out: set[int] = set()
        self.refused: set[str] = set()

    def read(self, page: list[tuple], refusals_of: Callable[[list[int]], Iterable[str]]):
        """Take in a page of fragments: its last columns are `left_out` and `codes`."""
        told = []
        for unit, identifier, *_, left_out, codes in page:
            if not codes:
                continue
            if left_out:
                self.left_out.add(unit)
                self.refused.add(identifier)
                told.append(unit)
                continue
            self.groups[codes] += 1
            if self.groups[codes] <= SHOWN:
                told.append(unit)
        for refusals in refusals_of(told) if told else ():
            self.entries += (Entry(*refusal) for refusal in orjson.loads(refusals))

    def add(self, refusals: list[list[str]]):
        """Take in what assembly reported; it can no longer leave an item out, only warn."""
        for refusal in refusals:
            entry = Entry(*refusal[:4], "warning")
            self.added[entry.code] += 1
            if self.added[entry.code] <= SHOWN:
                self.entries.append(entry)

    @property
    def warnings(self) -> Counter[str]:
        """How often each warning was given."""
        counted = Counter(self.added)
        for codes, items in self.groups.items():
            for code in codes.split(","):
                counted[code] += items
        return counted
