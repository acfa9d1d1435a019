"""The stage for everybody's reading: a tagged file, PDF/UA-1 (ISO 14289-1)."""

from dataclasses import dataclass

from ..print.about import text_string
from ..print.parts import Pack
from .plain import plain
from .stage import ACCESSIBLE, Drawn, Page, Promise, Stage, box

XMP = """<pdfuaid:part xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">1</pdfuaid:part>
"""
HEADINGS = ("H1", "H2", "H3", "H4", "H5", "H6")


class Accessible(Stage):
    """Joins the structures of what is placed into one tree, in the order of reading."""

    form = ACCESSIBLE
    tagged = True
    photo_width = 1000

    def __init__(self):
        self.document = 0
        self.kids: list[int] = []
        self.parents: dict[int, dict[int, int] | int] = {}  # what holds marked content, its owners
        self.levels: list[tuple[int, int]] = []  # headings that stand open: as set, as written
        self.table: _Table | None = None  # the last on the last page; the next may go on with it

    def pack(self, payload: bytes) -> Pack:
        """Return the parts of a pack; what says nothing of its structure keeps no marks of one."""
        pack = Pack.from_bytes(payload)
        return pack if pack.trees else plain(pack)

    def page(self, page: Page, file) -> None:
        """Write the elements of a page; mark what is drawn besides as what it is."""
        self.document = self.document or file.reserve()
        page.notes = [file.reserve() for _ in page.links]
        writing = _Writing(self, page, file)
        codes = {
            n: c for c, n in enumerate(k for k, d in enumerate(page.drawn) if d.role == "code")
        }
        for item in page.reading:
            if isinstance(item, int):
                self.kids.append(writing.code(page.drawn[item], codes[item]))
            else:
                self._read(*item, writing, page)
        self.kids += [writing.bare(n) for n, at in enumerate(page.notes) if at not in self.parents]
        page.drawn = [_marked(drawn, codes.get(n, 0)) for n, drawn in enumerate(page.drawn)]
        page.links = [
            (corners, goal + b"/StructParent %d/Contents%b" % (note, text_string(text)), text)
            for (corners, goal, text), note in zip(page.links, page.notes, strict=True)
        ]
        page.extra += b"/MediaBox%b/TrimBox%b" % (box(page.size), box(page.size))
        page.extra += b"/Tabs/S/StructParents %d" % page.object

    def _read(self, tree: list, numbers: list[int], writing: "_Writing", page: Page) -> None:
        """Write what is read of a form; a table may go on with the one before it."""
        for node in tree:
            if node[0] != "Table":
                self._end_table(writing.file)
                self.kids.append(writing.element(node, self.document, numbers))
                continue
            if not (page.goes_on and self.table):
                self._end_table(writing.file)
                self.table = _Table(writing.file.reserve(), page.object, node[1])
                self.kids.append(self.table.number)
            self.table.rows += writing.kids(node[2], self.table.number, numbers)

    def _end_table(self, file) -> None:
        """Write the table that stands open, now that it has all its rows."""
        if self.table:
            file.add(self.table.written(self.document), number=self.table.number)
        self.table = None

    def level(self, heading: str) -> str:
        """Return the heading to be written: none is skipped on the way down."""
        wanted = int(heading[1])
        while self.levels and self.levels[-1][0] >= wanted:
            self.levels.pop()
        actual = self.levels[-1][1] + 1 if self.levels else 1
        self.levels.append((wanted, actual))
        return f"H{min(actual, 6)}"

    def close(self, file) -> Promise:
        self._end_table(file)
        root, tree = file.reserve(), file.reserve()
        about = b"<</Type/StructElem/S/Document/P %d 0 R/K[%b]>>"
        file.add(about % (root, _references(self.kids)), number=self.document or file.reserve())
        rows = b"".join(
            b"%d %b" % (key, self._owners(found)) for key, found in sorted(self.parents.items())
        )
        file.add(b"<</Nums[%b]>>" % rows, number=tree)
        about = b"<</Type/StructTreeRoot/K %d 0 R/ParentTree %d 0 R/ParentTreeNextKey %d>>"
        last = max(self.parents, default=0) + 1
        file.add(about % (self.document, tree, last), number=root)
        return Promise(b"/MarkInfo<</Marked true>>/StructTreeRoot %d 0 R" % root, XMP)

    def _owners(self, found: dict[int, int] | int) -> bytes:
        if isinstance(found, int):
            return b"%d 0 R " % found
        last = max(found) + 1
        return b"[%b]" % b"".join(
            b"%d 0 R " % found[n] if n in found else b"null " for n in range(last)
        )


