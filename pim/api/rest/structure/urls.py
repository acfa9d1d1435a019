"""Addresses of the structure endpoints."""

from ..endpoints import routes
from . import associations, categories, scopes

V1 = "api/rest/v1"

urlpatterns = [
    *routes(f"{V1}/categories", categories.categories),
    *routes(f"{V1}/categories/<str:code>", categories.category),
    *routes(f"{V1}/association-types", associations.association_types),
    *routes(f"{V1}/association-types/<str:code>", associations.association_type),
    *routes(f"{V1}/locales", scopes.locales),
    *routes(f"{V1}/locales/<str:code>", scopes.locale),
    *routes(f"{V1}/currencies", scopes.currencies),
    *routes(f"{V1}/currencies/<str:code>", scopes.currency),
]
