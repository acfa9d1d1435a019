"""The page that gives a product another family: a preview first, then for good."""

import pytest
from django.urls import reverse

from pim.admin.context import told_apart
from pim.models import Attribute, Family, FamilyAttribute, Product
from pim.queries.structure import forget_structure
from tests.factories.catalogue import lamp_catalogue, wish, write
from tests.factories.desk import product_page, staff, superuser

pytestmark = pytest.mark.django_db


@pytest.fixture
def lamp():
    lamp_catalogue()
    torch = Family.objects.create(code="torch")
    for code in ("sku", "name"):
        FamilyAttribute.objects.create(family=torch, attribute=Attribute.objects.get(code=code))
    forget_structure()
    write(wish("A", family="lamp", at={"name||en": "Moon", "notes||": "Old"}))
    return Product.objects.get()


def page(product) -> str:
    return reverse("admin:pim_product_family", args=[product.pk])


def test_a_preview_shows_what_goes_and_the_button_does_it(client, lamp):
    client.force_login(superuser())
    assert page(lamp) in client.get(product_page(lamp)).content.decode()
    form = {"family": "torch", "version": lamp.row_version}
    seen = client.post(page(lamp), {**form, "preview": "1"})
    assert [row["value"] for row in seen.context["lost"]] == ["Old"]
    assert (seen.context["kept"], seen.context["missing"]) == (["[name]"], [])
    lamp.refresh_from_db()
    assert lamp.family.code == "lamp"
    other = client.post(page(lamp), {**form, "previewed": "", "change": "1"})
    lamp.refresh_from_db()
    assert (other.status_code, other.context["seen"], lamp.family.code) == (200, True, "lamp")
    done = client.post(page(lamp), {**form, "previewed": "torch", "change": "1"})
    lamp.refresh_from_db()
    assert (done.status_code, lamp.family.code) == (302, "torch")


def test_a_stale_page_changes_nothing(client, lamp):
    client.force_login(superuser())
    write(wish("A", family=""))
    before = Product.objects.values().get()
    form = {"family": "torch", "version": lamp.row_version, "previewed": "torch", "change": "1"}
    answer = client.post(page(lamp), form)
    assert (answer.status_code, Product.objects.values().get()) == (200, before)
    (trouble,) = answer.context["form"].non_field_errors()
    assert trouble == "Somebody else has changed this since you opened it."


def test_who_may_not_move_products_does_not_see_the_page(client, lamp):
    client.force_login(staff("otto", "view_product"))
    assert client.get(page(lamp)).status_code == 403
    before = Product.objects.values().get()
    form = {"family": "torch", "version": lamp.row_version, "previewed": "torch", "change": "1"}
    assert client.post(page(lamp), form).status_code == 403
    assert Product.objects.values().get() == before


def test_families_of_one_name_are_told_apart_by_their_codes():
    labels = {"a": "Lamps", "seed_a": "Lamps", "b": "Chairs"}
    assert told_apart(labels) == [
        ("b", "Chairs"), ("a", "Lamps (a)"), ("seed_a", "Lamps (seed_a)"),
    ]  # fmt: skip
