"""A brand's page: what is typed is drafted or told wrong at its place, samples leak nothing."""

import json
import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from pim.models import Locale
from syndication.actions.brands import create_brand
from syndication.admin.brand_form import document_of, rows_of
from syndication.models import Brand, BrandChange
from syndication.rendering.brand_rules import whole
from tests.factories import listings as samples
from tests.factories import pictures, shelves
from tests.factories.desk import staff, superuser

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def brand(client):
    client.force_login(superuser())
    english = Locale.objects.create(code="en", enabled=True)
    Locale.objects.create(code="de", enabled=True, fallback=english)
    return create_brand("halla", name="Halla", document={"brand": "Halla"}, actor="x", at=NOW)


def typed(document, **more) -> dict:
    """Return what the page of a brand with this document would post."""
    rows = rows_of(document, {})
    fields = [
        *rows["texts"],
        *rows["taglines"],
        *rows["logos"],
        *rows["fonts"],
        *rows["limits"],
        *rows["screens"],
    ]
    fields += [row for _, held in rows["sizes"] for row in held]
    fields += [row[part] for row in rows["colours"] for part in ("hue", "inks", "spot")]
    return {row["path"]: str(row["value"]) for row in fields} | {"name": "Halla"} | more


def address(name, brand):
    return reverse(f"admin:syndication_brand_{name}", args=[brand.pk])


def rows():
    kept = Brand.objects.values_list("code", "name", "tokens", "draft", "row_version")
    return list(kept), BrandChange.objects.count()


def test_form_and_document_are_each_other():
    document = whole(
        {"brand": "Halla", "spots": {"pine": {"name": "Pine 7", "cmyk": [75, 40, 55, 60]}}}
    )
    assert document_of(typed(document)) == document


def test_page_saved_untouched_writes_nothing(brand, client):
    before = rows()
    answer = client.post(address("change", brand), typed(brand.tokens, row_version="1"))
    assert answer.status_code == 302
    assert rows() == before


def test_what_is_typed_becomes_the_draft(brand, client):
    form = typed(brand.tokens, row_version="1", **{"tagline.en": "Slow", "cmyk.ink": "0 0 0 88,5"})
    client.post(address("change", brand), form)
    brand.refresh_from_db()
    assert (brand.tokens["tagline"], brand.draft["tagline"]) == ({}, {"en": "Slow"})
    assert brand.draft["cmyk"]["ink"] == [0, 0, 0, 88.5]
    page = client.get(address("change", brand)).content.decode()
    assert "Put into use" in page
    assert "<code>tagline.en</code>" in page


def test_each_language_has_a_field_that_shows_what_it_falls_back_to(brand, client):
    client.post(
        address("change", brand), typed(brand.tokens, row_version="1", **{"tagline.en": "Slow"})
    )
    page = client.get(address("change", brand)).content.decode()
    german = re.search(r'<input[^>]*name="tagline.de"[^>]*>', page)[0]
    assert ('value=""' in german, 'placeholder="Slow"' in german) == (True, True)
    assert 'value="Slow"' in re.search(r'<input[^>]*name="tagline.en"[^>]*>', page)[0]


def test_tagline_that_is_too_long_is_told_at_its_language(brand, client):
    before = rows()
    form = typed(brand.tokens, row_version="1", **{"tagline.de": "x" * 201})
    found = json.loads(client.post(address("card", brand), form).content)
    assert list(found["errors"]) == ["tagline.de"]
    assert rows() == before


