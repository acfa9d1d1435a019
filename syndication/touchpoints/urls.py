"""Addresses of the public pages."""

from django.urls import path, re_path, register_converter
from django.urls.converters import StringConverter

from . import codes, digital_link, kiosk, landing, media, overview, welcome


class Digest(StringConverter):
    """The sha256 of a file, in lower-case hexadecimal."""

    regex = "[0-9a-f]{64}"


class CodeForm(StringConverter):
    """A form that a QR code comes in."""

    regex = "svg|png|pdf"


register_converter(Digest, "sha256")
register_converter(CodeForm, "form")

urlpatterns = [
    path("", welcome.welcome, name="welcome"),
    path("robots.txt", welcome.robots),
    path("sitemap.xml", welcome.sitemap_index),
    path("sitemap-<str:locale>.xml", welcome.sitemap),
    path("favicon.ico", media.icon),
    path("media/<sha256:sha256>/<str:name>", media.media, name="media"),
    path("p/", overview.negotiated_overview),
    path("p/icon.svg", media.icon),
    path("p/style/<str:name>", media.style),
    path("p/fonts/<str:name>", media.font),
    path("p/-/<str:slug>", landing.negotiated, name="page-negotiated"),
    path("p/<str:locale>/<str:slug>/qr.<form:form>", codes.product_code, name="page-code"),
    re_path(r"^p/(?P<locale>[^/]+)/(?P<slug>[^/]+)/?$", landing.page, name="page"),
    re_path(r"^p/(?P<locale>[^/]+)/?$", overview.overview, name="pages"),
    path("kiosk/<str:output>/", kiosk.shell, name="kiosk"),
    path("kiosk/<str:output>/sw.js", kiosk.worker),
    path("kiosk/<str:output>/bundle.json", kiosk.manifest),
    path("kiosk/<str:output>/<str:name>", kiosk.file),
    path("q/<str:code>", codes.touchpoint, name="touchpoint"),
    re_path(r"^01/(?P<gtin>[^/]+)/?(?P<rest>.*)$", digital_link.resolve, name="digital-link"),
    path(".well-known/gs1resolver", digital_link.description),
]