@dataclass
class _Table:
    """A table whose rows may go on over several pages."""

    number: int
    page: int
    entries: str
    rows: bytes = b""

    def written(self, parent: int) -> bytes:
        told = (parent, self.page, self.entries.encode("latin-1"), self.rows)
        return b"<</Type/StructElem/S/Table/P %d 0 R/Pg %d 0 R%b/K[%b]>>" % told


class _Writing:
    """Writes the elements of one page."""

    def __init__(self, stage: Accessible, page: Page, file):
        self.stage, self.page, self.file = stage, page, file

    def element(self, node: list, parent: int, numbers: list[int]) -> int:
        """Write an element and all in it; return its number."""
        number, kind = self.file.reserve(), node[0]
        kind = self.stage.level(kind) if kind in HEADINGS else kind
        kids = self.kids(node[2], number, numbers)
        self._add(number, kind, parent, node[1].encode("latin-1"), kids)
        return number

    def kids(self, kids: list, owner: int, numbers: list[int]) -> bytes:
        """Write what is in an element; return the references to it."""
        return b"".join(self._kid(kid, owner, numbers) for kid in kids)

    def _add(self, number: int, kind: str, parent: int, entries: bytes, kids: bytes) -> None:
        about = b"<</Type/StructElem/S/%b/P %d 0 R/Pg %d 0 R%b/K[%b]>>"
        told = (kind.encode(), parent, self.page.object, entries, kids)
        self.file.add(about % told, number=number)

    def _kid(self, kid, owner: int, numbers: list[int]) -> bytes:
        if isinstance(kid, dict):
            return self._note(kid["note"], owner)
        if isinstance(kid[0], str):
            return b"%d 0 R " % self.element(kid, owner, numbers)
        stream, content = numbers[kid[0]], kid[1]
        self.stage.parents.setdefault(stream, {})[content] = owner
        return b"<</Type/MCR/Pg %d 0 R/Stm %d 0 R/MCID %d>>" % (self.page.object, stream, content)

    def _note(self, n: int, owner: int) -> bytes:
        note = self.page.notes[n]
        self.stage.parents[note] = owner
        return b"<</Type/OBJR/Obj %d 0 R/Pg %d 0 R>>" % (note, self.page.object)

    def bare(self, n: int) -> int:
        """Write a link that no text was set for; return its number."""
        link = self.file.reserve()
        alt = b"/Alt" + text_string(self.page.links[n][2])
        self._add(link, "Link", self.stage.document, alt, self._note(n, link))
        return link

    def code(self, drawn: Drawn, content: int) -> int:
        """Write a coded address: a link whose picture says where it leads; return its number."""
        link, figure = self.file.reserve(), self.file.reserve()
        address = text_string(self.page.links[drawn.link][2])
        self.stage.parents.setdefault(self.page.object, {})[content] = figure
        self._add(figure, "Figure", link, b"/Alt" + address, b"%d" % content)
        kids = b"%d 0 R %b" % (figure, self._note(drawn.link, link))
        self._add(link, "Link", self.stage.document, b"/Alt" + address, kids)
        return link


def _marked(drawn: Drawn, content: int) -> Drawn:
    begin = {
        "code": b"/Figure<</MCID %d>>BDC\n" % content,
        "artifact": b"/Artifact BMC\n",
        # What is inside a form is marked there; simple readers ask it of the placing, too.
        "form": b"/NonStruct BMC\n",
    }
    return Drawn(begin[drawn.role] + drawn.operators + b"EMC\n", drawn.role, drawn.link)


def _references(numbers: list[int]) -> bytes:
    return b"".join(b"%d 0 R " % number for number in numbers)
