"""The order of a price list: articles parked in a file, runs of them by category."""

import os
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

import orjson

from syndication.contract import Labels, Piece, RenderContext

from ..collation import collation_key
from ..labels.sheets import place_of
from ..words import words


class Entry(NamedTuple):
    """An article in order: its category, where its row is parked, and its identifier."""

    home: str
    at: int
    size: int
    identifier: str


class Parked:
    """The rows of an edition in a file, so that only those being set are in memory."""

    def __init__(self, file):
        self.file = file
        self.taxes: set[bool] = set()
        self.filled: set[str] = set()  # columns that some row has something in

    def order(self, pieces: Iterable[Piece], context: RenderContext) -> list[Entry]:
        """Park every row; return the articles by category, then by name or article number."""
        rows, at, places = [], 0, {}
        labels, by = context.labels[context.locale], context.options.get("order") or "name"
        for piece in pieces:
            size = self.file.write(piece.payload)
            home = piece.summary["home"]
            if home not in places:
                places[home] = tuple(map(tuple, place_of([home], labels)))
            own = collation_key(piece.summary["name"], locale=context.locale)[0]
            key = (places[home], own if by == "name" else (), piece.identifier)
            rows.append((key, Entry(home, at, size, piece.identifier)))
            self.taxes |= set(piece.summary["taxes"])
            self.filled |= {name for name, cell in orjson.loads(piece.payload).items() if cell}
            at += size
        self.file.flush()
        rows.sort(key=lambda row: row[0])
        return [entry for _key, entry in rows]

    def rows(self, entries: Iterable[Entry]) -> Iterator[dict]:
        """Yield the rows of entries, read from the file."""
        for entry in entries:
            yield orjson.loads(os.pread(self.file.fileno(), entry.size, entry.at))


def path_of(home: str, labels: Labels, *, locale: str) -> list[str]:
    """Return the titles of a category from below the root; one for what has no category."""
    known, root = labels.body["categories"], labels.body["channel"].get("tree")
    path = [c for c in known.get(home, {}).get("path") or [] if c in known and c != root]
    return [known[c]["label"] or c for c in path] or [words(locale)["other"]]


def runs(entries: list[Entry], context: RenderContext) -> list[list[Entry]]:
    """Return what is set one behind another: all of it, or each chapter on pages of its own."""
    if not context.options.get("breaks"):
        return [entries] if entries else []
    labels, locale = context.labels[context.locale], context.locale
    titled = ((path_of(entry.home, labels, locale=locale)[0], entry) for entry in entries)
    grouped = groupby(titled, key=lambda pair: pair[0])
    return [[entry for _title, entry in group] for _title, group in grouped]
