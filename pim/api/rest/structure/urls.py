"""Addresses of the structure endpoints."""

from ..endpoints import routes
from . import scopes

V1 = "api/rest/v1"

urlpatterns = [
    *routes(f"{V1}/locales", scopes.locales),
    *routes(f"{V1}/locales/<str:code>", scopes.locale),
    *routes(f"{V1}/currencies", scopes.currencies),
    *routes(f"{V1}/currencies/<str:code>", scopes.currency),
]
