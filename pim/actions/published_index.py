"""The search index of published content: brought up to the publication log, version by version.

It is kept for connections that read published content, and for nobody else.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from pim import published
from pim.content.completeness import completeness
from pim.content.structure import Structure
from pim.models import (
    MODEL,
    Attribute,
    Channel,
    Connection,
    Counter,
    LogEntry,
    Product,
    PublishedCategory,
    PublishedCompleteness,
    PublishedFilterValue,
    PublishedGroup,
    PublishedProduct,
    PublishedValues,
)
from pim.models.connections import PUBLISHED
from pim.models.fields import canonical_json
from pim.published import Published
from pim.queries.drafts import chunks
from pim.queries.indexed import searched_attributes
from pim.queries.structure import load_structure, structure_ids

from . import bulk
from .locking import hold
from .writing.indexing import COLUMNS as INDEX_COLUMNS
from .writing.indexing import index_rows

CURSOR = "published_index"
CHUNK = 500
_PRODUCT = [
    "product_id", "uuid", "identifier", "role", "family_id", "family_variant_id", "parent_id",
    "level", "enabled", "created_at", "updated_at",
]  # fmt: skip
_COMPLETENESS = ["product_id", "channel_id", "required", "filled", "missing"]
_PARTS = (PublishedValues, PublishedFilterValue, PublishedCategory, PublishedGroup)
_KINDS = ("published", "withdrawn")


def published_wanted() -> bool:
    """Return whether anybody reads published content."""
    return Connection.objects.filter(reads=PUBLISHED, enabled=True).exists()


def keep_published(*, most: int) -> bool:
    """Follow at most so many lines of the publication log; return whether that was all.

    Safe to repeat and to run twice at once: the row of the cursor is locked meanwhile.
    """
    if not _waiting(_cursor()).exists():
        return True
    Counter.objects.get_or_create(name=CURSOR)
    for _step in range(-(-most // CHUNK)):
        if not _step_on():
            return True
    return not _waiting(_cursor()).exists()


def recount_published(ids: Iterable[int]) -> None:
    """Count the completeness of published products anew, after a change of structure."""
    for part in chunks(ids, CHUNK):
        with transaction.atomic():
            _lock()
            _count(part, published.snapshots(part))


def reindex_published(code: str) -> None:
    """Make the index of one attribute anew from what is published."""
    structure = load_structure()
    attribute = structure.attributes.get(code)
    if attribute is None:
        return
    present = PublishedFilterValue.objects.filter(attribute_id=attribute.id)
    wanted = code in searched_attributes(structure)
    holders = PublishedValues.objects.filter(values__contains=f'"{code}":').order_by("product_id")
    ids = holders.values_list("product_id", flat=True).distinct() if wanted else ()
    with transaction.atomic():
        _lock()
        present.delete()
        for part in chunks(ids, CHUNK):
            rows = PublishedValues.objects.filter(product_id__among=part)
            made = [
                row
                for pk, locale, values in rows.values_list("product_id", "locale", "values")
                for row in index_rows(pk, locale, values.get(code, {}), attribute, structure)
            ]
            hold(PublishedProduct, {row[0] for row in made})
            hold(Attribute, {row[1] for row in made})
            bulk.insert(PublishedFilterValue, INDEX_COLUMNS, made)


def _cursor() -> int:
    return Counter.objects.filter(name=CURSOR).values_list("value", flat=True).first() or 0


def _lock() -> int:
    """Return the cursor, its row locked until the transaction ends (PostgreSQL)."""
    rows = Counter.objects.select_for_update().filter(name=CURSOR)
    return rows.values_list("value", flat=True).first() or 0


def _waiting(cursor: int):
    return LogEntry.objects.filter(kind__in=_KINDS, seq__gt=cursor).order_by("seq")


@transaction.atomic
def _step_on() -> bool:
    """Follow the next lines of the log; return whether there were any."""
    entries = list(_waiting(_lock()).values_list("seq", "product_id", "at")[:CHUNK])
    if entries:
        _refresh({pk: at for _seq, pk, at in entries if pk})
        Counter.objects.filter(name=CURSOR).update(value=entries[-1][0])
    return bool(entries)


def _refresh(moments: dict[int, datetime]) -> None:
    found = published.snapshots(moments)
    live = [p for pk, p in found.items() if pk in moments and p.live]
    for model in _PARTS:
        model.objects.filter(product_id__among=moments).delete()
    gone = moments.keys() - {p.id for p in live}
    PublishedCompleteness.objects.filter(product_id__in=gone).delete()
    PublishedProduct.objects.filter(pk__in=gone).delete()
    structure = load_structure()
    made = dict(Product.objects.filter(pk__among=moments).values_list("pk", "created_at"))
    rows = [_product(p, structure, made[p.id], moments[p.id]) for p in live]
    bulk.upsert(PublishedProduct, _PRODUCT, rows, unique=["product_id"])
    bulk.insert(PublishedValues, ["product_id", "locale", "values"], _values(live))
    index = list(_index(live, structure))  # of products that were upserted just now
    hold(Attribute, {row[1] for row in index})
    bulk.insert(PublishedFilterValue, INDEX_COLUMNS, index)
    bulk.insert(PublishedCategory, ["product_id", "category_id"], _categories(live, structure))
    bulk.insert(PublishedGroup, ["product_id", "group_id"], _groups(live, structure))
    below = _below(list(moments))
    _count([*(p.id for p in live), *below], found | published.snapshots(below))


def _product(p: Published, structure: Structure, made: datetime, at: datetime) -> tuple:
    shot = p.snapshot
    family = structure.families.get(shot["family"])
    variant = structure.family_variants.get(shot["family_variant"])
    return (p.id, p.uuid, p.identifier, p.role, family and family.id, variant and variant.id,
            p.parent_id, p.level, shot["enabled"], made, at)  # fmt: skip


def _values(live: list[Published]) -> list[tuple]:
    return [
        (p.id, locale, canonical_json(held).decode())
        for p in live
        for locale, held in p.snapshot["values"].items()
    ]


def _index(live: list[Published], structure: Structure):
    indexed = searched_attributes(structure)
    for p in live:
        for locale, held in p.snapshot["values"].items():
            for code in indexed & held.keys():
                attribute = structure.attributes[code]
                yield from index_rows(p.id, locale, held[code], attribute, structure)


def _categories(live: list[Published], structure: Structure) -> list[tuple]:
    known = structure.categories
    return [(p.id, known[c].id) for p in live for c in p.snapshot["categories"] if c in known]


def _groups(live: list[Published], structure: Structure) -> list[tuple]:
    codes = {code: pk for pk, code in structure_ids(structure).group_codes.items()}
    return [(p.id, codes[c]) for p in live for c in p.snapshot["groups"] if c in codes]


def _below(ids: list[int]) -> list[int]:
    """Return the published products below those, which inherit from them."""
    rows = PublishedProduct.objects.order_by().values_list("pk", flat=True)
    # Two searches of an index: as one condition with OR, every product would be read.
    below = rows.filter(parent_id__among=ids), rows.filter(parent__parent_id__among=ids)
    return list(set(below[0].union(below[1])).difference(ids))


def _count(ids: Iterable[int], found: dict[int, Published]) -> None:
    structure = load_structure()
    rows = [
        row for pk in ids if pk in found and found[pk].live
        for row in _counted(found[pk], found, structure)
    ]  # fmt: skip
    hold(PublishedProduct, {row[0] for row in rows})
    hold(Channel, {row[1] for row in rows})
    bulk.upsert(PublishedCompleteness, _COMPLETENESS, rows, unique=["product_id", "channel_id"])


def _counted(own: Published, found: dict[int, Published], structure: Structure):
    chain = [own]
    while chain[-1].parent_id in found and found[chain[-1].parent_id].live and len(chain) < 3:
        chain.append(found[chain[-1].parent_id])
    values = [(p.identifier, p.snapshot["values"]) for p in chain]
    for channel in structure.channels.values():
        counted = completeness(
            values,
            family=structure.families.get(own.snapshot["family"]),
            channel=channel,
            structure=structure,
            family_variant=structure.family_variants.get(own.snapshot["family_variant"]),
            level=own.level if own.role == MODEL else None,
        )
        missing = canonical_json(counted.missing).decode()
        yield (own.id, channel.id, counted.required, counted.filled, missing)
