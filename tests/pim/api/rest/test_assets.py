"""Asset families and assets through the API."""

from io import BytesIO

import pytest
from PIL import Image

from pim.actions.assets import ingest_asset
from pim.models import Asset, AssetFamily, Change
from tests.factories.rest import NOW, SETUP, RestClient

pytestmark = pytest.mark.django_db
HOST = "http://testserver/api/rest/v1"


@pytest.fixture
def shop(settings, tmp_path):
    settings.ASSET_ROOT = tmp_path
    how = {"actor": SETUP, "at": NOW}
    family = AssetFamily.objects.create(code="packshots", labels={"en": "Packshots"})
    for shade, code in enumerate(("front", "back")):
        ingest_asset(png(shade), filename=f"{code}.png", code=code, **how)
    Asset.objects.filter(code="front").update(family=family, alt={"en": "Front"})
    return RestClient()


def png(shade) -> BytesIO:
    """Return a small picture of one colour."""
    stream = BytesIO()
    Image.new("RGB", (8, 8), (shade, 90, 30)).save(stream, "PNG")
    stream.seek(0)
    return stream


def codes(response):
    return [item["code"] for item in response.json()["_embedded"]["items"]]


def test_families_are_those_of_the_house_and_one_of_all(shop):
    assert codes(shop.get("/asset-families")) == ["assets", "packshots"]
    assert shop.get("/asset-families/packshots").json() == {
        "code": "packshots",
        "labels": {"en": "Packshots"},
        "attribute_as_main_media": "media",
        "naming_convention": {},
        "product_link_rules": [],
        "transformations": [],
    }
    assert shop.get("/asset-families/nope").status_code == 404


def test_assets_are_listed_by_family(shop):
    assert codes(shop.get("/asset-families/assets/assets")) == ["back", "front"]
    assert codes(shop.get("/asset-families/packshots/assets")) == ["front"]
    assert shop.get("/asset-families/packshots/assets/back").status_code == 404
    attributes = shop.get("/asset-families/packshots/attributes").json()
    assert [attribute["code"] for attribute in attributes] == ["media", "label", "caption"]


def test_an_asset_says_where_its_bytes_are(shop):
    answer = shop.get("/asset-families/assets/assets/front").json()
    media = f"{HOST}/asset-media-files/front"
    assert answer["values"] == {
        "media": [
            {
                "locale": None,
                "channel": None,
                "data": "front",
                "_links": {"download": {"href": media}},
            }
        ],
        "label": [{"locale": "en", "channel": None, "data": "Front"}],
    }
    response = shop.get("/asset-media-files/front", Accept="image/png")
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Content-Disposition"] == 'attachment; filename="front.png"'


def test_what_is_said_of_an_asset_changes(shop):
    label = {"label": [{"locale": "fi", "channel": None, "data": "Etu"}]}
    first = shop.patch("/asset-families/assets/assets/front", {"values": label})
    same = shop.patch("/asset-families/assets/assets/front", {"values": label})
    assert [r.headers["X-Changed"] for r in (first, same)] == ["true", "false"]
    assert Asset.objects.get(code="front").alt == {"en": "Front", "fi": "Etu"}


def test_many_assets_are_a_list_both_ways(shop):
    label = {"label": [{"locale": "en", "channel": None, "data": "Back"}]}
    answer = shop.patch(
        "/asset-families/assets/assets",
        [{"code": "back", "values": label}, {"code": "nope"}, {"code": "front", "colour": 1}],
    ).json()
    assert [(a["code"], a["status_code"]) for a in answer] == [
        ("back", 204),
        ("nope", 404),
        ("front", 422),
    ]


@pytest.mark.parametrize(
    "values",
    [
        {"label": [{"locale": None, "data": "x"}]},
        {"nope": []},
        {"media": [{"locale": None, "data": "back"}]},
        {"label": "x"},
    ],
)
def test_values_that_cannot_be_are_refused(shop, values):
    before = Change.objects.count()
    response = shop.patch("/asset-families/assets/assets/front", {"values": values})
    assert response.status_code == 422
    assert Change.objects.count() == before
