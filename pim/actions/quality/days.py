"""One picture a day of how good the content is, by family, category branch, channel and locale."""

from datetime import date

from django.db import transaction
from django.db.models import Avg, Count, Q

from pim.models import Category, Quality, QualityDay
from pim.queries.quality import quality_stamp, stale_products
from pim.queries.structure import load_structure


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


def keep_first(day: date) -> int:
    """Keep a day that is not kept yet, once all scores are counted: a new board has figures."""
    if QualityDay.objects.filter(day=day).exists() or not Quality.objects.exists():
        return 0
    if stale_products(quality_stamp(load_structure())).exists():
        return 0
    return keep_day(day)


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
