"""Media files in the PIM REST API: uploaded to a product, listed, downloaded, refused."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import encode_multipart
from PIL import Image

from pim.models import Asset, Attribute
from pim.queries.structure import forget_structure
from tests.factories.rest import V1

from .test_products import HOST, product, shop, state

__all__ = ["shop"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _store(settings, tmp_path):
    settings.ASSET_ROOT = tmp_path


def picture(colour="red", name="Lamp ä.png") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 40), colour).save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def upload(shop, file=None, *, key="product", **wish):
    data = {key: json.dumps({"locale": None, "scope": None, **wish})}
    return shop.http.post(f"{V1}/media-files", {**data, **({"file": file} if file else {})})


def test_a_picture_is_taken_in_and_given_to_its_product(shop):
    made = upload(shop, picture(), identifier="A", attribute="photo")
    asset = Asset.objects.get()
    code = f"{asset.code}.png"
    assert (made.status_code, made.content) == (201, b"")
    assert made.headers["Location"] == f"{HOST}/media-files/{code}"
    download = f"{HOST}/media-files/{code}/download"
    assert shop.get("/products/A").json()["values"]["photo"] == [
        {
            "locale": None,
            "scope": None,
            "data": code,
            "attribute_type": "pim_catalog_file",
            "_links": {"download": {"href": download}},
        }
    ]
    document = {
        "code": code,
        "original_filename": "Lamp ä.png",
        "mime_type": "image/png",
        "size": asset.size,
        "extension": "png",
        "_links": {"download": {"href": download}},
    }
    assert shop.get(f"/media-files/{code}").json() == document
    links = {"self": {"href": f"{HOST}/media-files/{code}"}, **document["_links"]}
    found = shop.get("/media-files").json()["_embedded"]["items"]
    assert found == [{**document, "_links": links}]


def test_a_product_without_identifier_is_named_by_its_uuid(shop):
    made = shop.post("/products-uuid", {"family": "lamp"})
    path = made.headers["Location"].removeprefix(HOST)
    answer = upload(shop, picture(), uuid=path.rpartition("/")[2], attribute="photo")
    assert answer.status_code == 201
    assert shop.get(path).json()["values"]["photo"][0]["data"].endswith(".png")
    assert upload(shop, picture(), uuid="nope", attribute="photo").status_code == 422


@pytest.mark.parametrize("name", ["{}", "{}.png", "/{}.png"])
def test_a_file_is_known_by_the_code_of_its_asset_too(shop, name):
    upload(shop, picture(), identifier="A", attribute="photo")
    name = name.format(Asset.objects.get().code)
    before = shop.get("/products/A").json()
    value = {"locale": None, "scope": None, "data": name}
    same = shop.patch("/products/A", {"values": {"photo": [value]}})
    assert (same.status_code, same.headers["X-Changed"]) == (204, "false")
    written = shop.answers("/products", [{"identifier": "B", "values": {"photo": [value]}}])
    assert written == [{"line": 1, "identifier": "B", "status_code": 201}]
    photo = before["values"]["photo"]
    assert shop.get("/products/B").json()["values"]["photo"] == photo
    found = shop.get(f"/media-files/{name.removeprefix('/')}").json()
    assert found["code"] == photo[0]["data"]


def test_a_file_without_an_ending_gets_that_of_its_type(shop):
    made = upload(shop, picture(name="lamp"), identifier="A", attribute="photo")
    code = f"{Asset.objects.get().code}.png"
    assert made.headers["Location"] == f"{HOST}/media-files/{code}"
    assert shop.get(f"/media-files/{code}").json()["code"] == code


def test_an_upload_that_is_sent_again_is_taken_in_once(shop):
    def send(colour, boundary):
        wish = {"identifier": "A", "attribute": "photo", "locale": None, "scope": None}
        parts = {"product": json.dumps(wish), "file": picture(colour)}
        return shop.http.post(
            f"{V1}/media-files",
            encode_multipart(boundary, parts),
            content_type=f"multipart/form-data; boundary={boundary}",
            headers={"Idempotency-Key": "u1"},
        )

    first, again, other = send("red", "b1"), send("red", "b22"), send("blue", "b1")
    assert [r.status_code for r in (first, again, other)] == [201, 201, 422]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Location"] == first.headers["Location"]
    assert Asset.objects.count() == 1


def test_the_file_of_another_ending_is_not_there(shop):
    upload(shop, picture(), identifier="A", attribute="photo")
    code = Asset.objects.get().code
    assert shop.get(f"/media-files/{code}.jpg").status_code == 404
    value = {"locale": None, "scope": None, "data": f"{code}.jpg"}
    answer = shop.patch("/products/A", {"values": {"photo": [value]}}).json()
    assert [(e["property"], e["attribute"], e["error_code"]) for e in answer["errors"]] == [
        ("values", "photo", "unknown_asset")
    ]


def test_the_bytes_are_handed_out_as_a_file(shop):
    upload(shop, picture(), identifier="A", attribute="photo")
    code = Asset.objects.get().code
    response = shop.get(f"/media-files/{code}/download", Accept="image/*")
    assert response.getvalue().startswith(b"\x89PNG")
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Content-Disposition"].startswith("attachment;")
    tag = response.headers["ETag"]
    assert shop.get(f"/media-files/{code}/download", If_None_Match=tag).status_code == 304
    assert shop.get("/media-files/zz/download").status_code == 404
    assert shop.get("/media-files/zz").json()["message"] == 'Media file "zz" does not exist.'


def test_a_model_gets_files_one_after_the_other_where_many_fit(shop):
    Attribute.objects.filter(code="photo").update(rules={"max_items": 5})
    forget_structure()
    for colour in ("red", "blue"):
        made = upload(shop, picture(colour), key="product_model", code="M", attribute="photo")
        assert made.status_code == 201
    codes = list(Asset.objects.order_by("id").values_list("code", flat=True))
    value = shop.get("/product-models/M").json()["values"]["photo"][0]
    assert (value["data"], value["attribute_type"]) == (codes, "pim_catalog_asset_collection")


@pytest.mark.parametrize(
    ("file", "wish", "status", "part"),
    [
        (None, {"identifier": "A", "attribute": "photo"}, 422, '"file" is required'),
        ("picture", {"identifier": "zz", "attribute": "photo"}, 422, "does not exist"),
        ("picture", {"identifier": "A", "attribute": "pieces"}, 422, "no media"),
        ("picture", {"identifier": "A", "attribute": "zz"}, 422, "The zz attribute does not"),
        ("picture", {"identifier": "A", "attribute": "photo", "locale": "en"}, 422, "Validation"),
        ("picture", {"identifier": "A"}, 422, "must contain"),
        ("script", {"identifier": "A", "attribute": "photo"}, 422, "Validation"),
        ("damaged", {"identifier": "A", "attribute": "photo"}, 422, "Validation"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_stays(shop, file, wish, status, part):
    files = {
        "picture": picture(),
        "script": SimpleUploadedFile("x.png", b"<script>alert(1)</script>", "image/png"),
        "damaged": SimpleUploadedFile("x.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "image/png"),
        None: None,
    }
    before = state()
    response = upload(shop, files[file], **wish)
    assert response.status_code == status
    assert part in response.json()["message"]
    assert state() == before
    assert Asset.objects.count() == 0


def test_a_file_without_an_owner_is_refused(shop):
    response = shop.http.post(f"{V1}/media-files", {"file": picture()})
    assert response.status_code == 422
    both = {"product": "{}", "product_model": "{}", "file": picture()}
    assert shop.http.post(f"{V1}/media-files", both).status_code == 422
    broken = {"product": "{", "file": picture()}
    assert shop.http.post(f"{V1}/media-files", broken).status_code == 400
    assert product("A").row_version == 1
