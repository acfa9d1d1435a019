"""Moments in bodies and addresses: ISO 8601, with an offset or in the house's time zone."""

from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import is_naive, make_aware

from pim.content.refusals import InvalidValue, _


def moment(raw: Any, *, field: str) -> datetime:
    """Return the moment that a text names; a date is its first second. Raises `InvalidValue`."""
    text = str(raw or "").replace(" ", "+")
    try:
        found = parse_datetime(text)
        if found is None and (day := parse_date(text)):
            found = datetime(day.year, day.month, day.day)
    except ValueError:
        found = None
    if found is None:
        raise InvalidValue(
            _("“%(name)s” needs a moment such as 2026-11-22T08:00:00Z."),
            code="not_a_moment",
            field=field,
            name=field,
        )
    return make_aware(found) if is_naive(found) else found
