"""Reference entities, their attributes and records through the API."""

import json

import pytest

from pim.models import ReferenceEntity, ReferenceRecord
from tests.factories.rest import RestClient

pytestmark = pytest.mark.django_db
HOST = "http://testserver/api/rest/v1"
BRANDS = "/reference-entities/brands"
TEXT = {
    "code": "story",
    "labels": {"en_US": "Story"},
    "type": "text",
    "value_per_locale": True,
    "value_per_channel": False,
    "is_required_for_completeness": False,
    "max_characters": None,
    "is_textarea": True,
    "is_rich_text_editor": False,
    "validation_rule": "none",
    "validation_regexp": None,
}
ACME = {
    "code": "acme",
    "values": {
        "label": [{"locale": "en_US", "channel": None, "data": "Acme"}],
        "founded": [{"locale": None, "channel": None, "data": "1931"}],
        "story": [{"locale": "fi", "channel": None, "data": "Tarina"}],
    },
}


@pytest.fixture
def shop():
    client = RestClient()
    client.patch(BRANDS, {"labels": {"en_US": "Brands"}})
    client.patch(f"{BRANDS}/attributes/story", TEXT)
    client.patch(f"{BRANDS}/attributes/founded", {"type": "number", "value_per_locale": False})
    return client


def test_an_entity_is_read_as_it_was_written(shop):
    assert shop.get(BRANDS).json() == {
        "code": "brands",
        "labels": {"en_US": "Brands"},
        "image": None,
    }
    page = shop.get("/reference-entities").json()
    assert [item["code"] for item in page["_embedded"]["items"]] == ["brands"]
    assert "current_page" not in page


def test_attributes_are_a_plain_list_with_the_label(shop):
    listed = shop.get(f"{BRANDS}/attributes").json()
    assert [attribute["code"] for attribute in listed] == ["label", "story", "founded"]
    assert shop.get(f"{BRANDS}/attributes/story").json() == TEXT
    assert shop.get(f"{BRANDS}/attributes/nope").status_code == 404


@pytest.mark.parametrize(
    "document", [{"type": "number"}, {"value_per_locale": False}, {"value_per_channel": True}]
)
def test_the_type_of_an_attribute_never_changes(shop, document):
    assert shop.patch(f"{BRANDS}/attributes/story", document).status_code == 422
    assert shop.get(f"{BRANDS}/attributes/story").json() == TEXT


def test_a_type_that_is_none_is_refused(shop):
    made = shop.patch(f"{BRANDS}/attributes/new", {"type": "reference_entity_single_link"})
    assert made.status_code == 422
    assert len(ReferenceEntity.objects.get().fields) == 2


def test_a_record_is_read_as_it_was_written(shop):
    made = shop.patch(f"{BRANDS}/records/acme", ACME)
    assert (made.status_code, made.headers["Location"]) == (201, f"{HOST}{BRANDS}/records/acme")
    answer = shop.get(f"{BRANDS}/records/acme").json()
    assert answer.pop("updated")
    assert answer == ACME
    same = shop.patch(f"{BRANDS}/records/acme", ACME)
    assert (same.status_code, same.headers["X-Changed"]) == (204, "false")


def web(shop):
    shop.post("/categories", {"code": "master"})
    shop.post("/channels", {
        "code": "web", "locales": ["en_US", "fi"], "currencies": ["EUR"], "category_tree": "master",
    })  # fmt: skip


def test_values_of_some_locales_are_shown(shop):
    web(shop)
    shop.patch(f"{BRANDS}/records/acme", ACME)
    one = {"locales": "fi", "channel": "web"}
    (record,) = shop.get(f"{BRANDS}/records", one).json()["_embedded"]["items"]
    assert record["values"] == {name: ACME["values"][name] for name in ("founded", "story")}
    both = shop.get(f"{BRANDS}/records/acme", {"locales": "fi,en_US"}).json()
    assert both["values"] == ACME["values"]
    for query, message in (
        ({"locales": "xx"}, 'Locale "xx" does not exist or is not activated.'),
        ({"channel": "tv"}, 'Channel "tv" does not exist.'),
    ):
        assert shop.get(f"{BRANDS}/records", query).json()["message"] == message


