"""What may be wrong with a packaging though it can be stored: it is shown, and counts as quality.

A case lighter or smaller than what is in it, layers that do not come to the quantity, a GTIN that
is not there yet, or that does not go with its level (GS1 General Specifications 2.1).
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from .gtins import gtin14
from .kinds.scalars import convert
from .packaging import EACH, SIZES, family_of
from .packaging_words import PackagingRefused
from .refusals import _
from .structure import Structure


def doubts(
    levels: Sequence[Mapping], structure: Structure, *, gtin: str = "", attribute: str = ""
) -> list[PackagingRefused]:
    """Return what may be wrong though it can be stored; each names its level and part.

    `gtin` is the product's own.
    """
    by_level = {held["level"]: held for held in levels}
    found: list[PackagingRefused] = []
    for held in levels:
        for code, part, sentence, params in _doubts(held, by_level, structure, gtin):
            params = {"level": held["level"], "part": part, **params}
            found.append(PackagingRefused(sentence, code=code, field=attribute, **params))
    return found


def _doubts(held: Mapping, by_level: Mapping, structure: Structure, gtin: str) -> Iterator[tuple]:
    yield from _numbered(held, gtin)
    if _less(held.get("gross_weight"), held.get("net_weight"), 1, "gross_weight", structure):
        yield "net_above_gross", "net_weight", _("The net weight is above the gross weight."), {}
    inside = by_level.get(held.get("contains", ""))
    if inside is None:
        return
    yield from _layered(held)
    yield from _lighter(held, inside, structure)
    yield from _smaller(held, inside, structure)


def _numbered(held: Mapping, gtin: str) -> Iterator[tuple]:
    own = gtin14(held.get("gtin", ""))
    if held["level"] != EACH:
        if not own:
            yield "level_without_gtin", "gtin", _("This level has no GTIN yet."), {}
        return
    if own and gtin14(gtin) and own != gtin14(gtin):
        sentence = _("The each has another GTIN than the product: %(gtin)s.")
        yield "gtin_differs", "gtin", sentence, {"gtin": gtin}
    if own[:1] in tuple("12345678"):
        sentence = _("A GTIN that begins with 1 to 8 in 14 digits names a grouping, not an each.")
        yield "grouping_gtin", "gtin", sentence, {}


def _layered(held: Mapping) -> Iterator[tuple]:
    layers, per_layer = held.get("layers"), held.get("per_layer")
    if layers and per_layer and layers * per_layer != held["quantity"]:
        sentence = _("%(layers)s layers of %(per_layer)s make %(product)s, not %(quantity)s.")
        yield "layers_differ", "layers", sentence, {
            "layers": layers, "per_layer": per_layer, "product": layers * per_layer,
            "quantity": held["quantity"],
        }  # fmt: skip


def _lighter(held: Mapping, inside: Mapping, structure: Structure) -> Iterator[tuple]:
    content = inside.get("gross_weight") or inside.get("net_weight")
    part = "gross_weight"
    if _less(held.get(part), content, held["quantity"], part, structure):
        yield "lighter_than_content", part, _("It weighs less than its content."), {}
    net, of_each = held.get("net_weight"), inside.get("net_weight")
    if _less(net, of_each, held["quantity"], "net_weight", structure):
        yield "lighter_than_content", "net_weight", _("It weighs less than its content."), {}


def _smaller(held: Mapping, inside: Mapping, structure: Structure) -> Iterator[tuple]:
    around, content = _volume(held, structure), _volume(inside, structure)
    if around and content and around < content * held["quantity"]:
        yield "smaller_than_content", "height", _("It takes less room than its content."), {}


def _volume(held: Mapping, structure: Structure) -> Decimal | None:
    sides = [_standard(held.get(part), part, structure) for part in SIZES]
    return None if None in sides else sides[0] * sides[1] * sides[2]


def _less(whole: Any, content: Any, times: int, part: str, structure: Structure) -> bool:
    around, inside = _standard(whole, part, structure), _standard(content, part, structure)
    return around is not None and inside is not None and around < inside * times


def _standard(data: Any, part: str, structure: Structure) -> Decimal | None:
    """Return a measurement in the standard unit of its family, None where there is none."""
    family = family_of(part, structure)
    if not data or family is None or data["unit"] not in family.units:
        return None
    amount = Decimal(data["amount"])
    return convert(amount, unit=data["unit"], to=family.standard_unit, family=family)
