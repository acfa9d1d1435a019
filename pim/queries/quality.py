"""Quality as lists, pages and charts need it: rules, scores, findings, days."""

import hashlib
from collections import defaultdict
from datetime import date, timedelta

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from pim.content.quality import Rule
from pim.content.structure import Structure
from pim.models import Product, QualityDay, QualityRule
from pim.models.fields import canonical_json

from .rights import roles_with_limits

# Raise it where a check comes to another result: all scores are counted again.
CHECKS_EDITION = 3


def quality_rules() -> list[Rule]:
    """Return the rules that are on, by code."""
    return [
        Rule(
            code=row.code,
            kind=row.kind,
            weight=row.weight,
            channels=frozenset(row.channels),
            families=frozenset(row.families),
            locales=frozenset(row.locales),
            attributes=tuple(row.attributes),
            roles=tuple(row.roles),
            params=row.params,
            labels=row.labels,
        )
        for row in QualityRule.objects.filter(enabled=True).order_by("code")
    ]


def quality_stamp(structure: Structure) -> str:
    """Return what changes when rules, the checks, what they look at or who sees it change."""
    columns = ("code", "kind", "weight", "channels", "families", "locales", "attributes", "roles",
               "params")  # fmt: skip
    rows = QualityRule.objects.filter(enabled=True).order_by("code").values_list(*columns)
    text = canonical_json([CHECKS_EDITION, *(list(row) for row in rows)])
    text += _structure_print(structure)
    seen = dict.fromkeys((g.group, g.locale, g.channel) for g in roles_with_limits())
    text += repr(list(seen)).encode()
    return hashlib.sha256(text).hexdigest()[:32]


def stale_products(stamp: str) -> QuerySet:
    """Return the products whose scores were counted from something else than what is now."""
    above = Coalesce(F("parent__row_version"), 0) + Coalesce(F("parent__parent__row_version"), 0)
    rows = Product.objects.annotate(above_now=above)
    right = Q(quality_state__stamp=stamp, quality_state__row_version=F("row_version"))
    return rows.exclude(right & Q(quality_state__above=F("above_now")))


def days(
    rows: QuerySet, *, channel: str, locale: str, by: str, until: date, span: int = 30
) -> dict[str, list[QualityDay]]:
    """Return {code: its days, oldest first} of the last `span` days, of `rows`."""
    rows = rows.filter(channel=channel, locale=locale, by=by)
    rows = rows.filter(day__gt=until - timedelta(days=span), day__lte=until).order_by("day")
    found: dict[str, list[QualityDay]] = defaultdict(list)
    for row in rows:
        found[row.code].append(row)
    return dict(found)


def _structure_print(structure: Structure) -> bytes:
    """Return the part of the structure that scores depend on, as bytes; kept with it."""
    cache = structure.__dict__
    if "_quality_print" not in cache:
        cache["_quality_print"] = canonical_json(
            [
                [[a.code, a.kind, a.group, a.role, a.localizable, a.scopable,
                  sorted(a.available_locales)]
                 for a in structure.attributes.values()],
                [[f.code, f.attributes, f.requirements] for f in structure.families.values()],
                [[v.code, v.levels] for v in structure.family_variants.values()],
                [[c.code, c.locales, c.currencies] for c in structure.channels.values()],
                [[code, one.fallback, one.source] for code, one in structure.locales.items()],
            ]
        )  # fmt: skip
    return cache["_quality_print"]


__all__ = [
    "days",
    "quality_rules",
    "quality_stamp",
    "stale_products",
]
