"""The desk of a large installation: what grows with it is neither in the page nor in statements."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pim.admin import dashboard
from pim.models import Attribute, AttributeGroup, Channel, Family, FamilyAttribute, Locale
from syndication.admin import dashboard as outputs_of_dashboard
from syndication.models import Output
from tests.factories.catalogue import lamp_catalogue, wish, write
from tests.factories.desk import superuser

pytestmark = pytest.mark.django_db

MORE = "ar bg cs da de el es et fr he hi hr hu it ja ko lt lv nl pl pt-BR ro ru sk th zh-CN".split()


def speak_more() -> None:
    """Add the languages MORE, and have the channel web speak them."""
    web = Channel.objects.get(code="web")
    web.locales.add(*(Locale.objects.create(code=code) for code in MORE))


def statements(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as counted:
        assert client.get(url).status_code == 200
    return len(counted)


def shown(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def desk(client):
    lamp_catalogue()
    client.force_login(superuser())
    return client


def grow(family: Family, number: int) -> None:
    group = AttributeGroup.objects.first()
    made = Attribute.objects.bulk_create(
        Attribute(code=f"more_{number}_{n}", kind="text", group=group) for n in range(number)
    )
    FamilyAttribute.objects.bulk_create(FamilyAttribute(family=family, attribute=a) for a in made)


def test_the_page_of_a_family_costs_the_same_for_any_number_of_attributes(desk):
    family = Family.objects.get(code="lamp")
    page = f"/admin/pim/family/{family.pk}/change/"
    few = statements(desk, page)
    grow(family, 40)
    assert statements(desk, page) == few
    assert "more_40_39 · " in shown(desk, page)


def test_an_attribute_of_a_family_is_not_exchanged_for_another(desk):
    family = Family.objects.get(code="lamp")
    before = set(family.members.values_list("attribute__code", flat=True))
    page = f"/admin/pim/family/{family.pk}/change/"
    text = shown(desk, page)
    data = dict(re.findall(r'name="(members-[\w-]+)" value="([^"]*)"', text))
    other = Attribute.objects.create(
        code="other", kind="text", group=AttributeGroup.objects.first()
    )
    data["members-0-attribute"] = str(other.pk)
    last = len(before)
    data |= {
        "members-TOTAL_FORMS": str(last + 1),
        f"members-{last}-attribute": str(other.pk),
        f"members-{last}-family": str(family.pk),
        **{f"members-{n}-sort_order": str(n) for n in range(last + 1)},
        "labels__en": "Lamp",
        "matrix": "",
    }
    answer = desk.post(page, data)
    assert answer.status_code == 302, answer.context["errors"]
    after = set(family.members.values_list("attribute__code", flat=True))
    assert after == before | {"other"}


def test_the_list_of_families_counts_members_and_products_apart(desk):
    write(*(wish(f"L{n}", family="lamp") for n in range(3)))
    family = Family.objects.get(code="lamp")
    row = desk.get("/admin/pim/family/").context["cl"].result_list[0]
    assert (row.size, row.products_size) == (family.members.count(), 3)


def test_the_overview_estimates_languages_where_there_are_many_products(desk, monkeypatch):
    speak_more()
    write(*(wish(f"L{n}", family="lamp", at={"name||en": "Lamp"}) for n in range(12)))
    exact = desk.get("/admin/").context["content"]["completeness"]
    monkeypatch.setattr(dashboard, "SAMPLE", 4)
    few = desk.get("/admin/")
    web = next(row for row in few.context["content"]["completeness"] if row["code"] == "web")
    assert (web["total"], web["about"], exact[0]["about"]) == (12, True, False)
    assert len(web["locales"]) == dashboard.MANY_LOCALES
    assert (
        len(web["locales"]) + len(web["more_locales"])
        == Channel.objects.get(code="web").locales.count()
    )
    shares = [one["percent"] for one in [*web["locales"], *web["more_locales"]]]
    assert shares == sorted(shares)
    assert "≈ " in few.content.decode()


def test_the_overview_shows_the_foremost_outputs(desk, monkeypatch):
    monkeypatch.setattr(outputs_of_dashboard, "MOST_OUTPUTS", 2)
    for n in range(5):
        Output.objects.create(code=f"o{n}", name=f"O{n}", kind="web_json", channel="web")
    figures = desk.get("/admin/").context["publishing"]
    assert (len(figures["outputs"]), figures["more_outputs"]) == (2, 3)
