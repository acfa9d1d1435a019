"""The stage for a printing house: PDF/X-4 in CMYK, with bleed and marks (ISO 15930-7)."""

import zlib

from syndication.contract import RenderContext

from ..print.about import text_string
from ..print.parts import Pack
from ..print.sheet import MM
from ..tokens import merged
from .blacks import RICH
from .convert import Limits, converted
from .inks import BLACK, inks_of
from .marks import AROUND, RESOURCES, marks
from .profile import STANDARD, Profile, ProfileRefused, profile_at
from .stage import PRESS, Page, Promise, Stage, box

XMP = """<pdfxid:GTS_PDFXVersion xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/">PDF/X-4\
</pdfxid:GTS_PDFXVersion>
<pdf:Trapped>False</pdf:Trapped>
<xmp:MetadataDate>{date}T00:00:00Z</xmp:MetadataDate>
<xmpMM:DocumentID xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/">uuid:{uuid}</xmpMM:DocumentID>
<xmpMM:VersionID xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/">1</xmpMM:VersionID>
<xmpMM:RenditionClass xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/">default</xmpMM:RenditionClass>
"""


class Press(Stage):
    """Turns what it is given to ink, and writes pages with their boxes and marks."""

    form = PRESS
    version = b"1.6"
    photo_width = 2600

    def __init__(self, context: RenderContext):
        self.profile = _profile(context)
        tokens = merged(context.tokens)
        self.inks = inks_of(tokens, self.profile)
        self.inks.overprint = context.options.get("black_overprint") is True
        self.inks.rich = RICH.get(str(context.options.get("black_areas") or ""), BLACK)
        self.limits = Limits(
            ink=int(_number(context, "ink_limit", tokens["ink_limit"])),
            dpi=int(_number(context, "least_dpi", 225)),
            refused=int(_number(context, "refused_dpi", 0)),
        )
        self.bleed = _number(context, "bleed", 3) * MM
        self.marked = context.options.get("marks") is not False
        self.remember = context.remember
        self.drawn: dict[tuple, int] = {}

    def pack(self, payload: bytes) -> Pack:
        return converted(payload, inks=self.inks, limits=self.limits, remember=self.remember)

    def fill(self, red: float, green: float, blue: float) -> bytes:
        inks = self.inks.cmyk(tuple(round(n * 255) for n in (red, green, blue)))
        return b"%.3f %.3f %.3f %.3f k\n" % inks

    def page(self, page: Page, file) -> None:
        """Add the boxes and the marks; what a reader could click on is left out."""
        around = self.bleed + (AROUND if self.marked else 0)
        page.links = []
        page.extra += b"/MediaBox%b/BleedBox%b/TrimBox%b" % (
            box(page.size, around=around),
            box(page.size, around=self.bleed),
            box(page.size),
        )
        if self.marked:
            page.forms["M"] = self._marks(page.size, file)
        page.clip(box(page.size, around=self.bleed), after=b"/M Do\n" if self.marked else b"")

    def _marks(self, size: tuple[float, float], file) -> int:
        """Return the form with the marks of a page of that size; one serves all of them."""
        if size not in self.drawn:
            corners = box(size, around=self.bleed + AROUND)
            about = b"<</Type/XObject/Subtype/Form/BBox%b/Resources<<%b>>/Filter/FlateDecode"
            data = zlib.compress(marks(size, bleed=self.bleed))
            self.drawn[size] = file.add_stream(about % (corners, RESOURCES), data)
        return self.drawn[size]

    def judge(self, findings: list[tuple[int, dict]]) -> None:
        least = self.limits.refused
        coarse = [(page, f["dpi"]) for page, f in findings if f.get("dpi", least) < least]
        if coarse:
            named = ", ".join(f"{dpi} on page {page}" for page, dpi in coarse[:12])
            raise ValueError(
                f"Pictures have fewer than {least} pixels an inch: {named}. Upload larger ones, "
                "print them smaller, or let the output accept them."
            )

    def close(self, file) -> Promise:
        data = zlib.compress(self.profile.payload)
        about = b"<</N 4/Alternate/DeviceCMYK/Filter/FlateDecode"
        name = text_string(self.profile.name)
        intent = b"<</Type/OutputIntent/S/GTS_PDFX/OutputConditionIdentifier%b/Info%b" % (
            name,
            name,
        )
        intent += b"/DestOutputProfile %d 0 R>>" % file.add_stream(about, data)
        root = b"/OutputIntents[%d 0 R]" % file.add(intent)
        return Promise(root, XMP, b"/Trapped/False/GTS_PDFXVersion(PDF/X-4)")


def _profile(context: RenderContext) -> Profile:
    """Return the chosen profile, the machine's standard one where none was chosen."""
    chosen, missing = context.options.get("profile"), context.options.get("missing_profile")
    if missing:
        raise ProfileRefused(f"The ICC profile {missing!r} is no longer among the assets.")
    place = context.assets.path(chosen["sha256"]) if isinstance(chosen, dict) else STANDARD
    return profile_at(place)


def _number(context: RenderContext, code: str, default: float) -> float:
    """Return a number among the options, the default where it is left empty."""
    value = context.options.get(code)
    return float(default if value in (None, "") else value)
