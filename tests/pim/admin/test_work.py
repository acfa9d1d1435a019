"""The sidebar's count of what waits for a person: a number, or nothing at all."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pim.actions.roles import save_role
from pim.actions.rules import save_rule
from pim.models import Notice, Product, Task
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write
from tests.factories.desk import staff, superuser
from tests.factories.rights import grants

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


def test_the_overview_shows_what_waits_for_the_person(client):
    boss = superuser()
    client.force_login(boss)
    assert "Waiting for you" not in client.get(reverse("admin:index")).content.decode()
    task = {"title": "Take a picture", "assignee": boss, "created_at": timezone.now()}
    Task.objects.create(**task)
    Task.objects.create(**task | {"title": "Done before"}, done_at=timezone.now())
    page = client.get(reverse("admin:index")).content.decode()
    assert ("Waiting for you" in page, "Take a picture" in page) == (True, True)
    assert "Done before" not in page


def test_an_open_task_whose_day_is_past_is_overdue_wherever_it_stands(client):
    lamp_catalogue()
    write(wish("L1"))
    boss, product = superuser(), Product.objects.get()
    client.force_login(boss)
    today = timezone.localdate()
    fields = {"assignee": boss, "product": product, "created_at": timezone.now()}
    task = Task.objects.create(title="Weigh it", due_on=today - timedelta(days=1), **fields)
    pages = [
        reverse("admin:index"),
        reverse("admin:pim_task_mine"),
        reverse("admin:pim_task_changelist"),
        reverse("admin:pim_product_talk", args=[product.pk]),
    ]
    assert ["overdue" in client.get(page).content.decode() for page in pages] == [True] * 4
    Task.objects.filter(pk=task.pk).update(due_on=today)
    assert not any("overdue" in client.get(page).content.decode() for page in pages)
    Task.objects.filter(pk=task.pk).update(due_on=today - timedelta(days=1), done_at=timezone.now())
    assert not any("overdue" in client.get(page).content.decode() for page in pages)


def test_who_has_limits_is_shown_neither_rules_nor_their_changes(client):
    lamp_catalogue()
    actions = [{"op": "set", "attribute": "size", "value": "m"}]
    rule = {"name": "O", "when": {"all": True}, "actions": actions}
    save_rule("outdoor", rule, actor=ANNA, at=NOW)
    user = staff("vera", "view_rule", "view_change")
    client.force_login(user)
    assert "rule “outdoor”" in client.get(reverse("admin:index")).content.decode()
    save_role("r", grants=grants(group="view"), users=[user], actor=ANNA, at=NOW,
              permissions=["pim.view_rule", "pim.view_change"])  # fmt: skip
    page = client.get(reverse("admin:index")).content.decode()
    assert "outdoor" not in page
    assert reverse("admin:pim_rule_changelist") not in page
