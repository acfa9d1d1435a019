"""A whole catalogue in a zip: structure, products and media, as the import takes them back."""

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from pim import files
from pim.exporting.structure import structure_tables, texts, titles_of
from pim.models import Asset

FILES = "files"


def write_catalogue(path: Path, *, products: Path | None, structure: bool, media: bool) -> int:
    """Write the zip; `products` is the file of products, if they are wanted.

    Return how many rows of structure and media stand in it.
    """
    rows = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for table in structure_tables() if structure else ():
            rows += _table(packed, table.name, list(table.rows))
        if media:
            rows += _table(packed, "assets", list(_assets(packed)))
        if products is not None:
            _products(packed, products)
    return rows


def _table(packed: zipfile.ZipFile, name: str, rows: list[dict[str, str]]) -> int:
    if rows:
        out = io.StringIO()
        writer = csv.DictWriter(out, titles_of(rows), delimiter=";", restval="")
        writer.writeheader()
        writer.writerows(rows)
        packed.writestr(f"{name}.csv", out.getvalue())
    return len(rows)


def _assets(packed: zipfile.ZipFile) -> Iterator[dict[str, str]]:
    """Put every file into the zip as it is and yield the row that names it."""
    for asset in Asset.objects.order_by("code").iterator():
        try:
            source = files.assets().local(files.name_of(asset.sha256))
        except FileNotFoundError:
            continue  # what is lost cannot be given
        name = f"{FILES}/{asset.code}/{asset.filename}"
        packed.write(source, name, zipfile.ZIP_STORED)
        yield {
            "code": asset.code,
            "file": name,
            "licence": asset.licence,
            "author": asset.author,
            "valid_from": asset.valid_from.isoformat() if asset.valid_from else "",
            "valid_to": asset.valid_to.isoformat() if asset.valid_to else "",
            **texts(asset.alt or {}, "alt"),
            **texts(asset.caption or {}, "caption"),
        }


def _products(packed: zipfile.ZipFile, file: Path) -> None:
    if file.suffix != ".zip":
        packed.write(file, file.name)
        return
    with zipfile.ZipFile(file) as inner:
        for name in inner.namelist():
            with inner.open(name) as source, packed.open(name, "w") as out:
                while chunk := source.read(1 << 20):
                    out.write(chunk)
