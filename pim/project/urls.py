"""Every address of the product, by audience."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("syndication.api.urls")),
    path("", include("syndication.touchpoints.urls")),
]
