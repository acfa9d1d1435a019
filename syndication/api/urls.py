"""Addresses of the feeds, artefacts and the syndication API."""

urlpatterns: list = []
