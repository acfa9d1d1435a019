"""Remodelling, rewinding, time travel and facts through our own API."""

from datetime import timedelta

import orjson
import pytest
from django.utils import timezone

from pim.actions.jobs import run_waiting_jobs
from pim.actions.publishing import publish_products
from pim.models import Currency, Job, PriceFact, PriceList, Product
from pim.queries.drafts import read_drafts
from tests.factories.catalogue import ANNA, lamp_catalogue, wish, write

pytestmark = pytest.mark.django_db
JSON = {"content_type": "application/json"}


@pytest.fixture
def lamp():
    lamp_catalogue()
    then = timezone.now() - timedelta(days=2)
    write(wish("L1", family="lamp", at={"name||en": "Moon", "color||": "red"}), at=then)
    pk = Product.objects.get().pk
    publish_products([pk], actor=ANNA, at=then)
    now = timezone.now() - timedelta(hours=1)
    write(wish("L1", at={"name||en": "Sun"}), at=now)
    publish_products([pk], actor=ANNA, at=now)
    return Product.objects.get()


def yesterday() -> str:
    return (timezone.now() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_the_model_is_changed_by_a_previewed_job(admin_client, lamp):
    body = {
        "operation": "merge_options",
        "params": {"attribute": "color", "options": ["red"], "into": "blue"},
    }
    answer = admin_client.post("/api/v1/remodels", body, **JSON)
    assert (answer.status_code, answer.json()["dry_run"]) == (202, True)
    done = admin_client.post("/api/v1/remodels", {**body, "dry_run": False}, **JSON)
    run_waiting_jobs()
    assert admin_client.get(done["Location"]).json()["state"] == "done"
    assert read_drafts([lamp.pk])[lamp.pk].values[""]["color"] == {"": "blue"}


@pytest.mark.parametrize(
    "body",
    [
        {"operation": "nothing", "params": {}},
        {"operation": "merge_options", "params": []},
        {"operation": "merge_options", "params": {"attribute": "color"}},
        {"operation": "rename", "params": {"kind": "attribute", "code": "nope", "to": "x"}},
    ],
)
def test_a_change_that_cannot_be_is_refused(admin_client, lamp, body):
    answer = admin_client.post("/api/v1/remodels", body, **JSON)
    assert (answer.status_code in (400, 404, 422), Job.objects.count()) == (True, 0)


def test_a_product_is_read_as_of_a_moment(admin_client, lamp):
    page = "/api/v1/products/L1"
    draft = admin_client.get(page, {"as_of": yesterday()}).json()
    assert draft["snapshot"]["values"]["en"] == {"name": {"": "Moon"}}
    published = admin_client.get(page, {"as_of": yesterday(), "state": "published"}).json()
    assert (published["version"], published["snapshot"]) == (1, draft["snapshot"])
    assert admin_client.get(page).json()["snapshot"]["values"]["en"] == {"name": {"": "Sun"}}
    assert admin_client.get(page, {"as_of": "2020-01-01"}).status_code == 404
    assert admin_client.get(page, {"as_of": "then"}).status_code in (400, 422)
    assert admin_client.get("/api/v1/products/X").status_code == 404


def test_versions_are_listed_and_compared(admin_client, lamp):
    rows = admin_client.get("/api/v1/products/L1/versions").json()
    assert [row["number"] for row in rows] == [2, 1]
    found = admin_client.get("/api/v1/products/L1/versions/differences", {"from": 1, "to": 2})
    assert found.json()["differences"] == {"name||en": ["Moon", "Sun"]}


def test_a_selection_is_rewound(admin_client, lamp):
    body = {"selection": {"ids": [lamp.pk]}, "moment": yesterday(), "dry_run": False}
    answer = admin_client.post("/api/v1/rewinds", body, **JSON)
    assert answer.status_code == 202
    run_waiting_jobs()
    assert read_drafts([lamp.pk])[lamp.pk].values["en"]["name"] == {"": "Moon"}


def ndjson(*rows: dict) -> dict:
    body = b"\n".join(orjson.dumps(row) for row in rows)
    return {"data": body, "content_type": "application/x-ndjson"}


def test_prices_are_set_and_replaced_by_lines(admin_client, lamp):
    PriceList.objects.create(code="retail", currency=Currency.objects.get(code="EUR"))
    write(wish("L2"))
    rows = [{"identifier": i, "price_list": "retail", "amount": "9.90"} for i in ("L1", "L2")]
    first = admin_client.put("/api/v1/facts/prices", **ndjson(*rows, {"identifier": "X"}))
    assert first.json()["counts"] == {"created": 2, "refused": 1}
    assert [(r["line"], r["identifier"]) for r in first.json()["refused"]] == [(3, "X")]
    again = admin_client.put("/api/v1/facts/prices?replace=retail", **ndjson(rows[0]))
    assert again.json()["counts"] == {"unchanged": 1, "removed": 1}
    assert list(PriceFact.objects.values_list("product__identifier", flat=True)) == ["L1"]


def test_a_line_that_cannot_be_read_is_named(admin_client, lamp):
    body = b'{"identifier": "L1"\n'
    answer = admin_client.put(
        "/api/v1/facts/prices", data=body, content_type="application/x-ndjson"
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_line")


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("valid_from", "2026-13-45", "not_a_moment"),
        ("min_quantity", "many", "not_whole"),
        ("amount", "-1", None),
    ],
)
def test_a_row_with_a_bad_field_is_refused_and_stops_no_other(
    admin_client, lamp, field, value, code
):
    PriceList.objects.create(code="retail", currency=Currency.objects.get(code="EUR"))
    good = {"identifier": "L1", "price_list": "retail", "amount": "9.90"}
    admin_client.put("/api/v1/facts/prices", **ndjson(good))
    write(wish("L2"))
    rows = [{**good, field: value}, {**good, "identifier": "L2"}]
    answer = admin_client.put("/api/v1/facts/prices?replace=retail", **ndjson(*rows)).json()
    assert answer["counts"] == {"created": 1, "refused": 1}
    [refused] = answer["refused"]
    assert (refused["line"], refused["identifier"]) == (1, "L1")
    assert code in (refused["code"], None)
    # What a refused row names keeps what it has.
    names = PriceFact.objects.values_list("product__identifier", flat=True)
    assert sorted(names) == ["L1", "L2"]


def test_availability_is_set_by_lines(admin_client, lamp):
    row = {"identifier": "L1", "state": "in_stock", "quantity": 3}
    answer = admin_client.put("/api/v1/facts/availability", **ndjson(row))
    assert answer.json()["counts"] == {"created": 1}
    answer = admin_client.put(
        "/api/v1/facts/availability", **ndjson({**row, "available_on": "soon"}, row)
    )
    assert answer.json()["counts"] == {"refused": 1, "unchanged": 1}


def test_nobody_without_permission_gets_in(client, lamp, django_user_model):
    client.force_login(django_user_model.objects.create_user("otto"))
    calls = [
        client.get("/api/v1/products/L1"),
        client.get("/api/v1/products/L1/versions"),
        client.post("/api/v1/remodels", {}, **JSON),
        client.post("/api/v1/rewinds", {}, **JSON),
        client.put("/api/v1/facts/prices", **ndjson({"identifier": "L1"})),
    ]
    assert [answer.status_code for answer in calls] == [403] * 5
