"""Restoring an old version: it becomes the draft and the next version, clashes are shown."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from pim.content.actor import Actor
from pim.content.address import Address, check_address
from pim.content.diff import diff, flatten
from pim.content.kinds import clean
from pim.content.refusals import Conflict, NotFound, Refused, UnknownCode, _
from pim.content.snapshot import unpack
from pim.content.structure import Structure
from pim.models import Product, Version
from pim.queries.drafts import read_drafts
from pim.queries.structure import load_structure

from .products import ProductWrite, save_product
from .publication import publish_products


@dataclass(slots=True)
class Restored:
    """The new version's number (the old one where nothing differed), and what was lost.

    `dropped` is {key: why}: what the old version held and today's structure does not take.
    """

    number: int
    differences: dict[str, list]
    dropped: dict[str, Refused] = field(default_factory=dict)


def restore_product(
    product_id: int,
    *,
    number: int,
    actor: Actor,
    at: datetime,
    reason: str = "",
    overwrite: bool = False,
) -> Restored:
    """Make version `number` the draft and the next version.

    Unless `overwrite`, unpublished edits that would be lost raise `Conflict` with both
    values; a value that another product has taken since raises `NotUnique`.
    """
    old = _snapshot(product_id, number)
    structure = load_structure()
    with transaction.atomic():
        state = read_drafts([product_id])[product_id]
        if not overwrite:
            _refuse_lost_edits(state.snapshot(), old, _latest(product_id))
        write, dropped = wish_of(old, state.snapshot(), structure)
        reason = reason or f"restore {number}"
        result = save_product(write, actor=actor, at=at, reason=reason)
        publish_products([product_id], actor=actor, at=at, reason=reason)
        latest = Product.objects.values_list("version__number", flat=True).get(pk=product_id)
    return Restored(latest, result.differences, dropped)


def _snapshot(product_id: int, number: int) -> dict:
    stored = Version.objects.filter(product_id=product_id, number=number)
    row = stored.values_list("snapshot", flat=True).first()
    if row is None:
        raise NotFound(what="version", name=str(number))
    return unpack(row)


def _latest(product_id: int) -> dict | None:
    row = Product.objects.values_list("version__snapshot", flat=True).get(pk=product_id)
    return unpack(row) if row is not None else None


def _refuse_lost_edits(draft: dict, old: dict, latest: dict | None) -> None:
    edited, wanted = diff(latest, draft), diff(draft, old)
    lost = [key for key in edited if key in wanted]
    if lost:
        raise Conflict(
            _("The draft has unpublished edits that restoring would overwrite."),
            code="unpublished_edits",
            theirs={key: wanted[key][0] for key in lost},
            yours={key: wanted[key][1] for key in lost},
        )


def wish_of(old: dict, draft: dict, structure: Structure) -> tuple[ProductWrite, dict]:
    """Return the wish for everything the old version held, and what cannot come back."""
    dropped: dict[str, Refused] = {}
    values: dict[Address, Any] = {}
    now = flatten(draft["values"])
    for key, data in flatten(old["values"]).items():
        try:
            address = Address(*key.split("|"))
            clean(check_address(address, structure), data, structure)
            values[address] = data
        except Refused as refusal:
            dropped[key] = refusal
    for key in now:
        if Address(*key.split("|")) not in values and key not in dropped:
            values[Address(*key.split("|"))] = None
    write = ProductWrite(
        draft["identifier"],
        uuid=draft["uuid"],
        enabled=old["enabled"],
        parent=old["parent"] if old["parent"] != draft["parent"] else None,
        family=old["family"] if old["family"] != draft["family"] else None,
        family_variant=_variant(old, draft),
        categories=_known("@categories", old, structure.categories, dropped),
        groups=_known("@groups", old, structure.product_groups, dropped),
        associations=_ties(old, draft, structure, dropped),
        values=values,
    )
    return write, dropped


def _variant(old: dict, draft: dict) -> str | None:
    """Return the family variant to go back to, with the family; None to leave it."""
    same = old["family_variant"] == draft["family_variant"]
    return None if same or old["parent"] != draft["parent"] else old["family_variant"]


def _known(key: str, old: dict, known, dropped: dict) -> list[str]:
    held = old[key[1:]]
    for code in held:
        if code not in known:
            dropped[f"{key}:{code}"] = UnknownCode(what=key[1:], name=code)
    return [code for code in held if code in known]


def _ties(old: dict, draft: dict, structure: Structure, dropped: dict) -> dict[str, dict]:
    """Return the associations of the old version; targets that are gone are dropped."""
    named = {t for ties in old["associations"].values() for t, _q in ties["products"]}
    alive = {str(u) for u in Product.objects.filter(uuid__in=named).values_list("uuid", flat=True)}
    wishes: dict[str, dict] = {code: {} for code in draft["associations"]}
    for code, ties in old["associations"].items():
        if code not in structure.association_types:
            dropped[f"@associations:{code}"] = UnknownCode(what="association type", name=code)
            continue
        wishes[code] = {
            "products": [(t, q) for t, q in ties["products"] if t in alive],
            "groups": [g for g in ties["groups"] if g in structure.product_groups],
        }
        for gone in (t for t, _q in ties["products"] if t not in alive):
            dropped[f"@associations:{code}:{gone}"] = UnknownCode(what="product", name=gone)
    return wishes
