"""Tests of completeness: per cent of a channel, seen locale by locale."""

from django.db.models import Q, QuerySet

from pim.content.refusals import _
from pim.content.structure import ChannelDef
from pim.models import ITEM, MODEL

from .filters import Asked, Filter, refuse, unknown, whole_number_of
from .shares import Place
from .stored import among, not_among
from .tables import Tables

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
    place = Place(channel, locales, asked.structure)
    rows = asked.tables.completeness.objects.filter(channel_id=channel.id)
    if flt.operator in VARIANTS:
        return _by_variants(flt.operator, place.counted(rows), place, asked.tables)
    test = _test(flt, place)
    return among(place.counted(rows).filter(test).values("product_id"))


def _seen_locales(flt: Filter, channel: ChannelDef, asked: Asked) -> tuple[str, ...]:
    """Return the locales named, else those of the channel that the asker may see."""
    if not asked.rights.channel(channel.code):
        raise unknown(flt, "channel", channel.code)
    for code in flt.locales:
        if not asked.rights.locale(code):
            raise unknown(flt, "locale", code)
    return flt.locales or tuple(c for c in channel.locales if asked.rights.locale(c))


def _test(flt: Filter, place: Place) -> Q:
    percent = whole_number_of(flt)
    if percent is None or abs(percent) > 1_000:
        raise refuse(flt, _("“%(property)s” needs a whole number of per cent."), code="per_cent")
    everywhere = flt.operator in ON_ALL
    sign = ON_ALL.get(flt.operator) or ON_ONE.get(flt.operator) or flt.operator
    if sign == "!=":
        return ~place.everywhere("=", percent)
    return place.everywhere(sign, percent) if everywhere else place.anywhere(sign, percent)


def _by_variants(operator: str, rows: QuerySet, place: Place, tables: Tables) -> Q:
    items, complete = rows.filter(product__role=ITEM), place.everywhere("=", 100)
    whole = _models_of(items.filter(complete), tables)
    partly = _models_of(items.filter(~complete), tables)
    some, others = (partly, whole) if "INCOMPLETE" in operator else (whole, partly)
    test = Q(role=MODEL) & among(some)
    return test & not_among(others, tables) if operator.startswith("ALL") else test


def _models_of(items: QuerySet, tables: Tables) -> QuerySet:
    ids = items.values("product_id")
    products = tables.products.objects.order_by().filter(pk__in=ids)
    near = products.filter(parent__isnull=False).values("parent_id")
    far = products.filter(parent__parent__isnull=False).values("parent__parent_id")
    return near.union(far, all=True)
