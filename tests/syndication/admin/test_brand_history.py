"""The history of a brand says in words what changed, fonts among it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from syndication.actions.brands import create_brand
from syndication.admin.brand_history import in_words
from syndication.models import BrandChange
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
