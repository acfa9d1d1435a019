"""Page numbers, stamped at binding as real text in a font of ten digits."""

import io
from functools import cache

from ..fonts import font_path

DIGITS = "0123456789"
NUMBER_SIZE = 9


def number_operators(page: int, *, x: float, y: float, right: bool) -> bytes:
    """Return the operators that print a page number from `x`, or up to it."""
    text = str(page)
    width = sum(_digits()[1][int(c)] for c in text) * NUMBER_SIZE / 1000
    start = x - width if right else x
    return f"BT /Pn {NUMBER_SIZE} Tf {start:.2f} {y:.2f} Td ({text}) Tj ET\n".encode()


def number_font(pdf):
    """Return a font of digits, embedded, as an object of `pdf`."""
    from pikepdf import Array, Dictionary, Name, Stream

    payload, widths = _digits()
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name("/PIMNUM+NotoSans-Bold"),
        Flags=32,
        FontBBox=[0, -250, 700, 800],
        ItalicAngle=0,
        Ascent=800,
        Descent=-250,
        CapHeight=714,
        StemV=120,
        FontFile2=pdf.make_indirect(Stream(pdf, payload, Length1=len(payload))),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.TrueType,
            BaseFont=Name("/PIMNUM+NotoSans-Bold"),
            FirstChar=48,
            LastChar=57,
            Widths=Array(widths),
            Encoding=Name.WinAnsiEncoding,
            FontDescriptor=pdf.make_indirect(descriptor),
        )
    )


@cache
def _digits() -> tuple[bytes, list[int]]:
    """The digits of the bold sans as a font file, with their widths in thousandths."""
    from fontTools import subset

    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True)
    font = subset.load_font(str(font_path("Noto Sans", "Bold")), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=DIGITS)
    subsetter.subset(font)
    cmap, metrics = font.getBestCmap(), font["hmtx"]
    scale = 1000 / font["head"].unitsPerEm
    widths = [round(metrics[cmap[ord(c)]][0] * scale) for c in DIGITS]
    out = io.BytesIO()
    font.save(out, reorderTables=None)
    return out.getvalue(), widths
