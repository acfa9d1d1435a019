"""What a supplied PDF must not hold: it is printed as it is, and nobody looks inside again."""

import zlib
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_noop as _

MOST_PAGES = 64
MOST_OBJECTS = 50_000
MOST_DICTIONARIES = 500_000
MOST_CONTENT = 32 << 20  # bytes of drawing on all pages, unpacked
STEP = 1 << 20
ROOT = {
    "/AcroForm": _("It has a form: save it flat."),
    "/OpenAction": _("It does something when it is opened: save it without actions."),
    "/AA": _("It does something when it is opened: save it without actions."),
    "/OCProperties": _("It has layers: flatten them."),
}
INSIDE = {
    "/JS": _("It holds a script."),
    "/Ref": _("It shows another file."),
    "/EF": _("It has a file attached."),
    "/OPI": _("It stands for another file."),
}
KINDS = {"/JavaScript": INSIDE["/JS"], "/Launch": _("It starts a program.")}
FONTS = {"/Type1", "/MMType1", "/TrueType", "/CIDFontType0", "/CIDFontType2"}
FILES = ("/FontFile", "/FontFile2", "/FontFile3")


class FixedRefused(Exception):
    """A supplied document cannot be printed; `message` says why, with `params` filled in."""

    def __init__(self, message: str, **params: Any):
        super().__init__(message)
        self.message, self.params = message, params


def check(pdf, lib) -> None:
    """Raise FixedRefused unless the document is nothing but pages with embedded fonts."""
    if pdf.is_encrypted:
        raise FixedRefused(_("It is protected by a password: save it without."))
    if not 0 < len(pdf.pages) <= MOST_PAGES:
        raise FixedRefused(_("It has %(pages)d pages; up to 64 are taken."), pages=len(pdf.pages))
    if len(pdf.objects) > MOST_OBJECTS:
        raise FixedRefused(_("It is made of too many objects: save it flat."))
    for name, message in ROOT.items():
        if name in pdf.Root:
            raise FixedRefused(message)
    for found in _dictionaries(pdf, lib):
        _check_dictionary(found)
    room = MOST_CONTENT
    for n, page in enumerate(pdf.pages, 1):
        room -= _check_page(page.obj, n, lib, room)


def _dictionaries(pdf, lib) -> Iterator[Any]:
    """Yield all dictionaries of the file, those within others too; streams as their own."""
    seen = 0
    for top in pdf.objects:
        stack = [top]
        while stack:
            item = stack.pop()
            if isinstance(item, lib.Array):
                stack += [x for x in item if _within(x, lib)]
            elif isinstance(item, lib.Dictionary | lib.Stream):
                seen += 1
                if seen > MOST_DICTIONARIES:
                    raise FixedRefused(_("It is made of too many objects: save it flat."))
                yield item
                stack += [x for _name, x in item.items() if _within(x, lib)]


def _within(item, lib) -> bool:
    """Say whether this container stands right inside another: the rest comes by itself."""
    return isinstance(item, lib.Array | lib.Dictionary) and not item.is_indirect


def _check_dictionary(found) -> None:
    for name, message in INSIDE.items():
        if name in found:
            raise FixedRefused(message)
    kind = str(found.get("/S", ""))
    if kind in KINDS:
        raise FixedRefused(KINDS[kind])
    if str(found.get("/Subtype", "")) == "/PS":
        raise FixedRefused(_("It holds a PostScript program."))
    if str(found.get("/Type", "")) == "/Font" and str(found.get("/Subtype", "")) in FONTS:
        described = found.get("/FontDescriptor")
        if described is None or not any(name in described for name in FILES):
            name = str(found.get("/BaseFont", "")).lstrip("/")[:80]
            raise FixedRefused(_("The font %(font)s is not embedded."), font=name)


def _check_page(page, n: int, lib, room: int) -> int:
    """Return how many bytes draw the page."""
    if len(page.get("/Annots", [])):
        message = _("Page %(page)d has links, comments or form fields: save it flat.")
        raise FixedRefused(message, page=n)
    if "/AA" in page:
        raise FixedRefused(ROOT["/AA"])
    contents = page.get("/Contents", [])
    streams = list(contents) if isinstance(contents, lib.Array) else [contents]
    size = 0
    for stream in streams:
        size += _unpacked(stream, room - size)
        if size > room:
            raise FixedRefused(_("Page %(page)d is drawn with too much detail."), page=n)
    return size


def _unpacked(stream, most: int) -> int:
    """Return the size of a content stream unpacked, or something over `most`."""
    raw, used = stream.read_raw_bytes(), stream.get("/Filter")
    if used is None or not len(str(used)):
        return len(raw)
    names = [str(used)] if not hasattr(used, "as_list") or str(used).startswith("/") else used
    if [str(name) for name in names] != ["/FlateDecode"]:
        raise FixedRefused(_("Its pages are packed in an unusual way: save it anew as PDF."))
    size, opener = 0, zlib.decompressobj()
    data = raw
    while data and size <= most:
        size += len(opener.decompress(data, STEP))
        data = opener.unconsumed_tail
    return size
