"""Pages that say why a page cannot be shown: whole pages of the product, without the database."""

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override


@pytest.mark.parametrize("status", [400, 403, 404, 500, 503])
@pytest.mark.parametrize("locale", ["en", "ar"])
def test_error_page_stands_by_itself(status, locale):
    with override(locale):
        page = render_to_string(f"{status}.html")
    assert f'<p class="code">{status}</p>' in page
    assert "pim/page" in page
    assert 'href="/admin/"' in page
    assert ('dir="rtl"' in page) == (locale == "ar")
    assert "<style" not in page
    assert "style=" not in page


@pytest.mark.django_db
def test_an_address_with_nothing_behind_it_is_a_page(client):
    answer = client.get("/nothing/here")
    assert answer.status_code == 404
    assert '<p class="code">404</p>' in answer.content.decode()
