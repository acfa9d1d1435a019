"""Binds galleys and furniture into one PDF: places, stamps, links, outline and metadata."""

import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from django.utils.encoding import iri_to_uri

from ..press.stage import Drawn, Page, Stage
from ..press.structure import linking
from .about import About, catalogue, information, metadata, outline, text_string
from .parts import Pack
from .places import around, corners, place
from .sheet import MM, PAGE, Box, Sheet
from .stamps import Numbers
from .writer import PdfWriter

PLAIN = re.compile(r"[A-Za-z0-9:/?#&=._~-]*")  # an address that is as it will be written
TARGET = "x-page:"  # furniture links to pages by number; binding turns them into destinations
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


class Placed(NamedTuple):
    """A form that fills a page, and the links on it as in `Pack.notes`."""

    form: int
    notes: list[list]


class Extra(NamedTuple):
    """Something on a page besides: a form and its place, operators, a link (rectangle, address).

    What is `quiet` is not read aloud; `said` is what is read of a link.
    """

    form: int = 0
    x: float = 0.0
    y: float = 0.0
    stamp: bytes = b""
    link: tuple[Sequence[float], str] | None = None
    quiet: bool = False
    said: str = ""


Fill = Callable[[list[list]], Sequence[Extra]]


def _none(_holes: list[list]) -> Sequence[Extra]:
    return ()


class Headed(NamedTuple):
    """The form of a title above a row, and where its strip begins on the left."""

    row: int
    left: float
    form: int


@dataclass(frozen=True)
class Frame:
    """What stands around the cards of a page, as forms."""

    head: int
    foot: int
    titles: Sequence[Headed]


