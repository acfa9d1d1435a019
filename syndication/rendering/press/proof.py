"""Holds a file to what its form promises: nothing else may leave."""

import re
from itertools import pairwise
from pathlib import Path

import pikepdf

from ..print.reading import REFERENCE, Reading
from ..stretches import objects_of, pages_of
from .spaces import is_light

# Painting in RGB, or what looks like it inside a text: parsing the stream tells which.
SUSPECT = re.compile(rb"(?:^|[\s\]>)\d])(?:rg|RG|BI|/DeviceRGB\s+(?:cs|CS))(?=[\s\[<(/]|$)")
# Transfer curves, alternatives for low resolutions, proxies of a server, pages of other files.
FORBIDDEN = ("/TR", "/HTP", "/Alternates", "/OPI", "/Ref", "/AA")
ACTIONS = ("/JavaScript", "/Launch", "/GoToR", "/SubmitForm", "/ImportData", "/Rendition")
BLENDS = {
    *("/Normal", "/Compatible", "/Multiply", "/Screen", "/Overlay", "/Darken", "/Lighten"),
    *("/ColorDodge", "/ColorBurn", "/HardLight", "/SoftLight", "/Difference", "/Exclusion"),
    *("/Hue", "/Saturation", "/Color", "/Luminosity"),
}
BUFFER = 1 << 18
NOTES = re.compile(rb"/Annots\[([^\]]*)\]")
SAID = re.compile(rb"/Contents(?:\([^)]|<[0-9A-Fa-f])")  # words of a note
OWNED = re.compile(rb"\[\d+ 0 R|\[(?:null )+\d+ 0 R")  # marked content that has an owner
LANGUAGE = re.compile(rb"/Lang(?:\([^)]|<[0-9A-Fa-f])")
NEAR = 0.01  # points that boxes may differ by rounding


def prove(path: Path) -> None:
    """Raise ValueError, naming the place, where a file is no PDF/X-4 in CMYK."""
    with pikepdf.open(path) as pdf:
        _intent(pdf)
        _statements(pdf)
    for page, where in pages_of(path):
        _boxes(page.obj, where)
        if len(page.obj.get("/Annots", [])):
            raise ValueError(f"{where}: a file for the press has no links or notes")
        _stream(page.obj["/Contents"], where)
    for found in objects_of(path):
        if isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
            _object(found)


def prove_tagged(path: Path) -> None:
    """Raise ValueError, naming the place, where a file of ours cannot be read aloud."""
    with path.open("rb", buffering=BUFFER) as file:
        book = Reading(file)
        _tagged(book)
        notes = {
            int(note): page
            for page, number in enumerate(book.pages(), 1)
            for found in NOTES.findall(book.text(number))
            for note in REFERENCE.findall(found)
        }
        for number, text in book.objects():
            if number in notes and not (b"/StructParent " in text and SAID.search(text)):
                raise ValueError(f"page {notes[number]}: a link is not read aloud")


def _tagged(book: Reading) -> None:
    root = book.follow(book.trailer, b"/Root")
    marked = b"/MarkInfo<</Marked true>>" in root and b"/StructTreeRoot " in root
    owned = marked and book.follow(book.follow(root, b"/StructTreeRoot"), b"/ParentTree")
    if not owned or not OWNED.search(owned):
        raise ValueError("the file is not tagged, or nothing in it is read")
    if not LANGUAGE.search(root) or b"/DisplayDocTitle true" not in root:
        raise ValueError("the language or the title of the file is not stated")
    if b"pdfuaid:part" not in book.data(book.stream(book.number(root, b"/Metadata"))):
        raise ValueError("the metadata do not say PDF/UA")


def _intent(pdf) -> None:
    found = list(pdf.Root.get("/OutputIntents", []))
    if len(found) != 1 or str(found[0].get("/S")) != "/GTS_PDFX":
        raise ValueError("the output intent is missing")
    profile = found[0].get("/DestOutputProfile")
    if profile is None or int(profile.get("/N", 0)) != 4 or len(profile.read_bytes()) < 128:
        raise ValueError("the output intent holds no CMYK profile")


