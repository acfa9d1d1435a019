"""Whom media are shown to: a medium is in the branches of what uses it.

Its level is the highest of those of the products that have it in their drafts, their own or
inherited, and of the categories whose picture it is. What neither uses is in no branch, and so is
what records of reference entities show: there the category branches limit nobody.
"""

from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet

from pim.content.rights import Grants, Level, Rights
from pim.content.structure import Structure
from pim.models import Asset, FilterValue, Product, ReferenceEntity, ReferenceRecord

from .indexed import media_attributes
from .rights import reached_by
from .structure import load_structure

# A variant shows what its models have.
_HOLDERS = ("", "parent__", "parent__parent__")


def visible_media(rows: QuerySet, rights: Rights, *, at_least: Level = Level.VIEW) -> QuerySet:
    """Return the assets of the queryset that the rights reach; the same where they reach all."""
    if rights.unlimited:
        return rows
    reached = Q(pk__in=[])
    for grants in rights.roles:
        found = _reached(grants, at_least)
        if found is None:
            return rows
        reached |= found
    return rows.filter(reached)


def rights_over(asset: Asset, rights: Rights, *, at_least: Level = Level.EDIT) -> Rights:
    """Return the rights of those roles alone that reach the asset at that level."""
    if rights.unlimited:
        return rights
    rows = Asset.objects.filter(pk=asset.pk)
    tests = [(grants, _reached(grants, at_least)) for grants in rights.roles]
    return Rights(tuple(g for g, test in tests if test is None or rows.filter(test).exists()))


def is_hidden(code: str, rights: Rights) -> bool:
    """Return whether there is an asset of that code which the rights do not show."""
    rows = Asset.objects.filter(code=code)
    seen = visible_media(rows, rights)
    return seen is not rows and not seen.exists() and rows.exists()


def uses_in_products(structure: Structure) -> QuerySet:
    """Return the rows of the index by which products use the asset of the outer query."""
    ids = [structure.attributes[code].id for code in media_attributes(structure)]
    return FilterValue.objects.filter(attribute_id__in=ids, text=OuterRef("code")).order_by()


def _reached(grants: Grants, at_least: Level) -> Q | None:
    """Return the test of assets that one role reaches; None where it reaches all there are."""
    if grants.category.least >= at_least:
        return None
    structure = load_structure()
    products = reached_by(grants, structure, at_least=at_least)
    if products is None:
        return None
    pictures: dict[bool, list[str]] = {True: [], False: []}
    for code, category in structure.categories.items():
        if category.image:
            pictures[grants.branch(code, structure) >= at_least].append(category.image)
    used = Exists(uses_in_products(structure)) | Q(code__among=pictures[False])
    shown = Q(code__among=[*pictures[True], *of_records(structure)])
    own, *above = _shown_by(products, structure)
    # In this order: what is held by models alone is the rarest and the dearest to look for.
    return reduce(or_, above, shown | own | ~Q(used))


def _shown_by(products: Q, structure: Structure) -> Iterator[Q]:
    """Yield the tests of assets that some of those products, or their models, have."""
    ids = [structure.attributes[code].id for code in media_attributes(structure)]
    for holder in _HOLDERS:
        index = f"{holder}filter_values__"
        held = {f"{index}attribute_id__in": ids, f"{index}text": OuterRef("code")}
        yield Q(Exists(Product.objects.order_by().filter(products, **held)))


def of_records(structure: Structure) -> Iterable[str]:
    """Return the media of reference entities and their records; kept while the structure is."""
    cache = structure.__dict__
    if "_record_media" not in cache:
        images = ReferenceEntity.objects.exclude(image=None).values_list("image__code", flat=True)
        cache["_record_media"] = frozenset(images) | _in_values(structure)
    return cache["_record_media"]


def _in_values(structure: Structure) -> frozenset[str]:
    found: set[str] = set()
    for entity in structure.entities.values():
        names = [code for code, field in entity.fields.items() if field["kind"] == "media"]
        records = ReferenceRecord.objects.filter(entity__code=entity.code)
        for values in records.values_list("values", flat=True) if names else ():
            for data in (data for name in names for data in values.get(name, {}).values()):
                found.update(data if isinstance(data, list) else [data])
    return frozenset(found)
