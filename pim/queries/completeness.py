"""Completeness as lists need it: per product, per model over its variants, per channel."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from pim.models import ITEM, Completeness, Product


class Share(NamedTuple):
    """How many of how many; `percent` is 100 only when nothing is missing."""

    filled: int
    required: int

    @property
    def percent(self) -> int:
        return 100 if not self.required else self.filled * 100 // self.required


def completeness_of(ids: Iterable[int]) -> dict[int, dict[str, tuple[Share, list]]]:
    """Return {id: {channel: (Share, [[attribute, locale or ""], …])}}."""
    found: dict[int, dict] = {}
    rows = Completeness.objects.filter(product_id__in=list(ids))
    for pk, channel, filled, required, missing in rows.values_list(
        "product_id", "channel__code", "filled", "required", "missing"
    ):
        found.setdefault(pk, {})[channel] = (Share(filled, required), missing)
    return found


def complete_variants(models: Iterable[int], *, channel: str) -> dict[int, Share]:
    """Return {model id: Share} of its items on any level that are complete for the channel."""
    models = list(models)
    rows = Completeness.objects.filter(channel__code=channel, product__role=ITEM)
    found: dict[int, Share] = {}
    for path in ("product__parent_id", "product__parent__parent_id"):
        counted = rows.filter(**{f"{path}__in": models}).values_list(path)
        whole = Count("id", filter=Q(filled__gte=F("required")))
        for pk, filled, total in counted.annotate(whole=whole, total=Count("id")):
            old = found.get(pk, Share(0, 0))
            found[pk] = Share(old.filled + filled, old.required + total)
    return found


def incomplete(*, channel: str, queryset: QuerySet | None = None) -> QuerySet:
    """Return the products that lack something for the channel."""
    products = Product.objects.all() if queryset is None else queryset
    rows = Completeness.objects.filter(product=OuterRef("pk"), channel__code=channel)
    return products.filter(Exists(rows.filter(filled__lt=F("required"))))


def complete_per_channel() -> dict[str, Share]:
    """Return {channel: Share} of all items that are complete."""
    rows = Completeness.objects.filter(product__role=ITEM).values_list("channel__code")
    whole = Count("id", filter=Q(filled__gte=F("required")))
    return {
        code: Share(filled, total)
        for code, filled, total in rows.annotate(whole=whole, total=Count("id"))
    }