def test_records_are_found_by_completeness_and_change(shop):
    shop.patch(f"{BRANDS}/records/acme", ACME)

    def found(**search):
        page = shop.get(f"{BRANDS}/records", {"search": json.dumps(search)}).json()
        return [item["code"] for item in page["_embedded"]["items"]]

    place = {"operator": "=", "channel": "web", "locales": ["en_US"]}
    assert found(complete={**place, "value": True}) == ["acme"]
    assert found(complete={**place, "value": False}) == []
    years = ["2020-01-01T00:00:00Z", "2100-01-01T00:00:00Z"]
    assert found(updated=[{"operator": "BETWEEN", "value": years}]) == ["acme"]
    assert found(updated=[{"operator": "NOT BETWEEN", "value": years}]) == []


def test_values_merge_and_go(shop):
    shop.patch(f"{BRANDS}/records/acme", ACME)
    gone = {"founded": [{"locale": None, "channel": None, "data": None}]}
    shop.patch(f"{BRANDS}/records/acme", {"values": gone})
    assert set(shop.get(f"{BRANDS}/records/acme").json()["values"]) == {"label", "story"}


def test_many_records_are_a_list_both_ways(shop):
    bad = {"code": "bad", "values": {"nope": [{"locale": None, "channel": None, "data": 1}]}}
    response = shop.patch(f"{BRANDS}/records", [ACME, bad, {"values": {}}, {"code": "more"}])
    assert [(a["code"], a["status_code"]) for a in response.json()] == [
        ("acme", 201),
        ("bad", 422),
        (None, 422),
        ("more", 201),
    ]
    assert set(ReferenceRecord.objects.values_list("code", flat=True)) == {"acme", "more"}


def test_all_that_is_wrong_in_a_record_is_said(shop):
    answer = shop.patch(
        f"{BRANDS}/records/bad",
        {
            "values": {
                "founded": [{"locale": None, "channel": None, "data": "long ago"}],
                "story": [{"locale": None, "channel": None, "data": "x"}],
                "nope": [{"locale": None, "channel": None, "data": "x"}],
            }
        },
    ).json()
    assert [e["error_code"] for e in answer["errors"]] == [
        "not_a_number",
        "wrong_locale",
        "unknown_code",
    ]
    assert ReferenceRecord.objects.count() == 0


def test_records_are_read_page_by_page_with_a_cursor(shop):
    shop.patch(f"{BRANDS}/records", [{"code": f"r{n}"} for n in range(5)])
    found, url = [], f"{BRANDS}/records?limit=2"
    while url:
        page = shop.get(url).json()
        found += [item["code"] for item in page["_embedded"]["items"]]
        if len(found) == 2:
            # What is made and deleted meanwhile moves nothing else.
            ReferenceRecord.objects.filter(code="r0").delete()
        url = page["_links"].get("next", {}).get("href", "").removeprefix(HOST)
    assert found == ["r0", "r1", "r2", "r3", "r4"]
    wrong = shop.get(f"{BRANDS}/records", {"search_after": "nonsense"})
    assert wrong.status_code == 422


def test_records_of_an_unknown_entity_are_404(shop):
    response = shop.get("/reference-entities/nope/records")
    assert (response.status_code, response.json()["message"]) == (
        404,
        'Reference entity "nope" does not exist.',
    )


def test_records_cost_the_same_for_one_and_three(shop, django_assert_num_queries):
    shop.patch(f"{BRANDS}/records", [{"code": f"r{n}"} for n in range(3)])
    for limit in (1, 3):
        with django_assert_num_queries(7):
            shop.get(f"{BRANDS}/records", {"limit": limit})
