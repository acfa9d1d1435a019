"""Adverts as a stranger would supply them: PDF pages of plain shapes, with trim and bleed."""

import io

import pikepdf

from syndication.rendering.print.sheet import PAGE

FIELD = b"0.15 0.26 0.23 rg %.2f %.2f %.2f %.2f re f 0.63 0.26 0.16 rg 120 300 300 200 re f"


def advert(*, pages: int = 1, width=PAGE[0], height=PAGE[1], bleed: float = 0.0, turn=0) -> bytes:
    """Return a PDF whose pages have that size after trimming, shown turned by `turn`."""
    pdf = pikepdf.new()
    for _ in range(pages):
        page = pdf.add_blank_page(page_size=(width + 2 * bleed, height + 2 * bleed))
        if bleed:
            page.obj.BleedBox = page.mediabox
            page.obj.TrimBox = [bleed, bleed, width + bleed, height + bleed]
        page.contents_add(FIELD % (0, 0, width + 2 * bleed, height + 2 * bleed))
        if turn:
            page.rotate(turn, relative=False)
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()
