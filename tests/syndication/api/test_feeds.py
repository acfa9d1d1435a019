"""The feeds: what a reader gets, what is kept from it, and what it can know is unchanged."""

import gzip

import orjson
import pytest
import zstandard
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pim.models import Attribute, Audience
from syndication.actions.api_keys import create_key
from syndication.actions.listings import upkeep
from syndication.actions.listings_sequence import begin_epoch
from syndication.models import ChannelSequence
from tests.factories import lamps
from tests.factories.lamps import NOW, names, publish, withdraw

pytestmark = pytest.mark.django_db
PRODUCTS = "/feeds/web/en/products"
CHANGES = "/feeds/web/en/changes"


@pytest.fixture(autouse=True)
def structure(db):
    lamps.build_structure()


def stock(*identifiers):
    made = [publish(i, names(en=f"Lamp {i}", fi=f"Lamppu {i}")) for i in identifiers]
    upkeep(at=NOW)
    return made


def identifiers(response):
    return [item["identifier"] for item in response.json()["items"]]


def problem(response):
    assert response["Content-Type"] == "application/problem+json"
    found = response.json()
    assert found["status"] == response.status_code
    return response.status_code, found["code"]


def read_all(client, url, **headers):
    found = []
    while url:
        page = client.get(url, headers=headers).json()
        found += page["items"]
        url = page["next"]
    return found


def test_a_page_holds_documents_with_body_facts_sequence_and_state(client):
    (product,) = stock("L-1")
    lamps.price(product, "10")
    upkeep(at=NOW)
    response = client.get(PRODUCTS)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert response["Content-Language"] == "en"
    page = response.json()
    (item,) = page["items"]
    assert (item["identifier"], item["name"], item["state"]) == ("L-1", "Lamp L-1", "live")
    assert item["facts"]["prices"][0]["amount"] == "10"
    assert item["sequence"] == page["sequence"]
    assert {k: page[k] for k in ("channel", "audience", "locale", "epoch", "next")} == {
        "channel": "web", "audience": "consumer", "locale": "en", "epoch": 1, "next": None,
    }  # fmt: skip


def test_paging_leads_through_everything_once(client):
    stock("L-1", "L-2", "L-3", "L-4", "L-5")
    first = client.get(PRODUCTS + "?limit=2")
    assert first["Link"] == f'<{first.json()["next"]}>; rel="next"'
    found = read_all(client, PRODUCTS + "?limit=2")
    assert [item["identifier"] for item in found] == ["L-1", "L-2", "L-3", "L-4", "L-5"]


def test_a_full_read_keeps_the_number_it_began_with(client):
    stock("L-1", "L-2", "L-3")
    first = client.get(PRODUCTS + "?limit=2").json()
    stock("L-1")
    publish("L-1", names(en="Renamed"))
    upkeep(at=NOW)
    last = client.get(first["next"]).json()
    assert last["sequence"] == first["sequence"]
    missed = client.get(f"{CHANGES}?after={last['sequence']}")
    assert [item["name"] for item in missed.json()["items"]] == ["Renamed"]


def test_ndjson_is_one_document_a_line(client):
    stock("L-1", "L-2")
    for response in (
        client.get(PRODUCTS + "?format=ndjson"),
        client.get(PRODUCTS, headers={"Accept": "application/x-ndjson"}),
    ):
        assert response["Content-Type"] == "application/x-ndjson; charset=utf-8"
        lines = response.content.splitlines()
        assert [orjson.loads(line)["identifier"] for line in lines] == ["L-1", "L-2"]


def test_locales_are_taken_in_both_forms(client):
    stock("L-1")
    for locale in ("sv-FI", "sv_FI"):
        assert client.get(f"/feeds/web/{locale}/products")["Content-Language"] == "sv-FI"


def test_changes_end_where_the_full_read_is(client):
    one, _two = stock("L-1", "L-2")
    start = client.get(PRODUCTS).json()["sequence"]
    withdraw(one)
    publish("L-3", names(en="New"))
    upkeep(at=NOW)
    page = client.get(f"{CHANGES}?after={start}").json()
    assert [(i["identifier"], i["state"]) for i in page["items"]] == [
        ("L-1", "removed"),
        ("L-3", "live"),
    ]
    assert sorted(page["items"][0]) == ["identifier", "sequence", "state", "uuid"]
    assert client.get(f"{CHANGES}?after={page['sequence']}").json()["items"] == []


def test_changes_page_by_number(client):
    stock("L-1", "L-2", "L-3")
    found = read_all(client, CHANGES + "?after=0&limit=1")
    assert [item["identifier"] for item in found] == ["L-1", "L-2", "L-3"]


