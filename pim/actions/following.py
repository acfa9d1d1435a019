"""Following the structure: what drafts keep on the side is recounted when the structure moves."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from pim.models import Attribute, Counter, Draft, FilterValue, LogEntry, Product, PublishedProduct
from pim.queries.drafts import chunks, read_drafts
from pim.queries.indexed import indexed_attributes
from pim.queries.structure import load_structure
from pim.queries.touched import products_having_attribute

from . import bulk
from .locking import hold
from .published_index import recount_published, reindex_published
from .turns import Turns
from .writing.batch import Batch, lock_products
from .writing.counting import count
from .writing.indexing import COLUMNS, index_rows

CURSOR = "structure_followed"
CHUNK = 500


def follow_structure(*, at: datetime) -> int:
    """Recount completeness and the filter index after changes of structure not yet followed.

    Returns how many products were looked at. Safe to repeat and to run twice at once: the
    cursor moves last, and only forward.
    """
    cursor = Counter.objects.filter(name=CURSOR).values_list("value", flat=True).first() or 0
    entries = LogEntry.objects.filter(kind="structure", seq__gt=cursor).order_by("seq")
    last = entries.aggregate(last=Max("seq"))["last"]
    if last is None:
        return 0
    moved: dict[str, set[str]] = {}
    for scope in entries.values_list("scope", flat=True).iterator():
        moved.setdefault(scope.get("kind", ""), set()).update(scope.get("codes", ()))
    for code in moved.get("attribute", set()) | _labels_of(moved.get("family", set())):
        reindex_attribute(code)
        reindex_published(code)
    ids = _counted(moved)
    recount(ids)
    recount_published(_published(moved))
    Counter.objects.get_or_create(name=CURSOR)
    Counter.objects.filter(name=CURSOR, value__lt=last).update(value=last)
    return len(ids)


def recount(ids: Iterable[int]) -> None:
    """Count and store the completeness of the products anew, chunk by chunk."""
    turns = Turns()
    for part in chunks(ids, CHUNK):
        turns.give_way()
        with transaction.atomic():
            lock_products(set(part))
            batch = Batch(load_structure())
            held = Product.objects.filter(id__in=part)
            above = held.exclude(parent=None).values_list("parent_id", "parent__parent_id")
            wanted = {*part, *(pk for pair in above for pk in pair if pk)}
            batch.states = read_drafts(wanted)
            count(batch, part)


def reindex_attribute(code: str) -> None:
    """Make the index of one attribute anew from the drafts, or empty it if it is not indexed."""
    structure = load_structure()
    attribute = structure.attributes.get(code)
    if attribute is None:
        return
    wanted = code in indexed_attributes(structure)
    present = FilterValue.objects.filter(attribute_id=attribute.id)
    if not wanted:
        present.delete()
        return
    holders = products_having_attribute([code]) | set(present.values_list("product_id", flat=True))
    turns = Turns()
    for part in chunks(sorted(holders), CHUNK):
        turns.give_way()
        with transaction.atomic():
            lock_products(set(part))
            hold(Attribute, [attribute.id])
            rows = Draft.objects.filter(product_id__in=part).values_list(
                "product_id", "locale", "values"
            )
            made = [
                row
                for pk, locale, values in rows
                for row in index_rows(pk, locale, values.get(code, {}), attribute, structure)
            ]
            present.filter(product_id__in=part).delete()
            bulk.insert(FilterValue, COLUMNS, made)


def _counted(moved: dict[str, set[str]], products: QuerySet | None = None) -> list[int]:
    """Return the products whose completeness the changes may have moved."""
    products = Product.objects.order_by("pk") if products is None else products
    if moved.keys() & {"channel", "locale"}:
        return list(products.values_list("pk", flat=True))
    families = moved.get("family", set()) | _families_of(moved.get("attribute", set()))
    variants = moved.get("family_variant", set())
    if not families and not variants:
        return []
    asked = Q(family__code__in=families) | Q(family_variant__code__in=variants)
    return list(products.filter(asked).values_list("pk", flat=True))


def _published(moved: dict[str, set[str]]) -> list[int]:
    """Return the published products whose completeness the changes may have moved."""
    return _counted(moved, PublishedProduct.objects.order_by("pk"))


def _labels_of(families: set[str]) -> set[str]:
    """Return the attributes that name the products of the families."""
    known = load_structure().families
    return {known[c].label_attribute for c in families if c in known and known[c].label_attribute}


def _families_of(attributes: set[str]) -> set[str]:
    """Return the families that require one of the attributes in any channel."""
    structure = load_structure()
    return {
        code
        for code, family in structure.families.items()
        if any(attributes & asked.keys() for asked in family.requirements.values())
    }
