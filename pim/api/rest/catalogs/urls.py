"""Addresses of catalogs."""

from django.urls import path
from django.views.generic import RedirectView

from ..endpoints import routes
from . import products, views

V1 = "api/rest/v1"
ONE = f"{V1}/catalogs/<str:name>"

urlpatterns = [
    *routes(f"{V1}/catalogs", views.catalogs),
    *routes(ONE, views.catalog),
    *routes(f"{ONE}/duplicate", views.duplicate),
    *routes(f"{ONE}/mapping-schemas/product", views.schema),
    *routes(f"{ONE}/product-uuids", products.uuids),
    *routes(f"{ONE}/products", products.products),
    *routes(f"{ONE}/products/<str:uuid>", products.product),
    *routes(f"{ONE}/mapped-products", products.mapped_products),
    *routes(f"{ONE}/mapped-products/<str:uuid>", products.mapped_product),
    # Where machines send people to fill and switch on a catalog.
    path(
        "connect/apps/v1/catalogs/<uuid:name>",
        RedirectView.as_view(url="/admin/pim/catalog/?q=%(name)s"),
    ),
]
