"""Small fonts of our own for tests: every letter is a box."""

import io

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

LETTERS = "".join(map(chr, range(0x20, 0x7F))) + "\u00a0äöüÄÖÜßåÅæøÆØéè"


def font(
    family: str = "Halla Grotesk",
    style: str = "Regular",
    *,
    letters: str = LETTERS,
    width: int = 600,
    fs_type: int = 0,
    woff2: bool = False,
) -> bytes:
    """Return the bytes of a font whose letters are boxes of that width, in thousandths."""
    names = [".notdef", *(f"u{ord(letter):04X}" for letter in letters)]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(letter): f"u{ord(letter):04X}" for letter in letters})
    builder.setupGlyf({name: _box(width) for name in names})
    builder.setupHorizontalMetrics(dict.fromkeys(names, (width, 50)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": style, "psName": "Halla-Test"})
    builder.setupOS2(fsType=fs_type, sTypoAscender=800, usWinAscent=800, usWinDescent=200)
    builder.setupPost()
    builder.font["head"].created = builder.font["head"].modified = 0
    if woff2:
        builder.font.flavor = "woff2"
    out = io.BytesIO()
    builder.font.recalcTimestamp = False
    builder.save(out)
    return out.getvalue()


def _box(width: int):
    pen = TTGlyphPen(None)
    pen.moveTo((50, 0))
    for corner in ((50, 700), (width - 50, 700), (width - 50, 0)):
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph()
