"""Background work: what the minute's heartbeat does."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from pim import published
from pim.actions.publishing import plan_publication
from pim.actions.structure import record_structure_change
from pim.models import Counter
from pim.project.celery import app
from pim.tasks import publish_due
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write


def test_the_heartbeat_is_in_the_schedule():
    named = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert publish_due.name in named
    assert publish_due.name in app.tasks


@pytest.mark.django_db
def test_the_heartbeat_publishes_what_is_due_and_follows_the_structure():
    lamp_catalogue()
    pk = write(wish("L1", family="lamp"))[0].product_id
    soon = timezone.now() - timedelta(seconds=1)
    plan_publication(pk, due_at=soon, actor=ANNA, at=soon - timedelta(days=1))
    last = record_structure_change("family", ["lamp"], actor=ANNA, at=NOW)
    publish_due()
    assert published.snapshots([pk])[pk].live is True
    assert Counter.objects.get(name="structure_followed").value == last
