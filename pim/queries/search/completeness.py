"""Tests of completeness: per cent of a channel, seen locale by locale.

Stored is one row per product and channel with what is missing; how much each locale requires
follows from the structure. A per cent is a whole number, rounded down.
"""

from collections import defaultdict

from django.db.models import Case, F, IntegerField, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Length, Replace

from pim.content.completeness import needs_of
from pim.content.refusals import _
from pim.content.structure import ChannelDef, FamilyDef, Structure
from pim.models import ITEM, MODEL

from .filters import Asked, Filter, refuse, unknown
from .stored import among, not_among
from .tables import Tables

_LOOKUPS = {"<": "__lt", "<=": "__lte", "=": "", ">=": "__gte", ">": "__gt"}
_SHARES = {
    "LOWER": "<",
    "LOWER OR EQUALS": "<=",
    "GREATER": ">",
    "GREATER OR EQUALS": ">=",
}
ON_ALL = {f"{words} THAN ON ALL LOCALES": sign for words, sign in _SHARES.items()}
ON_ONE = {f"{words} THAN ON AT LEAST ONE LOCALE": sign for words, sign in _SHARES.items()} | {
    "EQUALS ON AT LEAST ONE LOCALE": "=",
    "NOT EQUALS ON AT LEAST ONE LOCALE": "!=",
}
VARIANTS = ("AT LEAST COMPLETE", "AT LEAST INCOMPLETE", "ALL COMPLETE", "ALL INCOMPLETE")
OPERATORS = ("<", "<=", "=", "!=", ">=", ">", *ON_ALL, *ON_ONE, *VARIANTS)


def by_completeness(flt: Filter, asked: Asked) -> Q:
    """Return the test of the completeness for one channel.

    The bare signs hold on at least one of the locales (the channel's, or those named), `!=`
    where not all are equal; the operators of variants are about models and their items.
    """
    channel = asked.structure.channels.get(flt.channel)
    if channel is None:
        raise refuse(
            flt, _("“%(property)s” is per channel: name the channel as “scope”."), code="no_channel"
        )
    locales = _seen_locales(flt, channel, asked)
    for locale in locales:
        if locale not in channel.locales:
            raise unknown(flt, "locale", locale)
    rows = _rows(channel, locales, asked)
    if flt.operator in VARIANTS:
        return _by_variants(flt.operator, rows, len(locales), asked.tables)
    return among(rows.filter(_test(flt, len(locales))).values("product_id"))


def _seen_locales(flt: Filter, channel: ChannelDef, asked: Asked) -> tuple[str, ...]:
    """Return the locales named, else those of the channel that the asker may see."""
    if not asked.rights.channel(channel.code):
        raise unknown(flt, "channel", channel.code)
    for code in flt.locales:
        if not asked.rights.locale(code):
            raise unknown(flt, "locale", code)
    return flt.locales or tuple(c for c in channel.locales if asked.rights.locale(c))


def _test(flt: Filter, count: int) -> Q:
    percent = flt.value
    if isinstance(percent, bool) or not isinstance(percent, int) or abs(percent) > 1_000:
        raise refuse(flt, _("“%(property)s” needs a whole number of per cent."), code="per_cent")
    everywhere = flt.operator in ON_ALL
    sign = ON_ALL.get(flt.operator) or ON_ONE.get(flt.operator) or flt.operator
    if sign == "!=":
        return ~_each("=", percent, count)
    return _each(sign, percent, count) if everywhere else _any(sign, percent, count)


def _each(sign: str, percent: int, count: int) -> Q:
    test = Q()
    for place in range(count):
        test &= Q(**{f"share{place}{_LOOKUPS[sign]}": percent})
    return test


def _any(sign: str, percent: int, count: int) -> Q:
    test = Q(pk__in=[])
    for place in range(count):
        test |= Q(**{f"share{place}{_LOOKUPS[sign]}": percent})
    return test


def _by_variants(operator: str, rows: QuerySet, count: int, tables: Tables) -> Q:
    items = rows.filter(product__role=ITEM)
    whole = _models_of(items.filter(_each("=", 100, count)), tables)
    partly = _models_of(items.filter(~_each("=", 100, count)), tables)
    some, others = (partly, whole) if "INCOMPLETE" in operator else (whole, partly)
    test = Q(role=MODEL) & among(some)
    return test & not_among(others, tables) if operator.startswith("ALL") else test


def _models_of(items: QuerySet, tables: Tables) -> QuerySet:
    ids = items.values("product_id")
    products = tables.products.objects.order_by().filter(pk__in=ids)
    near = products.filter(parent__isnull=False).values("parent_id")
    far = products.filter(parent__parent__isnull=False).values("parent__parent_id")
    return near.union(far, all=True)


def _rows(channel: ChannelDef, locales: tuple[str, ...], asked: Asked) -> QuerySet:
    """Return the channel's rows with the per cent of each locale as `share0`, `share1`, …"""
    rows = asked.tables.completeness.objects.filter(channel_id=channel.id)
    rows = rows.annotate(lacks=Cast("missing", TextField()))
    for place, locale in enumerate(locales):
        required = _required(channel, locale, asked.structure)
        rows = rows.annotate(**{f"required{place}": required})
        held = F(f"required{place}") - _count(locale) - _count("")
        # Whole numbers divide to whole numbers on either database.
        share = Case(
            When(**{f"required{place}": 0, "then": Value(100)}),
            default=held * 100 / F(f"required{place}"),
            output_field=IntegerField(),
        )
        rows = rows.annotate(**{f"share{place}": share})
    return rows


def _count(locale: str):
    """Return how often the missing list, [["name","en"],…], names the locale."""
    mark = f',"{locale}"]'
    rest = Replace("lacks", Value(mark), Value(""))
    return (Length("lacks") - Length(rest)) / len(mark)


def _required(channel: ChannelDef, locale: str, structure: Structure) -> Case:
    """Return how many values the channel requires in a locale, by family, variant and level."""
    cases: dict[int, Q] = defaultdict(Q)
    for variant in structure.family_variants.values():
        family = structure.families[variant.family]
        for level in range(variant.depth + 1):
            needs = needs_of(
                family, channel, structure=structure, family_variant=variant, level=level
            )
            place = Q(product__family_variant_id=variant.id, product__level=level)
            cases[_in(needs, locale)] |= Q(product__role=MODEL) & place
    whens = [When(test, then=Value(count)) for count, test in cases.items()]
    whens += [
        When(product__family_id__in=ids, then=Value(count))
        for count, ids in _by_count(channel, locale, structure).items()
    ]
    return Case(*whens, default=Value(0), output_field=IntegerField())


def _by_count(channel: ChannelDef, locale: str, structure: Structure) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for family in structure.families.values():
        found[_family_count(family, channel, locale, structure)].append(family.id)
    return found


def _family_count(family: FamilyDef, channel: ChannelDef, locale: str, structure: Structure) -> int:
    return _in(needs_of(family, channel, structure=structure), locale)


def _in(needs, locale: str) -> int:
    return sum(need.locale in ("", locale) for need in needs)
