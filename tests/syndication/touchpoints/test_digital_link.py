"""`/01/{gtin}`: redirects, linksets, refusals, and openness to other origins."""

import json
from pathlib import Path

import pytest

from syndication.models import Listing, ListingGtin

SCHEMA = Path(__file__).resolve().parents[4] / "shared/data/schemas/gs1_linkset.json"


@pytest.fixture
def item(shirt):
    return shirt[1]


def test_gtin_leads_to_the_page_in_the_readers_language(item, client):
    response = client.get(f"/01/0{item.gtin}", HTTP_ACCEPT_LANGUAGE="de")
    assert (response.status_code, response["Location"]) == (307, f"/p/de/{item.slug}")
    assert response["Link"].endswith('rel="linkset"; type="application/linkset+json"')
    assert {"Accept", "Accept-Language"} <= {v.strip() for v in response["Vary"].split(",")}
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/01/{gtin}", "/01/0{gtin}/", "/01/{gtin}/10/LOT-7/21/99"])
def test_shorter_gtins_slashes_and_qualifiers_are_understood(path, item, client):
    response = client.get(path.format(gtin=item.gtin))
    assert (response.status_code, response["Location"]) == (307, f"/p/en/{item.slug}")


@pytest.mark.parametrize(
    "path",
    [
        "/01/12345",
        "/01/4006381333932",
        "/01/{gtin}/foo",
        "/01/{gtin}/21/1/10/2",
        "/01/{gtin}/10/" + "x" * 21,
        "/01/{gtin}/99/1",
        "/01/{gtin}/10/a%20b",
    ],
)
def test_wrong_syntax_is_400(path, item, client):
    assert client.get(path.format(gtin=item.gtin)).status_code == 400


def test_unknown_gtin_is_404(item, client):
    assert client.get("/01/04006381333931").status_code == 404


@pytest.mark.parametrize("how", ["accept", "query", "all"])
def test_linkset_has_one_default_link_and_one_link_per_language(how, item, client):
    headers = {"HTTP_ACCEPT": "application/linkset+json"} if how == "accept" else {}
    query = {"accept": "", "query": "?linkType=linkset", "all": "?linkType=all"}[how]
    response = client.get(f"/01/0{item.gtin}{query}", **headers)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/linkset+json"
    found = response.json()["linkset"][0]
    assert found["anchor"].endswith(f"/01/0{item.gtin}")
    assert len(found["https://ref.gs1.org/voc/defaultLink"]) == 1
    links = found["https://ref.gs1.org/voc/pip"]
    assert [link["hreflang"] for link in links] == [["en"], ["de"], ["ar"]]


@pytest.mark.skipif(not SCHEMA.exists(), reason="the published schema is not on this machine")
def test_linkset_follows_the_published_schema(item, client):
    jsonschema = pytest.importorskip("jsonschema")
    document = client.get(f"/01/0{item.gtin}?linkType=linkset").json()
    jsonschema.validate(document, json.loads(SCHEMA.read_text()))


def test_a_link_type_there_is_not_is_404_never_the_default(item, client):
    assert client.get(f"/01/0{item.gtin}?linkType=gs1:recallStatus").status_code == 404
    assert client.get(f"/01/0{item.gtin}?linkType=gs1:pip").status_code == 307


def test_query_is_passed_on_encoded_and_cannot_choose_the_host(item, client):
    query = "?17=271231&next=https://evil.example/%0d%0aSet-Cookie:x&linkType=gs1:pip"
    location = client.get(f"/01/0{item.gtin}{query}")["Location"]
    assert location.startswith(f"/p/en/{item.slug}?17=271231&next=https%3A%2F%2Fevil")
    assert "\n" not in location
    assert "linkType" not in location


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_any_origin_may_ask(method, item, client):
    response = getattr(client, method)(f"/01/0{item.gtin}")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response.status_code == {"options": 204}.get(method, 307)
    assert response.content == b""


def test_other_methods_are_405(item, client):
    response = client.post(f"/01/0{item.gtin}")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_product_that_left_is_404_here(item, client):
    Listing.objects.filter(product_id=item.product_id).update(state="removed")
    assert client.get(f"/01/0{item.gtin}").status_code == 404


def test_resolver_describes_itself(db, client):
    found = client.get("/.well-known/gs1resolver").json()
    assert found["supportedPrimaryKeys"] == ["01"]
    assert found["resolverRoot"].startswith("http")


CASE = "16429999001019"


def packed(item, **context):
    here = {"channel": item.channel, "audience": item.audience, **context}
    return ListingGtin.objects.create(**here, product_id=item.product_id, gtin=CASE)


def test_the_gtin_of_a_case_leads_to_the_page_of_what_is_in_it(item, client):
    assert client.get(f"/01/{CASE}").status_code == 404
    packed(item)
    response = client.get(f"/01/{CASE}", HTTP_ACCEPT_LANGUAGE="de")
    assert (response.status_code, response["Location"]) == (307, f"/p/de/{item.slug}")
    linkset = client.get(f"/01/{CASE}?linkType=linkset").json()["linkset"][0]
    assert linkset["anchor"].endswith(f"/01/{CASE}")


def test_the_case_of_another_context_or_of_a_product_that_left_is_404(item, client):
    packed(item, audience="reseller")
    packed(item, channel="other")
    assert client.get(f"/01/{CASE}").status_code == 404
    packed(item)
    Listing.objects.filter(product_id=item.product_id).update(state="removed")
    assert client.get(f"/01/{CASE}").status_code == 404


def test_a_products_own_gtin_goes_before_that_of_a_case(shirt, client):
    root, item = shirt[0], shirt[1]
    here = {"channel": item.channel, "audience": item.audience}
    ListingGtin.objects.create(**here, product_id=root.product_id, gtin=f"0{item.gtin}")
    assert client.get(f"/01/0{item.gtin}")["Location"] == f"/p/en/{item.slug}"
