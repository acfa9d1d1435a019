"""Takes the marks of a structure out of forms whose structure is not known."""

import zlib

import pikepdf

from ..print.parts import Pack, Part

MARKS = {"BMC", "BDC", "EMC", "MP", "DP"}
FORM = (b"/Subtype/Form", b"/Subtype /Form")


def plain(pack: Pack) -> Pack:
    """Return the pack with nothing in it marked as content of a structure."""
    pack.parts[:] = [_plain(part) for part in pack.parts]
    return pack


def _plain(part: Part) -> Part:
    if part.stream is None or not any(form in part.text for form in FORM):
        return part
    packed = b"FlateDecode" in part.text
    operators = zlib.decompress(part.stream) if packed else part.stream
    if not any(mark in operators for mark in (b"BDC", b"BMC")):
        return part
    kept = _unmarked(operators)
    return Part(part.text, part.refs, zlib.compress(kept) if packed else kept)


def _unmarked(operators: bytes) -> bytes:
    with pikepdf.new() as pdf:
        found = pikepdf.parse_content_stream(pikepdf.Stream(pdf, operators))
        kept = [both for both in found if str(both[1]) not in MARKS]
        return pikepdf.unparse_content_stream(kept)
