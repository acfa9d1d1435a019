"""Font files: only whole ones are kept that may be embedded and that print and browsers can use."""

import io
import re
from typing import NamedTuple

from pim.content.refusals import _

from .pictures import too_large
from .refusals import MediaRefused

MOST = 8 * 1024 * 1024
MOST_UNPACKED = 40 * 1024 * 1024
SIGNATURES = {
    b"\x00\x01\x00\x00": ("font/ttf", "ttf"),
    b"true": ("font/ttf", "ttf"),
    b"OTTO": ("font/otf", "otf"),
    b"wOF2": ("font/woff2", "woff2"),
}
NEEDED = ("head", "hhea", "maxp", "hmtx", "cmap", "name", "OS/2", "post")
# The four styles of a family, as makers call them.
STYLES = {
    **dict.fromkeys(("regular", "book", "roman", "normal"), "Regular"), "bold": "Bold",
    **dict.fromkeys(("italic", "oblique"), "Italic"),
    **dict.fromkeys(("bold italic", "bold oblique"), "BoldItalic"),
}  # fmt: skip
# Weights besides: each is a family of its own, as the naming of four styles has it.
WEIGHT = re.compile(
    r"(?:(?:extra|ultra|semi|demi)[ -]?)?(?:thin|hairline|light|medium|bold|black|heavy)|demi",
    re.IGNORECASE,
)
SLANTED = ("italic", "oblique")
FAMILY = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,39}")
# OpenType, OS/2, fsType: what its maker lets be done with it.
RESTRICTED, PRINTED, EDITED, WHOLE_ONLY, BITMAPS_ONLY = 0x2, 0x4, 0x8, 0x100, 0x200
STEP = 16  # bytes: so few come to no more than some megabytes when they are unpacked


class Typeface(NamedTuple):
    """One style of a family, as the font itself names them."""

    family: str
    style: str  # Regular, Bold, Italic or BoldItalic


def read_typeface(data: bytes, *, name: str) -> Typeface:
    """Return what a font file (TTF, OTF or WOFF2) is; MediaRefused says why it cannot be used."""
    if len(data) > MOST:
        raise too_large(name, limit=MOST)
    if data[:4] not in SIGNATURES or (data[:4] == b"wOF2" and not _unpacks(data)):
        raise _damaged(name)
    try:
        font = _opened(data)
        may, variable, family, style = _rights(font), "fvar" in font, *_names(font)
        _try_out(font)
    # Damaged tables end in errors of every kind, RecursionError and AssertionError among them.
    except Exception as fault:
        raise _damaged(name) from fault
    if variable:
        message = _("“%(name)s” is a variable font: upload its regular, bold and italic styles.")
        raise MediaRefused(message, code="font_variable", name=name)
    if not may:
        raise MediaRefused(
            _(
                "“%(name)s” forbids to be embedded in parts (fsType of its OS/2 table), as print "
                "and pages do: ask its maker for a licence and a file that allows it."
            ),
            code="font_not_embeddable",
            name=name,
        )
    family, style = placed(family, style)
    if style.lower() not in STYLES or not FAMILY.fullmatch(family):
        raise MediaRefused(
            _(
                "“%(name)s” calls itself “%(family)s”, “%(style)s”. A family has a name of up to "
                "40 Latin letters, digits, spaces and hyphens, and the styles Regular, Bold, "
                "Italic and Bold Italic."
            ),
            code="font_misnamed",
            name=name,
            family=family[:60],
            style=style[:60],
        )
    return Typeface(family, STYLES[style.lower()])


def placed(family: str, style: str) -> tuple[str, str]:
    """Return family and style with another weight than regular and bold as a family of its own:
    "Grotesk" in "Medium Italic" is "Grotesk Medium" in "Italic"."""
    words = style.split()
    slants = [word for word in words if word.lower() in SLANTED]
    weight = " ".join(word for word in words if word not in slants)
    if style.lower() in STYLES or not WEIGHT.fullmatch(weight):
        return family, style
    named = family if family.lower().endswith(weight.lower()) else f"{family} {weight}"
    return named, "Italic" if slants else "Regular"


def _unpacks(data: bytes) -> bool:
    """Say whether a WOFF2 stays small when it is unpacked: a few bytes can become gigabytes."""
    import brotli

    tables, packed = int.from_bytes(data[12:14], "big"), int.from_bytes(data[20:24], "big")
    if not 0 < tables < 100 or not 0 < packed <= len(data):
        return False
    unpacker, size = brotli.Decompressor(), 0
    # The directory before the packed bytes is short: what of it comes along ends in an error.
    stream = data[_directory_end(data, tables) :][:packed]
    try:
        for at in range(0, len(stream), STEP):
            size += len(unpacker.process(stream[at : at + STEP]))
            if size > MOST_UNPACKED:
                return False
    except brotli.error:
        return False
    return True


def _directory_end(data: bytes, tables: int) -> int:
    """Return where the table directory ends (WOFF2, 5.1)."""
    at = 48
    for _table in range(tables):
        flags = data[at] if at < len(data) else 0
        at += 1 + (4 if flags & 0x3F == 0x3F else 0)
        at = _past_number(data, at)
        transformed = (flags >> 6 != 3) if flags & 0x3F in (10, 11) else flags >> 6 != 0
        at = _past_number(data, at) if transformed else at
    return at


def _past_number(data: bytes, at: int) -> int:
    """Return where a number of base 128 ends: at most five bytes."""
    for _byte in range(5):
        at += 1
        if at > len(data) or data[at - 1] < 0x80:
            break
    return at


def _opened(data: bytes):
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(data), lazy=False, fontNumber=-1, checkChecksums=0)
    for table in NEEDED:
        font[table]
    if not ({"glyf", "loca"} <= set(font.keys()) or "CFF " in font):
        raise ValueError("it has no outlines")
    return font


def _rights(font) -> bool:
    allowed = font["OS/2"].fsType
    barred = allowed & RESTRICTED and not allowed & (PRINTED | EDITED)
    return not (barred or allowed & WHOLE_ONLY or allowed & BITMAPS_ONLY)


def _names(font) -> tuple[str, str]:
    said = [font["name"].getDebugName(number) or "" for number in (1, 2)]
    return said[0].strip(), said[1].strip()


def _try_out(font) -> None:
    """Draw every glyph that a character leads to, up to many: some only say that they can."""
    from fontTools.pens.basePen import NullPen

    glyphs, known = font.getGlyphSet(), font.getBestCmap()
    if not known or ord("A") not in known:
        raise ValueError("it has no letters")
    for glyph in list(dict.fromkeys(known.values()))[:3000]:
        glyphs[glyph].draw(NullPen())


def _damaged(name: str) -> MediaRefused:
    return MediaRefused(
        _("“%(name)s” is no whole font (TTF, OTF or WOFF2): get the file again from its maker."),
        code="damaged_font",
        name=name,
    )
