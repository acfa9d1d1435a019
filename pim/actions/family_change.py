"""Changing the family of a product, its variants with it; a preview does it and goes back."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from pim.content.actor import Actor
from pim.content.refusals import InvalidValue, NotFound, _
from pim.content.structure import Structure
from pim.models import Completeness, Draft, Product
from pim.queries.rights import visible_products
from pim.queries.structure import load_structure

from .products import ProductWrite, WriteResult, save_product

Missing = tuple[str, str, str]  # channel, attribute, locale or ""


@dataclass(slots=True)
class Left:
    """One value that goes, or that moves to a variant (`moved`)."""

    product: str
    attribute: str
    channel: str
    locale: str
    data: object
    moved: bool = False


@dataclass(slots=True)
class FamilyChange:
    """What a change of family does: values lost and kept, and what the product then lacks.

    `products` are those that change with it, itself first; `kept` the attributes whose values
    stay; `stays_out` those that stay out of sight, because the actor may not take them away.
    """

    products: list[str]
    lost: list[Left] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    stays_out: list[str] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    row_version: int = 0


def change_family(
    product_id: int,
    *,
    family: str,
    family_variant: str | None = None,
    actor: Actor,
    at: datetime,
    expected_version: int | None = None,
    reason: str = "",
    dry_run: bool = False,
) -> FamilyChange:
    """Give a product another family; values that it has no place for are taken away.

    The variants of a model come along, all of them or none; a variant itself has the family of
    its model. `dry_run` does it and takes it back. Raises what refuses it.
    """
    seen = visible_products(Product.objects.filter(pk=product_id), actor.rights)
    held = seen.values_list("identifier", "uuid", "parent__identifier").first()
    if held is None:
        raise NotFound(what="product", name=str(product_id))
    identifier, uuid, parent = held
    if parent:
        raise InvalidValue(
            _("A variant has the family of its model: change it at %(model)s."),
            code="family_of_model", field="family", model=parent,
        )  # fmt: skip
    write = ProductWrite(
        identifier, uuid=str(uuid), family=family, family_variant=family_variant, sheds=True,
        expected_version=expected_version,
    )  # fmt: skip
    with transaction.atomic():
        before = _missing(product_id, actor)
        result = save_product(write, actor=actor, at=at, reason=reason, mode="update")
        found = _told(result, load_structure(), actor)
        found.missing = sorted(_missing(product_id, actor) - before)
        if dry_run:
            transaction.set_rollback(True)
    return found


def _told(result: WriteResult, structure: Structure, actor: Actor) -> FamilyChange:
    results = [result, *result.along]
    lost = [one for each in results for one in _lost(each)]
    arrived = {
        (key, repr(data)) for each in result.along for key, data in _arrived(each.differences)
    }
    for one in lost:
        key = f"{one.attribute}|{one.channel}|{one.locale}"
        one.moved = (key, repr(one.data)) in arrived
    state = Product.objects.filter(pk=result.product_id)
    family = state.values_list("family__code", flat=True).get()
    held = _held([r.product_id for r in results])
    known = set(structure.families[family].attributes) if family else held
    seen = {c for c in held if (a := structure.attributes.get(c)) and actor.rights.attribute(a)}
    return FamilyChange(
        [each.identifier for each in results],
        lost,
        sorted(seen & known),
        sorted(seen - known),
        row_version=result.row_version,
    )


def _lost(result: WriteResult):
    for key, (old, new) in result.differences.items():
        if not key.startswith("@") and new is None:
            attribute, channel, locale = key.split("|")
            yield Left(result.identifier, attribute, channel, locale, old)


def _arrived(differences: dict):
    return [(key, new) for key, (_old, new) in differences.items() if not key.startswith("@")]


def _held(ids: list[int]) -> set[str]:
    rows = Draft.objects.filter(product_id__in=ids).values_list("values", flat=True)
    return {code for values in rows for code in values}


def _missing(product_id: int, actor: Actor) -> set[Missing]:
    """Return what the product and its variants lack, of what the actor may see."""
    tree = Q(product_id=product_id) | Q(product__parent_id=product_id)
    tree |= Q(product__parent__parent_id=product_id)
    rows = Completeness.objects.filter(tree).values_list("channel__code", "missing")
    structure = load_structure()
    return {
        (channel, attribute, locale)
        for channel, missing in rows
        for attribute, locale in missing
        if (definition := structure.attributes.get(attribute))
        and actor.rights.value(definition, channel if definition.scopable else "", locale)
    }
