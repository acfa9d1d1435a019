"""Every page of the desk opens for those who may, and for nobody else."""

import pytest
from django.contrib import admin
from django.urls import reverse

from pim.models import Product
from pim.queries.structure import forget_structure
from tests.factories.catalogue import lamp_catalogue, wish, write
from tests.factories.desk import staff, superuser

pytestmark = pytest.mark.django_db
MODELS = sorted(
    (
        model
        for model in admin.site._registry
        if model._meta.app_label in ("pim", "syndication", "auth")
    ),
    key=lambda model: model._meta.label,
)
NAMES = [f"{model._meta.app_label}_{model._meta.model_name}" for model in MODELS]


@pytest.fixture
def catalogue(db):
    lamp_catalogue()
    write(
        wish(
            "L1", role="model", family="lamp", family_variant="lamp_color", at={"name||en": "Lamp"}
        ),
        wish("L1-R", parent="L1", at={"color||": "red"}),
        wish("SOLO", family="lamp", categories=["indoor"], at={"name||en": "Solo"}),
    )


def test_the_list_of_every_model_opens_for_a_superuser(catalogue, client):
    client.force_login(superuser())
    answers = {name: client.get(reverse(f"admin:{name}_changelist")).status_code for name in NAMES}
    assert answers == dict.fromkeys(NAMES, 200)


def test_a_list_is_named_after_what_it_lists(catalogue, client):
    client.force_login(superuser())
    for name, title in (("pim_product", "Products"), ("syndication_output", "Outputs")):
        page = client.get(reverse(f"admin:{name}_changelist"))
        assert page.context["title"] == title


def test_the_page_of_the_first_row_of_every_model_opens_for_a_superuser(catalogue, client):
    client.force_login(superuser())
    rows = {name: model.objects.first() for name, model in zip(NAMES, MODELS, strict=True)}
    answers = {
        name: client.get(reverse(f"admin:{name}_change", args=[row.pk])).status_code
        for name, row in rows.items()
        if row is not None
    }
    assert answers == dict.fromkeys(answers, 200)
    assert len(answers) >= 18


def test_the_page_for_adding_opens_wherever_something_can_be_added(catalogue, client):
    user = superuser()
    client.force_login(user)
    request = client.get(reverse("admin:index")).wsgi_request
    may = [
        name
        for name, model in zip(NAMES, MODELS, strict=True)
        if admin.site._registry[model].has_add_permission(request)
    ]
    answers = {name: client.get(reverse(f"admin:{name}_add")).status_code for name in may}
    assert answers == dict.fromkeys(may, 200)


def test_no_page_opens_for_staff_without_permissions(catalogue, client):
    client.force_login(staff())
    answers = {name: client.get(reverse(f"admin:{name}_changelist")).status_code for name in NAMES}
    assert answers == dict.fromkeys(NAMES, 403)


def test_every_page_sends_strangers_to_sign_in(catalogue, client):
    answers = {
        name: client.get(reverse(f"admin:{name}_changelist"))["Location"].split("?")[0]
        for name in NAMES
    }
    assert answers == dict.fromkeys(NAMES, reverse("admin:login"))


def test_the_overview_opens_with_and_without_products(client, db):
    client.force_login(superuser())
    assert client.get(reverse("admin:index")).status_code == 200
    lamp_catalogue()
    forget_structure()
    write(wish("SOLO", family="lamp"))
    answer = client.get(reverse("admin:index"))
    assert answer.context["content"]["products"]["total"] == 1


def test_a_page_names_no_other_host(catalogue, client):
    client.force_login(superuser())
    product = Product.objects.get(identifier="SOLO")
    text = client.get(reverse("admin:pim_product_change", args=[product.pk])).content.decode()
    outside = [part for part in ("//fonts.", "https://cdn", "//unpkg", "//cdnjs") if part in text]
    assert outside == []


def test_staff_who_may_only_look_get_no_way_to_save(catalogue, client):
    client.force_login(staff("otto", "view_product"))
    product = Product.objects.get(identifier="SOLO")
    page = reverse("admin:pim_product_change", args=[product.pk])
    assert 'name="_save"' not in client.get(page).content.decode()
    assert client.post(page, {"v-notes-on": "1", "v-notes": "x"}).status_code == 403
    assert Product.objects.get(identifier="SOLO").row_version == product.row_version
