"""Which scores and which days of quality a person may see: filters in SQL, role by role."""

from django.db.models import Q, QuerySet

from pim.content.rights import COMMON, Grants, Rights
from pim.content.structure import Structure
from pim.models import Product

from .rights import visible_products


def seen_scores(rows: QuerySet, rights: Rights, structure: Structure) -> QuerySet:
    """Return the scores of products, channels and locales that one role shows together."""
    if rights.unlimited:
        return rows
    seen = Q(pk__in=[])
    for grants in rights.roles:
        reached = visible_products(Product.objects.order_by(), Rights((grants,)))
        ids = [c.id for code, c in structure.channels.items() if grants.channel.of(code)]
        where = Q(channel_id__in=ids, locale__in=_locales(grants, structure))
        seen |= where & Q(product_id__in=reached.values("pk"))
    return rows.filter(seen)


def seen_days(rows: QuerySet, rights: Rights, structure: Structure) -> QuerySet:
    """Return the days whose averages count nothing that is hidden from the person.

    Those of everything and of families are for who sees every product; those of a category
    branch for who sees all of the branch.
    """
    if rights.unlimited:
        return rows
    seen = Q(pk__in=[])
    for grants in rights.roles:
        open_codes = [c for c in structure.categories if grants.branch(c, structure)]
        whole = grants.branch(COMMON, structure) and len(open_codes) == len(structure.categories)
        by = Q(by="category", code__in=_whole_branches(open_codes, structure))
        by |= Q(by__in=("all", "family")) if whole else Q(pk__in=[])
        channels = [code for code in structure.channels if grants.channel.of(code)]
        seen |= by & Q(channel__in=channels, locale__in=_locales(grants, structure))
    return rows.filter(seen)


def _locales(grants: Grants, structure: Structure) -> list[str]:
    return [code for code in structure.locales if grants.locale.of(code)]


def _whole_branches(open_codes: list[str], structure: Structure) -> list[str]:
    """Return the categories below which nothing is hidden."""
    hidden = set(structure.categories) - set(open_codes)
    shut = {code for name in hidden for code in structure.categories[name].path}
    return [code for code in open_codes if code not in shut]
