"""The sidebar's count of what waits for a person: a number, or nothing at all."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from pim.models import Notice
from tests.factories.desk import superuser

pytestmark = pytest.mark.django_db
BADGE = re.compile(r"My work\s*</span>\s*(<span[^>]*bg-red-100[^>]*>\s*(\d+)\s*</span>)?")


def badge(client) -> str | None:
    page = client.get(reverse("admin:index")).content.decode()
    return BADGE.search(page)[2]


def test_the_badge_of_my_work_counts_what_is_unread_and_is_gone_at_none(client):
    boss = superuser()
    client.force_login(boss)
    assert badge(client) is None
    for _ in range(3):
        Notice.objects.create(user=boss, at=timezone.now())
    assert badge(client) == "3"
