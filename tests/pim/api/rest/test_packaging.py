"""Packaging over the PIM REST API: an attribute type of ours, values as levels, searched."""

import json

import pytest

from pim.actions.roles import save_role
from pim.models import Draft, Product
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write
from tests.factories.packing import gtin, with_packaging
from tests.factories.rest import RestClient
from tests.factories.rights import grants

pytestmark = pytest.mark.django_db
CASE = gtin(1, indicator="1")
DATA = [
    {"level": "each", "base_units": 1},
    {"level": "case", "gtin": CASE, "contains": "each", "quantity": 6, "base_units": 6,
     "gross_weight": {"amount": "2.5", "unit": "KILOGRAM"}},
]  # fmt: skip
TYPED = [{"level": "CASE", "gtin": CASE, "quantity": 6, "base_units": 99,
          "gross_weight": {"amount": 2.5, "unit": "KILOGRAM"}}]  # fmt: skip


@pytest.fixture
def shop():
    lamp_catalogue()
    with_packaging()
    write(wish("A", family="lamp"))
    return RestClient()


def sent(data) -> dict:
    return {"values": {"packs": [{"locale": None, "scope": None, "data": data}]}}


def held():
    draft = Draft.objects.filter(product__identifier="A", locale="").first()
    return draft.values.get("packs", {}).get("") if draft else None


def test_the_attribute_has_a_type_of_its_own(shop):
    found = shop.get("/attributes/packs").json()
    assert (found["type"], found["group"]) == ("pim_catalog_packaging", "logistics")
    made = shop.post(
        "/attributes", {"code": "boxes", "type": "pim_catalog_packaging", "group": "logistics"}
    )
    assert made.status_code == 201
    assert shop.get("/attributes/boxes").json()["type"] == "pim_catalog_packaging"


def test_levels_are_written_and_read_with_what_was_worked_out(shop):
    assert shop.patch("/products/A", sent(TYPED)).status_code == 204
    value = shop.get("/products/A").json()["values"]["packs"][0]
    assert (value["data"], value["attribute_type"]) == (DATA, "pim_catalog_packaging")
    assert shop.patch("/products/A", sent(value["data"])).status_code == 204
    assert held() == DATA


def test_a_product_is_searched_by_the_gtin_of_its_case(shop):
    shop.patch("/products/A", sent(TYPED))
    for value, names in ((CASE, ["A"]), (gtin(7), [])):
        search = json.dumps({"packs": [{"operator": "=", "value": value}]})
        items = shop.get("/products", {"search": search}).json()["_embedded"]["items"]
        assert [item["identifier"] for item in items] == names


@pytest.mark.parametrize(
    "data",
    [[{"level": "case", "quantity": 0}], [{"level": "case", "quantity": 1, "gtin": "123"}],
     [{"level": "box"}], "x", [[1]], [{"level": "case", "quantity": 1, "contains": "pallet"}]],
)  # fmt: skip
def test_levels_that_cannot_be_are_422_and_change_nothing(shop, data):
    answer = shop.patch("/products/A", sent(data))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["property"] == "values"
    assert held() is None


def test_a_taken_gtin_is_422(shop):
    write(wish("B", family="lamp", at={"packs||": TYPED}))
    answer = shop.patch("/products/A", sent(TYPED))
    assert answer.status_code == 422
    assert "B" in answer.json()["errors"][0]["message"]
    assert held() is None


def test_a_connection_that_may_not_see_logistics_gets_none_of_it(shop):
    shop.patch("/products/A", sent(TYPED))
    before = held()
    blind = RestClient("blind", rights=["view_product", "change_product"])
    save_role(
        "blind",
        users=[blind.connection.user],
        grants=grants(group={"logistics": "none"}),
        permissions=["pim.view_product", "pim.change_product"],
        actor=ANNA,
        at=NOW,
    )
    assert "packs" not in blind.get("/products/A").json()["values"]
    search = json.dumps({"packs": [{"operator": "=", "value": CASE}]})
    assert blind.get("/products", {"search": search}).status_code == 422
    assert blind.patch("/products/A", sent([{"level": "case", "quantity": 2}])).status_code != 204
    assert held() == before
    assert Product.objects.count() == 1
