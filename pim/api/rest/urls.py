"""Addresses of the PIM REST API."""

from django.urls import path, re_path

from . import tokens
from .catalogs import urls as catalogs
from .endpoints import no_route
from .listing import listing
from .products import urls as products
from .structure import urls as structure

urlpatterns = [
    path("api/oauth/v1/token", tokens.token),
    path("api/oauth/v1/token/", tokens.token),
    re_path(r"^api/rest/v1/?$", listing),
    *catalogs.urlpatterns,
    *structure.urlpatterns,
    *products.urlpatterns,
    # Whatever is left: clients expect JSON for an address that is none, too.
    re_path(r"^api/rest/v1/.*$", no_route),
]
