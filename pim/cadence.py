"""Cadences: when something is due, in its own time zone, across summer time and back.

Written as "every 5 minutes", "every 2 hours", "hourly", "daily 02:00", "weekly mon 02:00", a
five-field cron line, or "on change". A slot in the hour that summer time skips falls into the hour
after it; one in the hour that comes twice falls into the first, unless every hour has slots.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from pim.content.refusals import Refused, _

ON_CHANGE = "on change"
DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
EVERY = re.compile(r"every (?:(\d+) )?(minute|hour)s?")
CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
LONGEST = 8 * 366  # days: there may be eight years between two 29ths of February


class InvalidCadence(Refused):
    """The cadence is written in no form that is understood."""

    code = "invalid_cadence"
    sentence = _("“%(cadence)s” is not a cadence: %(why)s.")


@dataclass(frozen=True)
class Interval:
    """Every so many minutes, counted from midnight UTC of 1 January 1970."""

    minutes: int

    def latest(self, at: datetime, zone: ZoneInfo) -> datetime | None:
        """Return the last slot not after `at`."""
        step = self.minutes * 60
        return datetime.fromtimestamp(int(at.timestamp()) // step * step, UTC)


@dataclass(frozen=True)
class Calendar:
    """Minutes of hours of days; `either` is cron's rule where both day fields are given."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either: bool

    def latest(self, at: datetime, zone: ZoneInfo) -> datetime | None:
        """Return the last slot not after `at`, or None where there never was one."""
        day = at.astimezone(zone).date() + timedelta(days=1)
        for _day in range(LONGEST):
            if self._matches(day):
                slots = [slot for slot in self._slots(day, zone) if slot <= at]
                if slots:
                    return max(slots)
            day -= timedelta(days=1)
        return None

    def _matches(self, day: date) -> bool:
        if day.month not in self.months:
            return False
        by_day, by_weekday = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return by_day or by_weekday if self.either else by_day and by_weekday

    def _slots(self, day: date, zone: ZoneInfo) -> Iterator[datetime]:
        folds = (0, 1) if len(self.hours) == 24 else (0,)
        for hour in self.hours:
            for minute in self.minutes:
                for fold in folds:
                    local = datetime.combine(day, time(hour, minute, fold=fold), zone)
                    yield local.astimezone(UTC)


@lru_cache(256)
def parse(text: str) -> Interval | Calendar | None:
    """Return the cadence; None for "" and "on change"; InvalidCadence for anything else."""
    words = " ".join(text.lower().split())
    if words in ("", ON_CHANGE):
        return None
    if words == "hourly":
        return Interval(60)
    if found := EVERY.fullmatch(words):
        minutes = int(found[1] or 1) * (60 if found[2] == "hour" else 1)
        if not 1 <= minutes <= 24 * 60:
            raise InvalidCadence(cadence=text, why="an interval is 1 minute to 24 hours")
        return Interval(minutes)
    if words.startswith(("daily", "weekly")):
        words = _as_cron(text, words.split())
    return _cron(text, words)


def _as_cron(text: str, words: list[str]) -> str:
    weekly = words[0] == "weekly"
    clock = CLOCK.fullmatch(words[-1])
    if len(words) != (3 if weekly else 2) or clock is None:
        example = "weekly mon 02:00" if weekly else "daily 02:00"
        raise InvalidCadence(cadence=text, why=f"write it like “{example}”")
    weekday = words[1][:3] if weekly else "*"
    return f"{int(clock[2])} {int(clock[1])} * * {weekday}"


def _cron(text: str, words: str) -> Calendar:
    fields = words.split()
    if len(fields) != 5:
        raise InvalidCadence(cadence=text, why="a cron line has five fields")
    try:
        weekdays = _field(fields[4], 0, 7, DAYS)
        return Calendar(
            minutes=_field(fields[0], 0, 59),
            hours=_field(fields[1], 0, 23),
            days=_field(fields[2], 1, 31),
            months=_field(fields[3], 1, 12, MONTHS, offset=1),
            weekdays=frozenset(day % 7 for day in weekdays),
            either=not fields[2].startswith("*") and not fields[4].startswith("*"),
        )
    except ValueError as error:
        raise InvalidCadence(cadence=text, why=str(error)) from None


def _field(text: str, low: int, high: int, names=(), *, offset: int = 0) -> frozenset[int]:
    values: set[int] = set()
    for part in text.split(","):
        span, _slash, step = part.partition("/")
        first, last = _span(span, low, high, names, offset, open_end=bool(step))
        every = int(step) if step else 1
        if every < 1 or not low <= first <= last <= high:
            raise ValueError(f"“{part}” is not within {low} to {high}")
        values.update(range(first, last + 1, every))
    return frozenset(values)


def _span(span: str, low: int, high: int, names, offset: int, *, open_end) -> tuple[int, int]:
    if span == "*":
        return low, high
    first, dash, last = span.partition("-")
    start = _number(first, names, offset)
    if dash:
        return start, _number(last, names, offset)
    return start, high if open_end else start


def _number(text: str, names: tuple[str, ...], offset: int) -> int:
    if text in names:
        return names.index(text) + offset
    if not text.isdigit():
        raise ValueError(f"“{text}” is not understood")
    return int(text)
