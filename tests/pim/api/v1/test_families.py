"""The family of a product through our own API, and through the PIM REST API."""

import pytest

from pim.models import (
    Attribute,
    Draft,
    Family,
    FamilyAttribute,
    FamilyVariant,
    FamilyVariantAttribute,
    Product,
)
from pim.queries.drafts import read_drafts
from pim.queries.structure import forget_structure
from tests.factories.catalogue import lamp_catalogue, wish, write
from tests.factories.rest import RestClient

pytestmark = pytest.mark.django_db
PAGE = "/api/v1/products/{}/family"


@pytest.fixture(autouse=True)
def _catalogue():
    lamp_catalogue()
    torch = Family.objects.create(code="torch")
    for code in ("sku", "name", "color"):
        FamilyAttribute.objects.create(family=torch, attribute=Attribute.objects.get(code=code))
    FamilyVariantAttribute.objects.create(
        family_variant=FamilyVariant.objects.create(code="torch_color", family=torch),
        attribute=Attribute.objects.get(code="color"), level=1, axis=True,
    )  # fmt: skip
    forget_structure()
    write(
        wish("A", family="lamp", at={"name||en": "Moon", "notes||": "Old"}),
        wish("M", role="model", family="lamp", family_variant="lamp_color",
             at={"name||en": "Model", "notes||": "Old"}),
        wish("M-red", parent="M", at={"color||": "red"}),
    )  # fmt: skip


def send(client, name="A", **body):
    headers = {"If-Match": body.pop("match")} if "match" in body else {}
    return client.post(PAGE.format(name), body, content_type="application/json", headers=headers)


def values(name: str) -> dict:
    pk = Product.objects.get(identifier=name).pk
    return read_drafts([pk])[pk].values


def stored() -> tuple:
    return list(Product.objects.values()), list(Draft.objects.values())


def test_a_preview_tells_and_the_change_needs_the_state_that_was_read(admin_client):
    before = stored()
    seen = send(admin_client, family="torch")
    lost = {"product": "A", "attribute": "notes", "channel": "", "locale": "", "value": "Old",
            "moved": False}  # fmt: skip
    assert seen.json() == {
        "dry_run": True, "products": ["A"], "lost": [lost], "kept": ["name"], "stays_out": [],
        "missing": [],
    }  # fmt: skip
    assert send(admin_client, family="torch", dry_run=False).status_code == 428
    stale = send(admin_client, family="torch", dry_run=False, match='"9"')
    assert (stale.status_code, stored()) == (412, before)
    done = send(admin_client, family="torch", dry_run=False, match=seen["ETag"])
    assert done.json() == {**seen.json(), "dry_run": False}
    assert done["ETag"] == f'"{Product.objects.get(identifier="A").row_version}"'
    assert values("A") == {"en": {"name": {"": "Moon"}}}


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("A", {"family": "nothing"}, 422),
        ("A", {"family": 5}, 422),
        ("A", {}, 422),
        ("A", {"family": "torch", "dry_run": "no"}, 422),
        ("M", {"family": "torch"}, 422),
        ("M-red", {"family": "torch"}, 422),
        ("nobody", {"family": "torch"}, 404),
    ],
)
def test_what_makes_no_sense_is_refused(admin_client, name, body, status):
    before = stored()
    assert (send(admin_client, name, **body).status_code, stored()) == (status, before)


def test_a_patch_of_the_pim_api_leaves_values_behind_and_takes_variants_along():
    shop = RestClient()
    assert shop.patch("/products/A", {"family": "torch"}).status_code == 204
    assert values("A") == {"en": {"name": {"": "Moon"}}}
    lines = shop.answers(
        "/product-models", [{"code": "M", "family": "torch", "family_variant": "torch_color"}]
    )
    assert lines == [{"line": 1, "code": "M", "status_code": 204}]
    assert shop.get("/products/M-red").json()["family"] == "torch"
    assert values("M") == {"en": {"name": {"": "Model"}}}
    before = stored()
    assert shop.patch("/product-models/M", {"family": "lamp"}).status_code == 422
    assert stored() == before


def test_a_connection_that_publishes_publishes_the_variants_that_came_along():
    shop = RestClient(writes="publish")
    shop.patch("/product-models/M", {"values": {"name": [
        {"locale": "en_US", "scope": None, "data": "Model"}]}})  # fmt: skip
    shop.patch("/products/M-red", {"enabled": True})
    shop.patch("/product-models/M", {"family": "torch", "family_variant": "torch_color"})
    reader = RestClient("reader", reads="published")
    assert reader.get("/products/M-red").json()["family"] == "torch"
