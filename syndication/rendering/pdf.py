"""HTML to PDF by WeasyPrint, shut in: no network, no files but the pictures handed over.

WeasyPrint is imported on first use, in a child process only: importing it changes Pillow for
the whole process. It drops a picture that it cannot load and carries on, so every record that
it logs as an error is kept and counted.
"""

import logging
import os
import tempfile
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path

from . import quick
from .faces import print_rules
from .fonts import FOLDERS
from .printable import EMOJI_FONT
from .quick.margins import defaults, is_plain
from .readings import RECIPE, read_rightly, read_whole

IDENTIFIER = b"0" * 16  # a fixed file id: the same pages give the same bytes
PICTURE = "asset:"
POINT = 0.75  # points in a pixel of CSS
SLACK = 1.0  # points that text may hang out: glyphs are often a little wider than their boxes

# Pictures of emoji come in one size: they are drawn in that of the text. Pango asks for their
# family by the name of "emoji".
RATIO = (
    '<divide><name target="pattern">pixelsize</name><name target="font">pixelsize</name></divide>'
)
EMOJI_SETTINGS = (
    f"<alias><family>emoji</family><prefer><family>{EMOJI_FONT}</family></prefer></alias>"
    '<match target="font"><test name="outline"><bool>false</bool></test><edit name="matrix">'
    f"<matrix>{RATIO}<double>0</double><double>0</double>{RATIO}</matrix></edit></match>"
)


class Refused(ValueError):
    """A page asked for something that was not handed over with it."""


class Sheets:
    """Laid-out pages; `errors` are the sentences that the layout logged as errors."""

    def __init__(self, document, errors: list[str]):
        self.document, self.errors = document, errors
        self.missing: list[str] = []  # characters of the pages written last that no font has

    def __len__(self) -> int:
        return len(self.document.pages)

    def anchors(self) -> list[set[str]]:
        """Return the ids found on each page."""
        return [set(page.anchors) for page in self.document.pages]

    def boxes(self) -> list[dict[str, tuple[float, float, float, float]]]:
        """Return on each page {id: (left, top, width, height)} of its boxes, in points."""
        return [
            {
                name: tuple(n * POINT for n in (x0, y0, x1 - x0, y1 - y0))
                for name, (x0, y0, x1, y1) in page.anchors.items()
            }
            for page in self.document.pages
        ]

    def text_outside(
        self, page: int, width: float, height: float, *, clear: tuple | None = None
    ) -> bool:
        """Say whether text of a page leaves a frame at its origin, or touches the box `clear`.

        Lengths are in points, boxes (left, top, right, bottom) from the top of the page.
        """
        from weasyprint.formatting_structure.boxes import TextBox

        for box in self.document.pages[page]._page_box.descendants(placeholders=True):
            if not isinstance(box, TextBox) or not box.text.strip():
                continue
            left, top = box.position_x * POINT, box.position_y * POINT
            right, bottom = left + box.width * POINT, top + box.height * POINT
            if left < -SLACK or right > width + SLACK or bottom > height + SLACK:
                return True
            if clear and _touch((left, top, right, bottom), clear):
                return True
        return False

    def depth(self, page: int) -> float:
        """Return how far down the text of a page reaches, in points from the top of the page;
        what stands in its margins does not count.
        """
        from weasyprint.formatting_structure.boxes import MarginBox, TextBox

        shown = self.document.pages[page]._page_box.children
        found = [
            box.position_y + box.height
            for part in shown
            if not isinstance(part, MarginBox)
            for box in part.descendants()
            if isinstance(box, TextBox)
        ]
        return max(found, default=0.0) * POINT

    def pdf(self, *pages: int, tagged: bool = False) -> bytes:
        """Return these pages (all when none is named) as one PDF with fonts of its own.

        A `tagged` one says in which order it is read, and what each part of it is.
        """
        chosen = [self.document.pages[n] for n in pages] or self.document.pages
        self.missing.clear()
        variant = "pdf/ua-1" if tagged else None
        with _records(self.errors, self.missing):
            document = self.document.copy(chosen)
            return document.write_pdf(pdf_identifier=IDENTIFIER, pdf_variant=variant)


