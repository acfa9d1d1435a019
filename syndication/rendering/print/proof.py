"""Proof-reads a bound catalogue: what it says it holds must be in it."""

from pathlib import Path

from ..press.stage import ACCESSIBLE, PRESS, form_of
from .about import COUNTS


def proof(path: Path, name: str = "") -> None:
    """Raise ValueError when pages, pictures, fonts or links are not what they should be.

    `name` is that of the file: it says what form the file has.
    """
    import pikepdf

    try:
        with pikepdf.open(path) as pdf:
            _check(pdf, pikepdf)
            check_form(pdf, form_of(name))
    except pikepdf.PdfError as error:
        raise ValueError(f"not a PDF: {error}") from error


def check_form(pdf, form: str) -> None:
    """Raise ValueError where an open PDF is not what its form promises."""
    from ..press.proof import prove, prove_tagged

    if form == PRESS:
        prove(pdf)
    elif form == ACCESSIBLE:
        prove_tagged(pdf)


def _check(pdf, lib) -> None:
    pages, products, pictures = (int(str(pdf.docinfo.get(name, "-1"))) for name in COUNTS)
    if len(pdf.pages) != pages:
        raise ValueError(f"{len(pdf.pages)} pages instead of {pages}")
    shown = [_shown(page) for page in pdf.pages]
    if sum(cards for cards, _ in shown) != products:
        raise ValueError(f"{sum(cards for cards, _ in shown)} cards instead of {products}")
    if sum(images for _, images in shown) < pictures:
        raise ValueError(f"{sum(images for _, images in shown)} pictures instead of {pictures}")
    _check_fonts(pdf, lib)
    _check_links(pdf)


def _shown(page) -> tuple[int, int]:
    """Return the number of cards on a page and of the pictures in them."""
    galley = page.obj.get("/Resources", {}).get("/XObject", {}).get("/G", {})
    cards = list(galley.get("/Resources", {}).get("/XObject", {}).values())
    images = [card.get("/Resources", {}).get("/XObject", {}) for card in cards]
    return len(cards), sum(len(found) for found in images)


def _check_fonts(pdf, lib) -> None:
    for found in pdf.objects:
        if not isinstance(found, lib.Dictionary) or found.get("/Type") != "/FontDescriptor":
            continue
        if not any(f"/FontFile{n}" in found for n in ("", "2", "3")):
            raise ValueError(f"font {found.get('/FontName')} is not embedded")


def _check_links(pdf) -> None:
    known = {page.obj.objgen for page in pdf.pages}
    for page in pdf.pages:
        for note in page.obj.get("/Annots", []):
            goal, action = note.get("/Dest"), note.get("/A", {})
            if goal is not None and goal[0].objgen not in known:
                raise ValueError("a link leads to no page")
            if str(action.get("/URI", "")).startswith("x-page:"):
                raise ValueError("a link was left unresolved")
