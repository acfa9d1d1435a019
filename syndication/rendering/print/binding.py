"""Binds galleys and furniture into one PDF: places, stamps, links, outline and metadata."""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from django.utils.encoding import iri_to_uri

from .about import About, catalogue, information, metadata, outline, text_string
from .parts import Pack
from .sheet import MM, PAGE, Box, Sheet
from .stamps import Numbers
from .writer import PdfWriter

TARGET = "x-page:"  # furniture links to pages by number; binding turns them into destinations
BOX = f"[0 0 {PAGE[0]:.3f} {PAGE[1]:.3f}]".encode()
LEVEL = 3


class Code(NamedTuple):
    """A code on a page: its box, the form of its words and their box, the address, the modules
    across and their path."""

    box: Box
    caption: int
    words: Box
    url: str
    across: int
    path: bytes


@dataclass(frozen=True)
class Frame:
    """What stands around the cards of a page, as forms; `titles` are (row, form) pairs."""

    head: int
    foot: int
    titles: Sequence[tuple[int, int]]


class Binder:
    """Writes the pages of one catalogue to `target`, in their final order."""

    def __init__(self, target: BinaryIO, *, sheet: Sheet, locale: str, remember: Callable):
        self.sheet, self.locale = sheet, locale
        self.file = PdfWriter(target)
        self.tree = self.file.reserve()
        self.numbers = Numbers(remember)
        self.font = self.file.place(self.numbers.pack)[0]
        self.pages: list[int] = []  # the objects of pages, also of some that are still to come
        self.count = self.products = self.pictures = 0
        self.outline: list[tuple[int, str, int]] = []

    def page(self, number: int) -> int:
        """Return the object of a page, counted from 1; it may be bound later."""
        while len(self.pages) < number:
            self.pages.append(self.file.reserve())
        return self.pages[number - 1]

    def mark(self, title: str, *, level: int = 0) -> None:
        """Put the next page into the outline."""
        self.outline.append((level, title, self.count + 1))

    def forms(self, payload: bytes) -> list[int]:
        """Return the pages of a pack as forms to be placed."""
        return self.file.place(Pack.from_bytes(payload))

    def add(self, payload: bytes, *, numbered: bool = False) -> None:
        """Append the pages of a pack, with their numbers if they bear any."""
        pack = Pack.from_bytes(payload)
        for form, notes in zip(self.file.place(pack), pack.notes, strict=True):
            stamp = self._number(self.count + 1) if numbered else b""
            links = [self._link(note[:4], note[4]) for note in notes if note[4]]
            self._append({"P": form}, _place("P", 0, 0) + stamp, links)

    def blank(self) -> None:
        """Append an empty page."""
        self._append({}, b"", [])

    def product_page(self, galley: bytes, *, codes: Sequence[Code], frame: Frame) -> None:
        """Append a page of cards from their galley."""
        page, pack = self.count + 1, Pack.from_bytes(galley)
        self.products += pack.counts[0]
        self.pictures += pack.counts[1]
        forms = {"G": self.file.place(pack)[0], "H": frame.head, "F": frame.foot}
        parts, links, left = [_place("G", 0, 0)], [], self.sheet.margin_left(page)
        for code in codes:
            name = f"W{code.caption}"
            forms[name] = code.caption
            parts += [_drawn(code, code.box), _place(name, code.words.x, code.words.y)]
            links.append(self._link(code.box.link(), code.url))
        for row, form in frame.titles:
            forms[f"T{row}"] = form
            parts.append(_place(f"T{row}", left, self.sheet.row_top(row) + 1 * MM))
        parts += [_place("H", left, PAGE[1] - 21.5 * MM), _place("F", left, 8.2 * MM)]
        self._append(forms, b"".join([*parts, self._number(page)]), links)

    def _number(self, page: int) -> bytes:
        left = self.sheet.is_left(page)
        x = self.sheet.outer if left else PAGE[0] - self.sheet.outer
        stamp = self.numbers.operators(page, x=x, y=9.5 * MM, right=not left)
        return b"0.13 0.16 0.17 rg\n" + stamp

    def _link(self, rectangle: Sequence[float], address: str) -> bytes:
        if address.startswith(TARGET):
            goal = b"/Dest[%d 0 R/Fit]" % self.page(int(address.removeprefix(TARGET)))
        else:
            goal = b"/A<</S/URI/URI%b>>" % text_string(iri_to_uri(address))
        corners = b" ".join(b"%.2f" % number for number in rectangle)
        return b"<</Type/Annot/Subtype/Link/Rect[%b]/Border[0 0 0]/F 4%b>>" % (corners, goal)

    def _append(self, forms: dict[str, int], content: bytes, links: list[bytes]) -> None:
        drawn = self.file.add_stream(b"<</Filter/FlateDecode", zlib.compress(content, LEVEL))
        known = b"".join(b"/%b %d 0 R" % (name.encode(), form) for name, form in forms.items())
        notes = b"".join(b"%d 0 R " % self.file.add(link) for link in links)
        self.count += 1
        self.file.add(
            b"<</Type/Page/Parent %d 0 R/MediaBox%b/Contents %d 0 R"
            b"/Resources<</XObject<<%b>>/Font<</Pn %d 0 R>>>>%b>>"
            % (self.tree, BOX, drawn, known, self.font, notes and b"/Annots[%b]" % notes),
            number=self.page(self.count),
        )

    def finish(self, *, title: str, author: str, issued_on: str) -> None:
        """Write outline, labels and metadata, and the end of the file."""
        if len(self.pages) != self.count:
            raise ValueError("a link leads to a page that was not bound")
        kids = b" ".join(b"%d 0 R" % page for page in self.pages)
        tree = b"<</Type/Pages/Count %d/Kids[%b]>>" % (self.count, kids)
        self.file.add(tree, number=self.tree)
        about = About(title, author, self.locale, issued_on)
        named = [(level, text, self.page(page)) for level, text, page in self.outline]
        root = catalogue(
            tree=self.tree,
            outline=outline(self.file, named),
            metadata=metadata(self.file, about),
            locale=self.locale,
            rtl=self.sheet.rtl,
        )
        counts = (self.count, self.products, self.pictures)
        info = self.file.add(information(about, counts=counts))
        self.file.close(root=self.file.add(root), info=info)


def _drawn(code: Code, box: Box) -> bytes:
    """Draw a code whose y runs down into a box, black on white."""
    unit, top = box.width / code.across, box.y + box.height
    side = b"%d %d" % (code.across, code.across)
    return b"q %.5f 0 0 %.5f %.3f %.3f cm 1 g 0 0 %b re f 0 g\n%bf Q\n" % (
        *(unit, -unit, box.x, top),
        *(side, code.path),
    )


def _place(name: str, x: float, y: float) -> bytes:
    return f"q 1 0 0 1 {x:.3f} {y:.3f} cm /{name} Do Q\n".encode()
