"""What is read of set pages: the structure that was set, kept beside each form (ISO 32000-1, 14.7).

A tree is a list of elements; an element is [type, entries, kids] and, where somebody has to find
it, its box on the page. A kid is an element, [part of the pack, number of its marked content], or
{"note": n}, the nth link of the form.
"""

import re
from itertools import groupby

import pikepdf

MARKED = re.compile(rb"/\w+\s*<<\s*/MCID\s+(\d+)\s*>>\s*BDC")
GROUPS = ("/Div", "/NonStruct", "/Span", "/TBody", "/THead")
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
            found[page] += _read(element, notes)
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
        return kids if kind == "/Span" or all(_is_element(kid) for kid in kids) else _loose(kids)
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


def voiced(tree: list, voice: str) -> tuple[list, set[int]]:
    """Return what is read of a page, and the marked content that is not (see `take_apart`)."""
    if voice == "artifact":
        return [], numbers_of(tree)
    if voice and tree:
        first, *rest = tree
        kids = [[0, number] for number in sorted(numbers_of([first]))]
        return [[voice, first[1], kids]], numbers_of(rest)
    return silent(tree)


def silent(tree: list) -> tuple[list, set[int]]:
    """Return a tree without pictures that say nothing, and the marked content that they were."""
    kept, gone = [], set()
    for kid in tree:
        if not _is_element(kid):
            kept.append(kid)
            continue
        kids, inner = silent(kid[2])
        if kid[0] == "Figure" and "/Alt" not in kid[1]:
            gone |= inner | numbers_of(kids)
            continue
        gone |= inner
        if kids or kid[0] in CELLS:
            kept.append([kid[0], kid[1], kids, *kid[3:]])
    return kept, gone


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


def numbers_of(tree: list) -> set[int]:
    """Return the marked content that a tree names."""
    found = set()
    for kid in tree:
        if _is_element(kid):
            found |= numbers_of(kid[2])
        elif isinstance(kid, list):
            found.add(kid[1])
    return found


def muted(operators: bytes, numbers: set[int]) -> bytes:
    """Return operators in which that marked content is an artifact: nobody reads it aloud."""

    def replace(found: re.Match) -> bytes:
        return b"/Artifact BMC" if int(found[1]) in numbers else found[0]

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
