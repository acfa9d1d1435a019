"""One picture a day of how good the content is, by family, category branch, channel and locale."""

from datetime import date

from django.db import transaction
from django.db.models import Avg, Count, Q

from pim.models import Category, Quality, QualityDay


def keep_day(day: date) -> int:
    """Keep the averages of a day, again where it is called again; return how many rows."""
    rows = [
        *_rows(day, "all", {}),
        *_rows(day, "family", {"code": "product__family__code"}),
        *_by_category(day),
    ]
    with transaction.atomic():
        QualityDay.objects.filter(day=day).delete()
        QualityDay.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def _rows(day: date, by: str, group: dict[str, str], rows=None, code: str = "") -> list[QualityDay]:
    """Return a row per channel, locale, sight and group, counted by the database."""
    rows = Quality.objects.all() if rows is None else rows
    names = ["channel__code", "locale", "sight", *group.values()]
    figures = {
        "products": Count("id"),
        "average": Avg("score"),
        "whole": Count("id", filter=Q(score=100)),
    }
    counted = rows.order_by().values(*names).annotate(**figures)
    return [
        QualityDay(
            day=day,
            channel=row["channel__code"],
            locale=row["locale"],
            sight=row["sight"],
            by=by,
            code=(row.get(group.get("code", "")) or "") if group else code,
            products=row["products"],
            score=round(row["average"], 2),
            flawless=row["whole"],
        )
        for row in counted
    ]


def _by_category(day: date) -> list[QualityDay]:
    """Return the rows of the trees and of the branches right below them."""
    found: list[QualityDay] = []
    near = Category.objects.filter(Q(parent=None) | Q(parent__parent=None)).order_by("path")
    for code, path in near.values_list("code", "path"):
        inside = Quality.objects.filter(product__in=_products(path))
        found += _rows(day, "category", {}, inside, code)
    return found


def _products(path: str):
    from pim.models import Product

    held = Product.categories.through.objects.filter(category__path__startswith=path)
    own = held.values("product_id")
    tree = Q(pk__in=own) | Q(parent_id__in=own) | Q(parent__parent_id__in=own)
    return Product.objects.filter(tree).values("pk")
