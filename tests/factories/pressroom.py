"""What tools that others wrote see of a whole file for the press: poppler, qpdf, pypdf, Ghostscript
(a plate for each ink of each page) and a reader of codes.
"""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pypdf
import zxingcpp
from PIL import Image
from pypdf.generic import ContentStream

from . import books

DPI = 144
PROCESS = ("Black", "Cyan", "Magenta", "Yellow")
LIGHT = {b"rg", b"RG"}
PAPER = 255
SOLID, TINT = 60, 225  # on a plate: at least three quarters of full ink, at most an eighth
LIMIT = 300  # per cent of all inks together, on one place
PLATE = re.compile(r"(\d+)\((.+)\)\.tif")
Plates = dict[str, Image.Image]


def all_plates(path: Path, folder: Path) -> list[Plates]:
    """Return the plates of every page, in order: {ink: picture, 0 is full ink}."""
    folder.mkdir(parents=True)
    command = ["gs", "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=tiffsep", f"-r{DPI}"]
    subprocess.run([*command, f"-sOutputFile={folder}/%03d.tif", path], check=True)
    found: dict[str, Plates] = {}
    for plate in sorted(folder.iterdir()):
        if named := PLATE.fullmatch(plate.name):
            with Image.open(plate) as picture:
                found.setdefault(named[1], {})[named[2]] = picture.convert("L")
        plate.unlink()
    return list(found.values())


def faults(path: Path, pages: list[Plates]) -> list[str]:
    """Return what others find against a file that says it is PDF/X-4 in process inks."""
    reader = pypdf.PdfReader(path)
    found = [*_statements(path), *_pictures(path)]
    for number, (plates, page) in enumerate(zip(pages, reader.pages, strict=True), 1):
        if tuple(sorted(plates)) != PROCESS:
            found.append(f"page {number}: plates {sorted(plates)}")
        if page.get("/Annots") is not None:
            found.append(f"page {number}: it can be clicked on")
        if (ink := _heaviest(plates, page)) > LIMIT:
            found.append(f"page {number}: {ink} % ink")
        found += [f"page {number}: “{w}” is not black alone" for w in blurred(path, number, plates)]
    seen: set[int] = set()
    for page in reader.pages:
        look_through(page, reader, seen)
    return found


def _statements(path: Path) -> Iterator[str]:
    told = _said("pdfinfo", path)
    if "PDF subtype:    PDF/X-4" not in told:
        yield f"poppler: {told}"
    told = _said("qpdf", "--check", path)
    if "No syntax or stream encoding errors" not in told:
        yield f"qpdf: {told}"


def _pictures(path: Path) -> Iterator[str]:
    rows = [line.split() for line in _said("pdfimages", "-list", path).splitlines()[2:]]
    yield from (f"picture on page {r[0]}: {r[5]}" for r in rows if r[5] not in ("cmyk", "gray"))


def _said(*command) -> str:
    return subprocess.run(command, capture_output=True, text=True).stdout


def _heaviest(plates: Plates, page) -> int:
    """Return the per cent of ink on the fullest place of a page, the marks outside left out."""
    media, bleed = page.mediabox, page.bleedbox
    points = (
        *(float(bleed.left - media.left), float(media.top - bleed.top)),
        *(float(bleed.right - media.left), float(media.top - bleed.bottom)),
    )
    box = [round(n * DPI / books.POINTS) for n in points]
    shown = [plate.crop(box).tobytes() for plate in plates.values()]
    least = min(map(sum, set(zip(*shown, strict=True))))
    return round(100 * len(shown) - 100 * least / PAPER)


def blurred(path: Path, number: int, plates: Plates) -> Iterator[str]:
    """Yield the dark words on paper that other inks than black help to print."""
    for word, (left, top, right, bottom) in books.words(path, number).items():
        edge = (bottom - top) / 4  # rules may touch the box of a word
        points = (left, top + edge, right, bottom - edge)
        box = [round(n * DPI / books.POINTS) for n in points]
        before = (box[0] - 3, (box[1] + box[3]) // 2)  # in the space between two words
        if len(word) < 2 or box[0] >= box[2] or not _is_paper(plates, before):
            continue
        tones = [plates[ink].crop(box).getextrema()[0] for ink in PROCESS]
        if tones[0] < SOLID and min(tones[1:]) < TINT:
            yield word


def _is_paper(plates: Plates, at: tuple[int, int]) -> bool:
    return all(plates[ink].getpixel(at) == PAPER for ink in PROCESS)


def codes(pages: list[Plates]) -> list[str]:
    """Return the texts of all QR codes that the black plates alone show, page by page."""
    kind = zxingcpp.BarcodeFormat.QRCode
    found = (zxingcpp.read_barcodes(plates["Black"], formats=kind) for plates in pages)
    return [code.text for page in found for code in page]


def look_through(holder, reader, seen: set[int]) -> None:
    """Assert of a page or form, and of all it places, that no operator paints in RGB."""
    stream = holder.get_contents() if hasattr(holder, "get_contents") else holder
    operations = ContentStream(stream, reader).operations
    assert not LIGHT & {operator for _, operator in operations}
    for name in (str(o[0]) for o, operator in operations if operator in (b"cs", b"CS")):
        assert "RGB" not in name
    resources = holder.get("/Resources", {})
    for reference in dict(resources.get("/XObject", {})).values():
        found = reference.get_object()
        if id(found) in seen:
            continue
        seen.add(id(found))
        if found["/Subtype"] == "/Form":
            assert found.get("/Group", {}).get("/CS") != "/DeviceRGB"
            look_through(found, reader, seen)
        else:
            assert found["/ColorSpace"] in ("/DeviceCMYK", "/DeviceGray")
