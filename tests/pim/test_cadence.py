"""Cadences: slots in the output's own time zone, across summer time and back."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pim.cadence import InvalidCadence, parse

HELSINKI = ZoneInfo("Europe/Helsinki")


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def slots(cadence, start, end, zone=HELSINKI):
    """Return every slot of a cadence within a time, as local times."""
    found, at = [], utc(end)
    while at > utc(start):
        slot = parse(cadence).latest(at, zone)
        if slot is None or slot <= utc(start):
            break
        found.insert(0, slot)
        at = slot - timedelta(seconds=1)
    return [f"{slot.astimezone(zone):%m-%d %H:%M}" for slot in found]


@pytest.mark.parametrize(
    ("cadence", "expected"),
    [
        ("every 20 minutes", ["11-22 12:20", "11-22 12:40", "11-22 13:00"]),
        ("hourly", ["11-22 13:00"]),
        ("*/30 * * * *", ["11-22 12:30", "11-22 13:00"]),
        ("15,45 12-13 * * sun", ["11-22 12:15", "11-22 12:45"]),
        ("daily 12:34", ["11-22 12:34"]),
        ("weekly sun 12:34", ["11-22 12:34"]),
        ("weekly mon 12:34", []),
        ("34 12 22 nov *", ["11-22 12:34"]),
        ("34 12 1 * 0", ["11-22 12:34"]),
    ],
)
def test_slots_of_an_hour_on_a_sunday(cadence, expected):
    assert slots(cadence, "2026-11-22 10:00", "2026-11-22 11:00") == expected


def test_slot_that_summer_time_skips_comes_an_hour_later_once():
    assert slots("daily 03:30", "2026-03-28 22:00", "2026-03-30 22:00") == [
        "03-29 04:30",
        "03-30 03:30",
    ]


def test_slot_in_the_doubled_hour_comes_once():
    assert slots("daily 03:30", "2026-10-24 21:00", "2026-10-26 21:00") == [
        "10-25 03:30",
        "10-26 03:30",
    ]


def test_hourly_line_runs_in_both_doubled_hours():
    assert slots("0 * * * *", "2026-10-24 22:59", "2026-10-25 02:00") == [
        "10-25 02:00",
        "10-25 03:00",
        "10-25 03:00",
        "10-25 04:00",
    ]


def test_daily_slot_keeps_its_local_hour_in_summer_and_winter():
    for day, expected in (("2026-07-01", 23), ("2026-12-01", 0)):
        slot = parse("daily 02:00").latest(utc(f"{day} 12:00"), HELSINKI)
        assert slot.hour == expected


@pytest.mark.parametrize("text", ["", "on change", "  On   Change "])
def test_what_has_no_slots(text):
    assert parse(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "sometimes",
        "daily",
        "daily 25:00",
        "weekly 02:00",
        "weekly xyz 02:00",
        "* * * *",
        "61 * * * *",
        "0 0 32 * *",
        "a b c d e",
        "*/0 * * * *",
        "every 0 minutes",
        "every 2000 minutes",
    ],
)
def test_nonsense_is_refused_in_words(text):
    with pytest.raises(InvalidCadence) as refused:
        parse(text)
    assert text in str(refused.value)


def test_slot_of_a_leap_day_is_found():
    slot = parse("0 12 29 2 *").latest(utc("2027-01-01 00:00"), ZoneInfo("UTC"))
    assert slot == utc("2024-02-29 12:00")


def test_slot_that_never_comes_is_none():
    assert parse("0 12 31 2 *").latest(utc("2027-01-01 00:00"), ZoneInfo("UTC")) is None
