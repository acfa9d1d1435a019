"""What a search reads: the drafts, or what is published; the fields of both have the same names."""

from dataclasses import dataclass

from django.db.models import Model

from pim.models import (
    Completeness,
    Draft,
    FilterValue,
    Product,
    PublishedCategory,
    PublishedCompleteness,
    PublishedFilterValue,
    PublishedGroup,
    PublishedProduct,
    PublishedValues,
)


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of one source; all name their product `product`."""

    products: type[Model]
    values: type[Model]
    index: type[Model]
    completeness: type[Model]
    categories: type[Model]
    groups: type[Model]
    published: bool = False


DRAFTS = Tables(
    Product, Draft, FilterValue, Completeness, Product.categories.through, Product.groups.through
)
PUBLISHED = Tables(
    PublishedProduct,
    PublishedValues,
    PublishedFilterValue,
    PublishedCompleteness,
    PublishedCategory,
    PublishedGroup,
    published=True,
)
