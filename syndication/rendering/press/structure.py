"""What is read of set pages: the structure that was set, kept beside each form (ISO 32000-1, 14.7).

A tree is a list of elements; an element is [type, entries, kids] and, where somebody has to find
it, its box on the page. A kid is an element, [part of the pack, number of its marked content], or
{"note": n}, the nth link of the form.
"""

import re
from collections.abc import Iterator
from itertools import dropwhile, groupby

import pikepdf

from ..print.about import text_string

MARKED = re.compile(rb"/\w+\s*<<\s*/MCID\s+(\d+)\s*>>\s*BDC")
GROUPS = ("/Div", "/NonStruct", "/Span", "/TBody", "/THead")
INLINE = ("/NonStruct", "/Span")  # emphasis and the like, in the midst of a paragraph
KEPT = ("/Alt", "/Lang", "/ActualText")
CELLS = ("TH", "TD")
SPANS = ("/ColSpan", "/RowSpan")


def trees_of(pdf) -> dict[int, list]:
    """Return {number of a page's object: its tree} of a tagged PDF that WeasyPrint has set.

    What others have tagged may mean anything: {} as of a PDF without structure.
    """
    root = pdf.Root.get("/StructTreeRoot")
    if root is None or not str(pdf.docinfo.get("/Producer", "")).startswith("WeasyPrint"):
        return {}
    found = {page.obj.objgen[0]: [] for page in pdf.pages}
    notes = {note.objgen[0]: n for page in pdf.pages for n, note in enumerate(linked(page))}
    for element in root.K[0].get("/K", []):
        page = _page(element)
        if page in found:
            found[page] += _loose(_read(element, notes))
    return found


def linked(page) -> list:
    """Return the annotations of a page that lead somewhere."""
    return [n for n in page.obj.get("/Annots", []) if "/URI" in n.get("/A", {})]


def _page(element) -> int:
    page = element.get("/Pg")
    return page.objgen[0] if page is not None else 0


def _read(element, notes: dict[int, int]) -> list:
    """Return an element as a list of one, or what is in it where it is but a group."""
    kind, kids = str(element.get("/S")), []
    for kid in _kids(element):
        if isinstance(kid, int):
            kids.append([0, int(kid)])
        elif str(kid.get("/Type")) == "/OBJR":
            note = notes.get(kid.Obj.objgen[0])
            kids += [] if note is None else [{"note": note}]
        elif str(kid.get("/Type")) == "/StructElem":
            kids += _read(kid, notes)
    entries = "".join(
        name + element[name].unparse().decode("latin-1") for name in KEPT if name in element
    )
    if kind.lstrip("/") in CELLS:
        return [[kind.lstrip("/"), entries, kids, _spans(element)]]
    if not kids:
        return []
    if kind in GROUPS and not entries:
        return kids if kind in INLINE or all(_is_element(kid) for kid in kids) else _loose(kids)
    return [_finished([kind.lstrip("/"), entries, kids])]


def _loose(kids: list) -> list:
    """Return the kids of a group with text among them that stands in no paragraph in one."""
    found: list = []
    for loose, run in groupby(kids, key=lambda kid: not _is_element(kid)):
        kept = list(run)
        found += [["P", "", kept]] if loose else kept
    return found


def _is_element(kid) -> bool:
    return isinstance(kid, list) and isinstance(kid[0], str)


def _kids(element) -> list:
    kids = element.get("/K")
    if kids is None:
        return []
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _finished(element: list) -> list:
    """Return an element as PDF/UA wants it: cells in rows, heads of rows and columns named."""
    if element[0] == "Table":
        rows = [kid for kid in element[2] if _is_element(kid) and kid[0] == "TR"]
        named = any(cell[0] == "TH" for row in rows for cell in row[2])
        for row in rows:
            _head(row, named=named)
    elif element[0] in ("Sect", "Art", "Part", "BlockQuote"):
        element[2] = _loose(element[2])
    return element


