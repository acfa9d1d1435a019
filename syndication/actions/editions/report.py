"""What is wrong with which item of an edition: every error, and of each warning the first ones."""

from collections import Counter
from collections.abc import Mapping
from itertools import islice
from types import MappingProxyType
from typing import Any, NamedTuple

import orjson

from syndication.models import Edition

from .pieces import Pieces
from .rows import left_out, refusals_of

SHOWN = 1000  # of each warning; how often it was given in all is counted


class Entry(NamedTuple):
    """An item error or warning; its message is filled from `params` when it is read."""

    identifier: str
    field: str
    code: str
    message: str
    severity: str
    params: Mapping[str, Any] = MappingProxyType({})


class Report:
    """What rendering said of an edition's items, and what assembly adds to it.

    Thousands of items may carry the same warning: they are counted by their codes alone, and
    only what will be shown is read.
    """

    def __init__(self, edition: Edition, pieces: Pieces, refusals: list[list]):
        self.entries: list[Entry] = []
        self.warnings: Counter[str] = Counter()
        refused = left_out(edition)
        self.left_out = {unit for unit, _ in refused}
        self.refused = {identifier for _, identifier in refused}
        shown = sorted([*self.left_out, *self._count(pieces)])
        for text in refusals_of(edition, shown):
            self.entries += (Entry(*refusal) for refusal in orjson.loads(text))
        self._add(refusals)

    def _count(self, pieces: Pieces) -> list[int]:
        """Count warnings by their codes; return the first units of each."""
        shown: list[int] = []
        for group, items in Counter(pieces.groups).items():
            if not pieces.names[group]:
                continue
            for code in pieces.names[group].split(","):
                self.warnings[code] += items
            places = (place for place, of in enumerate(pieces.groups) if of == group)
            shown += (pieces.units[place] for place in islice(places, SHOWN))
        return shown

    def _add(self, refusals: list[list]):
        """Take in what assembly reported; it can no longer leave an item out, only warn."""
        for refusal in refusals:
            entry = Entry(*refusal)._replace(severity="warning")
            self.warnings[entry.code] += 1
            if self.warnings[entry.code] <= SHOWN:
                self.entries.append(entry)
