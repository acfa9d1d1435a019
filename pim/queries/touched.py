"""Which products a change of structure may touch: more than need be, never fewer."""

from collections.abc import Iterable

from django.db.models import F, Q, TextField
from django.db.models.functions import Cast

from pim.models import Draft, Product

# A draft that differs from its version may have moved out of a family or category that the
# version is still in: such products are always among those that a change may touch.
_UNSURE = Q(version__isnull=False) & ~Q(version__digest=F("draft_digest"))


def products_in_families(codes: Iterable[str]) -> set[int]:
    """Return the ids of all products that may be published in one of the families."""
    return _ids(Product.objects.filter(Q(family__code__in=list(codes)) | _UNSURE))


def products_in_categories(codes: Iterable[str]) -> set[int]:
    """Return the ids of all products that may be published in one of the categories."""
    return _ids(Product.objects.filter(Q(categories__code__in=list(codes)) | _UNSURE))


def products_having_attribute(codes: Iterable[str]) -> set[int]:
    """Return the ids of all products that may have an own value of one of the attributes."""
    named = Q()
    for code in codes:
        named |= Q(text__contains=f'"{code}":')
    if not named:
        return set()
    drafts = Draft.objects.annotate(text=Cast("values", TextField())).filter(named)
    holders = set(drafts.values_list("product_id", flat=True))
    return holders | _ids(Product.objects.filter(_UNSURE))


def _ids(queryset) -> set[int]:
    return set(queryset.order_by().values_list("id", flat=True))
