"""Every address of the product, by audience."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/language/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("", include("pim.api.rest.urls")),
    path("api/v1/", include("pim.api.v1.urls")),
    path("", include("syndication.api.urls")),
    path("", include("syndication.touchpoints.urls")),
]

# Machines get problem documents, people get pages.
handler400 = "syndication.api.problems.bad_request"
handler403 = "syndication.api.problems.permission_denied"
handler404 = "syndication.api.problems.not_found"
handler500 = "syndication.api.problems.server_error"
