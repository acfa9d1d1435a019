"""Puts the pages of a bound PDF on sheets, two beside one another, with fold and crop marks."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from syndication.contract import RenderContext

from ..formats import cldr_locale
from ..press.marks import ALL_INKS, RESOURCES, register
from ..press.stage import ACCESSIBLE
from ..print.reading import Reading
from ..print.sheet import MM
from .options import SADDLE
from .order import BEFORE_LAST, BLANK, Spread, spreads

AROUND = 12 * MM  # of a sheet around its two pages, for marks
MARK, CLEAR, LINE, BLACK = 5 * MM, 4 * MM, 0.25, b"0 0 0 1 K "
BLEED_MOST = 5 * MM
SHOWN = re.compile(rb"/Contents (\d+) 0 R/Resources(<<.*?>>)(?:/Annots\[[^\]]*\])?>>\Z")
KEPT = (
    re.compile(rb"/OutputIntents\[[^\]]*\]"),
    re.compile(rb"/Metadata \d+ 0 R"),
    re.compile(rb"/Lang(?:\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f]*>)"),
)


@dataclass(frozen=True)
class Fold:
    """How a booklet is folded: sheets in a signature, creep by sheet in points, marks, reading."""

    sheets: int = 0
    creep: float = 0.0
    marks: bool = True
    rtl: bool = False
    blanks: str = BEFORE_LAST


def booklet_name(name: str) -> str:
    """Return the name of the imposed file beside a bound one."""
    return f"{name.removesuffix('.pdf')}.booklet.pdf"


def fold_of(context: RenderContext) -> Fold | None:
    """Return how the options want a booklet folded, None where they ask for none.

    A file that is there to be read aloud has none: sheets are for a press.
    """
    options = context.options
    if options.get("booklet") != SADDLE or options.get("form") == ACCESSIBLE:
        return None
    return Fold(
        sheets=max(int(options.get("booklet_sheets") or 0), 0),
        creep=min(max(float(options.get("booklet_creep") or 0), 0), 2) * MM,
        marks=options.get("booklet_marks") is not False,
        rtl=cldr_locale(context.locale).text_direction == "rtl",
        blanks=options.get("booklet_blanks") or BEFORE_LAST,
    )


def write_booklet(bound: BinaryIO, name: str, context: RenderContext, sink) -> None:
    """Write the booklet of a bound file beside it, where the options ask for one."""
    if fold := fold_of(context):
        bound.flush()
        bound.seek(0)
        with sink.open(booklet_name(name), media_type="application/pdf") as target:
            impose(bound, target, fold)


def impose(source: BinaryIO, target: BinaryIO, fold: Fold) -> None:
    """Write the sheets of a booklet; what the source promises (PDF/X) its sheets promise too.

    The source is a file as `PdfWriter` writes it: what its pages show is copied as it stands.
    """
    _Imposing(Reading(source), fold).run(target)


class Side(NamedTuple):
    """A page as it goes on a sheet: its contents, resources, and its boxes in points."""

    contents: int
    resources: bytes
    media: tuple[float, ...]
    trim: tuple[float, ...]
    bleed: tuple[float, ...]


class _Imposing:
    def __init__(self, book: Reading, fold: Fold):
        self.book, self.fold = book, fold
        self.root = book.follow(book.trailer, b"/Root")
        self.numbers = book.pages()
        self.pages = [_side(book.text(number)) for number in self.numbers]
        first = self.pages[0]
        self.wide, self.high = first.trim[2] - first.trim[0], first.trim[3] - first.trim[1]
        reach = first.trim[0] - first.bleed[0]
        self.bleed = min(max(reach, 0), BLEED_MOST)
        self.size = (2 * self.wide + 2 * AROUND, self.high + 2 * AROUND)
        self.inks = ALL_INKS if b"/OutputIntents" in self.root else b""
        self.sheets: list[int] = []

    def run(self, target: BinaryIO) -> None:
        # Pages lie together, apart from what they show: their places in the file go with them.
        gone = {page.contents for page in self.pages}
        gone |= {self.book.entries[number][1] for number in self.numbers}
        self.out = self.book.copied(target, without=gone)
        self.tree = self.out.reserve()
        for number, page in zip(self.numbers, self.pages, strict=True):
            self._form(number, page)
        for spread in spreads(
            len(self.pages),
            sheets=self.fold.sheets,
            rtl=self.fold.rtl,
            blanks=self.fold.blanks,
        ):
            self._sheet(spread)
        self._finish()

    def _form(self, number: int, page: Side) -> None:
        """Write a page as a form, under its own number."""
        contents = self.book.stream(page.contents)
        packed = b"/Filter/FlateDecode" if b"/FlateDecode" in contents.about else b""
        about = b"<</Type/XObject/Subtype/Form/BBox[%.3f %.3f %.3f %.3f]" % page.media
        about += b"/Resources%b%b" % (page.resources, packed)
        self.out.add_stream(about, self.book.raw(contents), number=number)

    def _sheet(self, spread: Spread) -> None:
        """Append one side of a sheet."""
        shift = spread.depth * self.fold.creep
        spine = AROUND + self.wide
        forms, content = b"", []
        for name, page, left, moved in (
            (b"/L", spread.left, AROUND, shift),
            (b"/R", spread.right, spine, -shift),
        ):
            if page != BLANK:
                forms += b"%b %d 0 R" % (name, self.numbers[page - 1])
                content.append(self._drawn(name, page, left=left, moved=moved))
        if self.fold.marks:
            content += _marks(self.wide, self.high, bleed=self.bleed, inks=self.inks)
        drawn = zlib.compress(b"".join(content))
        told = (self.tree, b"%.3f %.3f" % self.size, *self._boxes())
        told += (self.out.add_stream(b"<</Filter/FlateDecode", drawn), forms)
        page = (
            b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 %b]/TrimBox[%b]/BleedBox[%b]/Contents %d 0 R"
            b"/Resources<</XObject<<%b>>%b>>>>" % (*told, RESOURCES if self.inks else b"")
        )
        self.sheets.append(self.out.reserve())
        self.out.add_page(page, number=self.sheets[-1])

    def _boxes(self) -> tuple[bytes, bytes]:
        """Return the trim of a sheet, and what bleeds over it."""
        trim = (AROUND, AROUND, AROUND + 2 * self.wide, AROUND + self.high)
        edge = [n - self.bleed for n in trim[:2]] + [n + self.bleed for n in trim[2:]]
        return tuple(b"%.3f %.3f %.3f %.3f" % tuple(box) for box in (trim, edge))

    def _drawn(self, name: bytes, number: int, *, left: float, moved: float) -> bytes:
        """Return what draws a page: clipped at the spine, bleeding at the three other sides."""
        page, bleed, first = self.pages[number - 1], self.bleed, left == AROUND
        clip = (
            *(left - (bleed if first else 0), AROUND - bleed),
            *(self.wide + bleed, self.high + 2 * bleed),
        )
        x = left + moved - page.trim[0]
        y = AROUND - page.trim[1]
        return b"q %.3f %.3f %.3f %.3f re W n 1 0 0 1 %.3f %.3f cm %b Do Q\n" % (
            *clip,
            *(x, y, name),
        )

    def _finish(self) -> None:
        """Write the tree and the end; keep title, output intent, XMP and language of the file."""
        kids = b"".join(b"%d 0 R " % number for number in self.sheets)
        tree = b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(self.sheets), kids)
        self.out.add(tree, number=self.tree)
        kept = b"".join(found[0] for name in KEPT if (found := name.search(self.root)))
        root = self.out.add(b"<</Type/Catalog/Pages %d 0 R%b>>" % (self.tree, kept))
        self.out.close(root=root, info=self.book.number(self.book.trailer, b"/Info"))


def _side(page: bytes) -> Side:
    """Return what a page is made of; a box that it says nothing of is all of it."""
    contents, resources = SHOWN.search(page).groups()
    media, trim, bleed = (_box(page, name) for name in (b"/MediaBox", b"/TrimBox", b"/BleedBox"))
    return Side(int(contents), resources, media, trim or media, bleed or media)


def _box(page: bytes, name: bytes) -> tuple[float, ...]:
    _before, named, rest = page.partition(name + b"[")
    return tuple(float(n) for n in rest.partition(b"]")[0].split()) if named else ()


def _marks(wide: float, high: float, *, bleed: float, inks: bytes) -> Iterator[bytes]:
    """Yield the corners to cut at and dashed lines at the spine to fold at, clear of the bleed; on
    plates, which have `inks` of their own, also the crosses that show whether they lie exactly.
    """
    left, right, low, top = AROUND, AROUND + 2 * wide, AROUND, AROUND + high
    clear = max(CLEAR, bleed + 1 * MM)
    yield b"q %b%.2f w\n" % (inks or BLACK, LINE)
    for x in (left, right):
        for y, away in ((low, -1), (top, 1)):
            yield _line(x, y + away * clear, x, y + away * (clear + MARK))
    for y in (low, top):
        for x, away in ((left, -1), (right, 1)):
            yield _line(x + away * clear, y, x + away * (clear + MARK), y)
    if inks:
        off, middle = clear + MARK / 2, AROUND + high / 2
        yield from (register(x, middle) for x in (left - off, right + off))
        halves = (left + wide / 2, right - wide / 2)
        yield from (register(x, y) for x in halves for y in (low - off, top + off))
    yield b"[2 1.5] 0 d\n"
    spine = AROUND + wide
    yield _line(spine, low - clear, spine, low - clear - MARK)
    yield _line(spine, top + clear, spine, top + clear + MARK)
    yield b"Q\n"


def _line(x0: float, y0: float, x1: float, y1: float) -> bytes:
    return b"%.3f %.3f m %.3f %.3f l S\n" % (x0, y0, x1, y1)
