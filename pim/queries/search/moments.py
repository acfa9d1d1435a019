"""Moments and days as searches write them."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from pim.content.refusals import _

from .filters import Asked, Filter, refuse, whole_number_of

_RELATIVE = re.compile(r"(now|([+-]\d{1,5})\s?(minute|hour|day|week)s?)")


def span_of(flt: Filter, raw: Any, asked: Asked) -> tuple[datetime, datetime]:
    """Return the first moment that a text means, and the first one after it.

    "2026-11-22 10:00:00" means that second, "2026-11-22" the day, both in the time zone of the
    house; ISO 8601 with an offset, "now" and "-3 days" are understood too.
    """
    text = raw.strip() if isinstance(raw, str) else ""
    if match := _RELATIVE.fullmatch(text):
        return _relative(match, asked.at)
    try:
        if len(text) == 10:
            day = date.fromisoformat(text)
            return _midnight(day), _midnight(day + timedelta(days=1))
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else timezone.make_aware(moment)
        return moment, moment + timedelta(seconds=1)
    except (ValueError, OverflowError):
        raise refuse(
            flt,
            _("“%(property)s” needs a moment such as “2026-11-22 10:00:00”, not “%(value)s”."),
            code="not_a_moment",
            value=str(raw)[:40],
        ) from None


def spans_of(flt: Filter, asked: Asked) -> tuple[datetime, datetime]:
    """Return the first moment of a pair and the first one after it."""
    first, last = _pair(flt)
    return span_of(flt, first, asked)[0], span_of(flt, last, asked)[1]


def days_ago(flt: Filter, asked: Asked) -> datetime:
    """Return the moment that many days before now."""
    count = whole_number_of(flt)
    if count is None or not 0 <= count <= 36_500:
        raise refuse(flt, _("“%(property)s” needs a whole number of days."), code="not_a_number")
    return asked.at - timedelta(days=count)


def day_of(flt: Filter, raw: Any) -> str:
    """Return the ISO 8601 day that a value names."""
    try:
        return date.fromisoformat(str(raw).strip()[:10]).isoformat()
    except ValueError:
        raise refuse(
            flt,
            _("“%(property)s” needs a date such as 2026-11-22, not “%(value)s”."),
            code="not_a_date",
            value=str(raw)[:30],
        ) from None


def days_of(flt: Filter) -> tuple[str, str]:
    """Return the pair of days that a value names."""
    first, last = _pair(flt)
    return day_of(flt, first), day_of(flt, last)


def _pair(flt: Filter) -> list:
    if isinstance(flt.value, list) and len(flt.value) == 2:
        return flt.value
    raise refuse(
        flt, _("“%(property)s” with “%(operator)s” needs a list of two."), code="needs_two"
    )


def _relative(match: re.Match, at: datetime) -> tuple[datetime, datetime]:
    if match[1] != "now":
        at += timedelta(**{f"{match[3]}s": int(match[2])})
    return at, at + timedelta(seconds=1)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
