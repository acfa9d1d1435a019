"""A PDF of set pages: forms in their places, links, outline, metadata; written front to back.

What data sheets, labels, price lists and leaflets share. The catalogue has a binder of its own,
whose pages are made of cards.
"""

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from django.utils.encoding import iri_to_uri

from ..press.keeping import check_form
from ..press.stage import Drawn, Page, Stage
from ..qr_series import code_operators
from ..stretches import objects_of
from .about import PRODUCER, About, metadata, outline, text_string
from .parts import Pack
from .writer import PdfWriter

LEVEL = 3
PAGE_LINK = "x-page:"  # an address that means a page of the volume, counted from 1


class Link(NamedTuple):
    """A rectangle on a page (points, from the bottom left) and the address it leads to."""

    x0: float
    y0: float
    x1: float
    y1: float
    address: str


class Shown(NamedTuple):
    """Something on a page: its operators, and what is read of it, if anything.

    That is the structure of the `form` that they place, or where the coded address `leads`.
    """

    operators: bytes
    form: str = ""
    leads: Link | None = None


class Volume:
    """Writes pages to `target` in their order; `finish` must be called once at the end.

    The `stage` (`press.entry.stage_of`) gives the file its form: for the press, or accessible.
    `findings` are (page, finding) pairs, which `press.findings.reported` turns into refusals.
    """

    def __init__(self, target: BinaryIO, *, locale: str, rtl: bool, stage: Stage | None = None):
        self.locale, self.rtl, self.stage = locale, rtl, stage or Stage()
        self.file = PdfWriter(target, version=self.stage.version)
        self.trees: dict[int, tuple[list, list[int]]] = {}
        self.findings: list[tuple[int, dict]] = []
        self.tree = self.file.reserve()
        self.pages: list[int] = []
        self.sizes: list[tuple[float, float]] = []
        self.count = 0
        self.marks: list[tuple[int, str, int]] = []

    def place(self, pack: Pack) -> list[int]:
        """Write the parts of a pack; return its pages as forms."""
        if self.stage.form != "screen":
            pack = self.stage.pack(pack.to_bytes())
        forms = self.file.place(pack)
        for form, tree in zip(forms, pack.trees, strict=False):
            self.trees[form] = (tree, pack.numbers)
        self.findings += [(self.count + 1, finding) for finding in pack.findings]
        return forms

    def font(self, pack: Pack) -> int:
        """Write a pack that is a font; return it."""
        return self.file.place(pack)[0]

    def object_of(self, number: int) -> int:
        """Return the object of a page, counted from 1; it may be written later."""
        while len(self.pages) < number:
            self.pages.append(self.file.reserve())
        return self.pages[number - 1]

    def mark(self, title: str, *, level: int = 0) -> None:
        """Put the next page into the outline."""
        self.marks.append((level, title, self.count + 1))

    def page(
        self,
        size: tuple[float, float],
        content: Iterable[Shown],
        *,
        forms: Mapping[str, int],
        fonts: Mapping[str, int] | None = None,
        links: Iterable[Link] = (),
        goes_on: bool = False,
    ) -> None:
        """Append a page of `size` points that shows `content`, read in that order, with the named
        forms and fonts; one that `goes_on` begins with the rest of the last page's table.
        """
        self.count += 1
        page = Page(
            object=self.object_of(self.count),
            forms=dict(forms),
            drawn=[],
            links=[self._link(link) for link in links],
            reading=[],
            size=size,
            goes_on=goes_on,
        )
        for shown in content:
            self._show(shown, page)
        self.stage.page(page, self.file)
        drawn = self.file.add_stream(b"<</Filter/FlateDecode", zlib.compress(page.operators, LEVEL))
        known = b"/XObject<<%b>>" % _named(page.forms) + b"/Font<<%b>>" % _named(fonts or {})
        notes = b"".join(b"%d 0 R " % number for number in page.write_links(self.file))
        text = b"<</Type/Page/Parent %d 0 R%b/Contents %d 0 R" % (self.tree, page.extra, drawn)
        text += b"/Resources<<%b>>" % known + (b"/Annots[%b]" % notes if notes else b"")
        self.file.add_page(text + b">>", number=page.object)

    def _show(self, shown: Shown, page: Page) -> None:
        """Draw something on a page, and have it read where it says something."""
        form = page.forms.get(shown.form, 0)
        if shown.leads:
            page.reading.append(len(page.drawn))
            page.drawn.append(Drawn(shown.operators, "code", len(page.links)))
            page.links.append(self._link(shown.leads))
        elif form in self.trees:
            page.reading.append(self.trees[form])
            page.drawn.append(Drawn(shown.operators))
        else:
            page.drawn.append(Drawn(shown.operators, "artifact"))

    def _link(self, link: Link) -> tuple[bytes, bytes, str]:
        corners = b" ".join(b"%.2f" % number for number in link[:4])
        if link.address.startswith(PAGE_LINK):
            page = link.address[len(PAGE_LINK) :]
            return corners, b"/Dest[%d 0 R/Fit]" % self.object_of(int(page)), page
        return corners, b"/A<</S/URI/URI%b>>" % text_string(iri_to_uri(link.address)), link.address

    def finish(self, *, title: str, author: str, issued_on: str) -> None:
        """Write page tree, outline and metadata; the file is whole afterwards."""
        kids = b"".join(b"%d 0 R " % page for page in self.pages[: self.count])
        self.file.add(b"<</Type/Pages/Count %d/Kids[%b]>>" % (self.count, kids), number=self.tree)
        about = About(title, author, self.locale, issued_on)
        named = [(level, text, self.object_of(page)) for level, text, page in self.marks]
        outlined = b"/Outlines %d 0 R" % outline(self.file, named) if named else b""
        self.stage.judge(self.findings)
        promise = self.stage.close(self.file)
        told = metadata(self.file, about, more=promise.xmp)
        root = b"<</Type/Catalog/Pages %d 0 R/Metadata %d 0 R%b/Lang%b%b%b>>" % (
            *(self.tree, told, outlined, text_string(self.locale), promise.root),
            b"/ViewerPreferences<</DisplayDocTitle true/Direction/%b>>"
            % (b"R2L" if self.rtl else b"L2R"),
        )
        info = self.file.add(_information(about, more=promise.info))
        self.file.close(root=self.file.add(root), info=info)


