"""One row and three rows cost the same queries on every list of the desk."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pim.models import Asset, Attribute, AttributeGroup, Category, Channel, Family
from tests.factories.catalogue import lamp_catalogue, wish, write
from tests.factories.desk import superuser

pytestmark = pytest.mark.django_db


def queries(client, url) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as counted:
        assert client.get(url).status_code == 200
    return len(counted)


def test_the_product_list_costs_the_same_for_one_and_three(client):
    lamp_catalogue()
    write(wish("A", family="lamp", categories=["indoor"], at={"name||en": "Lamp"}))
    client.force_login(superuser())
    url = reverse("admin:pim_product_changelist")
    one = queries(client, url)
    write(
        wish("M", role="model", family="lamp", family_variant="lamp_color"),
        wish("M-R", parent="M", at={"color||": "red"}),
    )
    write(wish("X"), wish("Y"))
    with_parents = queries(client, url)
    write(*(wish(f"N{n}", family="lamp", at={"name||en": f"Lamp {n}"}) for n in range(9)))
    assert (queries(client, url), with_parents - one <= 2) == (with_parents, True)


def test_structure_lists_cost_the_same_for_one_and_three(client):
    client.force_login(superuser())
    group = AttributeGroup.objects.create(code="texts")
    makers = {
        "attributegroup": lambda n: AttributeGroup.objects.create(code=f"g{n}"),
        "attribute": lambda n: Attribute.objects.create(code=f"a{n}", kind="text", group=group),
        "family": lambda n: Family.objects.create(code=f"f{n}"),
        "channel": lambda n: Channel.objects.create(code=f"c{n}"),
        "category": lambda n: Category.objects.create(code=f"k{n}", path=f"/{n}/"),
        "asset": lambda n: Asset.objects.create(
            code=f"p{n}", filename="p.png", kind="image", size=1, sha256="a" * 64
        ),
    }
    counts = {}
    for name, make in makers.items():
        url = reverse(f"admin:pim_{name}_changelist")
        make(1)
        one = queries(client, url)
        make(2)
        make(3)
        counts[name] = queries(client, url) - one
    assert counts == dict.fromkeys(makers, 0)