def _statements(pdf) -> None:
    """Trapped, version and identifier are stated alike where both kinds of readers look."""
    if str(pdf.docinfo.get("/Trapped", "")) not in ("/False", "/True"):
        raise ValueError("whether the file is trapped is not stated")
    packet = pdf.Root.Metadata.read_bytes()
    if b"GTS_PDFXVersion" not in packet or b"PDF/X-4" not in packet:
        raise ValueError("the metadata do not say PDF/X-4")
    if "/ID" not in pdf.trailer:
        raise ValueError("the file has no identifier")
    if pdf.is_encrypted or pdf.pdf_version > "1.6":
        raise ValueError("a file for the press is PDF 1.6 and is not encrypted")
    if "/AcroForm" in pdf.Root or "/OpenAction" in pdf.Root:
        raise ValueError("a file for the press has no forms or actions")


def _boxes(page, where: str) -> None:
    names = ("/TrimBox", "/BleedBox", "/MediaBox")
    if "/ArtBox" in page or any(name not in page for name in names):
        raise ValueError(f"{where}: trim, bleed and media box must be there, and no art box")
    boxes = [[float(n) for n in page[name]] for name in names]
    for inner, outer in pairwise(boxes):
        low = all(a >= b - NEAR for a, b in zip(inner[:2], outer[:2], strict=True))
        high = all(a <= b + NEAR for a, b in zip(inner[2:], outer[2:], strict=True))
        if not (low and high):
            raise ValueError(f"{where}: its boxes do not lie inside one another")


def _object(found) -> None:
    where = f"object {found.objgen[0]}"
    _exchange(found, where)
    for name in ("/ColorSpace", "/CS"):
        space = found.get(name)
        if isinstance(space, pikepdf.Name | pikepdf.Array) and _light(space):
            raise ValueError(f"{where}: {name} is RGB")
    spaces = found.get("/ColorSpace")
    if isinstance(spaces, pikepdf.Dictionary) and any(_light(s) for s in spaces.values()):
        raise ValueError(f"{where}: a colour space is RGB")
    drawn = str(found.get("/Subtype", "")) == "/Form" or "/PatternType" in found
    if isinstance(found, pikepdf.Stream) and drawn:
        _stream(found, where)


def _exchange(found, where: str) -> None:
    """Refuse what makes a page look otherwise at another house (ISO 15930-7, ISO 32000-1)."""
    for name in FORBIDDEN:
        if name in found:
            raise ValueError(f"{where}: {name} must not be in a file for the press")
    if str(found.get("/TR2", "/Default")) != "/Default":
        raise ValueError(f"{where}: transfer curves must not be in a file for the press")
    if str(found.get("/Subtype", "")) == "/PS" or str(found.get("/S", "")) in ACTIONS:
        raise ValueError(f"{where}: PostScript and actions must not be in a file for the press")
    modes = found.get("/BM", pikepdf.Name.Normal)
    modes = list(modes) if isinstance(modes, pikepdf.Array) else [modes]
    if any(str(mode) not in BLENDS for mode in modes):
        raise ValueError(f"{where}: a way of blending is none of ISO 32000-1, 11.3.5")
    stated = any(name in found for name in ("/XStep", "/FormType", "/Subtype"))
    if isinstance(found, pikepdf.Stream) and "/F" in found and stated:
        raise ValueError(f"{where}: data of the page lie in another file")


def _light(space) -> bool:
    if isinstance(space, pikepdf.Array) and str(space[0]) in ("/Indexed", "/Pattern"):
        return len(space) > 1 and is_light(space[1])
    if isinstance(space, pikepdf.Array) and str(space[0]) in ("/Separation", "/DeviceN"):
        return is_light(space[2])
    return is_light(space)


def _stream(stream, where: str) -> None:
    parts = stream if isinstance(stream, pikepdf.Array) else [stream]
    for part in parts:
        if SUSPECT.search(part.read_bytes()) and any(_paints_light(part)):
            raise ValueError(f"{where}: something is painted in RGB")


def _paints_light(stream):
    """Yield whether each operator of a stream that chooses colours chooses RGB."""
    for operands, operator in pikepdf.parse_content_stream(stream):
        name = str(operator)
        if name in ("rg", "RG"):
            yield True
        elif name in ("cs", "CS"):
            yield str(operands[0]) in ("/DeviceRGB", "/CalRGB")
        elif name == "INLINE IMAGE":
            yield str(operands[0].colorspace) in ("/DeviceRGB", "/CalRGB")
