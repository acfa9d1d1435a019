"""Galleys: the cards of one page in their places, without what differs by edition.

A galley is remembered by the digests of its cards, so that binding an edition reads one ready
piece for a page that has not changed instead of setting or opening any card.
"""

import zlib

from ..press.structure import headed, shifted, unlinked
from .parts import Pack, Part
from .planning import Slot
from .sheet import PAGE, Box, Sheet
from .taking_apart import take_apart
from .trimmings import HOLE

UNUSED = ("/ColorSpace", "/Pattern", "/Shading")
PICTURE = b"/Subtype /Image"
RECIPE = "8"  # raise it when the same cards make other bytes


def galley_key(digests: list[tuple[Slot, str]], *, sheet: Sheet, page: int) -> str:
    """Return what a galley depends on: its cards, their places, the side of the sheet."""
    side = "left" if sheet.is_left(page) else "right"
    cards = [f"{list(slot.cell)}{slot.part}:{digest}" for slot, digest in digests]
    return "|".join(["galley", RECIPE, repr(sheet), side, *cards])


def make_galley(cards: list[tuple[Slot, bytes]], *, sheet: Sheet, page: int) -> bytes:
    """Return a pack of one form with the cards, (slot, PDF) each, where they belong."""
    pack, places, names, pictures, tree, holes = Pack(), [], [], 0, [], []
    for slot, payload in cards:
        box = sheet.box(slot.cell, page=page)
        card = take_apart(payload, without=UNUSED, page=slot.part)
        pictures += any(PICTURE in part.text for part in card.parts)
        tree += _read(card, len(pack.parts), box)
        holes += [_hole(note, slot, box) for note in card.notes[0] if note[4].startswith(HOLE)]
        names.append((slot.key, pack.take_in(card)[0]))
        places.append(f"q 1 0 0 1 {box.x:.3f} {box.y:.3f} cm /C{slot.key} Do Q\n")
    forms = " ".join(f"/C{key} %d 0 R" for key, _ in names)
    about = (
        f"<</Type/XObject/Subtype/Form/BBox[0 0 {PAGE[0]:.3f} {PAGE[1]:.3f}]"
        f"/Resources<</XObject<<{forms}>>>>/Filter/FlateDecode"
    )
    drawn = zlib.compress("".join(places).encode())
    form = Part(about.encode(), tuple(part for _, part in names), drawn)
    pack.forms, pack.notes = [pack.add(form)], [holes]
    pack.counts, pack.trees = (len(cards), pictures), [tree] if tree else []
    return pack.to_bytes()


def _hole(note: list, slot: Slot, box: Box) -> list:
    """Return a hole of a card where it lies on the page, as [x0, y0, x1, y1, name@slot]."""
    xs, ys = sorted(note[0:4:2]), sorted(note[1:4:2])
    corners = (xs[0] + box.x, ys[0] + box.y, xs[1] + box.x, ys[1] + box.y)
    return [*(round(n, 2) for n in corners), f"{note[4].removeprefix(HOLE)}@{slot.key}"]


def _read(card: Pack, base: int, box: Box) -> list:
    """Return what is read of a card, its heading first, as one element that knows its place."""
    if not card.trees:
        return []
    tree = headed(unlinked(shifted(card.trees[0], base)))
    return [["Sect", "", tree, [box.x, box.y, box.width, box.height]]]
