"""The OpenAPI document tells of every feed, and is valid."""

import pytest
from drf_spectacular.generators import SchemaGenerator
from openapi_spec_validator import validate

from syndication.api import feeds_urls

pytestmark = pytest.mark.django_db


def test_every_feed_is_in_the_document():
    document = SchemaGenerator().get_schema(request=None, public=True)
    validate(document)
    described = {path for path in document["paths"] if path.startswith("/feeds/")}
    served = {
        "/" + str(p.pattern).replace("<str:", "{").replace("<path:", "{").replace(">", "}")
        for p in feeds_urls.urlpatterns
        if p.name
    }
    assert described == served
