"""Connections at our own API: their limit counts, and who reads published content sees no draft."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from pim.actions.connections import create_connection
from pim.actions.publishing import publish_products
from pim.actions.requests import forget_requests
from pim.actions.tokens import give_tokens
from pim.models import Connection, Product
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write

pytestmark = pytest.mark.django_db


def client_of(**settings) -> Client:
    forget_requests()
    user = User.objects.create_superuser("machine")
    made, _secret = create_connection("shop", user=user, actor=ANNA, at=NOW)
    Connection.objects.filter(pk=made.pk).update(**settings)
    made.refresh_from_db()
    token = give_tokens(made, at=timezone.now()).access
    return Client(headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def lamp():
    lamp_catalogue()
    write(wish("L1", family="lamp", at={"name||en": "Published"}))
    publish_products([Product.objects.get().pk], actor=ANNA, at=NOW)
    write(wish("L1", at={"name||en": "Draft"}))


def test_requests_above_the_limit_are_told_when_to_come_again(lamp):
    client = client_of(rate_limit=2)
    first, second, third = (client.get("/api/v1/products/L1") for _ in range(3))
    assert [r.status_code for r in (first, second, third)] == [200, 200, 429]
    assert [r["X-RateLimit-Remaining"] for r in (first, second, third)] == ["1", "0", "0"]
    assert 0 < int(third["Retry-After"]) <= 60
    assert third.json()["status"] == 429


def test_a_connection_without_a_limit_is_not_counted(lamp):
    answer = client_of(rate_limit=0).get("/api/v1/products/L1")
    assert (answer.status_code, "X-RateLimit-Limit" in answer) == (200, False)


def test_who_reads_published_content_sees_no_draft(lamp):
    client = client_of(reads="published")
    answer = client.get("/api/v1/products/L1").json()
    assert answer["state"] == "published"
    assert answer["snapshot"]["values"]["en"]["name"] == {"": "Published"}
    refused = client.get("/api/v1/products/L1?state=draft")
    assert (refused.status_code, refused.json()["code"]) == (403, "published_only")


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", "jobs"),
        ("POST", "bulk-edits"),
        ("POST", "exports/none/run"),
        ("GET", "translations"),
        ("GET", "reviews"),
        ("GET", "products/L1/comments"),
        ("POST", "remodels"),
    ],
)
def test_doors_that_show_drafts_are_shut_to_who_reads_published_content(lamp, method, address):
    answer = client_of(reads="published").generic(method, f"/api/v1/{address}", b"{}")
    assert answer.status_code == 403
    assert answer.json()["code"] == "published_only"


def test_who_reads_drafts_reads_drafts(lamp):
    answer = client_of(reads="drafts").get("/api/v1/products/L1").json()
    assert answer["snapshot"]["values"]["en"]["name"] == {"": "Draft"}
