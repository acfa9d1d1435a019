"""Storing new products that were worked out ahead: the short way of the write path.

Of such products there is nothing to plan. It is enough that none of them is there already and
that nobody holds what they claim; those of which one is or does are `held_back` before.
"""

from collections.abc import Sequence
from datetime import datetime

import orjson

from pim.actions import bulk
from pim.actions.edits import note_edit
from pim.actions.locking import hold
from pim.content.actor import Actor
from pim.content.structure import Structure
from pim.models import (
    Attribute,
    Change,
    Channel,
    Completeness,
    Draft,
    FilterValue,
    GtinClaim,
    Product,
    UniqueValue,
)
from pim.queries.structure import load_structure

from . import counting, indexing
from .batch import is_uuid
from .claims import unique_codes
from .following import following
from .gtins import claiming_attributes
from .intents import WriteResult
from .oldnames import renamed_products
from .run import let_follow
from .store import CHANGED, CLAIMED, DRAFTED, MADE
from .worked_out import WorkedOut

# What a rule may write that shows on other products too.
_SHARED = ("@associations", "@parent")


def held_back(products: Sequence[WorkedOut]) -> set[int]:
    """Return the places of the products that must go the usual way.

    They are there, or may be by another name, or claim what is another's; of those that claim
    the same, the first stays.
    """
    back = {place for place, product in enumerate(products) if _is_there_by(product.identifier)}
    names = [p.identifier for place, p in enumerate(products) if place not in back]
    there = Product.objects.filter(identifier__among=names).order_by()
    known = {*there.values_list("identifier", flat=True), *renamed_products(set(names))}
    taken: set = _taken(products)
    for place, product in enumerate(products):
        claims = {*product.own_claims()}
        if place in back or product.identifier in known or not claims.isdisjoint(taken):
            back.add(place)
        else:
            taken |= claims
    return back


def write_new(
    products: Sequence[WorkedOut],
    *,
    structure: Structure,
    actor: Actor,
    at: datetime,
    job=None,
    reason: str = "",
    shown: int = 0,
) -> list[WriteResult] | None:
    """Create all of the products within a transaction, let rules follow, return what became.

    Of the first so many that are `shown` the results have their differences. None where what
    was worked out counts no more; then nothing is written. Where another writer was faster, it
    raises what the database does.
    """
    if load_structure() is not structure:
        return None
    ids = bulk.allocate_ids(Product, len(products))
    _store(list(zip(ids, products, strict=True)), at=at)
    act, by = "create", (actor.name, actor.source, reason[:300], at, getattr(job, "pk", job))
    bulk.insert(
        Change,
        CHANGED,
        [(pk, 1, p.identifier, act, *by, p.detail) for pk, p in zip(ids, products, strict=True)],
    )
    made = [(p.uuid, p.identifier, "created") for p in products]
    note_edit(made, actor=actor, at=at, job=job, alone=False)
    results = [
        WriteResult(p.identifier, pk, "created", uuid=p.uuid, row_version=1)
        for pk, p in zip(ids, products, strict=True)
    ]
    for result, product in zip(results[:shown], products, strict=False):
        result.differences = orjson.loads(product.detail)
    let_follow(results, actor=actor, at=at, job=job, reason=reason)
    return results


def rules_stay_apart(actor: Actor) -> bool:
    """Return whether what follows the actor's writes touches each product for itself alone.

    Then it does not matter whether rules follow some products before others are written.
    """
    structure = load_structure()
    shared = {*_SHARED, *unique_codes(structure), *claiming_attributes(structure)}
    return all(spot.name not in shared for rule in following(actor) for spot in rule.writes)


def _is_there_by(name: str) -> bool:
    """Return whether a name might stand for a product without being its identifier."""
    return is_uuid(name) or not name.isprintable()


def _taken(products: Sequence[WorkedOut]) -> set:
    """Return what others hold of what the products claim, in the form of `own_claims`."""
    claims = [claim[:2] for product in products for claim in product.claims]
    gtins = [gtin for product in products for gtin, _where in product.gtins]
    found: set = set()
    if claims:
        held = UniqueValue.objects.filter(
            attribute_id__in={attribute for attribute, _digest in claims},
            digest__among=[digest for _attribute, digest in claims],
        )
        found.update(held.values_list("attribute_id", "digest"))
    if gtins:
        held = GtinClaim.objects.filter(gtin__among=gtins)
        found.update(held.values_list("gtin", flat=True))
    return found


def _store(made: list[tuple[int, WorkedOut]], *, at: datetime) -> None:
    bulk.insert(
        Product,
        MADE,
        [
            (pk, p.uuid, p.identifier, p.role, p.family, None, None, 0, p.enabled, 1, p.digest,
             False, at, at)
            for pk, p in made
        ],
    )  # fmt: skip
    bulk.insert(Draft, DRAFTED, [(pk, *row, 1) for pk, p in made for row in p.drafts])
    categories = Product.categories.through
    rows = [(pk, category) for pk, p in made for category in p.categories]
    bulk.insert(categories, ["product_id", "category_id"], rows)
    groups = Product.groups.through
    rows = [(pk, group) for pk, p in made for group in p.groups]
    bulk.insert(groups, ["product_id", "group_id"], rows)
    index = [(pk, *row) for pk, p in made for row in p.index]
    hold(Attribute, {row[1] for row in index})
    bulk.insert(FilterValue, indexing.COLUMNS, index)
    claims = [(*claim[:2], pk) for pk, p in made for claim in p.claims]
    bulk.insert(UniqueValue, CLAIMED, claims)
    gtins = [(gtin, pk) for pk, p in made for gtin, _where in p.gtins]
    bulk.insert(GtinClaim, ["gtin", "product_id"], gtins)
    counted = [(pk, *row) for pk, p in made for row in p.completeness]
    hold(Channel, {row[1] for row in counted})
    bulk.insert(Completeness, counting.COLUMNS, counted)
