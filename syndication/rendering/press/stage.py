"""The stage between set pages and a bound file: as they are, for the press, or accessible."""

from dataclasses import dataclass, field

from django.utils.translation import gettext_noop as _

from syndication.contract import RenderContext

from ..print.parts import Pack
from ..print.sheet import PAGE

SCREEN, PRESS, ACCESSIBLE = "screen", "press", "accessible"
NO_ALT = _("A picture has no alternative text; screen readers hear the name instead.")


@dataclass(frozen=True, slots=True)
class Drawn:
    """Operators of a page and what they are to a reader: a `form` placed, its own structure
    inside; an `artifact` that is not read aloud; or a `code`, whose address is `link` of the page.
    """

    operators: bytes
    role: str = "form"
    link: int = -1


@dataclass(slots=True)
class Page:
    """A page about to be written: forms by name, what is drawn, links, more of its dictionary.

    `links` are (rectangle, goal, text): where on the page, the entry that says where to, and
    the address as text. `reading` has, in the order of reading, a tree of structure with the
    numbers of the parts it names, or the place in `drawn` of a code. What `goes_on` begins with
    the rest of the table that the page before ended with.
    """

    object: int
    forms: dict[str, int]
    drawn: list[Drawn]
    links: list[tuple[bytes, bytes, str]]
    reading: list[tuple[list, list[int]] | int]
    size: tuple[float, float] = PAGE
    extra: bytes = b""
    goes_on: bool = False
    notes: list[int] = field(default_factory=list)  # numbers kept for the links, if any are

    def clip(self, rectangle: bytes, *, after: bytes = b"") -> None:
        """Keep what is drawn inside a rectangle (`box`); then draw what comes `after`."""
        x, y, right, top = (float(n) for n in rectangle.strip(b"[]").split())
        edge = b"q %.3f %.3f %.3f %.3f re W n\n" % (x, y, right - x, top - y)
        ends = Drawn(edge, "artifact"), Drawn(b"Q\n" + after, "artifact")
        self.drawn = [ends[0], *self.drawn, ends[1]]

    def write_links(self, file) -> list[int]:
        """Write the links as annotations; return their numbers."""
        kept = self.notes or [0] * len(self.links)
        about = b"<</Type/Annot/Subtype/Link/Rect[%b]/Border[0 0 0]/F 4%b>>"
        return [
            file.add(about % link[:2], number=number)
            for link, number in zip(self.links, kept, strict=True)
        ]

    @property
    def operators(self) -> bytes:
        return b"".join(drawn.operators for drawn in self.drawn)


@dataclass(frozen=True, slots=True)
class Promise:
    """What a file says of itself beyond the plain: of its root, of its XMP, of its information."""

    root: bytes = b""
    xmp: str = ""
    info: bytes = b""


class Stage:
    """Pages for the screen: nothing is changed. The other stages say what they do differently."""

    form = SCREEN
    version = b"1.7"
    bleed = 0.0  # points that backgrounds and pictures reach over the trimmed edge
    tagged = False
    photo_width = 1800  # pixels of a picture across the page

    def pack(self, payload: bytes) -> Pack:
        """Return the parts of a pack as they are to be placed."""
        return Pack.from_bytes(payload)

    def fill(self, red: float, green: float, blue: float) -> bytes:
        """Return the operator that fills in a colour."""
        return b"%.2f %.2f %.2f rg\n" % (red, green, blue)

    def page(self, page: Page, file) -> None:
        """Finish a page: change its operators and links, add its boxes."""
        page.extra += b"/MediaBox%b/TrimBox%b" % (box(page.size), box(page.size))

    def judge(self, findings: list[tuple[int, dict]]) -> None:
        """Raise ValueError where (page, finding) pairs forbid that the file is issued."""

    def close(self, file) -> Promise:
        """Write what the whole file needs; return what it promises."""
        return Promise()


def box(size: tuple[float, float], *, around: float = 0.0) -> bytes:
    """Return a rectangle as large as `size`, or larger by `around` on every side."""
    corners = (-around, -around, size[0] + around, size[1] + around)
    return b"[%.3f %.3f %.3f %.3f]" % corners if around else b"[0 0 %.3f %.3f]" % size


def file_name(stem: str, *, locale: str, form: str) -> str:
    """Return the name of a file, which says what form it has: `catalogue.de.press.pdf`."""
    return f"{stem}.{locale}.pdf" if form == SCREEN else f"{stem}.{locale}.{form}.pdf"


def named(stem: str, context: RenderContext) -> str:
    """Return the name of a file that holds a whole edition."""
    form = context.options.get("form") or SCREEN
    return file_name(stem, locale="-".join(context.locales), form=form)


def form_of(name: str) -> str:
    """Return the form that the name of a file promises."""
    parts = name.split(".")
    return parts[-2] if parts[-2:-1] and parts[-2] in (PRESS, ACCESSIBLE) else SCREEN


def is_tagged(context: RenderContext) -> bool:
    """Say whether what is set has to say how it is read."""
    return context.options.get("form") == ACCESSIBLE
