"""Puts the pages of a bound PDF on sheets, two beside one another, with fold and crop marks."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from syndication.contract import RenderContext

from ..formats import cldr_locale
from ..press.marks import ALL_INKS, RESOURCES, register
from ..press.stage import ACCESSIBLE
from ..print.sheet import MM
from .options import SADDLE
from .order import BEFORE_LAST, BLANK, Spread, spreads

AROUND = 12 * MM  # of a sheet around its two pages, for marks
MARK, CLEAR, LINE, BLACK = 5 * MM, 4 * MM, 0.25, b"0 0 0 1 K "
BLEED_MOST = 5 * MM


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
    """Write the sheets of a booklet; what the source promises (PDF/X) its sheets promise too."""
    import pikepdf

    with pikepdf.open(source) as pdf, pikepdf.new() as out:
        _Imposing(pdf, out, pikepdf, fold).run()
        out.save(
            target,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            min_version=pdf.pdf_version,
        )


class _Imposing:
    def __init__(self, pdf, out, lib, fold: Fold):
        self.pdf, self.out, self.lib, self.fold = pdf, out, lib, fold
        first = pdf.pages[0].trimbox
        self.wide, self.high = float(first[2] - first[0]), float(first[3] - first[1])
        reach = float(first[0] - pdf.pages[0].bleedbox[0])
        self.bleed = min(max(reach, 0), BLEED_MOST)
        self.size = (2 * self.wide + 2 * AROUND, self.high + 2 * AROUND)

    def run(self) -> None:
        for spread in spreads(
            len(self.pdf.pages),
            sheets=self.fold.sheets,
            rtl=self.fold.rtl,
            blanks=self.fold.blanks,
        ):
            self._side(spread)
        self._promises()

    def _side(self, spread: Spread) -> None:
        """Append one side of a sheet."""
        shift = spread.depth * self.fold.creep
        spine = AROUND + self.wide
        forms, content = {}, []
        for name, page, left, moved in (
            ("/L", spread.left, AROUND, shift),
            ("/R", spread.right, spine, -shift),
        ):
            if page != BLANK:
                forms[name] = self._form(page)
                content.append(self._drawn(name, page, left=left, moved=moved))
        inks = ALL_INKS if "/OutputIntents" in self.pdf.Root else b""
        if self.fold.marks:
            content += _marks(self.wide, self.high, bleed=self.bleed, inks=inks)
        page = self.out.add_blank_page(page_size=self.size)
        page.Contents = self.out.make_stream(b"".join(content))
        page.Resources = self.lib.Dictionary(XObject=self.lib.Dictionary(forms))
        if inks:
            page.Resources.ColorSpace = self.lib.Object.parse(b"<<%b>>" % RESOURCES).ColorSpace
        trim = [AROUND, AROUND, AROUND + 2 * self.wide, AROUND + self.high]
        page.TrimBox = self.lib.Array([round(n, 3) for n in trim])
        edge = [trim[0] - self.bleed, trim[1] - self.bleed]
        edge += [trim[2] + self.bleed, trim[3] + self.bleed]
        page.BleedBox = self.lib.Array([round(n, 3) for n in edge])

    def _form(self, number: int):
        page = self.pdf.pages[number - 1]
        form = page.as_form_xobject()
        form.BBox = page.mediabox
        return self.out.copy_foreign(form)

    def _drawn(self, name: str, number: int, *, left: float, moved: float) -> bytes:
        """Return what draws a page: clipped at the spine, bleeding at the three other sides."""
        page = self.pdf.pages[number - 1]
        trim, bleed, first = page.trimbox, self.bleed, left == AROUND
        clip = (
            *(left - (bleed if first else 0), AROUND - bleed),
            *(self.wide + bleed, self.high + 2 * bleed),
        )
        x = left + moved - float(trim[0])
        y = AROUND - float(trim[1])
        return b"q %.3f %.3f %.3f %.3f re W n 1 0 0 1 %.3f %.3f cm %b Do Q\n" % (
            *clip,
            *(x, y, name.encode()),
        )

    def _promises(self) -> None:
        """Copy what the file says of itself: title, output intent, XMP, direction of reading."""
        root, mine = self.pdf.Root, self.out.Root
        for key in ("/OutputIntents", "/Metadata", "/Lang"):
            if key in root:
                value = root[key]
                plain = isinstance(value, self.lib.String)
                mine[key] = value if plain else self._copied(value)
        for key, value in self.pdf.docinfo.items():
            self.out.docinfo[key] = value

    def _copied(self, value):
        return self.out.copy_foreign(value if value.is_indirect else self.pdf.make_indirect(value))


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