def test_what_was_never_shown_is_in_no_feed(client):
    stock("L-1")
    publish("L-2", names(en="Secret"), enabled=False)
    upkeep(at=NOW)
    assert identifiers(client.get(PRODUCTS)) == ["L-1"]
    assert identifiers(client.get(CHANGES + "?after=0")) == ["L-1"]
    assert problem(client.get(PRODUCTS + "/L-2")) == (404, "unknown_product")


def test_one_product_is_answered_and_a_removed_one_is_gone(client):
    (product,) = stock("L-1")
    assert client.get(PRODUCTS + "/L-1").json()["name"] == "Lamp L-1"
    withdraw(product)
    upkeep(at=NOW)
    assert problem(client.get(PRODUCTS + "/L-1")) == (410, "removed")


def test_older_than_the_horizon_is_gone_with_the_way_to_a_full_read(client):
    stock("L-1", "L-2")
    ChannelSequence.objects.filter(channel="web").update(horizon=5)
    response = client.get(CHANGES + "?after=4")
    assert problem(response) == (410, "below_horizon")
    assert client.get(response.json()["full_read"]).status_code == 200
    assert client.get(CHANGES + "?after=5").status_code == 200
    assert problem(client.get(CHANGES + "?after=99999")) == (410, "beyond_sequence")


def test_another_epoch_is_gone(client):
    stock("L-1", "L-2")
    cursor = client.get(PRODUCTS + "?limit=1").json()["next"]
    assert client.get(CHANGES + "?after=0&epoch=1").status_code == 200
    begin_epoch(at=NOW)
    assert problem(client.get(CHANGES + "?after=0&epoch=1")) == (410, "other_epoch")
    assert problem(client.get(cursor)) == (410, "other_epoch")