def _named(objects: Mapping[str, int]) -> bytes:
    return b"".join(b"/%b %d 0 R" % (name.encode(), number) for name, number in objects.items())


def _information(about: About, *, more: bytes = b"") -> bytes:
    date = f"D:{about.issued_on.replace('-', '')}000000Z"
    texts = {
        "Title": about.title,
        "Author": about.author or PRODUCER,
        "Producer": PRODUCER,
        "CreationDate": date,
        "ModDate": date,
    }
    rows = (b"/%b%b" % (name.encode(), text_string(text)) for name, text in texts.items())
    return b"<<%b%b>>" % (b"".join(rows), more)


def put(name: str, x: float = 0, y: float = 0) -> bytes:
    """Return the operators that draw a form with its origin at (x, y)."""
    return b"q 1 0 0 1 %.3f %.3f cm /%b Do Q\n" % (x, y, name.encode())


def placed(name: str, x: float = 0, y: float = 0) -> Shown:
    """Return a form of a page, with its origin at (x, y)."""
    return Shown(put(name, x, y), name)


def coded(url: str, *, x: float, y: float, side: float, remember: Callable) -> Shown:
    """Return the code of an address, black on white in a square that is a link to it."""
    across, path = next(code_operators([url], remember=remember))
    unit = side / across
    head = b"q %.5f 0 0 %.5f %.3f %.3f cm 1 g 0 0 %d %d re f 0 g\n" % (
        *(unit, -unit, x, y + side),
        *(across, across),
    )
    return Shown(head + path + b"f Q\n", leads=Link(x, y, x + side, y + side, url))


def links_of(notes: Sequence[Sequence], *, x: float = 0, y: float = 0) -> list[Link]:
    """Return the links of a form drawn at (x, y)."""
    return [Link(a + x, b + y, c + x, d + y, url) for a, b, c, d, url in notes if url]


def check_pdf(path: Path, name: str) -> None:
    """Raise ValueError when the file is no readable PDF, has no page or a font is left out, or
    is not what its name promises: `.press.pdf`, `.accessible.pdf`.
    """
    import pikepdf

    try:
        with pikepdf.open(path) as pdf:
            if not len(pdf.pages):
                raise ValueError(f"{name} has no page")
        for found in objects_of(path):
            if isinstance(found, pikepdf.Dictionary) and found.get("/Type") == "/FontDescriptor":
                _check_font(found, name)
        check_form(path, name)
    except pikepdf.PdfError as error:
        raise ValueError(f"{name} is not a PDF: {error}") from error


def _check_font(font, name: str) -> None:
    if not any(f"/FontFile{n}" in font for n in ("", "2", "3")):
        raise ValueError(f"{name}: {font.get('/FontName')} is not embedded")