def test_mistakes_are_told_at_their_place_and_what_was_typed_is_kept(brand, client):
    before = rows()
    form = typed(brand.tokens, row_version="1", **{"colours.muted": "#b0b0a8", "type.h1": "big"})
    answer = client.post(address("change", brand), form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="#b0b0a8"' in page
    assert 'value="big"' in page
    assert "Give a number from 0.5 to 6." in page
    assert "Take #" in page
    assert rows() == before


def test_page_of_somebody_else_s_change_is_a_conflict(brand, client):
    client.post(
        address("change", brand), typed(brand.tokens, row_version="1", **{"tagline.en": "Slow"})
    )
    before = rows()
    form = typed(brand.tokens, row_version="1", **{"tagline.en": "Fast"})
    answer = client.post(address("change", brand), form)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="Fast"' in page
    assert "There now: Slow" in page
    assert rows() == before


def test_buttons_use_discard_and_take_up_again(brand, client):
    client.post(
        address("change", brand), typed(brand.tokens, row_version="1", **{"tagline.en": "Slow"})
    )
    client.post(address("use", brand), {"row_version": "2"})
    brand.refresh_from_db()
    assert (brand.tokens["tagline"], brand.draft, brand.number) == ({"en": "Slow"}, {}, 2)
    first = brand.changes.order_by("id").first()
    client.post(address("restore", brand), {"change": first.pk, "row_version": "3"})
    brand.refresh_from_db()
    assert brand.draft["tagline"] == {}
    client.post(address("discard", brand), {"row_version": "4"})
    brand.refresh_from_db()
    assert brand.draft == {}


@pytest.mark.parametrize("name", ["use", "discard", "default", "restore", "card", "page", "kiosk"])
def test_buttons_and_samples_are_posted_by_who_may(brand, client, name):
    before = rows()
    assert client.get(address(name, brand)).status_code == 405
    client.force_login(staff("otto", "view_product"))
    assert client.post(address(name, brand), {}).status_code == 403
    client.force_login(staff("eva", "view_brand", "change_brand"))
    if name in ("use", "default"):
        assert client.post(address(name, brand), {}).status_code == 403
    assert rows() == before


def test_sample_says_what_is_wrong_and_draws_nothing(brand, client):
    form = typed(brand.tokens, **{"colours.ink": "black"})
    found = json.loads(client.post(address("card", brand), form).content)
    assert list(found) == ["errors"]
    assert list(found["errors"]) == ["colours.ink"]


def test_sample_of_a_page_has_the_look_as_typed_behind_a_closed_policy(brand, client):
    shelves.open_shop()
    shelves.landing_output(options={})
    shelves.put(samples.unit(0, "en"), "en")
    form = typed(
        brand.tokens, **{"tagline.en": "As typed", "colours.pine": "#123a30", "cmyk.pine": ""}
    )
    answer = client.post(address("page", brand), form)
    text = answer.content.decode()
    assert "--pine: #123a30;" in text
    assert "As typed" in text
    assert '<link rel="stylesheet"' not in text
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")
    assert "script-src" not in policy
    assert policy.endswith("sandbox")
    brand.refresh_from_db()
    assert brand.draft == {}


def test_sample_of_the_kiosk_is_its_app_alone_with_the_look_as_typed(brand, client, tmp_path):
    shelves.open_shop()
    shelves.landing_output(code="kiosk", kind="kiosk", options={})
    (painted,) = pictures.paint(tmp_path, count=1)
    shelves.put(samples.unit(0, "en", pictures=[painted]), "en")
    shelves.put(samples.hostile_unit("en"), "en")
    form = typed(brand.tokens, **{"colours.pine": "#123a30", "cmyk.pine": ""})
    answer = client.post(address("kiosk", brand), form | {"sample_place": "#/en/search"})
    text, policy = answer.content.decode(), answer["Content-Security-Policy"]
    parts = json.loads(re.search(r'id="parts" nonce="[^"]+">(.*?)</script>', text, re.S)[1])
    assert "--pine: #123a30;" in text
    assert 'location.hash = "#/en/search"' in text
    assert parts["bundle.json"]["locales"][0]["locale"] == "en"
    assert parts["data"]["products"][0]["pictures"][0]["s"].startswith("/media/")
    assert re.fullmatch(
        r"default-src 'none';.*; sandbox allow-scripts; script-src 'nonce-[\w-]+'", policy
    )
    assert text.count("</script>") == 3


@pytest.mark.parametrize("place", ["", "javascript:alert(1)", '#/en/home"</script>'])
def test_sample_of_the_kiosk_opens_at_home_where_its_place_is_none(brand, client, place):
    shelves.open_shop()
    shelves.landing_output(code="kiosk", kind="kiosk", options={})
    shelves.put(samples.unit(0, "en"), "en")
    form = typed(brand.tokens) | {"sample_place": place}
    text = client.post(address("kiosk", brand), form).content.decode()
    assert 'location.hash = "#/en/home"' in text


def test_new_brand_is_made_by_its_code_and_name(client):
    client.force_login(superuser())
    client.post(reverse("admin:syndication_brand_add"), {"code": "kide", "name": "Kide"})
    brand = Brand.objects.get()
    assert (brand.code, brand.is_default, brand.tokens["brand"]) == ("kide", True, "Kide")
    assert list(brand.changes.values_list("action", flat=True)) == ["created"]


def test_brand_in_use_is_not_deleted(brand, client):
    page = reverse("admin:syndication_brand_delete", args=[brand.pk])
    assert client.post(page, {"post": "yes"}).status_code == 302
    assert list(Brand.objects.values_list("code", flat=True)) == ["halla"]
