"""Whole catalogues in every form, bound as an edition binds them, seen by others' tools."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from syndication.contract import Piece, Pieces
from syndication.outputs.catalogue import Catalogue

from . import listings as samples
from . import pictures

KIND = Catalogue()
POINTS = 72


@dataclass(frozen=True)
class Bound:
    """A bound file and what its assembly reported."""

    path: Path
    told: list

    def codes(self) -> list[str]:
        return [refusal.code for refusal in self.told]


def bound(
    folder: Path, form: str, locale: str = "en", *, count: int = 8, name: str = "", **options
):
    """Bind a catalogue of `count` products in a form; `tokens`, `memo` and options may differ."""
    painted = pictures.paint(folder, count=2, size=options.pop("size", (1200, 1200)))
    units = samples.units(count, locale, pictures=painted)
    ending = options.pop("ending", "")  # of every name
    for unit in units if ending else ():
        body = unit.main(locale).body
        body["name"] += ending
        body["values"] = body["values"] | {"name": [body["name"], "own", ""]}
    context = samples.context(KIND, locale, folder, form=form, **options)
    pieces = [
        Piece(unit.id, unit.main(locale).identifier, made.payload, KIND.summary(unit, context))
        for unit, made in zip(units, KIND.fragments(iter(units), context), strict=True)
    ]
    place = folder / (name or f"{form}-{locale}")
    sink = samples.FolderSink(folder=place)
    told = list(KIND.assemble(samples.plan(count), Pieces(pieces), context, sink))
    (path,) = place.glob("*.pdf")
    KIND.verify(path, path.name, samples.plan(count))
    return Bound(path, told)


def plates(path: Path, page: int, folder: Path, *, dpi: int = POINTS) -> dict[str, Image.Image]:
    """Return what each plate of a press would print of a page: {ink: picture, 0 is full ink}."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["gs", "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=tiffsep", f"-r{dpi}"]
    command += [f"-dFirstPage={page}", f"-dLastPage={page}", f"-sOutputFile={folder}/p.tif"]
    subprocess.run([*command, str(path)], check=True, capture_output=True)
    found = {}
    for plate in folder.glob("p(*).tif"):
        with Image.open(plate) as picture:
            found[plate.name[2:-5]] = picture.convert("L")
    return found


def words(path: Path, page: int) -> dict[str, tuple[float, ...]]:
    """Return {word: its box on a page, from the top left}; the first of equal words."""
    command = ["pdftotext", "-bbox", "-f", str(page), "-l", str(page), str(path), "-"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, tuple[float, ...]] = {}
    for line in text.splitlines():
        if "<word " in line:
            numbers = line.split('"')[1:8:2]
            corners = tuple(float(number) for number in numbers)
            found.setdefault(line.split(">")[1].split("<")[0], corners)
    return found
