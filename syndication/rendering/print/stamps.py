"""Page numbers, stamped at binding as real text in a font of their few characters."""

import io
import re
import zlib
from collections.abc import Callable

from ..fonts import font_digest, font_path
from .parts import Pack, Part

DIGITS = "0123456789cdilmvx"  # and what Roman numerals are made of
FIRST, LAST = ord(min(DIGITS)), ord(max(DIGITS))
FACE = ("Noto Sans", "Bold")
NAME = b"/PIMNUM+NotoSans-Bold"
WIDTHS = re.compile(rb"/Widths\[([\d ]+)\]")
RECIPE = "3"  # raise it when the same font file makes other bytes
NUMBER_SIZE = 9


class Numbers:
    """The font of digits as a pack, and what a number is printed with."""

    def __init__(self, remember: Callable[[str, Callable[[], bytes]], bytes]):
        key = f"digits|{RECIPE}|{font_digest(font_path(*FACE))}"
        self.pack = Pack.from_bytes(remember(key, _font))
        found = WIDTHS.search(self.pack.parts[self.pack.forms[0]].text)
        self.widths = [int(width) for width in found[1].split()]

    def operators(
        self, text: str, *, x: float, y: float, part: float, size: float = NUMBER_SIZE
    ) -> bytes:
        """Return the operators that print a number, so much of its width before `x`."""
        width = sum(self.widths[ord(c) - FIRST] for c in text) * size / 1000
        start = x - width * part
        return f"BT /Pn {size:g} Tf {start:.2f} {y:.2f} Td ({text}) Tj ET\n".encode()


def _font() -> bytes:
    """Return a pack whose one form is the font, embedded."""
    payload, widths = _digits()
    pack = Pack()
    about = b"<</Length1 %d/Filter/FlateDecode" % len(payload)
    file = pack.add(Part(about, stream=zlib.compress(payload)))
    descriptor = (
        b"<</Type/FontDescriptor/FontName%b/Flags 32/FontBBox[0 -250 700 800]/ItalicAngle 0"
        b"/Ascent 800/Descent -250/CapHeight 714/StemV 120/FontFile2 %%d 0 R>>" % NAME
    )
    font = (
        b"<</Type/Font/Subtype/TrueType/BaseFont%b/FirstChar %d/LastChar %d/Widths[%b]"
        b"/Encoding/WinAnsiEncoding/FontDescriptor %%d 0 R>>"
        % (NAME, FIRST, LAST, b" ".join(b"%d" % width for width in widths))
    )
    pack.forms = [pack.add(Part(font, (pack.add(Part(descriptor, (file,))),)))]
    pack.notes = [[]]
    return pack.to_bytes()


def _digits() -> tuple[bytes, list[int]]:
    """The digits of the bold sans as a font file, with their widths in thousandths."""
    from fontTools import subset

    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True)
    font = subset.load_font(str(font_path(*FACE)), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=DIGITS)
    subsetter.subset(font)
    cmap, metrics = font.getBestCmap(), font["hmtx"]
    scale = 1000 / font["head"].unitsPerEm
    chosen = [chr(n) if chr(n) in DIGITS else "" for n in range(FIRST, LAST + 1)]
    widths = [round(metrics[cmap[ord(c)]][0] * scale) if c else 0 for c in chosen]
    out = io.BytesIO()
    font.save(out, reorderTables=None)
    return out.getvalue(), widths
