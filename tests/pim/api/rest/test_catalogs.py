"""Catalogs: asked for by a connection, filled by people, read by uuid, mapped to a schema."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pim.actions.publishing import publish_products
from pim.actions.roles import save_role
from pim.models import AttributeOption, Catalog, Category, Change, Product
from pim.queries.structure import forget_structure
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write
from tests.factories.desk import superuser
from tests.factories.rest import RestClient
from tests.factories.rights import grants

pytestmark = pytest.mark.django_db
SCHEMA = {
    "$schema": "https://api.akeneo.com/mapping/product/1.0.4/schema",
    "type": "object",
    "properties": {
        "uuid": {"type": "string"},
        "title": {"title": "Title", "type": "string"},
        "color": {"type": "string"},
        "care": {"type": "array", "items": {"type": "string"}},
        "pieces": {"type": ["number", "null"]},
        "grams": {"type": "number"},
        "weight": {"type": "object", "properties": {"value": {"type": "number"},
                                                    "unit": {"type": "string"}}},
        "euro": {"type": "number"},
        "on_sale": {"type": "boolean"},
        "type": {"type": "string"},
        "names": {"type": "array", "items": {"type": "object", "properties": {
            "locale": {"type": "string"}, "value": {"type": "string"}}}},
        "pim_associations": {"type": "array"},
    },
    "required": ["title"],
}  # fmt: skip
MAPPING = {
    "title": {"source": "name", "locale": "en"},
    "color": {"source": "color", "label_locale": "en"},
    "care": {"source": "care"},
    "pieces": {"source": "pieces"},
    "grams": {"source": "weight", "unit": "GRAM"},
    "weight": {"source": "weight"},
    "euro": {"source": "price", "currency": "EUR"},
    "on_sale": {"source": "on_sale"},
    "type": {"source": "family", "label_locale": "en"},
    "names": {"source": "name"},
}


@pytest.fixture
def shop():
    lamp_catalogue()
    AttributeOption.objects.filter(code="red").update(labels={"en": "Red"})
    forget_structure()
    write(
        wish("A", family="lamp", categories=["indoor"], at={
            "name||en": "Lamp", "name||fi": "Lamppu", "pieces||": 3, "color||": "red",
            "weight||": {"amount": "1.5", "unit": "KILOGRAM"}, "on_sale||": True,
            "price||": {"EUR": "12.50", "DKK": "90"}, "story|web|en": "<p>Web</p>",
            "story|print|en": "<p>Print</p>"}),
        wish("B", family="lamp", categories=["outdoor"], at={"name||en": "Torch"}),
        wish("C", family="lamp", categories=["indoor"], at={"name||fi": "Kynttilä"}),
        wish("D", family="lamp", enabled=False, at={"name||en": "Off"}),
    )  # fmt: skip
    return RestClient()


def made(shop, **fields) -> Catalog:
    """Return a new catalog of the connection, with what people say of it set."""
    answer = shop.post("/catalogs", {"name": "Store"})
    catalog = Catalog.objects.get(uuid=answer.json()["id"])
    for name, value in {"enabled": True, **fields}.items():
        setattr(catalog, name, value)
    catalog.save()
    return catalog


def uuid_of(identifier: str) -> str:
    return str(Product.objects.get(identifier=identifier).uuid)


def names(answer) -> list[str]:
    items = answer.json()["_embedded"]["items"]
    uuids = [item if isinstance(item, str) else item["uuid"] for item in items]
    return sorted(Product.objects.filter(uuid__in=uuids).values_list("identifier", flat=True))


def searching(**tests) -> dict:
    return {"search": {name: [test] for name, test in tests.items()}}


def test_a_catalog_is_asked_for_read_renamed_listed_and_deleted(shop):
    answer = shop.post("/catalogs", {"name": "Store US", "managed_currencies": ["EUR"]})
    document = answer.json()
    assert (answer.status_code, document) == (
        201,
        {"id": document["id"], "name": "Store US", "enabled": False,
         "managed_currencies": ["EUR"], "managed_locales": []},
    )  # fmt: skip
    address = f"/catalogs/{document['id']}"
    assert answer.headers["Location"] == f"http://testserver/api/rest/v1{address}"
    changed = shop.patch(address, {"name": "Store FR", "enabled": True})
    renamed = {**document, "name": "Store FR"}
    assert (changed.status_code, changed.json(), shop.get(address).json()) == (
        200,
        renamed,
        renamed,
    )
    listed = shop.get("/catalogs", {"limit": 2}).json()
    assert [item["id"] for item in listed["_embedded"]["items"]] == [document["id"]]
    assert (listed["current_page"], "next" in listed["_links"]) == (1, False)
    gone = shop.delete(address)
    assert (gone.status_code, gone.content, Catalog.objects.count()) == (204, b"", 0)
    subjects = Change.objects.filter(subject=f"catalog:{document['id']}").count()
    assert subjects == 3


def test_everything_wrong_with_a_catalog_is_said_at_once(shop):
    answer = shop.post("/catalogs", {"name": " ", "managed_locales": "en_US"})
    errors = {error["property"]: error["message"] for error in answer.json()["errors"]}
    assert (answer.status_code, sorted(errors)) == (422, ["managed_locales", "name"])
    assert errors["name"] == "This value should not be blank."
    catalog = made(shop)
    assert shop.patch(f"/catalogs/{catalog.uuid}", {"name": ""}).status_code == 422
    assert shop.patch(f"/catalogs/{catalog.uuid}", {}).json()["name"] == "Store"


def test_a_connection_has_so_many_catalogs_and_no_more(shop, monkeypatch):
    monkeypatch.setattr("pim.actions.catalogs.MOST_CATALOGS", 1)
    made(shop)
    assert shop.post("/catalogs", {"name": "More"}).status_code == 422
    assert Catalog.objects.count() == 1


def test_a_catalog_of_another_connection_is_not_there(shop):
    catalog, other = made(shop), RestClient("other")
    address = f"/catalogs/{catalog.uuid}"
    for path in ("", "/product-uuids", "/products", f"/products/{uuid_of('A')}",
                 "/mapping-schemas/product", "/mapped-products"):  # fmt: skip
        assert other.get(address + path).status_code == 404
    assert other.patch(address, {"name": "Mine"}).status_code == 404
    assert other.delete(address).status_code == 404
    assert other.send("PUT", f"{address}/mapping-schemas/product", SCHEMA).status_code == 404
    assert other.get("/catalogs").json()["_embedded"]["items"] == []
    said = other.get(address).json()["message"]
    assert said == f'Catalog "{catalog.uuid}" does not exist or you can\'t access it.'
    assert [shop.get(f"/catalogs/{name}").status_code for name in (uuid4(), "none")] == [404, 404]
    assert Catalog.objects.get().name == "Store"


def test_a_catalog_that_is_off_says_so_with_200(shop):
    catalog = made(shop, enabled=False)
    for path in ("product-uuids", "products", f"products/{uuid_of('A')}", "mapped-products"):
        answer = shop.get(f"/catalogs/{catalog.uuid}/{path}")
        assert (answer.status_code, list(answer.json())) == (200, ["error"])
        assert f'The catalog "{catalog.uuid}" has been disabled' in answer.json()["error"]


def test_a_new_catalog_has_what_is_enabled(shop):
    catalog = made(shop)
    assert names(shop.get(f"/catalogs/{catalog.uuid}/product-uuids")) == ["A", "B", "C"]


def test_products_are_paged_by_their_uuids(shop):
    catalog = made(shop, selection={"all": True})
    expected = sorted(uuid_of(name) for name in "ABCD")
    for path in ("product-uuids", "products"):
        met, query = [], {"limit": 3}
        for _page in range(2):
            page = shop.get(f"/catalogs/{catalog.uuid}/{path}", query).json()
            items = page["_embedded"]["items"]
            met += [item if isinstance(item, str) else item["uuid"] for item in items]
            query["search_after"] = met[-1]
        assert (met, "next" in page["_links"]) == (expected, False)
    first = shop.get(f"/catalogs/{catalog.uuid}/product-uuids?limit=3&with_count=true").json()
    assert first["items_count"] == 4
    assert f"search_after={expected[2]}" in first["_links"]["next"]["href"]


@pytest.mark.parametrize(
    "query",
    ["limit=-1", "limit=1001", "search_after=x", "updated_after=yesterday",
     "updated_before=2026-11-22", "with_count=maybe"],
)  # fmt: skip
def test_a_page_that_cannot_be_is_422(shop, query):
    catalog = made(shop)
    assert shop.get(f"/catalogs/{catalog.uuid}/product-uuids?{query}").status_code == 422


def test_products_are_chosen_by_when_they_changed(shop):
    catalog, now = made(shop), timezone.now()
    Product.objects.update(updated_at=now)
    Product.objects.filter(identifier="A").update(updated_at=now - timedelta(days=3))
    moment = (now - timedelta(days=1)).isoformat(timespec="seconds")
    address = f"/catalogs/{catalog.uuid}/product-uuids"
    assert names(shop.get(address, {"updated_before": moment})) == ["A"]
    assert names(shop.get(address, {"updated_after": moment})) == ["B", "C"]


def test_a_catalog_whose_conditions_name_nothing_any_more_is_switched_off(shop):
    inside = searching(categories={"operator": "IN", "value": ["indoor"]})
    catalog = made(shop, selection=inside)
    assert names(shop.get(f"/catalogs/{catalog.uuid}/products")) == ["A", "C"]
    Category.objects.filter(code="indoor").delete()
    forget_structure()
    answer = shop.get(f"/catalogs/{catalog.uuid}/products")
    assert (answer.status_code, list(answer.json())) == (200, ["error"])
    assert shop.get(f"/catalogs/{catalog.uuid}").json()["enabled"] is False
    assert Change.objects.get(subject=f"catalog:{catalog.uuid}", actor="catalogs").detail == {
        "enabled": [True, False]
    }


def test_a_catalog_shows_the_values_that_people_chose(shop):
    catalog = made(shop, shown={"channels": ["web"], "locales": ["en"], "currencies": ["EUR"]})
    values = shop.get(f"/catalogs/{catalog.uuid}/products/{uuid_of('A')}").json()["values"]
    assert [entry["data"] for entry in values["story"]] == ["<p>Web</p>"]
    assert [entry["data"] for entry in values["name"]] == ["Lamp"]
    assert values["price"][0]["data"] == [{"amount": "12.5", "currency": "EUR"}]
    assert values["pieces"][0]["data"] == 3 or values["pieces"][0]["data"] == "3"


def test_a_product_outside_the_catalog_is_not_there(shop):
    catalog = made(shop)
    for name in (uuid_of("D"), str(uuid4()), "none"):
        assert shop.get(f"/catalogs/{catalog.uuid}/products/{name}").status_code == 404


def test_the_schema_is_kept_answered_and_deleted(shop):
    catalog = made(shop)
    address = f"/catalogs/{catalog.uuid}/mapping-schemas/product"
    assert shop.get(address).status_code == 404
    kept = shop.send("PUT", address, SCHEMA)
    assert (kept.status_code, kept.content, shop.get(address).json()) == (204, b"", SCHEMA)
    assert Catalog.objects.get().mapping == {"uuid": {"source": "uuid"}}
    assert shop.delete(address).status_code == 204
    assert (shop.get(address).status_code, Catalog.objects.get().mapping) == (404, {})
    answer = shop.get(f"/catalogs/{catalog.uuid}/mapped-products")
    assert "no product mapping schema" in answer.json()["error"]


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"$schema": "x", "properties": []},
        {**SCHEMA, "type": "array"},
        {**SCHEMA, "properties": {"a": {"type": "date"}}},
        {**SCHEMA, "properties": {"a": "string"}},
        {**SCHEMA, "properties": {"a": {"type": "array"}}},
        {**SCHEMA, "properties": {"a": {"type": "object", "properties": []}}},
        {**SCHEMA, "properties": {"variants": {"oneOf": [{"type": "string"}]}}},
        {**SCHEMA, "required": "title"},
        {**SCHEMA, "properties": {str(n): {"type": "string"} for n in range(201)}},
    ],
)
def test_a_schema_that_is_none_is_422_and_nothing_changes(shop, schema):
    catalog = made(shop)
    answer = shop.send("PUT", f"/catalogs/{catalog.uuid}/mapping-schemas/product", schema)
    assert (answer.status_code, Catalog.objects.get().targets) == (422, None)
    assert answer.json()["errors"][0] == {
        "property": "product_mapping_schema",
        "message": "You must provide a valid schema.",
    }


def test_a_new_schema_keeps_what_fills_the_targets_that_stay(shop):
    catalog = made(shop, targets=SCHEMA, mapping=MAPPING)
    less = {**SCHEMA, "properties": {"title": {"type": "string"}, "more": {"type": "string"}}}
    shop.send("PUT", f"/catalogs/{catalog.uuid}/mapping-schemas/product", less)
    assert Catalog.objects.get().mapping == {"title": MAPPING["title"]}


def test_products_come_in_the_form_that_the_schema_wants(shop):
    write(wish("A", associations={"cross_sell": {"products": [("B", None)]}}))
    mapping = {**MAPPING, "uuid": {"source": "uuid"}}
    catalog = made(shop, targets=SCHEMA, mapping=mapping)
    found = shop.get(f"/catalogs/{catalog.uuid}/mapped-products").json()["_embedded"]["items"]
    assert {item["title"] for item in found} == {"Lamp", "Torch"}
    lamp = shop.get(f"/catalogs/{catalog.uuid}/mapped-products/{uuid_of('A')}").json()
    assert lamp == {
        "uuid": uuid_of("A"),
        "title": "Lamp",
        "color": "Red",
        "pieces": 3,
        "grams": 1500,
        "weight": {"value": 1.5, "unit": "KILOGRAM"},
        "euro": 12.5,
        "on_sale": True,
        "type": "lamp",
        "names": [{"locale": "en", "value": "Lamp"}, {"locale": "fi", "value": "Lamppu"}],
        "pim_associations": [
            {"code": "cross_sell",
             "associated_objects": [{"type": "product", "uuid": uuid_of("B")}]}
        ],
    }  # fmt: skip
    kynttila = shop.get(f"/catalogs/{catalog.uuid}/mapped-products/{uuid_of('C')}")
    assert kynttila.status_code == 404


def test_a_copy_is_switched_off_and_has_the_rest(shop):
    catalog = made(shop, targets=SCHEMA, mapping=MAPPING, shown={"locales": ["en"]})
    answer = shop.post(f"/catalogs/{catalog.uuid}/duplicate", {"name": "Second"})
    copy = Catalog.objects.get(name="Second")
    assert (answer.status_code, answer.json()["id"], answer.json()["enabled"]) == (
        201, str(copy.uuid), False,
    )  # fmt: skip
    assert (copy.targets, copy.shown) == (SCHEMA, {"locales": ["en"]})
    assert copy.mapping == {**MAPPING, "uuid": {"source": "uuid"}}


def test_a_connection_that_reads_published_content_is_given_that(shop):
    ids = Product.objects.filter(identifier__in="AB").values_list("pk", flat=True)
    publish_products(list(ids), actor=ANNA, at=NOW)
    write(wish("A", at={"name||en": "Not yet"}))
    reader = RestClient("reader", reads="published")
    catalog = made(reader)
    found = reader.get(f"/catalogs/{catalog.uuid}/products")
    assert names(found) == ["A", "B"]
    titles = {entry["data"] for item in found.json()["_embedded"]["items"]
              for entry in item["values"]["name"]}  # fmt: skip
    assert titles == {"Lamp", "Lamppu", "Torch"}


def test_a_catalog_holds_what_the_rights_of_its_connection_show(shop):
    limited = RestClient("limited", rights=["view_product"])
    save_role(
        "inside", grants=grants(group={"data": "none"}, category={"outdoor": "none"}),
        users=[limited.connection.user], permissions=["pim.view_product"], actor=ANNA, at=NOW,
    )  # fmt: skip
    catalog = made(limited, selection={"all": True})
    found = limited.get(f"/catalogs/{catalog.uuid}/products")
    assert (names(found), b"pieces" in found.content) == (["A", "C", "D"], False)
    assert limited.get(f"/catalogs/{catalog.uuid}/products/{uuid_of('B')}").status_code == 404
    hidden = made(limited, selection=searching(pieces={"operator": ">", "value": 1}))
    assert list(limited.get(f"/catalogs/{hidden.uuid}/product-uuids").json()) == ["error"]


def test_whoever_may_not_see_products_has_no_catalogs(shop):
    blind = RestClient("blind", rights=["view_category"])
    assert [blind.get("/catalogs").status_code, blind.post("/catalogs", {}).status_code] == [
        403, 403,
    ]  # fmt: skip


def test_a_page_takes_the_same_statements_for_one_product_and_for_four(shop):
    one = made(shop, selection=searching(identifier={"operator": "=", "value": "A"}))
    four = made(shop, selection=searching(identifier={"operator": "IN", "value": list("ABCD")}))
    counts = []
    for catalog in (one, four):
        shop.get(f"/catalogs/{catalog.uuid}/products")
    for catalog in (one, four):
        with CaptureQueriesContext(connection) as captured:
            shop.get(f"/catalogs/{catalog.uuid}/products")
        counts.append(len(captured))
    assert counts[0] == counts[1]


# --- on the desk ------------------------------------------------------------------------------


@pytest.fixture
def desk(shop, client):
    client.force_login(superuser())
    return client


def page(catalog: Catalog) -> str:
    return reverse("admin:pim_catalog_change", args=[catalog.pk])


def test_people_choose_products_values_and_what_fills_the_targets(shop, desk):
    catalog = made(shop, enabled=False, targets=SCHEMA)
    shown = desk.get(page(catalog))
    rows = {row["target"].code: row for row in shown.context["rows"]}
    fills = {code: [choice for choice, _label in rows[code]["choices"]] for code in rows}
    assert (fills["on_sale"], fills["euro"]) == (["on_sale"], ["pieces", "weight", "price"])
    selection = searching(categories={"operator": "IN", "value": ["indoor"]})
    form = {
        "enabled": "on",
        "selection": json.dumps(selection),
        "locales": ["en"],
        f"{rows['title']['name']}-source": "name",
        f"{rows['title']['name']}-locale": "en",
    }
    assert desk.post(page(catalog), form).status_code == 302
    held = Catalog.objects.get()
    assert (held.enabled, held.selection, held.shown) == (True, selection, {"locales": ["en"]})
    assert held.mapping == {
        "title": {"source": "name", "locale": "en"}, "uuid": {"source": "uuid"},
    }  # fmt: skip
    assert names(shop.get(f"/catalogs/{catalog.uuid}/mapped-products")) == ["A"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"selection": "{"},
        {"selection": json.dumps({"ids": [1]})},
        {"selection": json.dumps({"search": {"nope": [{"operator": "=", "value": 1}]}})},
        {"selection": json.dumps({"search": {"text": [{"operator": "CONTAINS"}] * 26}})},
        {"locales": ["xx"]},
        {"target-1-source": "weight"},
        {"target-1-source": "name"},
    ],
)  # fmt: skip
def test_what_makes_no_catalog_is_said_and_nothing_changes(shop, desk, wrong):
    catalog = made(shop, enabled=False, targets=SCHEMA)
    form = {"enabled": "on", "selection": json.dumps({"all": True}), **wrong}
    answer = desk.post(page(catalog), form)
    assert (answer.status_code, bool(answer.context["error"])) == (200, True)
    assert Catalog.objects.get().enabled is False


def test_a_machine_sends_people_to_its_catalog_by_the_uuid(shop, desk):
    catalog, other = made(shop), made(shop)
    answer = desk.get(f"/connect/apps/v1/catalogs/{catalog.uuid}", follow=True)
    listed = answer.content.decode()
    assert (f"{catalog.pk}/change/" in listed, f"{other.pk}/change/" in listed) == (True, False)