def _head(row: list, *, named: bool) -> None:
    """Say what the heads of a row are of; a table without any is headed by its first cells."""
    cells = [cell for cell in row[2] if _is_element(cell) and cell[0] in CELLS]
    if not named and cells:
        cells[0][0] = "TH"
    scope = "Column" if len(cells) > 1 and all(c[0] == "TH" for c in cells) else "Row"
    for cell in cells:
        told = "".join(cell[3:]) + (f"/Scope/{scope}" if cell[0] == "TH" else "")
        cell[1] += f"/A<</O/Table{told}>>" if told else ""
        del cell[3:]


def _spans(cell) -> str:
    """Return how many columns and rows a cell covers, where it is more than one."""
    about = cell.get("/A", {})
    return "".join(f"{name} {int(about[name])}" for name in SPANS if name in about)


def voiced(tree: list, voice: str) -> list:
    """Return what is read of a page (see `take_apart`); what else was marked is an artifact."""
    if voice == "artifact":
        return []
    if voice == "goes_on":
        return [headless(node) for node in silent(tree)]
    if voice and tree:
        first = tree[0]
        return [[voice, first[1], [[0, number] for number in sorted(numbers_of([first]))]]]
    return silent(tree)


def silent(tree: list) -> list:
    """Return a tree without pictures that say nothing."""
    kept = []
    for kid in tree:
        if not _is_element(kid):
            kept.append(kid)
        elif kid[0] != "Figure" or "/Alt" in kid[1]:
            kids = silent(kid[2])
            if kids or kid[0] in CELLS:
                kept.append([kid[0], kid[1], kids, *kid[3:]])
    return kept


def headless(element: list) -> list:
    """Return a table that goes on without the heads that it began with before."""
    if element[0] != "Table":
        return element
    rows = dropwhile(_is_head, element[2])
    return [element[0], element[1], list(rows), *element[3:]]


def _is_head(row) -> bool:
    return _is_element(row) and bool(row[2]) and all("/Scope/Column" in c[1] for c in row[2])


def headed(tree: list) -> list:
    """Return a tree with its headings first: a card says what it is of before it says more."""
    return sorted(tree, key=lambda element: not element[0].startswith("H"))


def unlinked(tree: list) -> list:
    """Return a tree without its links: what a card links to are holes, for its page to fill."""
    found = []
    for kid in tree:
        if _is_element(kid):
            kids = unlinked(kid[2])
            if kid[0] == "Link":
                found += kids
            elif kids or kid[0] in CELLS:
                found.append([kid[0], kid[1], kids, *kid[3:]])
        elif isinstance(kid, list):
            found.append(kid)
    return found


def linking(tree: list, note: int, said: str) -> list:
    """Return all that is read of a form as one link of its page, with the words `said`."""
    alt = b"/Alt" + text_string(said)
    return ["Link", alt.decode("latin-1"), [*_contents(tree), {"note": note}]]


def _contents(tree: list) -> Iterator[list]:
    """Yield the marked content of a tree, in its order."""
    for kid in tree:
        if _is_element(kid):
            yield from _contents(kid[2])
        elif isinstance(kid, list):
            yield kid


def numbers_of(tree: list) -> set[int]:
    """Return the marked content that a tree names."""
    return {number for _part, number in _contents(tree)}


def muted(operators: bytes, kept: set[int]) -> bytes:
    """Return operators in which all marked content but that is an artifact: not read aloud."""

    def replace(found: re.Match) -> bytes:
        return found[0] if int(found[1]) in kept else b"/Artifact BMC"

    return MARKED.sub(replace, operators)


def shifted(tree: list, base: int) -> list:
    """Return a tree whose parts stand `base` places further on."""
    return [
        [kid[0], kid[1], shifted(kid[2], base), *kid[3:]]
        if _is_element(kid)
        else [kid[0] + base, kid[1]]
        if isinstance(kid, list)
        else kid
        for kid in tree
    ]