def _touch(one: tuple, other: tuple) -> bool:
    """Say whether two boxes (left, top, right, bottom) share more than an edge."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across > SLACK and down > SLACK


def lay_out(html: str, *, css: str, pictures: dict[str, Path] | None = None) -> Sheets:
    """Return the pages of `html`; it may show the `pictures` by name as `asset:name`."""
    weasyprint, fonts = _weasyprint()
    errors: list[str] = []
    fetcher = _fetcher(pictures or {})
    quick.lines.begin()
    with _records(errors, []):
        page = weasyprint.HTML(string=html, url_fetcher=fetcher, base_url=None)
        if is_plain(css) and "<style" not in html:
            page._ua_stylesheets = lambda forms=False: [defaults()]
        document = page.render(stylesheets=[_stylesheet(css)], font_config=fonts)
    return Sheets(document, errors)


@cache
def engine_version() -> str:
    """Return what bytes depend on besides our own files, without importing any of it."""
    names = ("weasyprint", "pydyf", "pyphen", "tinycss2", "babel", "pikepdf", "segno", "pillow")
    return " ".join([*(f"{name}={version(name)}" for name in names), f"readings={RECIPE}"])


@cache
def _weasyprint():
    # Set before fontconfig is first used: only the fixed folders are searched for fonts.
    os.environ["FONTCONFIG_FILE"] = _font_settings()
    # The hour is written into subsets of the font of emoji, unless it is said to be another.
    os.environ["SOURCE_DATE_EPOCH"] = "0"
    import weasyprint
    from weasyprint.draw import text
    from weasyprint.pdf import fonts, tags
    from weasyprint.text.fonts import FontConfiguration

    read_rightly(fonts.Font)
    read_whole(text)
    tags._build_box_tree = _with_language(tags._build_box_tree)
    quick.quicken()
    return weasyprint, FontConfiguration()


def _with_language(build):
    """Let the tags of a PDF say the language of an element that is not in the document's."""
    import pydyf

    def build_box_tree(box, *others):
        source = getattr(box, "element", None)
        inner = source is not None and source.tag not in ("html", "body")
        language = source.get("lang") if inner else None
        for element in build(box, *others):
            if language:
                element["Lang"] = pydyf.String(language)
            yield element

    return build_box_tree


def _font_settings() -> str:
    folders = "".join(f"<dir>{folder}</dir>" for folder in FOLDERS)
    text = (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"{folders}<cachedir>/var/cache/fontconfig</cachedir>"
        f'<cachedir prefix="xdg">fontconfig</cachedir>{EMOJI_SETTINGS}</fontconfig>'
    )
    with tempfile.NamedTemporaryFile("w", suffix=".conf", delete=False) as file:
        file.write(text)
    return file.name


@cache
def _know_face(rules: str, names: tuple[tuple[str, Path], ...]) -> None:
    """Make fonts that a brand brings along known to all sheets: their names never mean others."""
    weasyprint, fonts = _weasyprint()
    weasyprint.CSS(string=rules, font_config=fonts, url_fetcher=_fetcher(dict(names)))


@cache
def _stylesheet(css: str):
    weasyprint, fonts = _weasyprint()
    for rules, names in print_rules(css):
        _know_face(rules, tuple(names.items()))
    return weasyprint.CSS(string=css, font_config=fonts, url_fetcher=_fetcher({}))


def _fetcher(pictures: dict[str, Path]):
    """Return a fetcher that knows the handed-over pictures and nothing else in the world."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Fetcher(URLFetcher):
        def fetch(self, url, headers=None):
            path = pictures.get(url.removeprefix(PICTURE)) if url.startswith(PICTURE) else None
            if path is None:
                raise Refused(f"not handed over: {url[:80]}")
            return URLFetcherResponse(url, path.read_bytes())

    return Fetcher()


class _Collector(logging.Handler):
    def __init__(self, errors: list[str], missing: list[str]):
        super().__init__(logging.WARNING)
        self.errors, self.missing = errors, missing

    def emit(self, record):
        if record.levelno >= logging.ERROR:
            self.errors.append(record.getMessage())
        elif str(record.msg).startswith(".notdef"):
            self.missing.append(record.args[0])


@contextmanager
def _records(errors: list[str], missing: list[str]):
    logger, handler = logging.getLogger("weasyprint"), _Collector(errors, missing)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
