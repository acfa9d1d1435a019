"""Galleys: the cards of one page in their places, without what differs by edition.

A galley is remembered by the digests of its cards, so that binding an edition reads one ready
piece for a page that has not changed instead of setting or opening any card.
"""

import zlib

from .parts import Pack, Part
from .sheet import PAGE, Sheet
from .taking_apart import take_apart

UNUSED = ("/ColorSpace", "/Pattern", "/Shading")
PICTURE = b"/Subtype /Image"
RECIPE = "2"  # raise it when the same cards make other bytes


def galley_key(digests: list[tuple[int, str]], *, sheet: Sheet, page: int) -> str:
    """Return what a galley depends on: its cards, their places, the side of the sheet."""
    side = "left" if sheet.is_left(page) else "right"
    cards = [f"{place}:{digest}" for place, digest in digests]
    return "|".join(["galley", RECIPE, repr(sheet), side, *cards])


def make_galley(cards: list[tuple[int, bytes]], *, sheet: Sheet, page: int) -> bytes:
    """Return a pack of one form with the cards, (place, PDF) each, where they belong."""
    pack, places, names, pictures = Pack(), [], [], 0
    for place, payload in cards:
        slot, card = sheet.slot(place, page=page), take_apart(payload, without=UNUSED)
        pictures += any(PICTURE in part.text for part in card.parts)
        names.append((place, pack.take_in(card)[0]))
        places.append(f"q 1 0 0 1 {slot.x:.3f} {slot.y:.3f} cm /C{place} Do Q\n")
    forms = " ".join(f"/C{place} %d 0 R" for place, _ in names)
    about = (
        f"<</Type/XObject/Subtype/Form/BBox[0 0 {PAGE[0]:.3f} {PAGE[1]:.3f}]"
        f"/Resources<</XObject<<{forms}>>>>/Filter/FlateDecode"
    )
    drawn = zlib.compress("".join(places).encode())
    form = Part(about.encode(), tuple(part for _, part in names), drawn)
    pack.forms, pack.notes = [pack.add(form)], [[]]
    pack.counts = (len(cards), pictures)
    return pack.to_bytes()
