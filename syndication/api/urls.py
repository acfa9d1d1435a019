"""Addresses of the feeds, artefacts and the syndication API."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from . import artefacts, editions, feeds, operations

OUTPUT = "api/v1/outputs/<str:output>"
EDITION = f"{OUTPUT}/editions/<int:number>"
FEED = "feeds/<str:channel>/<str:locale>"

urlpatterns: list = [
    path("feeds/<str:channel>", feeds.channel_feeds, name="channel-feeds"),
    path(f"{FEED}/products", feeds.products, name="feed-products"),
    path(f"{FEED}/changes", feeds.changes, name="feed-changes"),
    path(f"{FEED}/products/changes", feeds.changes),
    path(f"{FEED}/labels", feeds.labels, name="feed-labels"),
    path(f"{FEED}/products/<path:identifier>", feeds.product, name="feed-product"),
    path("out/<str:output>/editions/<int:number>/<path:name>", artefacts.of_edition),
    path("out/<str:output>/<path:name>", artefacts.current, name="artefact"),
    path("api/v1/outputs", editions.Outputs.as_view()),
    path(OUTPUT, editions.OneOutput.as_view()),
    path(f"{OUTPUT}/audit", editions.Audit.as_view()),
    path(f"{OUTPUT}/rollback", editions.Rollback.as_view()),
    path(f"{OUTPUT}/hold", editions.Hold.as_view()),
    path(f"{OUTPUT}/release", editions.Release.as_view()),
    path(f"{OUTPUT}/editions", editions.Editions.as_view()),
    path(EDITION, editions.OneEdition.as_view()),
    path(f"{EDITION}/errors", editions.Errors.as_view()),
    path(f"{EDITION}/approve", editions.Approve.as_view()),
    path(f"{EDITION}/reject", editions.Reject.as_view()),
    path(f"{EDITION}/cancel", editions.Cancel.as_view()),
    path(f"{EDITION}/retry", editions.Retry.as_view()),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(), name="docs"),
    path("healthz", operations.healthz),
    path("readyz", operations.readyz),
    path("metrics", operations.metrics),
]
