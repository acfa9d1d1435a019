"""Proof-reads a bound catalogue: what it says it holds must be in it."""

from pathlib import Path

from ..press.stage import ACCESSIBLE, PRESS, form_of
from .about import COUNTS

PAGES, OBJECTS = 300, 20_000  # looked at before the file is opened anew


def proof(path: Path, name: str = "") -> None:
    """Raise ValueError when pages, pictures, fonts or links are not what they should be.

    `name` is that of the file: it says what form the file has. A file that is open keeps all
    that was looked at in memory, so a long one is looked at in stretches.
    """
    import pikepdf

    try:
        with pikepdf.open(path) as pdf:
            size = int(pdf.trailer["/Size"])
            told = tuple(int(str(pdf.docinfo.get(name, "-1"))) for name in COUNTS)
            check_form(pdf, form_of(name))
            pages, products, pictures = len(pdf.pages), 0, 0
        if pages != told[0]:
            raise ValueError(f"{pages} pages instead of {told[0]}")
        for start in range(0, pages, PAGES):
            del pdf  # closed, it still holds what was looked at
            with pikepdf.open(path) as pdf:
                found = _stretch(pdf, slice(start, start + PAGES))
            products, pictures = products + found[0], pictures + found[1]
        if products != told[1]:
            raise ValueError(f"{products} cards instead of {told[1]}")
        if pictures < told[2]:
            raise ValueError(f"{pictures} pictures instead of {told[2]}")
        for start in range(1, size, OBJECTS):
            del pdf
            with pikepdf.open(path) as pdf:
                _check_fonts(pdf, pikepdf, range(start, min(start + OBJECTS, size)))
    except pikepdf.PdfError as error:
        raise ValueError(f"not a PDF: {error}") from error


def check_form(pdf, form: str) -> None:
    """Raise ValueError where an open PDF is not what its form promises."""
    from ..press.proof import prove, prove_tagged

    if form == PRESS:
        prove(pdf)
    elif form == ACCESSIBLE:
        prove_tagged(pdf)


def _stretch(pdf, stretch: slice) -> tuple[int, int]:
    """Check the links of some pages; return the number of cards on them and of their pictures."""
    known = {page.obj.objgen for page in pdf.pages}
    cards = images = 0
    for page in pdf.pages[stretch]:
        _check_links(page, known)
        shown = _shown(page)
        cards, images = cards + shown[0], images + shown[1]
    return cards, images


def _shown(page) -> tuple[int, int]:
    """Return the number of cards on a page and of the pictures in them."""
    galley = page.obj.get("/Resources", {}).get("/XObject", {}).get("/G", {})
    cards = list(galley.get("/Resources", {}).get("/XObject", {}).values())
    images = [card.get("/Resources", {}).get("/XObject", {}) for card in cards]
    return len(cards), sum(len(found) for found in images)


def _check_fonts(pdf, lib, numbers: range) -> None:
    for found in (pdf.get_object(number, 0) for number in numbers):
        if not isinstance(found, lib.Dictionary) or found.get("/Type") != "/FontDescriptor":
            continue
        if not any(f"/FontFile{n}" in found for n in ("", "2", "3")):
            raise ValueError(f"font {found.get('/FontName')} is not embedded")


def _check_links(page, known: set) -> None:
    for note in page.obj.get("/Annots", []):
        goal, action = note.get("/Dest"), note.get("/A", {})
        if goal is not None and goal[0].objgen not in known:
            raise ValueError("a link leads to no page")
        if str(action.get("/URI", "")).startswith("x-page:"):
            raise ValueError("a link was left unresolved")
