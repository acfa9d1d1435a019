"""What every child that sets print would do again: done once in the process they are forked from.

Nothing here may set text: Pango looks for fonts in a thread, and threads do not survive a fork.
"""

from functools import cache

from ..fonts import advances
from ..formats import cldr_locale
from ..pages import engine
from ..quick.margins import defaults
from ..tokens import TOKENS
from ..words import words
from .headlines import FACES
from .layouts.folders import shelf

# Every length of an array is a type of its own to cffi, which parses C to learn it: 5 ms each.
TYPES = (
    "PangoFcFontMap *",
    "PangoRectangle *",
    "PangoLogAttr[]",
    "unsigned int *",
    "char[]",
    "char[4]",
    "hb_tag_t[100]",
    *(f"hb_codepoint_t[{length}]" for length in range(5, 61)),  # characters of a font on a card
)


@cache
def warm(locale: str) -> None:
    """Read the hyphenation, the words and the formats of a locale."""
    import pyphen

    _learn()
    cldr_locale(locale)
    words(locale)
    language = pyphen.language_fallback(locale)
    if language:
        pyphen.Pyphen(lang=language)


@cache
def _learn() -> None:
    from weasyprint.text.ffi import ffi

    for name in TYPES:
        ffi.typeof(name)
    for name in ("cards", "contents", "cover", "heads", "opener", "index", "feet", "back"):
        engine().get_template(f"outputs/catalogue/{name}.html")
    shelf()
    defaults()
    fonts = TOKENS["fonts"]
    for face in FACES:
        advances(fonts[face.role][0], face.style)
