"""The pages around the products: covers, contents, chapter openers, running heads, index.

Each is a pack (see `parts.py`), a pure function of what it shows, and is remembered by that; an
edition in which only texts of products changed sets none of them again.
"""

from functools import cached_property, partial
from pathlib import Path
from typing import Any

import orjson
from django.utils.safestring import mark_safe

from syndication.contract import EditionPlan, RenderContext

from .. import tokens as design
from ..formats import Formatter, cldr_locale
from ..images import PictureError
from ..pages import render, template_digest
from ..pdf import engine_version, lay_out
from ..press.stage import Stage
from ..richtext import clean_html
from ..tongues import distinct, in_all, texts
from ..words import words
from .chapters import Chapter
from .contents import Parts, contents_rows
from .headlines import PLAIN, RUNNING, Headlines
from .indexes import ARTICLES, NAMES, IndexPage, column
from .parallel import Parallel, unlike
from .setting import style
from .sheet import MM, CodePlace, Sheet
from .taking_apart import take_apart

FOLDER = "outputs/catalogue"
LOGO = "image/png"  # what is clear in it stays clear
LEAST_WIDTH = 700  # a smaller one would print coarse across the page
RECIPE = "7"  # raise it when the same values make other bytes
NOTE_LINES = 26
LONG = 24  # characters of the other languages of a heading
FOOT_SIZES, CAPTION_SIZES = (7.0, 5.6), (7.0, 4.8)  # points, as designed and the least
CAPTION_LINE = 1.4  # of its size, and room for letters of another script
HEAD_HEIGHT = 13 * MM
FOOT_HEIGHT = 6 * MM


def _reading(locale: str) -> dict[str, str]:
    """Return how a part in this language is read."""
    direction = cldr_locale(locale).text_direction
    start = "right" if direction == "rtl" else "left"
    return {"locale": locale, "direction": direction, "start": start}


REPEATED = {"feet", "caption", "tabs", "notes"}


def _voices(name: str, values: dict[str, Any]) -> list[str] | str:
    """Return how the pages of a part are read: what stands on every page, not again and again."""
    if name != "heads":
        # A page of lines may come again and has nothing to read.
        return "artifact" if name in REPEATED else ""
    return ["H2" if strip["begins"] else "artifact" for strip in values["strips"]]


