"""The product page hands over what stands in its form: edits unsaved, hidden values left out."""

import pytest
from django.http import JsonResponse
from django.urls import reverse

from pim.actions.roles import save_role
from pim.models import Change, Draft, Product
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write
from tests.factories.desk import posted, product_page, staff, superuser
from tests.factories.rights import grants

pytestmark = pytest.mark.django_db
SEEN: list[dict] = []


def draw(request, **given):
    """Stand in for syndication: remember what was handed over."""
    SEEN.append(given)
    return JsonResponse({"pictures": []})


@pytest.fixture
def lamp(settings):
    SEEN.clear()
    settings.ADMIN_PRODUCT_PREVIEW = f"{__name__}.draw"
    settings.ADMIN_PRODUCT_PANELS = []
    lamp_catalogue()
    write(
        wish(
            "SOLO", family="lamp", categories=["indoor"],
            at={"name||en": "Lamp", "notes||": "secret", "color||": "red", "pieces||": "4"},
        )
    )  # fmt: skip
    return Product.objects.get(identifier="SOLO")


def preview(client, product, **typed):
    form = posted(client.get(product_page(product)))
    address = reverse("admin:pim_product_preview", args=[product.pk])
    return client.post(address, form | typed)


def handed(product):
    return SEEN[-1]["drafts"][product.pk].snapshot["values"]


def state(product):
    drafts = list(Draft.objects.filter(product=product).values_list("locale", "values"))
    product.refresh_from_db()
    return drafts, product.row_version, product.draft_digest, Change.objects.count()


def test_what_is_typed_is_handed_over_and_not_saved(lamp, client):
    client.force_login(superuser())
    before = state(lamp)
    assert (
        preview(client, lamp, **{"v-name": "Lamp of birch", "v-color": "blue"}).status_code == 200
    )
    assert handed(lamp)["en"]["name"] == {"": "Lamp of birch"}
    assert handed(lamp)[""]["color"] == {"": "blue"}
    assert SEEN[-1]["identifiers"] == ("SOLO",)
    assert state(lamp) == before


def test_what_does_not_fit_its_attribute_is_as_it_was(lamp, client):
    client.force_login(superuser())
    preview(client, lamp, **{"v-pieces": "four", "v-name": "Birch"})
    assert handed(lamp)[""]["pieces"] == {"": "4"}
    assert handed(lamp)["en"]["name"] == {"": "Birch"}


def test_hidden_values_are_not_handed_over_and_cannot_be_typed_in(lamp, client):
    document = grants(group={"data": "none", "texts": "view"}, locale={"*": "view", "": "view"})
    permissions = ("pim.view_product", "pim.change_product")
    save_role(
        "reader",
        grants=document,
        permissions=permissions,
        users=[staff("timo")],
        actor=ANNA,
        at=NOW,
    )
    from django.contrib.auth.models import User

    client.force_login(User.objects.get(username="timo"))
    preview(client, lamp, **{"v-name": "Mine", "v-color": "blue"})
    shown = handed(lamp)
    assert shown["en"]["name"] == {"": "Lamp"}
    assert "color" not in shown.get("", {})


def test_preview_is_for_who_may_see_the_product(lamp, client):
    address = reverse("admin:pim_product_preview", args=[lamp.pk])
    client.force_login(staff("otto"))
    assert client.post(address, {}).status_code == 403
    client.force_login(superuser())
    assert client.get(address).status_code == 405
    assert SEEN == []
