"""The page of a brand: its history in words, and a service that is warm for its samples."""

import pytest
from django.urls import reverse
from django.utils import timezone

from syndication.actions import served
from syndication.actions.brands import create_brand
from syndication.admin.brand_history import in_words
from syndication.models import BrandChange, Output
from tests.factories.desk import superuser


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "–"),
        ([], "–"),
        (["Noto Sans", "Noto Sans Arabic"], "Noto Sans, Noto Sans Arabic"),
        ([{"code": "f1", "family": "Halla", "style": "BoldItalic", "sha256": "ab"}],
         "Halla Bold Italic"),
        ([{"code": "f1"}], "f1"),
        ([0, 50, 100, 0], "0, 50, 100, 0"),
        (1.5, "1.5"),
    ],
)  # fmt: skip
def test_values_are_said_in_words(value, words):
    assert in_words(value) == words


@pytest.mark.django_db
def test_page_of_a_brand_names_the_fonts_that_changed(client):
    brand = create_brand("halla", name="Halla", document={}, actor="test", at=timezone.now())
    faces = [{"code": "f1", "family": "Halla Grotesk", "style": "Regular", "sha256": "ab" * 32}]
    detail = {"faces": [[], faces], "fonts.sans": [["Noto Sans"], ["Halla Grotesk", "Noto Sans"]]}
    BrandChange.objects.filter(brand=brand).update(detail=detail)
    client.force_login(superuser())
    page = client.get(reverse("admin:syndication_brand_change", args=[brand.pk])).content.decode()
    assert "– → Halla Grotesk Regular" in page
    assert "Noto Sans → Halla Grotesk, Noto Sans" in page
    assert "sha256" not in page


@pytest.mark.django_db
def test_opening_a_brand_has_the_service_warm_for_its_page_of_print(client, settings, monkeypatch):
    woken = []
    monkeypatch.setattr(served, "wake", lambda *given, **_modules: woken.append(given))
    settings.PREVIEW_AHEAD = True
    brand = create_brand("halla", name="Halla", document={}, actor="test", at=timezone.now())
    Output.objects.create(
        code="book", name="Book", kind="catalogue", channel="web", audience="consumer",
        locales=["fi", "en"], brand=brand,
    )  # fmt: skip
    client.force_login(superuser())
    client.get(reverse("admin:syndication_brand_change", args=[brand.pk]))
    assert woken == [("syndication.outputs.catalogue:Catalogue", ["fi"])]
