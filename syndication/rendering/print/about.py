"""What a bound file says about itself: catalogue, outline, page labels, metadata.

ISO 32000-1, 7.7.2 (catalogue), 12.3.3 (outline), 12.4.2 (labels), 14.3 (metadata).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape

from .writer import PdfWriter

PRODUCER = "PIM catalogue"
COUNTS = ("/CataloguePages", "/CatalogueProducts", "/CataloguePictures")
SPECIAL = re.compile(rb"[()\\]")
UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2
XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{locale}</rdf:li></rdf:Bag></dc:language>
<pdf:Producer>{producer}</pdf:Producer>
<xmp:CreateDate>{issued_on}T00:00:00Z</xmp:CreateDate>
<xmp:ModifyDate>{issued_on}T00:00:00Z</xmp:ModifyDate>
{more}</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


@dataclass(frozen=True)
class About:
    """Title, author, BCP 47 language and ISO date of a book."""

    title: str
    author: str
    locale: str
    issued_on: str


@dataclass
class _Entry:
    title: str
    page: int
    number: int
    children: list["_Entry"] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(1 + child.count for child in self.children)


def text_string(text: str) -> bytes:
    """Return a text string object: plain where it is ASCII, else UTF-16 in hex."""
    if text.isascii() and text.isprintable():
        return b"(%b)" % SPECIAL.sub(rb"\\\g<0>", text.encode())
    return b"<FEFF%b>" % text.encode("utf-16-be", "replace").hex().encode()


def outline(file: PdfWriter, marks: list[tuple[int, str, int]]) -> int:
    """Write the outline, (level, title, page object) each; return its number."""
    root = _Entry("", 0, file.reserve())
    parents = [root]
    for level, title, page in marks:
        entry = _Entry(title, page, file.reserve())
        del parents[level + 1 :]
        parents[-1].children.append(entry)
        parents.append(entry)
    file.add(b"<</Type/Outlines%b>>" % _inside(root), number=root.number)
    _write(file, root)
    return root.number


def _inside(entry: _Entry) -> bytes:
    if not entry.children:
        return b""
    ends = (entry.children[0].number, entry.children[-1].number, entry.count)
    return b"/First %d 0 R/Last %d 0 R/Count %d" % ends


def _write(file: PdfWriter, parent: _Entry) -> None:
    for n, entry in enumerate(parent.children):
        text = b"<</Title%b/Parent %d 0 R/Dest[%d 0 R/Fit]" % (
            *(text_string(entry.title), parent.number, entry.page),
        )
        text += b"/Prev %d 0 R" % parent.children[n - 1].number if n else b""
        last = entry is parent.children[-1]
        text += b"" if last else b"/Next %d 0 R" % parent.children[n + 1].number
        file.add(text + _inside(entry) + b">>", number=entry.number)
        _write(file, entry)


def catalogue(
    *,
    tree: int,
    outline: int,
    metadata: int,
    locale: str,
    rtl: bool,
    labels: Sequence[tuple[int, str, int]],
    more: bytes = b"",
) -> bytes:
    """Return the root object: two pages side by side, the cover alone, outline shown.

    `labels` are (pages before, style, number) of where page labels begin anew.
    """
    known = b"".join(b"%d%b" % (before, _label(style, n)) for before, style, n in labels)
    numbers = b"/PageLabels<</Nums[%b]>>" % known
    shown = b"/PageLayout/TwoPageRight/PageMode/UseOutlines"
    reading = b"/ViewerPreferences<</DisplayDocTitle true/Direction/%b>>" % (
        b"R2L" if rtl else b"L2R"
    )
    refs = b"/Pages %d 0 R/Outlines %d 0 R/Metadata %d 0 R" % (tree, outline, metadata)
    about = numbers + shown + reading + b"/Lang%b" % text_string(locale)
    return b"<</Type/Catalog%b%b%b>>" % (refs, about, more)


def _label(style: str, number: int) -> bytes:
    return b"<</S/%b/St %d>>" % (style.encode(), number) if style else b"<</P()>>"


def information(about: About, *, counts: tuple[int, int, int], more: bytes = b"") -> bytes:
    """Return the information dictionary; `counts` are pages, products and pictures."""
    date = f"D:{about.issued_on.replace('-', '')}000000Z"
    texts = {
        "/Title": about.title,
        "/Author": about.author or PRODUCER,
        "/Producer": PRODUCER,
        "/CreationDate": date,
        "/ModDate": date,
        **{name: str(count) for name, count in zip(COUNTS, counts, strict=True)},
    }
    told = b"".join(name.encode() + text_string(text) for name, text in texts.items())
    return b"<<%b%b>>" % (told, more)


def metadata(file: PdfWriter, about: About, *, more: str = "") -> int:
    """Write the XMP packet (ISO 16684-1), with `more` properties; return its number."""
    texts = {"title": about.title, "author": about.author or PRODUCER, "locale": about.locale}
    clean = {name: escape(UNFIT.sub("", text)) for name, text in texts.items()}
    named = uuid5(NAMESPACE_URL, f"{about.title}|{about.locale}|{about.issued_on}")
    more = more.format(date=about.issued_on, uuid=named)
    packet = XMP.format(**clean, producer=PRODUCER, issued_on=about.issued_on, more=more)
    return file.add_stream(b"<</Type/Metadata/Subtype/XML", packet.encode())
