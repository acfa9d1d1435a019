"""A small shop with live listings in three languages."""

import pytest

from tests.factories import listings as samples
from tests.factories import shelves


@pytest.fixture
def shop(db):
    """Six products, one of them a model with variants, in English, German and Arabic."""
    shelves.open_shop()
    output = shelves.landing_output()
    for locale in ("en", "de", "ar"):
        for unit in samples.units(6, locale):
            shelves.put(unit, locale)
    return output


@pytest.fixture
def shirt(shop):
    """The rows of the model with variants, in English, the root first."""
    from syndication.models import Listing

    root = Listing.objects.get(locale="en", role="model")
    return list(Listing.objects.filter(locale="en", root_id=root.product_id).order_by("product_id"))
