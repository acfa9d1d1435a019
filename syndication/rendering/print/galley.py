"""Galleys: the cards of one page in their places, without what differs by edition.

A galley is remembered by the digests of its cards, so that binding an edition opens one small
file for a page that has not changed instead of one for each card.
"""

import hashlib
import io

from .sheet import PAGE, Sheet

UNUSED = ("/ColorSpace", "/Pattern", "/Shading")
RECIPE = "1"  # raise it when the same cards make other bytes


def galley_key(cards: list[tuple[int, bytes]], *, sheet: Sheet, page: int) -> str:
    """Return what a galley depends on: its cards, their places, the side of the sheet."""
    digests = [f"{place}:{hashlib.sha256(payload).hexdigest()}" for place, payload in cards]
    side = "left" if sheet.is_left(page) else "right"
    return "|".join(["galley", RECIPE, repr(sheet), side, *digests])


def make_galley(cards: list[tuple[int, bytes]], *, sheet: Sheet, page: int) -> bytes:
    """Return a PDF of one page with the cards, (place, PDF) each, where they belong."""
    import pikepdf

    pdf = pikepdf.new()
    forms, parts = {}, []
    for place, payload in cards:
        slot = sheet.slot(place, page=page)
        forms[f"/C{place}"] = _form(pdf, payload, pikepdf)
        parts.append(f"q 1 0 0 1 {slot.x:.3f} {slot.y:.3f} cm /C{place} Do Q\n")
    made = pikepdf.Dictionary(
        Type=pikepdf.Name.Page,
        MediaBox=[0, 0, round(PAGE[0], 3), round(PAGE[1], 3)],
        Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(forms)),
        Contents=pdf.make_stream("".join(parts).encode()),
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(made)))
    out = io.BytesIO()
    mode = pikepdf.ObjectStreamMode.generate
    pdf.save(out, deterministic_id=True, object_stream_mode=mode, compress_streams=True)
    return out.getvalue()


def _form(pdf, payload: bytes, lib):
    """Return a card's page as a form of `pdf`, without the resources that it does not use."""
    source = lib.open(io.BytesIO(payload))
    form = pdf.copy_foreign(source.pages[0].as_form_xobject())
    resources = form.get("/Resources")
    for name in UNUSED:
        if name in resources:
            del resources[name]
    return form
