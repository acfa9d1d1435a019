"""Asset families and assets through the API."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from pim.actions.assets import ingest_asset
from pim.models import Asset, AssetFamily, Attribute, Change, Draft, Locale, Upload
from pim.queries.structure import forget_structure
from tests.factories.catalogue import lamp_catalogue, wish, write
from tests.factories.rest import NOW, SETUP, V1, RestClient

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
    digest = Asset.objects.get(code="front").original_sha256[:40]
    code = f"{'/'.join(digest[:4])}/{digest}_front.png"
    media = f"{HOST}/asset-media-files/{code}"
    assert answer["values"] == {
        "media": [
            {
                "locale": None,
                "channel": None,
                "data": code,
                "_links": {"download": {"href": media}},
            }
        ],
        "label": [{"locale": "en", "channel": None, "data": "Front"}],
    }
    for name in (code, "front"):
        response = shop.get(f"/asset-media-files/{name}", Accept="image/png")
        assert response.headers["Content-Type"] == "image/png"
        assert response.headers["Content-Disposition"] == 'attachment; filename="front.png"'


def test_assets_are_found_by_their_last_change_and_shown_in_some_locales(shop):
    def found(operator, value):
        search = json.dumps({"updated": [{"operator": operator, "value": value}]})
        return codes(shop.get("/asset-families/assets/assets", {"search": search}))

    assert found(">", "2020-01-01T00:00:00Z") == ["back", "front"]
    assert found(">", "2100-01-01T00:00:00Z") == []
    assert found("<", "2020-01-01T00:00:00Z") == []
    front = "/asset-families/assets/assets/front"
    Locale.objects.create(code="en", enabled=True)
    Locale.objects.create(code="fi", enabled=True)
    forget_structure()
    assert set(shop.get(front, {"locales": "fi"}).json()["values"]) == {"media"}
    assert set(shop.get(front, {"locales": "en"}).json()["values"]) == {"media", "label"}


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
        ("nope", 422),
        ("front", 422),
    ]


@pytest.mark.parametrize(
    "values",
    [
        {"label": [{"locale": None, "data": "x"}]},
        {"nope": []},
        {"media": [{"locale": None, "data": "nope"}]},
        {"media": []},
        {"label": "x"},
    ],
)
def test_values_that_cannot_be_are_refused(shop, values):
    before = Change.objects.count()
    response = shop.patch("/asset-families/assets/assets/front", {"values": values})
    assert response.status_code == 422
    assert Change.objects.count() == before


def handed(shop, body, filename="a.png", key="file"):
    """Send a file as a form does."""
    return shop.http.post(f"{V1}/asset-media-files", {key: SimpleUploadedFile(filename, body)})


def sent(shop, shade, filename):
    """Send a picture; return the code of its file."""
    response = handed(shop, png(shade).read(), filename)
    assert response.status_code == 201
    code = response.headers["Asset-media-file-code"]
    assert response.headers["Location"] == f"{HOST}/asset-media-files/{code}"
    return code


def media(code):
    return {"media": [{"locale": None, "channel": None, "data": code}]}


def test_a_file_that_was_sent_waits_for_its_asset(shop):
    code = sent(shop, 7, "Lämp shade.png")
    assert code.endswith("_Lamp_shade.png")
    assert (Asset.objects.count(), Upload.objects.count()) == (2, 1)
    assert sent(shop, 7, "Lämp shade.png") == code
    assert Upload.objects.count() == 1
    assert shop.get(f"/asset-media-files/{code}").headers["Content-Type"] == "image/png"


def test_an_asset_is_made_of_a_file_that_was_sent(shop):
    code = sent(shop, 7, "shade.png")
    label = {"label": [{"locale": "en_US", "channel": None, "data": "A shade"}]}
    address = "/asset-families/packshots/assets/shade"
    made = shop.patch(address, {"code": "shade", "values": media(code) | label})
    assert (made.status_code, made.headers["Location"]) == (201, f"{HOST}{address}")
    asset = Asset.objects.get(code="shade")
    assert (asset.family.code, asset.filename, asset.alt) == (
        "packshots", "shade.png", {"en-US": "A shade"},
    )  # fmt: skip
    assert Upload.objects.count() == 0
    read = shop.get(address).json()["values"]
    assert read["media"][0]["data"] == code
    again = shop.patch(address, {"code": "shade", "values": read})
    assert (again.status_code, again.headers["X-Changed"]) == (204, "false")
    assert shop.get(f"/asset-media-files/{code}").status_code == 200


def test_an_asset_takes_another_file(shop):
    code = sent(shop, 9, "front-new.png")
    held = Asset.objects.get(code="front").sha256
    changed = shop.patch("/asset-families/packshots/assets/front", {"values": media(code)})
    assert (changed.status_code, changed.headers["X-Changed"]) == (204, "true")
    asset = Asset.objects.get(code="front")
    assert asset.sha256 != held
    assert asset.filename == "front-new.png"
    assert asset.alt == {"en": "Front"}


def test_equal_bytes_become_assets_of_their_own(shop):
    code = sent(shop, 7, "shade.png")
    for name in ("one", "two"):
        answer = shop.patch(f"/asset-families/assets/assets/{name}", {"values": media(code)})
        assert answer.status_code == 201
    one, two = (Asset.objects.get(code=name) for name in ("one", "two"))
    assert (one.sha256, one.family) == (two.sha256, None)


def test_an_asset_of_a_family_takes_its_rights_and_goes_to_its_product(shop):
    lamp_catalogue()
    write(wish("L-1", family="lamp"))
    photo = Attribute.objects.get(code="photo")
    rule = {"pattern": "{identifier}_{position}", "attribute": photo, "licence": "CC BY"}
    AssetFamily.objects.filter(code="packshots").update(**rule)
    code = sent(shop, 7, "L-1_1.png")
    answer = shop.patch(
        "/asset-families/packshots/assets", [{"code": "made", "values": media(code)}]
    ).json()
    assert answer == [{"code": "made", "status_code": 201}]
    assert Asset.objects.get(code="made").licence == "CC BY"
    draft = Draft.objects.get(product__identifier="L-1", locale="")
    assert draft.values["photo"] == {"": ["made"]}


def test_codes_of_assets_are_given_once(shop):
    AssetFamily.objects.create(code="drawings")
    answer = shop.patch("/asset-families/drawings/assets/front", {"values": {}})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["error_code"] == "other_family"
    assert Asset.objects.get(code="front").family.code == "packshots"


def test_what_is_no_medium_is_not_taken_in(shop):
    refused, missing = handed(shop, b"<html>"), handed(shop, png(3).read(), key="other")
    assert (refused.status_code, missing.status_code) == (422, 422)
    assert Upload.objects.count() == 0


def test_files_that_nobody_names_are_forgotten(shop):
    sent(shop, 7, "shade.png")
    Upload.objects.update(created_at=NOW - timedelta(days=31))
    sent(shop, 8, "other.png")
    assert [upload.filename for upload in Upload.objects.all()] == ["other.png"]