class Furniture:
    """Sets what an edition needs around its cards, each part at most once for the same input."""

    def __init__(
        self, plan: EditionPlan, context: RenderContext, *, sheet: Sheet, stage: Stage | None = None
    ):
        self.plan, self.context, self.sheet = plan, context, sheet
        self.stage = stage or Stage()
        self.format = Formatter(context.labels[context.locale], locale=context.locale)
        self.words = words(context.locale)
        self.parallel = Parallel(context)
        self.title = self.title_in(context.locale)
        self.brand = context.tokens.get("brand") or ""

    def title_in(self, locale: str) -> str:
        """Return the title of the book in a language."""
        return self._option("title", locale=locale) or words(locale)["catalogue"]

    def _option(self, code: str, *, locale: str = "") -> str:
        """Return a text option; {locale: text} is read in the locale, else the edition's."""
        value = self.context.options.get(code) or ""
        if isinstance(value, dict):
            value = value.get(locale or self.context.locale) or value.get("en") or ""
        return str(value)

    def cover(self, picture: dict | None) -> bytes:
        logo = self._logo("logo_dark", "logo")
        values = {"picture": self._photo(picture), "logo": logo, **self._imprint()}
        others = self.parallel.texts(lambda code: self.title_in(code))
        return self.part("cover", values | {"others": unlike(self.title, others)})

    def back(self) -> bytes:
        values = {"texts": self._options("back_text"), "logo": self._logo("logo")}
        said = texts(self.context.locales, partial(design.tagline, self.context.tokens))
        values["taglines"] = distinct(said)
        return self.part("back", values | {"titles": self._titles(), **self._imprint()})

    def _options(self, code: str) -> list[dict[str, str]]:
        """Return what a text option says in the languages of the book, each text once."""
        said = texts(self.context.locales, lambda locale: self._option(code, locale=locale))
        return distinct(said)

    def _titles(self) -> str:
        return in_all(self.context.locales, self.title_in)

    def _imprint(self) -> dict[str, Any]:
        issued = self.format.date(self.plan.issued_on)
        word = in_all(self.context.locales, lambda code: words(code)["edition"])
        return {
            "subtitles": self._options("subtitle"),
            "edition": f"{word} {self.plan.number} · {issued}",
            "url": self.context.public_url.removeprefix("https://").removeprefix("http://"),
        }

    def contents(
        self,
        chapters: list[Chapter],
        *,
        before: Parts,
        after: Parts,
    ) -> bytes:
        """Return the table of contents, with the first pages of other parts."""
        rows = contents_rows(chapters, before, after, words=self.words, parallel=self.parallel)
        return self.part("contents", {"rows": rows, **self.heading("contents")})

    def heading(self, word: str) -> dict[str, Any]:
        """Return a heading with that of the other languages."""
        heading = self.words[word]
        return {"heading": heading, "others": unlike(heading, self.parallel.word(word))}

    def opener(self, chapter: Chapter) -> bytes:
        told = self.context.labels[self.context.locale].body["categories"].get(chapter.code, {})
        first = {
            "text": chapter.title,
            "sections": [section.title for section in chapter.sections if section.title],
            "count": self.words["products"] % len(chapter.entries),
            "intro": mark_safe(clean_html(told.get("intro") or "")),
            "locale": self.context.locale,
            "dir": self.format.direction,
        }
        columns = [first, *self.parallel.columns(chapter)]
        values = {
            "columns": columns,
            "many": len(columns),
            "told": any(column["intro"] for column in columns),
            "picture": self._photo(self._chapter_picture(chapter, told)),
        }
        return self.part("opener", values)

    def _chapter_picture(self, chapter: Chapter, told: dict) -> dict | None:
        """Return the category's own picture, else the chosen one, else that of a product."""
        named = self.context.options.get("chapter_pictures")
        named = named.get(chapter.code) if isinstance(named, dict) else None
        own = told.get("image")
        if self._fits(own):
            return own
        return named or next((e.picture for e in chapter.entries if self._fits(e.picture)), None)

    def feet(self) -> bytes:
        """Return two strips for the foot of left and right pages."""
        text = f"{self._titles()} · {self._imprint()['edition']}"
        line = self.lines.line(text, PLAIN, room=self.sheet.text_width * 0.9, sizes=FOOT_SIZES)
        return self.part("feet", {"line": line, "sides": ["left", "right"]})

    @cached_property
    def lines(self) -> Headlines:
        """Fits lines into the places that they have."""
        return Headlines(design.merged(self.context.tokens)["fonts"])

    def caption(self, place: CodePlace) -> bytes:
        """Return the words that stand beside a code, or above it where that is narrow."""
        width, height = (n * MM for n in place.words)
        size = {"width": f"{width:.2f}", "height": f"{height:.2f}"}
        said = distinct(texts(self.context.locales, lambda code: words(code)["more"]))
        if not width:
            lines = []
        elif said[1:]:
            lines = [self._caption(one, width, height / len(said)) for one in said]
        else:
            lines = [said[0] | {"size": f"{CAPTION_SIZES[0]:g}"}]
        about = {"above": place.above, "several": bool(said[1:]), **size}
        return self.part("caption", {"lines": lines, **about})

    def _caption(self, said: dict[str, str], width: float, height: float) -> dict[str, str]:
        """Return one of several lines beside a code, as large as its place lets it be."""
        designed, least = CAPTION_SIZES
        high = min(designed, height / CAPTION_LINE)
        return said | self.lines.line(said["text"], RUNNING, room=width, sizes=(high, least))

    def index(self, page: IndexPage, *, kind: str) -> bytes:
        """Return one page of an index: kind "index" has names, "numbers" numbers."""
        return self.part("index", self._columns(page, kind=kind))

    def knows_index(self, pages: list[IndexPage], *, kind: str) -> bool:
        """Say whether all pages of an index are remembered."""
        columns = (self._columns(page, kind=kind) for page in pages)
        return all(self.context.recalls(self.key("index", values)) for values in columns)

    def _columns(self, page: IndexPage, *, kind: str) -> dict[str, Any]:
        shape, rows = ARTICLES if kind == "numbers" else NAMES, page.rows
        columns = [column(n, rows, shape) for n in sorted({row["column"] for row in rows})]
        values = {"columns": columns, "first": page.first, "kind": kind}
        heading = self.heading(kind)
        if kind == "index":  # names are in one language: so is what stands above them
            heading = {"heading": words(page.locale)[kind], "others": []}
        size = "long" if sum(len(t["text"]) for t in heading["others"]) > LONG else ""
        # Where it is read aloud, each name is followed by its number; else one run is faster set.
        own = {**heading, **_reading(page.locale), "size": size, "read": self.stage.tagged}
        return {**values, **own}

    def notes(self) -> bytes:
        """Return an empty page with lines to write on."""
        return self.part("notes", {"lines": ["x"] * NOTE_LINES, **self.heading("notes")})

    def _fits(self, picture: dict | None) -> bool:
        return bool(picture) and (picture.get("width") or 0) >= LEAST_WIDTH

    def _photo(self, picture: dict | None, *, least: int = LEAST_WIDTH) -> str:
        """Return the digest of a picture that can be shown large, "" if there is none."""
        sha = (picture or {}).get("sha256") or ""
        if not sha or (picture.get("width") or least) < least:
            return ""
        try:
            self._derived(sha)
        except (PictureError, OSError):
            return ""
        return sha

    def _derived(self, sha: str, *, media_type: str = "image/jpeg") -> Path:
        width = self.stage.photo_width
        return self.context.assets.derivative(sha, width=width, media_type=media_type)

    def _logo(self, *names: str) -> str:
        """Return the digest of the first logo of that name there is, "" where the name is set."""
        sha = next((found for name in names if (found := self.context.tokens.get(name))), "")
        try:
            return sha and self._derived(sha, media_type=LOGO) and sha
        except (PictureError, OSError):
            return ""

    def part(self, name: str, values: dict[str, Any]) -> bytes:
        """Return the pages of a template with these values, remembered by all they depend on."""
        return self.context.remember(self.key(name, values), lambda: self.made(name, values))

    def key(self, name: str, values: dict[str, Any]) -> str:
        """Return all that a part depends on."""
        inputs = [RECIPE, name, values, self._common, self._css, *self._versions, self.stage.form]
        return orjson.dumps(inputs, option=orjson.OPT_SORT_KEYS).decode()

    @cached_property
    def _common(self) -> dict[str, str]:
        return {**_reading(self.context.locale), "title": self.title, "brand": self.brand}

    @cached_property
    def _css(self) -> str:
        return style("furniture", self.context, **self._measures())

    @cached_property
    def _versions(self) -> tuple[str, str]:
        return template_digest(FOLDER), engine_version()

    def made(self, name: str, values: dict[str, Any]) -> bytes:
        """Set the pages of a template."""
        pictures = {sha: self._derived(sha) for sha in (values.get("picture"),) if sha}
        if logo := values.get("logo"):
            pictures[logo] = self._derived(logo, media_type=LOGO)
        pictures |= self._symbols(values.get("groups") or [])
        # A part in another language than the book's first says so itself.
        html = render(f"{FOLDER}/{name}.html", self._common | values)
        sheets = lay_out(html, css=self._css, pictures=pictures)
        if sheets.errors:
            raise ValueError(f"{name}: {sheets.errors[0]}")
        payload = sheets.pdf(tagged=self.stage.tagged)
        return take_apart(payload, voices=_voices(name, values)).to_bytes()

    def _symbols(self, groups: list[dict]) -> dict[str, Path]:
        assets = self.context.assets
        return {
            symbol["sha"]: assets.derivative(symbol["sha"], width=480, media_type="image/png")
            for group in groups
            for symbol in group["symbols"]
        }

    def _measures(self) -> dict[str, str]:
        rtl = self.sheet.rtl
        return {
            "again": "9" if rtl else "7.4",
            "spaced": "0" if rtl else "0.14em",
            "bleed": f"{self.stage.bleed:.2f}",
            "strip_width": f"{self.sheet.text_width:.2f}",
            "head_height": f"{HEAD_HEIGHT:.2f}",
            "foot_height": f"{FOOT_HEIGHT:.2f}",
            "notes_height": f"{self.sheet.notes:.2f}",
        }
