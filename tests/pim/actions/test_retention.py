"""Retention: what nothing needs goes, once a day; what is in use stays, whatever its age."""

from datetime import timedelta

import pytest
from django.conf import settings as live
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pim.actions.jobs import run_waiting_jobs
from pim.actions.planning import plan_publication
from pim.actions.publishing import publish_products
from pim.actions.retention import Rule, dispensable, queue_retention
from pim.models import Change, Job, Version
from pim.project.celery import app
from pim.tasks import drop_old_versions
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _rule(settings):
    lamp_catalogue()
    settings.VERSIONS_KEEP_LAST, settings.VERSIONS_KEEP_DAYS = 2, 10


def published(identifier="L1", *, versions=6, until=NOW - 20 * DAY) -> int:
    """Return a product with so many versions, one a day, the last at `until`."""
    for number in range(1, versions + 1):
        pk = write(wish(identifier, at={"notes||": str(number)}))[0].product_id
        publish_products([pk], actor=ANNA, at=until - (versions - number) * DAY)
    return pk


def left(pk: int) -> list[int]:
    return sorted(Version.objects.filter(product=pk).values_list("number", flat=True))


def going(*, keepers=(), **numbers) -> list[int]:
    rule = Rule.of(at=NOW, **numbers)
    return [row.number for rows in dispensable(rule, keepers=list(keepers)) for row in rows]


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ({}, [1, 2, 3, 4]),
        ({"keep_last": 1}, [1, 2, 3, 4, 5]),
        ({"keep_last": 5}, [1]),
        ({"keep_last": 6}, []),
        # Version 2 was followed 23 days ago, version 3 only 22 days ago.
        ({"keep_days": 22}, [1, 2]),
        ({"keep_days": 21}, [1, 2, 3]),
        ({"keep_days": 1000}, []),
    ],
)
def test_the_last_versions_and_those_of_the_last_days_are_kept(numbers, expected):
    published()
    assert going(**numbers) == expected


def test_a_version_that_was_current_in_the_last_days_is_kept_however_old():
    pk = published(versions=1, until=NOW - 900 * DAY)
    for text, ago in (("2", 5), ("3", 4), ("4", 3)):
        write(wish("L1", at={"notes||": text}))
        publish_products([pk], actor=ANNA, at=NOW - ago * DAY)
    assert going(keep_last=1) == []


def test_what_a_keeper_uses_and_what_a_plan_rests_on_is_kept():
    pk = published(versions=4)
    plan_publication(pk, due_at=NOW + DAY, actor=ANNA, at=NOW)
    for text in ("5", "6", "7"):
        write(wish("L1", at={"notes||": text}))
        publish_products([pk], actor=ANNA, at=NOW - 15 * DAY)
    seen = []

    def keeper(rows):
        seen.extend((row.number, row.since, row.until, row.products) for row in rows)
        return {row.id for row in rows if row.number == 2}

    assert going(keepers=[keeper]) == [1, 3, 5]
    assert seen[0] == (1, NOW - 23 * DAY, NOW - 22 * DAY, (pk,))


def test_a_version_of_a_model_is_asked_about_with_all_that_inherits_from_it():
    model = {"role": "model", "family": "lamp", "family_variant": "lamp_color"}
    root = write(wish("M", **model))[0].product_id
    below = write(wish("V", parent="M", at={"color||": "red"}))[0].product_id
    for number in range(3):
        write(wish("M", at={"notes||": str(number)}))
        publish_products([root], actor=ANNA, at=NOW - (30 - number) * DAY)
    (rows,) = dispensable(Rule.of(at=NOW), keepers=[])
    assert [(row.product_id, row.products) for row in rows] == [(root, (root, below))]


def test_a_day_drops_what_may_go_as_a_job_and_says_so(settings):
    settings.VERSION_KEEPERS = []
    first, second = published(), published("L2", versions=3)
    assert queue_retention(at=NOW).state == "queued"
    assert queue_retention(at=NOW) is None
    run_waiting_jobs()
    job = Job.objects.get()
    assert (job.state, job.done, job.counts) == ("done", 5, {"versions": {"removed": 5}})
    assert (left(first), left(second)) == ([5, 6], [2, 3])
    change = Change.objects.get(action="drop_versions")
    assert (change.actor, change.job, change.detail) == ("schedule", job, {"@versions": [5, 0]})


def test_a_day_without_anything_to_drop_leaves_no_job(settings):
    pk = published(versions=2)
    drop_old_versions()
    settings.VERSIONS_KEEP_LAST = 0
    published("L2")
    drop_old_versions()
    assert (Job.objects.count(), left(pk), Version.objects.count()) == (0, [1, 2], 8)


def test_retention_is_in_the_schedule_once_a_day():
    entries = live.CELERY_BEAT_SCHEDULE.values()
    (entry,) = [entry for entry in entries if entry["task"] == drop_old_versions.name]
    assert (entry["schedule"].hour, entry["schedule"].minute) == ({3}, {41})
    assert drop_old_versions.name in app.tasks


def test_the_command_shows_what_would_go_and_then_lets_it_go(settings, capsys):
    settings.VERSION_KEEPERS = []
    last = timezone.now() - 20 * DAY
    pk = published(until=last)
    call_command("drop_versions", "--dry-run", "--keep-last", "4")
    first, second, third = (last - days * DAY for days in (5, 4, 3))
    assert capsys.readouterr().out == (
        f"L1 version 1, {first:%Y-%m-%d} to {second:%Y-%m-%d}\n"
        f"L1 version 2, {second:%Y-%m-%d} to {third:%Y-%m-%d}\n"
        "2 versions would go. Dry run: nothing was deleted.\n"
    )
    assert left(pk) == [1, 2, 3, 4, 5, 6]
    call_command("drop_versions", "--keep-last", "4")
    assert capsys.readouterr().out == "2 versions are gone.\n"
    assert left(pk) == [3, 4, 5, 6]
    call_command("drop_versions", "--keep-last", "0", "--keep-days", "0")
    assert left(pk) == [3, 4, 5, 6]


def test_one_and_three_products_take_the_same_number_of_queries():
    published()
    with CaptureQueriesContext(connection) as one:
        assert len(going()) == 4
    published("L2")
    published("L3")
    with CaptureQueriesContext(connection) as three:
        assert len(going()) == 12
    assert (len(one), len(three)) == (3, 3)
