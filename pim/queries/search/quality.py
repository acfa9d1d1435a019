"""Tests of quality: the score of a channel and a locale, as a number or as grades."""

from django.db.models import Q

from pim.content.quality.score import GRADES
from pim.content.refusals import _
from pim.models import Quality
from pim.queries.seen_quality import seen_scores

from .filters import Asked, Filter, codes_of, refuse, refuse_published, unknown, whole_number_of
from .stored import among

_LOOKUPS = {"<": "__lt", "<=": "__lte", "=": "", ">=": "__gte", ">": "__gt"}
OPERATORS = ("IN", "!=", *_LOOKUPS)


def by_quality(flt: Filter, asked: Asked) -> Q:
    """Return the test of the score; products that have none yet pass no test."""
    refuse_published(flt, asked)
    channel = asked.structure.channels.get(flt.channel)
    if channel is None or not flt.locale:
        raise refuse(
            flt,
            _("“%(property)s” is per channel and locale: name them as “scope” and “locale”."),
            code="no_context",
        )
    if not asked.rights.channel(channel.code):
        raise unknown(flt, "channel", channel.code)
    if flt.locale not in channel.locales or not asked.rights.locale(flt.locale):
        raise unknown(flt, "locale", flt.locale)
    rows = seen_scores(Quality.objects.order_by(), asked.rights, asked.structure)
    rows = rows.filter(channel_id=channel.id, locale=flt.locale)
    return among(rows.filter(_test(flt)).values("product_id"))


def _test(flt: Filter) -> Q:
    if flt.operator == "IN":
        return _grades(codes_of(flt, [letter for _least, letter in GRADES], "grade"))
    score = whole_number_of(flt)
    if score is None or not 0 <= score <= 100:
        raise refuse(
            flt, _("“%(property)s” needs a whole number from 0 to 100."), code="not_a_score"
        )
    if flt.operator == "!=":
        return ~Q(score=score)
    return Q(**{f"score{_LOOKUPS[flt.operator]}": score})


def _grades(letters: list[str]) -> Q:
    test, above = Q(pk__in=[]), 101
    for least, letter in GRADES:
        if letter in letters:
            test |= Q(score__gte=least, score__lt=above)
        above = least
    return test
