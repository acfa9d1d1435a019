"""Pictures of reference entities and of their records through the API."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from pim.actions.assets import ingest_asset
from pim.models import Asset, Change, ReferenceEntity, ReferenceRecord, Upload
from tests.factories.rest import NOW, SETUP, V1, RestClient

pytestmark = pytest.mark.django_db
HOST = "http://testserver/api/rest/v1"
FILES = "/reference-entities-media-files"
BRANDS = "/reference-entities/brands"


@pytest.fixture(autouse=True)
def _kept_here(settings, tmp_path):
    settings.ASSET_ROOT = tmp_path / "assets"


@pytest.fixture
def shop():
    client = RestClient()
    client.patch(BRANDS, {"labels": {"en_US": "Brands"}})
    client.patch(f"{BRANDS}/attributes/logo", {"type": "image"})
    client.patch(f"{BRANDS}/attributes/badge", {"type": "image", "value_per_locale": True})
    return client


def png(shade):
    out = BytesIO()
    Image.new("RGB", (8, 8), (shade, 0, 0)).save(out, "PNG")
    out.seek(0)
    return out


def handed(shop, body, filename="logo.png"):
    return shop.http.post(f"{V1}{FILES}", {"file": SimpleUploadedFile(filename, body)})


def sent(shop, shade, filename="logo.png"):
    response = handed(shop, png(shade).read(), filename)
    assert response.status_code == 201
    code = response.headers["Reference-entities-media-file-code"]
    assert response.headers["Location"] == f"{HOST}{FILES}/{code}"
    return code


def value(data, locale=None):
    return {"locale": locale, "channel": None, "data": data}


def shown(data, locale=None):
    return value(data, locale) | {"_links": {"download": {"href": f"{HOST}{FILES}/{data}"}}}


def test_a_file_is_sent_and_read_back(shop):
    code = sent(shop, 7, "Lämp logo.png")
    assert code.endswith("_Lamp_logo.png")
    answer = shop.get(f"{FILES}/{code}", Accept="image/png")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Lamp_logo.png"'
    assert (Asset.objects.count(), Upload.objects.count()) == (0, 1)
    assert shop.get(f"{FILES}/nope").json()["message"] == 'Media file "nope" does not exist.'
    assert handed(shop, b"<html>").status_code == 422


def test_files_take_the_rights_of_assets():
    viewer = RestClient("viewer", rights=["view_referencerecord"])
    assert handed(viewer, png(1).read()).status_code == 403
    assert viewer.get(f"{FILES}/x").status_code == 403
    assert Upload.objects.count() == 0


def test_a_record_names_files_and_is_read_as_it_was_written(shop):
    first, second = sent(shop, 1), sent(shop, 2, "badge.png")
    values = {"logo": [value(first)], "badge": [value(second, "en_US"), value(first, "fi")]}
    made = shop.patch(f"{BRANDS}/records/acme", {"values": values})
    assert made.status_code == 201
    assert (Asset.objects.count(), Upload.objects.count()) == (2, 0)
    expected = {"badge": [shown(second, "en_US"), shown(first, "fi")], "logo": [shown(first)]}
    read = shop.get(f"{BRANDS}/records/acme").json()
    assert read["values"] == expected
    assert shop.get(f"{BRANDS}/records").json()["_embedded"]["items"][0]["values"] == expected
    same = shop.patch(f"{BRANDS}/records/acme", read)
    assert (same.status_code, same.headers["X-Changed"]) == (204, "false")
    assert shop.get(f"{FILES}/{first}").status_code == 200


def test_assets_are_named_by_their_codes_too(shop):
    how = {"actor": SETUP, "at": NOW}
    for code in ("older", "newer"):
        ingest_asset(png(3), filename=f"{code}.png", code=code, **how)
    shop.patch(f"{BRANDS}/records/acme", {"values": {"logo": [value("newer")]}})
    read = shop.get(f"{BRANDS}/records/acme").json()
    assert read["values"]["logo"][0]["data"].endswith("_newer.png")
    # Of equal files the one that stands there is meant.
    same = shop.patch(f"{BRANDS}/records/acme", read)
    assert same.headers["X-Changed"] == "false"
    assert ReferenceRecord.objects.get().values == {"logo": {"": "newer"}}


def test_a_file_that_is_gone_is_not_shown(shop):
    shop.patch(f"{BRANDS}/records/acme", {"values": {"logo": [value(sent(shop, 4))]}})
    Asset.objects.all().delete()
    assert shop.get(f"{BRANDS}/records/acme").json()["values"] == {}
    gone = shop.patch(f"{BRANDS}/records/acme", {"values": {"logo": [value(None)]}})
    assert gone.headers["X-Changed"] == "true"
    assert ReferenceRecord.objects.get().values == {}


def test_records_that_are_refused_take_nothing_in(shop):
    code, before = sent(shop, 5), Change.objects.count()
    values = {"logo": [value(code)], "badge": [value("nope", "fi")], "x": [value(1)]}
    answer = shop.patch(f"{BRANDS}/records/acme", {"values": values})
    assert answer.status_code == 422
    assert [(e["property"], e["error_code"]) for e in answer.json()["errors"]] == [
        ("values.x", "unknown_code"),
        ("values.badge", "unknown_code"),
    ]
    assert (Asset.objects.count(), Upload.objects.count()) == (0, 1)
    assert Change.objects.count() == before


def test_many_records_share_a_file(shop):
    code = sent(shop, 6)
    documents = [{"code": f"r{n}", "values": {"logo": [value(code)]}} for n in range(3)]
    answers = shop.patch(f"{BRANDS}/records", documents).json()
    assert [one["status_code"] for one in answers] == [201] * 3
    assert (Asset.objects.count(), Asset.objects.get().row_version) == (1, 1)


def test_pictures_of_a_page_cost_one_query(shop, django_assert_num_queries):
    for shade in range(3):
        values = {"logo": [value(sent(shop, shade))]}
        shop.patch(f"{BRANDS}/records/r{shade}", {"values": values})
    for limit in (1, 3):
        with django_assert_num_queries(8):
            shop.get(f"{BRANDS}/records", {"limit": limit})


def test_an_entity_has_an_image(shop):
    code = sent(shop, 8)
    changed = shop.patch(BRANDS, {"image": code})
    assert (changed.status_code, changed.headers["X-Changed"]) == (204, "true")
    read = shop.get(BRANDS).json()
    assert read == {
        "code": "brands",
        "labels": {"en_US": "Brands"},
        "image": code,
        "_links": {"image_download": {"href": f"{HOST}{FILES}/{code}"}},
    }
    (listed,) = shop.get("/reference-entities").json()["_embedded"]["items"]
    assert set(listed["_links"]) == {"self", "image_download"}
    assert shop.patch(BRANDS, read).headers["X-Changed"] == "false"
    assert shop.patch(BRANDS, {"image": Asset.objects.get().code}).headers["X-Changed"] == "false"
    # What is not sent stays; null takes it away.
    shop.patch(BRANDS, {"labels": {"fi": "Merkit"}})
    assert shop.get(BRANDS).json()["image"] == code
    assert shop.patch(BRANDS, {"image": None}).headers["X-Changed"] == "true"
    assert shop.get(BRANDS).json()["image"] is None


@pytest.mark.parametrize("image", ["nope", "manual"])
def test_an_image_is_a_picture_that_is_there(shop, image):
    Asset.objects.create(
        code="manual", sha256="a" * 64, original_sha256="a" * 64, filename="manual.pdf",
        kind="document", media_type="application/pdf", size=1,
    )  # fmt: skip
    answer = shop.patch(BRANDS, {"image": image, "labels": {"en_US": "New"}})
    assert answer.status_code == 422
    assert [error["property"] for error in answer.json()["errors"]] == ["image"]
    entity = ReferenceEntity.objects.get()
    assert (entity.image, entity.labels) == (None, {"en-US": "Brands"})


def test_values_of_records_have_no_states(shop):
    shop.patch(f"{BRANDS}/attributes/story", {"type": "text"})
    empty = [value({"$state": "empty"})]
    answer = shop.patch(f"{BRANDS}/records/acme", {"values": {"logo": empty, "story": empty}})
    assert answer.status_code == 422
    assert [error["error_code"] for error in answer.json()["errors"]] == ["no_state"] * 2
