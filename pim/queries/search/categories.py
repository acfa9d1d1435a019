"""Tests of the categories that products stand in, by themselves or through their ancestors."""

from django.db.models import Q, QuerySet

from pim.content.seen import seen_structure
from pim.models import Category

from .filters import Asked, Filter, codes_of
from .stored import among, not_among
from .tables import Tables


def by_categories(flt: Filter, asked: Asked) -> Q:
    """Return the test of the categories, in which those of the ancestors count as well."""
    rows = asked.tables.categories.objects.all()
    anywhere = not_among(with_descendants(rows, asked.tables), asked.tables)
    if flt.operator == "UNCLASSIFIED":
        return anywhere
    # A branch that is hidden is as good as one that is not there.
    seen = seen_structure(asked.structure, asked.rights)
    codes = codes_of(flt, seen.categories, "category", seen.renamed("category"))
    inside = rows.filter(_categories(codes, branches="CHILDREN" in flt.operator))
    ids = with_descendants(inside, asked.tables)
    if flt.operator.startswith("NOT"):
        return not_among(ids, asked.tables)
    return among(ids) | anywhere if flt.operator == "IN OR UNCLASSIFIED" else among(ids)


def in_branch(code: str, tables: Tables) -> Q:
    """Return the test of what is in or below one category, through its ancestors too."""
    rows = tables.categories.objects.filter(_categories([code], branches=True))
    return among(with_descendants(rows, tables))


def _categories(codes: list[str], *, branches: bool) -> Q:
    if not branches:
        return Q(category__code__in=codes)
    test = Q(pk__in=[])
    for path in Category.objects.filter(code__in=codes).values_list("path", flat=True):
        test |= Q(category__path__startswith=path)
    return test


def with_descendants(rows: QuerySet, tables: Tables) -> QuerySet:
    """Return the ids of the products that the rows name, and of all below these."""
    own = rows.order_by().values("product_id")
    products = tables.products.objects.order_by()
    below = products.filter(parent_id__in=own).values("pk")
    deeper = products.filter(parent__parent_id__in=own).values("pk")
    return own.union(below, deeper, all=True)
