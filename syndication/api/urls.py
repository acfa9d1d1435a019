"""Addresses of the feeds, artefacts and the syndication API."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from . import (
    arranging,
    artefacts,
    brands,
    deliveries,
    editions,
    events,
    operations,
    output_options,
    past,
    proof,
)

OUTPUT = "api/v1/outputs/<str:output>"
EDITION = f"{OUTPUT}/editions/<int:number>"

urlpatterns: list = [
    path("", include("syndication.api.feeds_urls")),
    path("out/<str:output>/editions/<int:number>/<path:name>", artefacts.of_edition),
    path("out/<str:output>/<path:name>", artefacts.current, name="artefact"),
    path("api/v1/outputs", editions.Outputs.as_view()),
    path(OUTPUT, editions.OneOutput.as_view()),
    path(f"{OUTPUT}/options", output_options.Options.as_view()),
    path(f"{OUTPUT}/audit", editions.Audit.as_view()),
    path(f"{OUTPUT}/rollback", editions.Rollback.as_view()),
    path(f"{OUTPUT}/hold", editions.Hold.as_view()),
    path(f"{OUTPUT}/release", editions.Release.as_view()),
    path(f"{OUTPUT}/editions", editions.Editions.as_view()),
    path(f"{OUTPUT}/deliveries", deliveries.Deliveries.as_view()),
    path(f"{OUTPUT}/deliveries/<int:delivery>/attempts", deliveries.Attempts.as_view()),
    path(f"{OUTPUT}/deliveries/<int:delivery>/send", deliveries.Send.as_view()),
    path(f"{OUTPUT}/deliveries/<int:delivery>/test", deliveries.Test.as_view()),
    path(EDITION, editions.OneEdition.as_view()),
    path(f"{EDITION}/errors", editions.Errors.as_view()),
    path(f"{EDITION}/changes", proof.Changes.as_view()),
    path(f"{EDITION}/moved", proof.MovedProducts.as_view()),
    path(f"{EDITION}/pages", proof.Pages.as_view()),
    path(f"{EDITION}/placing", arranging.Placing.as_view()),
    path(f"{EDITION}/approve", editions.Approve.as_view()),
    path(f"{EDITION}/reject", editions.Reject.as_view()),
    path(f"{EDITION}/cancel", editions.Cancel.as_view()),
    path(f"{EDITION}/retry", editions.Retry.as_view()),
    path("api/v1/listings/<str:channel>/<str:locale>/<str:identifier>", past.Past.as_view()),
    path("api/v1/brands", brands.Brands.as_view()),
    path("api/v1/brands/<slug:code>", brands.OneBrand.as_view()),
    path("api/v1/brands/<slug:code>/use", brands.UseBrand.as_view()),
    path("api/v1/events", events.Events.as_view()),
    path("api/v1/webhooks", events.Webhooks.as_view()),
    path("api/v1/webhooks/<int:pk>", events.OneWebhook.as_view()),
    path("api/v1/webhooks/<int:pk>/deliveries", events.Deliveries.as_view()),
    path("api/v1/webhooks/<int:pk>/replay", events.Replay.as_view()),
    path("api/v1/webhooks/<int:pk>/rotate", events.Rotate.as_view()),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(), name="docs"),
    path("healthz", operations.healthz),
    path("readyz", operations.readyz),
    path("metrics", operations.metrics),
]
