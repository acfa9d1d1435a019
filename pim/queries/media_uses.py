"""Where a medium is used: the products, categories and records that show it."""

from dataclasses import dataclass, field

from django.db.models import Exists, Q, QuerySet

from pim.content.rights import WHOLE, Grants, Rights
from pim.content.structure import CategoryDef, Structure
from pim.models import FilterValue, Product

from .indexed import media_attributes
from .media_rights import of_records, uses_in_products
from .rights import addresses_of, reached_by
from .structure import load_structure

SHOWN = 20


@dataclass(frozen=True)
class MediaUses:
    """Uses of one medium: `count` is that of all products, `products` are the first by identifier.

    `in_records` says whether a reference entity or one of its records shows it.
    """

    count: int = 0
    products: list[Product] = field(default_factory=list)
    categories: list[CategoryDef] = field(default_factory=list)
    in_records: bool = False

    def __bool__(self) -> bool:
        return bool(self.count or self.categories or self.in_records)


def uses_of(code: str, rights: Rights, *, limit: int = SHOWN) -> MediaUses:
    """Return the uses of a medium that the rights show, at most `limit` products among them."""
    structure = load_structure()
    found = products_using(code, rights)
    categories = [c for c in structure.categories.values() if c.image == code]
    return MediaUses(
        found.count(),
        list(found.order_by("identifier")[:limit]),
        [c for c in categories if rights.unlimited or rights.category(c.code, structure)],
        code in of_records(structure),
    )


def used_media(rows: QuerySet, *, used: bool = True) -> QuerySet:
    """Return the assets of the queryset that something uses, or those that nothing does."""
    structure = load_structure()
    pictures = {c.image for c in structure.categories.values() if c.image}
    test = Q(code__among=[*pictures, *of_records(structure)])
    test |= Q(Exists(uses_in_products(structure)))
    return rows.filter(test if used else ~test)


def products_using(code: str, rights: Rights) -> QuerySet:
    """Return the products in whose drafts the rights show the medium."""
    structure = load_structure()
    held = FilterValue.objects.filter(text=code).order_by()
    test = Q(pk__in=[])
    for grants in (WHOLE,) if rights.unlimited else rights.roles:
        reached = reached_by(grants, structure)
        users = held.filter(_addresses(grants, structure)).values("product_id")
        test |= Q(pk__in=users) & (Q() if reached is None else reached)
    return Product.objects.filter(test)


def _addresses(grants: Grants, structure: Structure) -> Q:
    """Return the test of rows of the index at addresses that a role shows."""
    if grants is WHOLE:
        ids = [structure.attributes[code].id for code in media_attributes(structure)]
        return Q(attribute_id__in=ids)
    found = Q(pk__in=[])
    for attribute in (structure.attributes[code] for code in media_attributes(structure)):
        by_channel: dict[str, list[str]] = {}
        for channel, locale in addresses_of(attribute, structure):
            if grants.value(attribute.group, channel, locale):
                by_channel.setdefault(channel, []).append(locale)
        for channel, locales in by_channel.items():
            found |= Q(attribute_id=attribute.id, channel=channel, locale__in=locales)
    return found
