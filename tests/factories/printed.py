"""Issues printed kinds in the test process and reads what they made."""

import io
import re
import subprocess
from dataclasses import replace
from pathlib import Path

from PIL import Image

from syndication.contract import Listing, Made, Piece, Pieces, Unit

from . import listings as samples


def issue(kind, units, context, folder: Path, *, number: int = 7) -> tuple[dict[str, Path], list]:
    """Render, assemble and verify; return {file name: path} and the refusals of assembly."""
    pieces, folder = list(pieces_of(kind, units, context)), folder / f"issue-{number}"
    plan = samples.plan(len(pieces), number=number)
    sink = samples.FolderSink(folder=folder)
    refusals = list(kind.assemble(plan, Pieces(pieces), context, sink) or ())
    files = {str(p.relative_to(folder)): p for p in sorted(folder.rglob("*")) if p.is_file()}
    for name, path in files.items():
        kind.verify(path, name, plan)
    return files, refusals


def pieces_of(kind, units, context):
    """Yield the pieces of the units that are not refused."""
    for unit, made in zip(units, kind.fragments(iter(units), context), strict=True):
        if isinstance(made, Made):
            main = unit.main(context.locale)
            summary = {**kind.summary(unit, context), **made.summary}
            yield Piece(unit.id, main.identifier, made.payload, summary)


def together(count: int, locales: tuple[str, ...], *, pictures=()) -> list[Unit]:
    """Return units whose listings are in several locales, as in a combined edition."""
    per = [samples.units(count, locale, pictures=pictures) for locale in locales]
    return [
        Unit(
            same[0].id,
            {loc: u.listings[loc] for loc, u in zip(locales, same, strict=True)},
            same[0].facts,
        )
        for same in zip(*per, strict=True)
    ]


def combined(context, locales: tuple[str, ...]):
    """Return the context of a combined edition."""
    return replace(context, locales=locales, labels={c: samples.labels(c) for c in locales})


def altered(unit: Unit, locale: str = "en", *, facts=None, **values) -> Unit:
    """Return the unit with other values of its main listing, and other facts."""
    main, *rest = unit.listings[locale]
    new = main.body["values"] | {code: [data, "own", ""] for code, data in values.items()}
    body = main.body | {"values": new, "name": values.get("name", main.body["name"])}
    known = unit.facts | {main.identifier: facts} if facts else unit.facts
    listing = Listing(main.product_id, f"altered {values}", body)
    return Unit(unit.id, {locale: (listing, *rest)}, known)


def text(path: Path, page: int = 0, *options: str) -> str:
    """Return the text of a PDF, or of one of its pages."""
    chosen = ["-f", str(page), "-l", str(page)] if page else []
    command = ["pdftotext", *options, *chosen, str(path), "-"]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def head(path: Path, page: int = 1, *, high: float = 24) -> str:
    """Return the words in the uppermost `high` millimetres of a page but for its very edge."""
    boxes = re.findall(
        r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">(.*)</word>', text(path, page, "-bbox")
    )
    found = [word for top, end, word in boxes if float(top) > 9 and float(end) < high * 72 / 25.4]
    # Where words are boxed, those that are read from the right come letter by letter in reverse.
    return " ".join(word[::-1] if re.search("[\u0590-\u08ff]", word) else word for word in found)


def raster(path: Path, page: int = 1, *, dpi: int = 300) -> Image.Image:
    """Return a page as a picture."""
    numbers = ["-f", str(page), "-l", str(page)]
    command = ["pdftoppm", "-r", str(dpi), *numbers, "-png", str(path)]
    return Image.open(io.BytesIO(subprocess.run(command, capture_output=True, check=True).stdout))


def words_noted(kind, units, context, folder: Path) -> list[tuple[str, str, str]]:
    """Return (number of the page, identifier, words found in its box) of all that is noted."""
    pieces = list(pieces_of(kind, units, context))
    plan = samples.plan(len(pieces), number=3)
    sink = samples.FolderSink(folder=folder / "noted")
    list(kind.assemble(plan, Pieces(pieces), context, sink) or ())
    found = []
    for note in plan.pages:
        path = folder / "noted" / note.file
        for identifier, box in note.products:
            found.append((note.folio, identifier, _words_in(path, note.page, box)))
    return found


def _words_in(path: Path, page: int, box) -> str:
    import pikepdf

    with pikepdf.open(path) as pdf:
        high = float(pdf.pages[page - 1].trimbox[3])
    x, y, width, height = box
    area = zip(("-x", "-y", "-W", "-H"), (x, high - y - height, width, height), strict=True)
    flags = [part for flag, number in area for part in (flag, str(round(number)))]
    command = ["pdftotext", "-r", "72", "-f", str(page), "-l", str(page), *flags, str(path), "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())
