"""A NUL is in no text, however deep it is sent: 422 with its place, and nothing is written."""

import json

import pytest

from pim.models import AttributeGroup, Category, Change, Product
from tests.factories.catalogue import lamp_catalogue
from tests.factories.rest import RestClient

pytestmark = pytest.mark.django_db
NUL = "a\x00b"
LABELS = {"labels": {"en_US": NUL}}
VALUE = {"locale": "en", "scope": None, "data": NUL}
CHANNEL = {"code": "x", "locales": ["en"], "currencies": ["EUR"], "category_tree": "master"}


@pytest.fixture
def shop():
    lamp_catalogue()
    return RestClient()


@pytest.mark.parametrize(
    ("method", "path", "document", "place"),
    [
        ("POST", "/categories", {"code": "x", **LABELS}, "labels.en_US"),
        ("PATCH", "/categories/master", LABELS, "labels.en_US"),
        ("POST", "/families", {"code": "x", **LABELS}, "labels.en_US"),
        ("POST", "/families/lamp/variants", {"code": "x", **LABELS}, "labels.en_US"),
        ("POST", "/association-types", {"code": "x", **LABELS}, "labels.en_US"),
        ("POST", "/attribute-groups", {"code": "x", **LABELS}, "labels.en_US"),
        ("PATCH", "/attributes/name", LABELS, "labels.en_US"),
        ("PATCH", "/attributes/name", {"guidelines": {"en_US": NUL}}, "guidelines.en_US"),
        ("PATCH", "/attributes/color/options/red", LABELS, "labels.en_US"),
        ("POST", "/channels", CHANNEL | LABELS, "labels.en_US"),
        ("PATCH", "/reference-entities/x", LABELS, "labels.en_US"),
        ("POST", "/products", {"identifier": "x", "metadata": {"a": [NUL]}}, "metadata.a.0"),
        ("POST", "/products", {"identifier": "x", "family": NUL}, "family"),
        ("POST", "/products", {"identifier": "x", "values": {"name": [VALUE]}},
         "values.name.0.data"),
    ],
)  # fmt: skip
def test_a_nul_is_refused_with_its_place(shop, method, path, document, place):
    before = Change.objects.count()
    answer = shop.send(method, path, document)
    assert (answer.status_code, answer.json()["errors"]) == (
        422,
        [
            {
                "property": place.partition(".")[0],
                "message": f"“{place}” holds a NUL character: take it out and send it again.",
                "error_code": "nul",
            }
        ],
    )
    assert Change.objects.count() == before


def test_every_nul_of_a_body_is_named(shop):
    document = {"code": "x", "labels": {"en_US": NUL, "fi": NUL}}
    errors = shop.post("/categories", document).json()["errors"]
    assert [error["message"].split("”")[0] for error in errors] == ["“labels.en_US", "“labels.fi"]


def test_a_nul_refuses_its_line_alone(shop):
    lines = [{"code": "one", **LABELS}, {"code": "two"}]
    answers = shop.answers("/attribute-groups", lines)
    assert [(a["code"], a["status_code"]) for a in answers] == [("one", 422), ("two", 201)]
    assert not AttributeGroup.objects.filter(code="one").exists()
    many = shop.answers("/products", [{"identifier": "x", "parent": NUL}, {"identifier": "y"}])
    assert [a["status_code"] for a in many] == [422, 201]
    assert set(Product.objects.values_list("identifier", flat=True)) == {"y"}


def test_a_nul_refuses_its_document_of_a_list_alone(shop):
    shop.patch("/reference-entities/brands", {"labels": {}})
    record = {"code": "acme", "values": {"label": [{"locale": "en", "channel": None, "data": NUL}]}}
    answers = shop.patch("/reference-entities/brands/records", [record, {"code": "b"}]).json()
    assert [(a["code"], a["status_code"]) for a in answers] == [("acme", 422), ("b", 201)]


def test_a_text_may_speak_of_a_nul(shop):
    assert shop.patch("/categories/master", {"labels": {"en": "\\u0000"}}).status_code == 204
    assert Category.objects.get(code="master").labels == {"en": "\\u0000"}


def test_a_file_is_for_no_product_with_a_nul(shop):
    wish = {"identifier": NUL, "attribute": "photo", "locale": None, "scope": None}
    answer = shop.http.post("/api/rest/v1/media-files", {"product": json.dumps(wish)})
    assert answer.status_code == 422
