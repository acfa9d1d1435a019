"""Attributes of reference entities: their rules, and the options of those that choose."""

import json

import pytest

from pim.models import ReferenceEntity, ReferenceRecord
from tests.factories.rest import RestClient

pytestmark = pytest.mark.django_db
HOST = "http://testserver/api/rest/v1"
BRANDS = "/reference-entities/brands"
TREND = f"{BRANDS}/attributes/trend"
NORDIC = {"code": "nordic", "labels": {"en_US": "New Nordic"}}


@pytest.fixture
def shop():
    client = RestClient()
    client.patch(BRANDS, {"labels": {"en_US": "Brands"}})
    client.patch(TREND, {"code": "trend", "type": "single_option"})
    client.patch(f"{TREND}/options/nordic", NORDIC)
    client.patch(f"{TREND}/options/urban", {"labels": {"en_US": "Urban", "fi": "Urbaani"}})
    return client


def value(data):
    return [{"locale": None, "channel": None, "data": data}]


def test_options_are_a_plain_list(shop):
    urban = {"code": "urban", "labels": {"en_US": "Urban", "fi": "Urbaani"}}
    assert shop.get(f"{TREND}/options").json() == [NORDIC, urban]
    assert shop.get(f"{TREND}/options/nordic").json() == NORDIC
    assert shop.get(TREND).json() == {
        "code": "trend",
        "labels": {},
        "type": "single_option",
        "value_per_locale": False,
        "value_per_channel": False,
        "is_required_for_completeness": False,
    }


def test_an_option_is_made_and_changed(shop):
    made = shop.patch(f"{TREND}/options/retro", {"code": "retro", "labels": {"en_US": "Retro"}})
    location = f"{HOST}{TREND}/options/retro"
    assert (made.status_code, made.headers["Location"]) == (201, location)
    changed = shop.patch(f"{TREND}/options/retro", {"labels": {"en_US": None, "fi": "Retro"}})
    assert (changed.status_code, changed.headers["X-Changed"]) == (204, "true")
    assert shop.get(f"{TREND}/options/retro").json()["labels"] == {"fi": "Retro"}
    same = shop.patch(f"{TREND}/options/retro", {})
    assert (same.status_code, same.headers["X-Changed"]) == (204, "false")


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (f"{TREND}/options/nope", 'Option "nope" does not exist.'),
        (f"{BRANDS}/attributes/nope/options", 'Attribute "nope" does not exist.'),
        ("/reference-entities/nope/attributes/trend/options",
         'Reference entity "nope" does not exist.'),
    ],
)  # fmt: skip
def test_what_is_not_there_is_404(shop, path, message):
    answer = shop.get(path)
    assert (answer.status_code, answer.json()["message"]) == (404, message)


def test_a_text_has_no_options(shop):
    shop.patch(f"{BRANDS}/attributes/story", {"type": "text"})
    for answer in (
        shop.get(f"{BRANDS}/attributes/story/options"),
        shop.patch(f"{BRANDS}/attributes/story/options/a", {}),
    ):
        assert answer.status_code == 404
        assert "does not support options" in answer.json()["message"]


@pytest.mark.parametrize(
    ("code", "document"),
    [("nordic", {"code": "urban"}), ("a b", {}), ("new", {"labels": None}), ("new", {"x": 1})],
)
def test_a_document_that_is_no_option_is_refused(shop, code, document):
    before = ReferenceEntity.objects.get().fields
    assert shop.patch(f"{TREND}/options/{code}", document).status_code == 422
    assert ReferenceEntity.objects.get().fields == before


def test_records_choose_among_the_options(shop):
    shop.patch(f"{BRANDS}/attributes/moods", {"type": "multiple_options"})
    for code in ("warm", "calm"):
        shop.patch(f"{BRANDS}/attributes/moods/options/{code}", {})
    values = {"trend": value("nordic"), "moods": value(["warm", "calm"])}
    assert shop.patch(f"{BRANDS}/records/acme", {"values": values}).status_code == 201
    read = shop.get(f"{BRANDS}/records/acme").json()["values"]
    assert read == {"moods": value(["calm", "warm"]), "trend": value("nordic")}
    wrong = {"trend": value("nope"), "moods": value(["calm", "nope"])}
    answer = shop.patch(f"{BRANDS}/records/acme", {"values": wrong})
    assert [e["error_code"] for e in answer.json()["errors"]] == ["unknown_option"] * 2
    assert ReferenceRecord.objects.get().values["trend"] == {"": "nordic"}


def test_rules_of_an_attribute_hold(shop):
    rules = {"type": "number", "decimals_allowed": False, "min_value": "1900"}
    assert shop.patch(f"{BRANDS}/attributes/founded", rules).status_code == 201
    read = shop.get(f"{BRANDS}/attributes/founded").json()
    assert (read["decimals_allowed"], read["min_value"], read["max_value"]) == (
        False, "1900", None,
    )  # fmt: skip
    for data in ("1800", "1950.5"):
        answer = shop.patch(f"{BRANDS}/records/acme", {"values": {"founded": value(data)}})
        assert answer.status_code == 422
    assert shop.patch(f"{BRANDS}/records/acme", {"values": {"founded": value("1931")}}).status_code
    shop.patch(f"{BRANDS}/attributes/site", {"type": "text", "validation_rule": "url"})
    assert shop.get(f"{BRANDS}/attributes/site").json()["validation_rule"] == "url"
    wrong = {"site": value("no address")}
    assert shop.patch(f"{BRANDS}/records/acme", {"values": wrong}).status_code == 422
    bad = shop.patch(f"{BRANDS}/attributes/founded", {"max_value": "many"})
    assert bad.json()["errors"][0]["property"] == "max_value"


def test_a_stale_writer_of_an_option_is_told(shop):
    tag = shop.get(f"{TREND}/options/nordic").headers["ETag"]
    shop.patch(f"{TREND}/options/nordic", {"labels": {"fi": "Uusi"}})
    stale = shop.patch(f"{TREND}/options/nordic", {"labels": {}}, If_Match=tag)
    assert stale.status_code == 412


def test_options_take_the_right_to_change_their_entity():
    viewer = RestClient("viewer", rights=["view_referenceentity"])
    ReferenceEntity.objects.create(
        code="brands", fields=[{"code": "trend", "kind": "select", "options": [{"code": "a"}]}]
    )
    assert json.loads(viewer.get(f"{TREND}/options").content) == [{"code": "a", "labels": {}}]
    assert viewer.patch(f"{TREND}/options/b", {}).status_code == 403
