"""Which scores and which days of quality a person may see: filters in SQL, role by role.

Where a role hides something, its people get scores that were counted from what it shows. Of
several roles, the one that shows most of a context speaks, then the next for products that the
first does not reach: roles never add up.
"""

from collections import defaultdict

from django.db.models import Q, QuerySet

from pim.content.quality import sight_of
from pim.content.rights import COMMON, Grants, Rights
from pim.content.structure import Structure
from pim.models import Product

from .rights import reached_by

NEVER = Q(pk__in=[])


def seen_scores(rows: QuerySet, rights: Rights, structure: Structure) -> QuerySet:
    """Return the scores that a person sees: at most one of a product, channel and locale."""
    if rights.unlimited:
        return rows.filter(sight="")
    ids = {code: channel.id for code, channel in structure.channels.items()}
    seen = NEVER
    for ranked, places in _alike(rights, structure).items():
        here = _first([(sight, _inside(grants, structure)) for grants, sight in ranked])
        for channel, locales in places.items():
            seen |= Q(channel_id=ids[channel], locale__in=locales) & here
    return rows.filter(seen)


def seen_days(rows: QuerySet, rights: Rights, structure: Structure) -> QuerySet:
    """Return the days whose averages count nothing that is hidden from the person.

    Those of everything and of families are for who sees every product; those of a category
    branch for who sees all of the branch.
    """
    if rights.unlimited:
        return rows.filter(sight="")
    seen = NEVER
    for ranked, places in _alike(rights, structure).items():
        here = _first([(sight, _whole(grants, structure)) for grants, sight in ranked])
        for channel, locales in places.items():
            seen |= Q(channel=channel, locale__in=locales) & here
    return rows.filter(seen)


def _first(shown: list[tuple[str, Q | None]]) -> Q:
    """Return the test of rows of the first sight whose test they pass; None passes all."""
    found, rest = NEVER, Q()
    for sight, test in shown:
        if test is None:
            return found | (rest & Q(sight=sight))
        found |= rest & Q(sight=sight) & test
        rest &= ~test
    return found


def _alike(
    rights: Rights, structure: Structure
) -> dict[tuple[tuple[Grants, str], ...], dict[str, list[str]]]:
    """Return {roles and keys of their sights, who shows most first: {channel: its locales}}."""
    found: dict[tuple, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for channel in structure.channels.values():
        for locale in channel.locales:
            sights = [(g, sight_of(g, channel.code, locale, structure)) for g in rights.roles]
            shown = [pair for pair in sights if pair[1] is not None]
            shown.sort(key=lambda pair: (len(pair[1].attributes), len(pair[1].locales)))
            ranked = tuple((grants, sight.key) for grants, sight in shown)
            found[ranked][channel.code].append(locale)
    return found


def _inside(grants: Grants, structure: Structure) -> Q | None:
    """Return the test of scores whose product a role reaches, None where it reaches all."""
    reached = reached_by(grants, structure)
    if reached is None:
        return None
    return Q(product_id__in=Product.objects.order_by().filter(reached).values("pk"))


def _whole(grants: Grants, structure: Structure) -> Q:
    """Return the test of days in whose products nothing is out of a role's reach."""
    open_codes = [c for c in structure.categories if grants.branch(c, structure)]
    whole = grants.branch(COMMON, structure) and len(open_codes) == len(structure.categories)
    by = Q(by="category", code__in=_whole_branches(open_codes, structure))
    return by | Q(by__in=("all", "family")) if whole else by


def _whole_branches(open_codes: list[str], structure: Structure) -> list[str]:
    """Return the categories below which nothing is hidden."""
    hidden = set(structure.categories) - set(open_codes)
    shut = {code for name in hidden for code in structure.categories[name].path}
    return [code for code in open_codes if code not in shut]
