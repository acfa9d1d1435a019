"""Clients that others wrote for the original API, unmodified, against a live server of ours."""

from uuid import uuid4

import httpx
import pytest
import requests
from akeneo_api_client.client_builder import ClientBuilder
from akeneo_api_client.search.search_builder import SearchBuilder
from akeneo_api_client_globus.akeneo_api_client import AkeneoApiClient
from django.utils import timezone
from myer_pim_sdk import AkeneoClient
from myer_pim_sdk.exceptions import AkeneoAPIError
from PIL import Image
from pyakeneo.client import Client

from pim.actions.connections import create_connection
from pim.actions.requests import forget_requests
from pim.content.actor import Actor
from pim.models import Category, ConnectionToken

pytestmark = pytest.mark.django_db(transaction=True)
CODES = [f"c{number:03}" for number in range(25)]


@pytest.fixture
def credentials():
    forget_requests()
    actor = Actor("setup", "command")
    return create_connection("shop", actor=actor, at=timezone.now())[1]


@pytest.fixture
def pyakeneo(live_server, credentials):
    client = Client(
        live_server.url,
        username=credentials.username,
        password=credentials.password,
        client_id=credentials.client_id,
        secret=credentials.secret,
    )
    yield client
    # A connection kept alive would keep the server's thread, and its database.
    client._session.auth.session.close()
    client._session.close()


def structure(upsert):
    """Write a small structure by `upsert(kind, document)`."""
    upsert("attribute_groups", {"code": "marketing", "labels": {"en_US": "Marketing"}})
    for code, kind in (("sku", "identifier"), ("name", "text"), ("color", "simpleselect")):
        document = {"code": code, "type": f"pim_catalog_{kind}", "group": "marketing"}
        upsert("attributes", document)
    upsert("families", {"code": "shoes", "attributes": ["name", "color"]})


def test_pyakeneo(live_server, pyakeneo):
    client = pyakeneo
    structure(lambda kind, document: getattr(client, kind).create_item(document))

    statuses = client.categories.update_create_list([{"code": code} for code in CODES])
    assert [status["status_code"] for status in statuses] == [201] * 25
    # One list longer than a collection may be: the client parts it itself on 413.
    many = client.categories.update_create_list([{"code": f"m{n}"} for n in range(150)])
    assert len(many) == 150

    pages = client.categories.fetch_list({"limit": 10, "with_count": True})
    assert pages.get_count() == 175
    assert len({category["code"] for category in pages}) == 175
    named = [{"operator": "IN", "value": ["c001", "c002"]}]
    found = client.categories.fetch_list({"search": {"code": named}})
    assert [category["code"] for category in found] == ["c001", "c002"]

    location = client.categories.update_create_item({"code": "c000", "labels": {"fi": "Nolla"}})
    assert location == f"{live_server.url}/api/rest/v1/categories/c000"
    assert client.categories.fetch_item("c000")["labels"] == {"fi": "Nolla"}

    client.attributes.options("color").create_item({"code": "red", "attribute": "color"})
    assert client.attributes.options("color").fetch_item("red")["attribute"] == "color"
    axes = [{"level": 1, "axes": ["color"], "attributes": ["color"]}]
    variants = client.families.variants("shoes")
    variants.create_item({"code": "by_color", "variant_attribute_sets": axes})
    assert variants.fetch_item("by_color")["variant_attribute_sets"][0]["axes"] == ["color"]
    assert client.families.fetch_item("shoes")["attributes"] == ["sku", "name", "color"]

    with pytest.raises(requests.HTTPError) as refused:
        client.categories.fetch_item("nope")
    assert refused.value.response.json()["message"] == 'Category "nope" does not exist.'


def shoe(number: int) -> dict:
    name = [{"locale": None, "scope": None, "data": f"Shoe {number}"}]
    return {"family": "shoes", "values": {"name": name}}


def test_pyakeneo_with_products(pyakeneo):
    structure(lambda kind, document: getattr(pyakeneo, kind).create_item(document))
    products = pyakeneo.products
    sent = [{"identifier": f"p{n:03}", **shoe(n)} for n in range(25)]
    statuses = products.update_create_list(sent)
    assert [s["status_code"] for s in statuses] == [201] * 25
    assert {product["identifier"] for product in products.fetch_list({"limit": 10})} == {
        document["identifier"] for document in sent
    }
    one = products.fetch_item("p007")
    assert one["values"]["name"][0]["data"] == "Shoe 7"
    products.update_create_item({"identifier": "p007", "enabled": False})
    search = {"enabled": [{"operator": "=", "value": False}]}
    found = products.fetch_list({"search": search})
    assert [product["identifier"] for product in found] == ["p007"]
    products.delete_item("p007")
    with pytest.raises(requests.HTTPError) as gone:
        products.fetch_item("p007")
    assert gone.value.response.status_code == 404


def test_pyakeneo_renews_its_token(pyakeneo):
    client = pyakeneo
    client.locales.fetch_list()
    client._session.auth._expiry_date = 1
    client.locales.fetch_list()
    assert ConnectionToken.objects.filter(kind="access").count() == 2
    assert ConnectionToken.objects.filter(kind="refresh").count() == 1


