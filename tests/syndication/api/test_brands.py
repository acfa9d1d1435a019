"""Brands over the API: nobody overwrites unseen, drafts stay drafts, errors name their place."""

from datetime import UTC, datetime

import pytest

from syndication.actions.brands import create_brand
from syndication.models import Brand, BrandChange
from tests.factories.desk import staff, superuser

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def brand(client):
    client.force_login(superuser())
    return create_brand("halla", name="Halla", document={"brand": "Halla"}, actor="x", at=NOW)


def put(client, body, code="halla", **headers):
    return client.put(f"/api/v1/brands/{code}", body, content_type=JSON, headers=headers)


def rows():
    kept = Brand.objects.values_list("code", "name", "tokens", "draft", "row_version")
    return list(kept), BrandChange.objects.count()


def test_list_and_one_brand_say_what_is_in_use_and_what_is_drafted(brand, client):
    [row] = client.get("/api/v1/brands").json()
    one = client.get("/api/v1/brands/halla")
    assert one.json() == row
    assert (row["code"], row["default"], row["number"], row["draft"]) == ("halla", True, 1, None)
    assert row["tokens"]["brand"] == "Halla"
    assert one["ETag"] == f'"{brand.pk}-1"'


def test_put_drafts_and_use_puts_into_use(brand, client):
    tag = client.get("/api/v1/brands/halla")["ETag"]
    drafted = put(client, {"tokens": {"brand": "Halla Oy"}}, **{"If-Match": tag})
    assert drafted.status_code == 200
    assert (drafted.json()["tokens"]["brand"], drafted.json()["draft"]["brand"]) == (
        "Halla",
        "Halla Oy",
    )
    used = client.post("/api/v1/brands/halla/use", headers={"If-Match": drafted["ETag"]})
    assert (used.status_code, used.json()["tokens"]["brand"], used.json()["draft"]) == (
        200,
        "Halla Oy",
        None,
    )
    assert used.json()["number"] == 2


@pytest.mark.parametrize(("headers", "status"), [({}, 428), ({"If-Match": '"1-99"'}, 412)])
def test_change_of_what_was_not_read_is_refused(brand, client, headers, status):
    before = rows()
    assert put(client, {"tokens": {"brand": "Other"}}, **headers).status_code == status
    assert client.post("/api/v1/brands/halla/use", headers=headers).status_code == status
    assert rows() == before


def test_what_does_not_hold_is_422_with_every_place(brand, client):
    before = rows()
    body = {"tokens": {"colours": {"muted": "#b0b0a8", "ink": "black"}, "radius": 99}}
    answer = put(client, body, **{"If-Match": "*"})
    assert answer.status_code == 422
    found = answer.json()
    assert found["code"] == "brand_refused"
    assert [error["field"] for error in found["errors"]] == ["colours.ink", "radius"]
    assert rows() == before


def test_using_without_a_draft_is_a_conflict(brand, client):
    before = rows()
    answer = client.post("/api/v1/brands/halla/use", headers={"If-Match": "*"})
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_use")
    assert rows() == before


def test_brand_is_created_only_where_none_is(brand, client):
    made = put(client, {"tokens": {"brand": "Kide"}}, code="kide", **{"If-None-Match": "*"})
    assert (made.status_code, made.json()["tokens"]["brand"]) == (201, "Kide")
    before = rows()
    again = put(client, {"tokens": {}}, code="kide", **{"If-None-Match": "*"})
    assert again.status_code == 412
    gone = put(client, {"tokens": {}}, code="nowhere", **{"If-Match": "*"})
    assert gone.status_code == 404
    assert rows() == before


@pytest.mark.parametrize(
    ("permissions", "reads", "writes", "uses"),
    [
        ((), 403, 403, 403),
        (("view_brand",), 200, 403, 403),
        (("view_brand", "change_brand"), 200, 200, 403),
        (("view_brand", "change_brand", "use_brand"), 200, 200, 200),
    ],
)
def test_every_step_needs_its_permission(brand, client, permissions, reads, writes, uses):
    client.force_login(staff("otto", *permissions))
    assert client.get("/api/v1/brands").status_code == reads
    body = {"tokens": {"brand": "Other"}}
    assert put(client, body, **{"If-Match": "*"}).status_code == writes
    if uses == 403:
        before = rows()
        assert client.post("/api/v1/brands/halla/use").status_code == 403
        assert rows() == before
    else:
        answer = client.post("/api/v1/brands/halla/use", headers={"If-Match": "*"})
        assert answer.status_code == 200


def test_nobody_and_keys_are_kept_out(brand, client):
    client.logout()
    assert client.get("/api/v1/brands").status_code in (401, 403)
