"""Worklists: what waits for somebody, as querysets that lists and dashboards narrow down."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast

from pim.models import Completeness, PlannedPublication, Product

from .drafts import unpublished

__all__ = [
    "due_publications",
    "missing_translations",
    "never_published",
    "translations_to_do",
    "unpublished",
]


def missing_translations(
    locale: str, *, channel: str = "", queryset: QuerySet | None = None
) -> QuerySet:
    """Return the products that lack a required text in the locale (in any or one channel)."""
    rows = _missing(f'"{locale}"]').filter(product=OuterRef("pk"))
    if channel:
        rows = rows.filter(channel__code=channel)
    products = Product.objects.all() if queryset is None else queryset
    return products.filter(Exists(rows))


def translations_to_do(
    locale: str, *, channel: str, after: str = "", limit: int = 100
) -> list[tuple[int, str, list[str]]]:
    """Return [(id, identifier, attributes missing in the locale)], by identifier, after one."""
    rows = _missing(f'"{locale}"]').filter(channel__code=channel, product__identifier__gt=after)
    found = rows.order_by("product__identifier")[:limit]
    return [
        (pk, identifier, [code for code, where in missing if where == locale])
        for pk, identifier, missing in found.values_list(
            "product_id", "product__identifier", "missing"
        )
    ]


def never_published(queryset: QuerySet | None = None) -> QuerySet:
    """Return the products that have no version yet."""
    products = Product.objects.all() if queryset is None else queryset
    return products.filter(version__isnull=True)


def due_publications(*, until: datetime) -> QuerySet:
    """Return what is planned up to a moment, earliest first."""
    waiting = PlannedPublication.objects.filter(state=PlannedPublication.WAITING)
    return waiting.filter(due_at__lte=until).order_by("due_at", "id")


def _missing(text: str) -> QuerySet:
    """Return completeness rows whose canonical missing list holds `text`."""
    rows = Completeness.objects.annotate(missing_text=Cast("missing", TextField()))
    return rows.filter(missing_text__contains=text)
