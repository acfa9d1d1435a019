"""Addresses of products, product models and media files."""

from ..endpoints import routes
from .views import NOUNS, many, one

V1 = "api/rest/v1"

urlpatterns = [
    pattern
    for noun in NOUNS
    for pattern in (
        *routes(f"{V1}/{noun.address}", many(noun)),
        *routes(f"{V1}/{noun.address}/<path:code>", one(noun)),
    )
]