def test_akeneo_api_client(live_server, credentials):
    api = ClientBuilder(live_server.url).build_authenticated_by_password(
        credentials.username, credentials.password, credentials.client_id, credentials.secret
    )
    pools = {
        "attribute_groups": api.attribute_group_api,
        "attributes": api.attribute_api,
        "families": api.family_api,
    }
    structure(lambda kind, document: pools[kind].create(document))

    answers = api.category_api.upsert_list([{"code": code} for code in CODES])
    assert [answer["status_code"] for answer in answers] == [201] * 25
    found = [item["code"] for page in api.category_api.all(page_size=10) for item in page]
    assert found == CODES

    search = SearchBuilder()
    search.add_filter("code", "IN", ["c003"])
    pages = api.category_api.all(query_params={"search": search.get_filters()})
    assert [item["code"] for page in pages for item in page] == ["c003"]

    uuid = str(uuid4())
    made = api.product_uuid_api.create({"uuid": uuid, **shoe(1)})
    assert made.headers["Location"] == f"{live_server.url}/api/rest/v1/products-uuid/{uuid}"
    assert api.product_uuid_api.get(uuid)["values"]["name"][0]["data"] == "Shoe 1"
    answers = api.product_uuid_api.upsert_list([{"uuid": uuid, "enabled": False}])
    assert [answer["status_code"] for answer in answers] == [204]
    enabled = SearchBuilder()
    enabled.add_filter("enabled", "=", False)
    pages = api.product_uuid_api.all(query_params={"search": enabled.get_filters()})
    assert [item["uuid"] for page in pages for item in page] == [uuid]

    # An access token that is no longer good is renewed with the refresh token on a 401.
    ConnectionToken.objects.filter(kind="access").delete()
    assert api.family_api.get("shoes")["code"] == "shoes"

    # This client keeps errors to itself.
    assert api.category_api.create("c001") is None
    assert Category.objects.count() == 25


def test_myer_pim_sdk(live_server, credentials):
    with httpx.Client() as probe:
        assert probe.get(f"{live_server.url}/api/rest/v1").status_code == 200
    client = AkeneoClient(
        base_url=live_server.url,
        client_id=credentials.client_id,
        client_secret=credentials.secret,
        username=credentials.username,
        password=credentials.password,
    )
    made = client.categories.create_category({"code": "master", "labels": {"en_US": "Master"}})
    assert made is not None
    client.categories.update_by_code("master", {"labels": {"fi": "Pää"}})
    master = client.categories.get_by_code("master")
    assert (master.code, master.labels) == ("master", {"en_US": "Master", "fi": "Pää"})
    client.categories.create_category({"code": "sale", "parent": "master"})
    assert [c.code for c in client.categories.paginate(limit=1)] == ["master", "sale"]
    assert client.system.get_system_information()["edition"] == "CE"
    with pytest.raises(AkeneoAPIError) as refused:
        client.categories.get_by_code("nope")
    assert refused.value.status_code == 404
    client._client.close()


def test_akeneo_api_client_globus(live_server, credentials, pyakeneo, settings, tmp_path):
    """One that also moves reference entities and assets, which the others do not know."""
    settings.ASSET_ROOT = tmp_path / "assets"
    structure(lambda kind, document: getattr(pyakeneo, kind).create_item(document))
    client = AkeneoApiClient(
        base_url=live_server.url,
        client_id=credentials.client_id,
        secret=credentials.secret,
        username=credentials.username,
        password=credentials.password,
    )
    client.login_with_password()

    client.set_reference_entity("designer", {"code": "designer", "labels": {"en_US": "Designer"}})
    # Whoever copies entities sends the attribute that each has from the start, too.
    for code, local in (("label", True), ("city", False)):
        document = {"code": code, "type": "text", "value_per_locale": local, "labels": {}}
        client.set_reference_entity_attribute("designer", code, document)
    attributes = client.get_reference_entity_attributes("designer")
    assert [attribute["code"] for attribute in attributes] == ["label", "city"]
    city = [{"locale": None, "channel": None, "data": "Turku"}]
    client.set_reference_entity_records("designer", [{"code": "aino", "values": {"city": city}}])
    assert client.get_reference_entity_record("designer", "aino")["values"] == {"city": city}
    with pytest.raises(Exception, match="there always"):
        client.set_reference_entity_attribute(
            "designer", "label", {"code": "label", "type": "date"}
        )

    picture = tmp_path / "packshot.png"
    Image.new("RGB", (40, 40), "red").save(picture)
    sent = client.set_asset_media(str(picture))
    code = sent.headers["Asset-media-file-code"]
    values = {"media": [{"locale": None, "channel": None, "data": code}]}
    made = client.set_assets([{"code": "packshot", "values": values}], "assets")
    assert [answer["status_code"] for answer in made] == [201]
    assert client.get_asset("assets", "packshot")["values"]["media"][0]["data"] == code
    assert client.get_asset_media(code).headers["Content-Type"] == "image/png"

    answers = client.set_products_and_get_response(
        [{"identifier": "p1", **shoe(1)}, {"identifier": "p2", "family": "hats"}]
    )
    assert [answer["status_code"] for answer in answers] == [201, 422]
    assert answers[1]["errors"][0]["property"] == "family"
    first = client.get_products({"family": [{"operator": "IN", "value": ["shoes"]}]})
    assert [product["identifier"] for product in first["_embedded"]["items"]] == ["p1"]
    client.set_products([{"identifier": f"q{n:03}", **shoe(n)} for n in range(100)])
    page = client.get_products()
    following = client.get_following_cursor_items(page["_links"]["next"]["href"])
    assert len(page["_embedded"]["items"]) + len(following["_embedded"]["items"]) == 101
    renewed = client.get_auth_token_by_refresh_token()
    assert renewed == (client.access_token, client.refresh_token)
    assert client.get_product("p1")["values"]["name"][0]["data"] == "Shoe 1"
    client.session.close()
