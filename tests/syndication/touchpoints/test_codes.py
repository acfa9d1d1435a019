"""`/q/{code}` counts and leads on; QR codes of products can be fetched one by one."""

import io
from datetime import UTC, datetime

import pytest
import zxingcpp
from PIL import Image

from syndication.actions.scans import count_scan
from syndication.models import Listing, ScanCount, Touchpoint


@pytest.fixture
def code(shirt):
    return Touchpoint.objects.create(
        code="abc234",
        output="catalogue",
        product_uuid=shirt[1].uuid,
        channel="shop",
        locale="de",
        place="page 12",
    )


def test_scan_is_counted_and_leads_to_the_page_in_its_language(code, shirt, client):
    response = client.get("/q/abc234", HTTP_ACCEPT_LANGUAGE="en")
    assert (response.status_code, response["Location"]) == (307, f"/p/de/{shirt[1].slug}")
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["Cache-Control"] == "no-store"
    assert dict(response.cookies) == {}
    client.get("/q/abc234")
    assert list(ScanCount.objects.values_list("touchpoint", "count")) == [(code.pk, 2)]


def test_looking_without_fetching_is_not_counted(code, client):
    client.head("/q/abc234")
    assert ScanCount.objects.count() == 0


def test_scans_are_counted_by_the_hour(code):
    for minute, hour in ((5, 10), (55, 10), (0, 11)):
        count_scan(code, at=datetime(2026, 11, 22, hour, minute, tzinfo=UTC))
    found = ScanCount.objects.order_by("hour").values_list("hour__hour", "count")
    assert list(found) == [(10, 2), (11, 1)]


def test_kiosk_code_leads_to_the_language_it_was_shown_in(code, shirt, client):
    Touchpoint.objects.update(place="kiosk ar", locale="en")
    assert client.get("/q/abc234")["Location"] == f"/p/ar/{shirt[1].slug}"


def test_code_of_a_product_that_left_is_410(code, shirt, client):
    Listing.objects.filter(product_id=shirt[1].product_id).update(state="removed")
    assert client.get("/q/abc234").status_code == 410


def test_unknown_code_is_404_and_counts_nothing(code, client):
    assert client.get("/q/nothing?url=https://evil.example").status_code == 404
    assert ScanCount.objects.count() == 0


@pytest.mark.parametrize("form", ["svg", "png", "pdf"])
def test_code_of_a_product_in_every_form(form, shirt, client):
    response = client.get(f"/p/en/{shirt[1].slug}/qr.{form}")
    assert response.status_code == 200
    starts = {"svg": b"<svg", "png": b"\x89PNG", "pdf": b"%PDF"}
    assert response.content.startswith(starts[form])


def test_code_of_a_product_says_its_digital_link(shirt, client, settings):
    picture = client.get(f"/p/en/{shirt[1].slug}/qr.png").content
    said = zxingcpp.read_barcode(Image.open(io.BytesIO(picture))).text
    assert said == f"{settings.PUBLIC_URL}/01/0{shirt[1].gtin}"


def test_code_of_an_unknown_product_is_404(shop, client):
    assert client.get("/p/en/nothing/qr.svg").status_code == 404