class Binder:
    """Writes the pages of one catalogue to `target`, in their final order."""

    def __init__(
        self,
        target: BinaryIO,
        *,
        sheet: Sheet,
        locale: str,
        remember: Callable,
        stage: Stage | None = None,
    ):
        self.sheet, self.locale, self.stage = sheet, locale, stage or Stage()
        self.file = PdfWriter(target, version=self.stage.version)
        self.findings: list[tuple[int, dict]] = []  # page and what a printer should know
        self.trees: dict[int, tuple[list, list[int]]] = {}  # of forms, what is read of them
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
        return self._placed(self.stage.pack(payload))

    def _placed(self, pack: Pack) -> list[int]:
        forms = self.file.place(pack)
        for form, tree in zip(forms, pack.trees, strict=False):
            self.trees[form] = (tree, pack.numbers)
        self.findings += [(self.count + 1, finding) for finding in pack.findings]
        return forms

    def placed(self, payload: bytes) -> list[Placed]:
        """Return the pages of a pack as forms with their links, to be added one by one."""
        pack = self.stage.pack(payload)
        return [Placed(*both) for both in zip(self._placed(pack), pack.notes, strict=True)]

    def add(self, placed: Placed, *, folio: str = "", extras: Sequence[Extra] = ()) -> None:
        """Append a page, with its number if it bears one."""
        unread = self.stage.tagged and placed.form not in self.trees
        if unread:
            self.findings.append((self.count + 1, {"code": "page_unread"}))
        forms = {"P": placed.form}
        drawn = [Drawn(place("P", 0, 0), "artifact" if unread else "form")]
        drawn += [self._number(folio)] if folio else []
        links = [self._link(note[:4], note[4]) for note in placed.notes if note[4]]
        reading = [self._read(placed.form), *self._extras(extras, forms, drawn, links)]
        self._append(forms, drawn, links, reading)

    def blank(self) -> None:
        """Append an empty page."""
        self._append({}, [], [], [])

    def product_page(
        self, galley: bytes, *, codes: Sequence[Code], frame: Frame, folio: str, fill: Fill = _none
    ) -> None:
        """Append a page of cards from their galley, with its number and what fills its holes."""
        page, pack = self.count + 1, self.stage.pack(galley)
        self.products += pack.counts[0]
        self.pictures += pack.counts[1]
        forms = {"G": self._placed(pack)[0], "H": frame.head, "F": frame.foot}
        drawn, links, left = [Drawn(place("G", 0, 0))], [], self.sheet.margin_left(page)
        for code in codes:
            name = f"W{code.caption}"
            forms[name] = code.caption
            before, edges = around(code.box, code.across)
            drawn.append(Drawn(b"%b%bf Q\n" % (before, code.path), "code", len(links)))
            drawn.append(Drawn(place(name, code.words.x, code.words.y)))
            links.append((edges, *self._goal(code.url)))
        for title in frame.titles:
            forms[name := f"T{title.form}"] = title.form
            top = self.sheet.row_top(title.row) + 0.7 * MM
            drawn.append(Drawn(place(name, title.left, top)))
        drawn.append(Drawn(place("H", left, PAGE[1] - 21.5 * MM)))
        drawn += [Drawn(place("F", left, 8.2 * MM)), self._number(folio)]
        more = fill(pack.notes[0])
        said = self._extras(more, forms, drawn, links)
        if self.stage.tagged:
            beside = [(Box(e.x, e.y, 0, 0), s) for e, s in zip(more, said, strict=True) if s[0]]
            reading = self._reading(forms["G"], codes, frame, drawn, beside)
        else:
            reading = []
        self._append(forms, drawn, links, reading)

    def _extras(self, extras: Sequence[Extra], forms: dict, drawn: list, links: list) -> list:
        """Draw what stands on a page besides, each form under a name of its own; return what is
        read of each."""
        reading = []
        for extra in extras:
            tree, numbers = ([], []) if extra.quiet else self._read(extra.form)
            if extra.form:
                forms[f"X{extra.form}"] = extra.form
                placed = place(f"X{extra.form}", extra.x, extra.y)
                drawn.append(Drawn(placed, "form" if tree else "artifact"))
            if extra.stamp:
                drawn.append(Drawn(extra.stamp, "artifact"))
            if extra.link:
                edges, goal, text = self._link(*extra.link)
                links.append((edges, goal, extra.said or text))
                tree = tree and [linking(tree, len(links) - 1, extra.said)]
            reading.append((tree, numbers))
        return reading

    def _reading(
        self, galley: int, codes: Sequence[Code], frame: Frame, drawn: list, beside: list
    ) -> list:
        """Return what is read of a page of cards: head, and row by row titles, cards with their
        codes and what stands `beside`, (place, tree) each; last what stands on no card."""
        tree, numbers = self._read(galley)
        coded = [n for n, part in enumerate(drawn) if part.role == "code"]
        found, strip = [], self.sheet.text_width
        for title in frame.titles:
            at = (self.sheet.row_top(title.row), self._across(title.left, strip))
            found.append((*at, 0, self._read(title.form)))
        for element in tree:
            box = Box(*element[3])
            at = (box.y + box.height, self._across(box.x, box.width))
            found.append((*at, 1, ([element], numbers)))
            within = [n for n, code in zip(coded, codes, strict=True) if box.holds(code.box)]
            within += [said for place, said in beside if box.holds(place)]
            beside = [extra for extra in beside if not box.holds(extra[0])]
            found += [(*at, 1, said) for said in within]
        ordered = sorted(found, key=lambda item: (-round(item[0]), round(item[1]), item[2]))
        rest = [said for _place, said in beside]
        return [self._read(frame.head), *(item[3] for item in ordered), *rest]

    def _across(self, x: float, width: float) -> float:
        """Return how far from where reading begins something of that width stands."""
        return PAGE[0] - x - width if self.sheet.rtl else x

    def _read(self, form: int) -> tuple[list, list[int]]:
        return self.trees.get(form, ([], []))

    def stamp(self, text: str, *, x: float, y: float, size: float, part: float) -> bytes:
        """Return what prints a number in ink, so much of its width before `x`."""
        return self.stage.fill(0.13, 0.16, 0.17) + self.numbers.operators(
            text, x=x, y=y, part=part, size=size
        )

    def counts_of(self, payload: bytes) -> tuple[int, int]:
        """Return the counts that a pack was kept with."""
        return Pack.from_bytes(payload).counts

    def _number(self, folio: str) -> Drawn:
        """Return what prints the number of the next page."""
        left = self.sheet.is_left(self.count + 1)
        x = self.sheet.outer if left else PAGE[0] - self.sheet.outer
        stamp = self.numbers.operators(folio, x=x, y=9.5 * MM, part=0 if left else 1)
        return Drawn(self.stage.fill(0.13, 0.16, 0.17) + stamp, "artifact")

    def _link(self, rectangle: Sequence[float], address: str) -> tuple[bytes, bytes, str]:
        return corners(rectangle), *self._goal(address)

    def _goal(self, address: str) -> tuple[bytes, str]:
        """Return the entry that says where a link leads to, and the address as text."""
        if address.startswith(TARGET):
            page = address.removeprefix(TARGET)
            return b"/Dest[%d 0 R/Fit]" % self.page(int(page)), page
        plain = address if PLAIN.fullmatch(address) else iri_to_uri(address)
        return b"/A<</S/URI/URI%b>>" % text_string(plain), address

    def _append(self, forms: dict[str, int], drawn: list, links: list, reading: list) -> None:
        self.count += 1
        page = Page(self.page(self.count), forms, drawn, links, reading)
        self.stage.page(page, self.file)
        data = zlib.compress(page.operators, LEVEL)
        content = self.file.add_stream(b"<</Filter/FlateDecode", data)
        known = b"".join(b"/%b %d 0 R" % (name.encode(), form) for name, form in forms.items())
        notes = b"".join(b"%d 0 R " % number for number in page.write_links(self.file))
        self.file.add_page(
            b"<</Type/Page/Parent %d 0 R%b/Contents %d 0 R"
            b"/Resources<</XObject<<%b>>/Font<</Pn %d 0 R>>>>%b>>"
            % (self.tree, page.extra, content, known, self.font, notes and b"/Annots[%b]" % notes),
            number=page.object,
        )

    def finish(
        self, *, title: str, author: str, issued_on: str, labels: Sequence[tuple[int, str, int]]
    ) -> None:
        """Write outline, metadata and the end of the file; `labels` as in `Flow.labels`."""
        if len(self.pages) != self.count:
            raise ValueError("a link leads to a page that was not bound")
        kids = b" ".join(b"%d 0 R" % page for page in self.pages)
        tree = b"<</Type/Pages/Count %d/Kids[%b]>>" % (self.count, kids)
        self.file.add(tree, number=self.tree)
        about = About(title, author, self.locale, issued_on)
        named = [(level, text, self.page(page)) for level, text, page in self.outline]
        self.stage.judge(self.findings)
        promise = self.stage.close(self.file)
        root = catalogue(
            more=promise.root,
            tree=self.tree,
            labels=labels,
            outline=outline(self.file, named),
            metadata=metadata(self.file, about, more=promise.xmp),
            locale=self.locale,
            rtl=self.sheet.rtl,
        )
        counts = (self.count, self.products, self.pictures)
        info = self.file.add(information(about, counts=counts, more=promise.info))
        self.file.close(root=self.file.add(root), info=info)