def test_an_unchanged_page_is_304_without_reading_bodies(client):
    stock("L-1")
    first = client.get(PRODUCTS)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        again = client.get(PRODUCTS, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert not any("listingbody" in query["sql"] for query in asked)
    publish("L-1", names(en="Renamed", fi="Lamppu L-1"))
    upkeep(at=NOW)
    changed = client.get(PRODUCTS, headers={"If-None-Match": first["ETag"]})
    assert (changed.status_code, changed.json()["items"][0]["name"]) == (200, "Renamed")


def test_a_change_of_another_language_leaves_the_entity_tag(client):
    stock("L-1")
    before = client.get(PRODUCTS)["ETag"]
    publish("L-1", names(en="Lamp L-1", fi="Uusi"))
    upkeep(at=NOW)
    assert client.get(PRODUCTS)["ETag"] == before


@pytest.mark.parametrize(
    ("coding", "decode"),
    [
        ("gzip", gzip.decompress),
        ("zstd", lambda data: zstandard.ZstdDecompressor().decompress(data)),
    ],
)
def test_codings_carry_the_same_document_under_tags_of_their_own(client, coding, decode):
    stock("L-1")
    plain = client.get(PRODUCTS)
    coded = client.get(PRODUCTS, headers={"Accept-Encoding": coding})
    assert coded["Content-Encoding"] == coding
    assert decode(coded.content) == plain.content
    assert coded["ETag"] != plain["ETag"]
    assert "Accept-Encoding" in coded["Vary"]
    again = client.get(
        PRODUCTS, headers={"Accept-Encoding": coding, "If-None-Match": coded["ETag"]}
    )
    assert again.status_code == 304


def test_one_and_three_products_take_the_same_queries(client):
    def queries(url):
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        return [q["sql"].split("WHERE")[0] for q in asked]

    stock("L-1")
    one = queries(PRODUCTS), queries(CHANGES + "?after=0")
    stock("L-2", "L-3")
    assert (queries(PRODUCTS), queries(CHANGES + "?after=0")) == one
    assert len(one[0]) == 3


def test_an_audience_that_is_not_public_needs_a_key_in_scope(client):
    publish("L-1", {**names(en="Lamp"), "": {"manual": {"": "Mind the fuse"}}})
    upkeep(at=NOW)
    url = PRODUCTS + "?audience=technician"
    refused = client.get(url)
    assert problem(refused) == (401, "key_required")
    assert refused["WWW-Authenticate"].startswith("Bearer")
    _key, right = create_key("right", channel="web", audiences=["technician"])
    _key, other = create_key("other", channel="web", audiences=["reseller"])
    _key, elsewhere = create_key("elsewhere", channel="print", audiences=["technician"])
    for text in (other, elsewhere):
        answer = client.get(url, headers={"Authorization": f"Bearer {text}"})
        assert problem(answer) == (403, "out_of_scope")
    answer = client.get(url, headers={"Authorization": f"Bearer {right}"})
    assert answer.json()["items"][0]["values"]["manual"][0] == "Mind the fuse"
    assert answer["Cache-Control"].startswith("private")
    assert "Authorization" in answer["Vary"]
    assert b"fuse" not in client.get(PRODUCTS).content
    assert b"fuse" not in client.get("/feeds/web/en/labels").content


def test_a_wrong_or_disabled_key_is_refused_even_where_none_is_needed(client):
    stock("L-1")
    key, text = create_key("mine", audiences=["reseller"])
    assert problem(client.get(PRODUCTS, headers={"Authorization": f"Bearer {text}x"})) == (
        401,
        "invalid_key",
    )
    key.enabled = False
    key.save()
    assert problem(client.get(PRODUCTS, headers={"Authorization": f"Bearer {text}"})) == (
        401,
        "invalid_key",
    )


def test_contexts_of_a_channel_are_those_the_reader_may_read(client):
    stock("L-1")
    _key, text = create_key("mine", audiences=["reseller"])
    audiences = [
        {c["audience"] for c in client.get("/feeds/web", headers=headers).json()["contexts"]}
        for headers in ({}, {"Authorization": f"Bearer {text}"})
    ]
    assert audiences == [{"consumer"}, {"consumer", "reseller"}]


def test_labels_are_the_context_document_without_other_audiences(client):
    stock("L-1")
    found = client.get("/feeds/web/en/labels").json()
    assert found["attributes"]["name"]["label"] == "Name"
    assert "manual" not in found["attributes"]
    assert found["entities"]["maker"]["fields"]["about"]["kind"] == "text"


def test_labels_say_nothing_of_entities_that_only_others_see(client):
    brand = Attribute.objects.get(code="brand")
    brand.audiences.set(Audience.objects.filter(code="technician"))
    lamps.log("structure", scope={"kind": "attribute", "codes": ["brand"]})
    upkeep(at=NOW)
    assert client.get("/feeds/web/en/labels").json()["entities"] == {}
    _key, text = create_key("seeing", channel="web", audiences=["technician"])
    url, headers = "/feeds/web/en/labels?audience=technician", {"Authorization": f"Bearer {text}"}
    assert set(client.get(url, headers=headers).json()["entities"]) == {"maker"}


def test_reading_methods_only(client):
    stock("L-1")
    refused = client.post(PRODUCTS)
    assert (problem(refused), refused["Allow"]) == (
        (405, "method_not_allowed"),
        "GET, HEAD, OPTIONS",
    )
    assert client.options(PRODUCTS)["Allow"] == "GET, HEAD, OPTIONS"
    head, get = client.head(PRODUCTS), client.get(PRODUCTS)
    assert (head.content, head["ETag"], head["Content-Length"]) == (
        b"",
        get["ETag"],
        get["Content-Length"],
    )


@pytest.mark.parametrize(
    ("url", "answer"),
    [
        ("/feeds/nowhere/en/products", (404, "unknown_channel")),
        ("/feeds/web/de/products", (404, "unknown_locale")),
        ("/feeds/web/en/products?audience=nobody", (404, "unknown_audience")),
        ("/feeds/web/en/nothing", (404, "not_found")),
        ("/feeds/web/en/products?limit=0", (400, "invalid_limit")),
        ("/feeds/web/en/products?limit=many", (400, "invalid_limit")),
        ("/feeds/web/en/products?cursor=x", (400, "invalid_cursor")),
        ("/feeds/web/en/products?format=xml", (400, "unknown_format")),
        ("/feeds/web/en/changes", (400, "invalid_after")),
        ("/feeds/web/en/changes?after=-1", (400, "invalid_after")),
    ],
)
def test_what_cannot_be_answered_is_a_problem_document(client, url, answer):
    stock("L-1")
    assert problem(client.get(url)) == answer


def test_a_media_type_that_there_is_not_is_refused(client):
    stock("L-1")
    assert problem(client.get(PRODUCTS, headers={"Accept": "text/html"})) == (406, "not_acceptable")


def test_a_limit_above_the_most_is_the_most(client):
    stock("L-1")
    assert client.get(PRODUCTS + "?limit=5000").status_code == 200


def test_feeds_depend_on_no_cookie_and_no_language_of_the_reader(client):
    stock("L-1")
    answer = client.get(PRODUCTS, headers={"Accept-Language": "fi"})
    assert answer["Vary"] == "Accept, Accept-Encoding"
    assert not answer.cookies
    assert answer["X-Content-Type-Options"] == "nosniff"
