"""Recent changes on the overview: what was done in one go is one line."""

from datetime import timedelta

import pytest
from django.contrib.admin import site
from django.urls import reverse

from pim.actions.bulk_edit import queue_bulk_edit
from pim.actions.jobs import run_job
from pim.actions.roles import save_role
from pim.admin import recent
from pim.admin.words import KINDS, SOURCES, subject_words
from pim.models import GroupType, Job, Product
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write
from tests.factories.desk import staff, superuser
from tests.factories.rights import grants

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
OFF = [{"op": "enabled", "value": False}]


@pytest.fixture(autouse=True)
def _catalogue():
    """Three products of one request, and a bulk edit of them."""
    lamp_catalogue()
    write(
        wish("A"), wish("B"),
        wish("C", categories=["outdoor"]),
    )  # fmt: skip


def bulk(user=None) -> Job:
    job = queue_bulk_edit({"all": True}, OFF, user=user, actor="anna")
    run_job(job.pk, at=LATER)
    return job


def shown(client) -> list[tuple]:
    lines = client.get(reverse("admin:index")).context["content"]["changes"]
    return [(line.kind, line.number, line.may_open, line.at_least) for line in lines]


def test_a_bulk_edit_is_one_line_that_leads_to_its_job(client):
    job = bulk()
    write(wish("A", at={"name||en": "Lamp"}), at=LATER + timedelta(hours=1))
    client.force_login(superuser())
    assert shown(client)[:3] == [
        ("", 1, False, False), ("Bulk edit", 3, True, False), ("", 3, False, False),
    ]  # fmt: skip
    page = client.get(reverse("admin:index")).content.decode()
    where = reverse("admin:pim_job_change", args=[job.pk])
    assert f'<a class="pm-link" href="{where}">Bulk edit</a> · 3 products' in page
    assert (page.count(">A</a>"), page.count(">C</a>")) == (1, 1)


def test_who_sees_some_products_is_told_of_those_and_not_of_the_job(client):
    job = bulk(user=superuser())
    otto = staff("otto", "view_change", "view_product")
    seen = grants(category={"outdoor": "none"})
    save_role("indoors", grants=seen, permissions=[], users=[otto], actor=ANNA, at=NOW)
    client.force_login(otto)
    assert shown(client)[0] == ("Bulk edit", 2, False, False)
    page = client.get(reverse("admin:index")).content.decode()
    listed = f"{reverse('admin:pim_change_changelist')}?job={job.pk}"
    assert f'<a class="pm-link" href="{listed}">Bulk edit</a> · 2 products' in page
    assert str(Product.objects.get(identifier="C").pk) not in [
        str(pk) for line in client.get(reverse("admin:index")).context["content"]["changes"]
        for pk in line.products
    ]  # fmt: skip


def test_what_was_saved_twice_is_one_line_and_every_door_has_a_word(client):
    client.force_login(superuser())
    group = GroupType.objects.create(code="series")
    for label in ("A", "B"):
        client.post(
            reverse("admin:pim_grouptype_change", args=[group.pk]),
            {"code": "series", "labels__en": label},
        )
    lines = client.get(reverse("admin:index")).context["content"]["changes"]
    assert [(line.about, line.changes) for line in lines][:1] == [("group type “series”", 2)]
    assert str(SOURCES["bulk"]) == "Bulk edit"
    kinds = {getattr(admin, "log_kind", "") for admin in site._registry.values()} - {""}
    assert kinds <= KINDS.keys()
    assert subject_words("catalog:7").startswith("catalog of a connection")
    assert subject_words("facts:availability") == "availability"


def test_a_long_job_hides_nothing_behind_it(client, monkeypatch):
    bulk()
    monkeypatch.setattr(recent, "WINDOW", 2)
    client.force_login(superuser())
    assert shown(client)[:2] == [("Bulk edit", 2, True, True), ("", 3, False, False)]
    assert "2 products or more" in client.get(reverse("admin:index")).content.decode()
