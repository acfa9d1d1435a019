"""Addresses of the feeds."""

from django.urls import path

from . import feeds

FEED = "feeds/<str:channel>/<str:locale>"

urlpatterns = [
    path("feeds/<str:channel>", feeds.channel_feeds, name="channel-feeds"),
    path(f"{FEED}/products", feeds.products, name="feed-products"),
    path(f"{FEED}/changes", feeds.changes, name="feed-changes"),
    path(f"{FEED}/products/changes", feeds.changes),
    path(f"{FEED}/labels", feeds.labels, name="feed-labels"),
    path(f"{FEED}/products/<path:identifier>", feeds.product, name="feed-product"),
]
