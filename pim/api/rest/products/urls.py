"""Addresses of products, product models and media files."""

from ..endpoints import routes
from . import media
from .views import NOUNS, all_published, found_by_uuid, many, one, one_published

V1 = "api/rest/v1"

urlpatterns = [
    *routes(f"{V1}/media-files", media.many),
    *routes(f"{V1}/media-files/<path:code>/download", media.bytes_of),
    *routes(f"{V1}/media-files/<path:code>", media.one),
    *routes(f"{V1}/published-products", all_published),
    *routes(f"{V1}/published-products/<path:code>", one_published),
    *routes(f"{V1}/products-uuid/search", found_by_uuid),
    *(
        pattern
        for noun in NOUNS
        for pattern in (
            *routes(f"{V1}/{noun.address}", many(noun)),
            *routes(f"{V1}/{noun.address}/<path:code>", one(noun)),
        )
    ),
]
