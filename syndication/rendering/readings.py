"""What the glyphs of a PDF are read as: searched, copied and spoken text.

The layout notes for every glyph the characters that it first stood for. An ellipsis stands for
all that it cut off, so that all others of the file would be read as the same words, and a run of
more than 64 letters is no valid entry of a ToUnicode map (ISO 32000-1, 9.10.3) at all. Signs that
the layout puts in are read as themselves.
"""

import io
import re

# Scripts whose signs stand above, below and before one another: their glyphs do not come in the
# order of the letters, and one may stand for other letters elsewhere.
SHAPED = re.compile("[\u0900-\u0eff\u1000-\u109f\u1780-\u17ff]")
RECIPE = "3"  # raise it when the same pages are read otherwise
SIGNS = "…\u2010"  # what the layout puts in at an edge: text-overflow, hyphens


class Readings(dict):
    """{glyph: text} of one font; a glyph without text takes the first that comes."""

    def __init__(self, signs: dict[int, str]):
        super().__init__()
        self.signs = signs

    def __contains__(self, glyph) -> bool:
        return bool(self.get(glyph))

    def __setitem__(self, glyph: int, text: str) -> None:
        super().__setitem__(glyph, self.signs.get(glyph, text))


def read_rightly(font_class: type) -> None:
    """Let the fonts of WeasyPrint keep their texts in `Readings`."""
    begin, known = font_class.__init__, {}

    def init(self, *args, **kwargs):
        begin(self, *args, **kwargs)
        # The file alone would be the better key, but it is read anew for every document.
        key = (self.family, self.name, self.index, self.glyph_count)
        if key not in known:
            known[key] = _signs(self.file_content, index=self.index)
        self.to_unicode = Readings(known[key])

    font_class.__init__ = init


def read_whole(drawing) -> None:
    """Let lines of `SHAPED` scripts say in one piece what is read of them (ISO 32000-1, 14.9.4).

    `drawing` is the module of WeasyPrint that draws lines. What is cut by an ellipsis is left as
    it is: only the layout knows how much of it is there.
    """
    draw = drawing.draw_first_line

    def draw_first_line(stream, textbox, text_overflow, block_ellipsis, matrix):
        given = (stream, textbox, text_overflow, block_ellipsis, matrix)
        cut = text_overflow == "ellipsis" or block_ellipsis != "none"
        if cut or not SHAPED.search(textbox.text):
            return draw(*given)
        said = textbox.text.encode("utf-16-be", "surrogatepass").hex()
        stream.stream.append(f"/Span <</ActualText <feff{said}>>> BDC")
        emojis = draw(*given)
        stream.stream.append("EMC")
        return emojis

    drawing.draw_first_line = draw_first_line


def _signs(file: bytes, *, index: int) -> dict[int, str]:
    """Return {glyph: sign} of the signs that a font has."""
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(file), fontNumber=index, lazy=True)
    names = font.getBestCmap() or {}
    return {font.getGlyphID(names[ord(sign)]): sign for sign in SIGNS if ord(sign) in names}
