"""What the file of a product's data sheet is called; what serves files asks without setting any."""

import hashlib

from ..addresses import file_stem
from ..press.stage import SCREEN, file_name

STEM = 60  # characters of an identifier in a file's name


def sheet_name(identifier: str, *, tag: str, form: str = SCREEN) -> str:
    """Return the file name of a product's sheet, the same in every edition.

    A digest follows where the identifier alone would not be a name of its own.
    """
    stem = file_stem(f"{identifier}.x")[:STEM].strip("-") or "sheet"
    if stem != identifier:
        stem = f"{stem}-{hashlib.sha256(identifier.encode()).hexdigest()[:8]}"
    return "data-sheets/" + file_name(stem, locale=tag, form=form)
