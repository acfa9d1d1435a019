"""A preview: the pages of one kind's file on which a product stands, as pictures.

Nothing of it is kept. The file is bound with a window (`contract.Window`): first only so far
that it is known where every product stands, then with the cards of the pages that are shown.
"""

import json
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from zipfile import ZipFile

import pikepdf

from syndication.contract import (
    EditionPlan,
    OutputKind,
    Piece,
    Pieces,
    RenderContext,
    Unit,
)

from . import wire
from .render import Renderer
from .sink import ScratchSink

PDF, ZIP = "application/pdf", "application/zip"
NAMES = ("one", "two")  # of the pictures, in the order of reading


class PlacesKnown(Exception):
    """Where the products stand is known, and more is not wanted yet."""


@dataclass
class Look:
    """The window of a preview: a page, that of a product, or the spread that it is part of.

    `focus` are identifiers of the product, the likeliest first.
    """

    focus: list[str] = field(default_factory=list)
    page: int = 0
    spread: bool = False
    known: dict[int, list[str]] = field(default_factory=dict)
    waits: bool = True

    def places(self, pages: dict[int, list[str]]) -> None:
        self.known = pages
        if not self.page:
            mine = (p for one in self.focus for p, ids in sorted(pages.items()) if one in ids)
            self.page = next(mine, None) or min(pages, default=1)
        if self.waits:
            self.waits = False
            raise PlacesKnown

    def shows(self, page: int) -> bool:
        return page in self.pages

    @property
    def pages(self) -> list[int]:
        """The pages that are looked at; a spread is an even page and the odd one after it."""
        if not self.spread or not self.page:
            return [self.page]
        left = self.page - self.page % 2
        return [page for page in (left, left + 1) if page > 0]

    @property
    def wanted(self) -> set[str]:
        """The products whose cards will be seen."""
        return {one for page in self.pages for one in self.known.get(page, ())}


class Preview:
    """Draws one preview into a folder."""

    def __init__(
        self, kind: OutputKind, context: RenderContext, *, look: Look, folder: Path, whole: bool
    ):
        self.whole = whole  # all products are there: what is said of the whole holds
        self.kind, self.context, self.look, self.folder = kind, context, look, folder
        self.refusals: list[list] = []
        self.summaries: dict[int, dict] = {}

    def draw(self, units: list[Unit], *, plan: dict, width: int) -> dict:
        """Write the pictures; return {"pages", "shown", "places", "refusals", "files"}."""
        plan = EditionPlan(**plan, touchpoint=self._address, window=self.look)
        if self.kind.preview == "page":
            with suppress(PlacesKnown):
                self._assemble(plan, [self._piece(unit, b"") for unit in units])
            self.look.waits = False
        self.look.page = self.look.page or 1
        path = self._assemble(plan, self._pieces(units), tells=True)
        with pikepdf.open(path) as pdf:
            count = len(pdf.pages)
        shown = [page for page in self.look.pages if page <= count] or [count]
        names = [
            self._picture(path, page, name, width) for page, name in zip(shown, NAMES, strict=False)
        ]
        return {
            "pages": count,
            "shown": shown,
            "places": {page: self.look.known.get(page, []) for page in shown},
            "products": [one for page in sorted(self.look.known) for one in self.look.known[page]],
            "refusals": self.refusals,
            "files": names,
        }

    def _pieces(self, units: list[Unit]) -> list[Piece]:
        """Return all pieces, with a payload where it will be seen."""
        drawn = {u.id for u in units if not self.look.known or self._name(u) in self.look.wanted}
        results = self._results([u for u in units if u.id in drawn])
        made = {result.unit: result for result in results}
        return [
            self._piece(unit, made[unit.id].payload if unit.id in made else b"")
            for unit in units
            if unit.id not in made or not made[unit.id].left_out
        ]

    def _results(self, units: list[Unit]) -> Iterator[wire.Result]:
        for result in Renderer(self.kind, self.context).results((unit, "") for unit in units):
            self.refusals += json.loads(result.refusals)
            yield result

    def _piece(self, unit: Unit, payload: bytes) -> Piece:
        if unit.id not in self.summaries:
            told = self.kind.summary(unit, self.context)
            self.summaries[unit.id] = json.loads(json.dumps(told))
        return Piece(unit.id, self._name(unit), payload, self.summaries[unit.id])

    def _name(self, unit: Unit) -> str:
        return unit.main(self.context.locale).identifier

    def _assemble(self, plan: EditionPlan, pieces: Iterable[Piece], *, tells: bool = False) -> Path:
        files = self.folder / f"bound-{len(list(self.folder.glob('bound-*')))}"
        files.mkdir()
        sink = ScratchSink(files)
        context = replace(self.context, scratch=files)
        told = list(self.kind.assemble(plan, Pieces(pieces), context, sink) or ())
        if tells and self.whole:
            self.refusals += [wire.refusal_row(one) for one in told if not one.identifier]
        found = [sink.path(name) for name, kind in sink.files.items() if kind == PDF]
        packed = [sink.path(name) for name, kind in sink.files.items() if kind == ZIP]
        return next(iter(found), None) or _unpacked(packed, files)

    def _address(self, identifier: str, place: str = "") -> str:
        """A code as long as a real one, that leads nowhere: nobody scans a preview."""
        return f"{self.context.public_url}/q/{'preview' + 'x' * 19}"

    def _picture(self, path: Path, page: int, name: str, width: int) -> str:
        target = self.folder / name
        command = ["pdftoppm", "-f", str(page), "-l", str(page), "-singlefile", "-png"]
        command += ["-scale-to-x", str(width), "-scale-to-y", "-1", str(path), str(target)]
        subprocess.run(command, check=True, timeout=20)
        return f"{name}.png"


def _unpacked(archives: list[Path], folder: Path) -> Path:
    """Return the first PDF of the archives, written into the folder."""
    for archive in archives:
        with ZipFile(archive) as packed:
            names = [name for name in packed.namelist() if name.endswith(".pdf")]
            for name in names[:1]:
                target = folder / "unpacked.pdf"
                target.write_bytes(packed.read(name))
                return target
    raise ValueError("the output makes no PDF")
