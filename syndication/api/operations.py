"""For operators: is the process alive, is the installation ready, what do the figures say."""

from time import time

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from pim import files
from syndication.models import STATES, OutboxEntry, Pointer, StaleMark
from syndication.queries.editions import state_counts


def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 as long as this process answers at all; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when database and artefact store can be used, else 503 and what is wrong."""
    wrong = {}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM syndication_output LIMIT 1")
    except DatabaseError as error:
        wrong["database"] = type(error).__name__
    if fault := files.artefacts().fault():
        wrong["artefacts"] = fault
    status = 503 if wrong else 200
    return JsonResponse({"ready": not wrong, **wrong}, status=status)


def metrics(request: HttpRequest) -> HttpResponse:
    """Answer Prometheus figures: to anyone where settings say so, else to people of the desk."""
    user = getattr(request, "user", None)
    if not settings.METRICS_PUBLIC and not (user and user.is_staff):
        raise PermissionDenied
    return HttpResponse(generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)


def _registry() -> CollectorRegistry:
    registry = CollectorRegistry()
    editions = Gauge("pim_editions", "Editions by state.", ["state"], registry=registry)
    counts = state_counts()
    for state, _label in STATES:
        editions.labels(state).set(counts.get(state, 0))
    age = Gauge(
        "pim_served_age_seconds",
        "How long ago the edition being served was promoted.",
        ["output", "locale"],
        registry=registry,
    )
    for pointer in Pointer.objects.select_related("output"):
        age.labels(pointer.output.code, pointer.locale).set(time() - pointer.moved_at.timestamp())
    waiting = Gauge("pim_outbox_waiting", "Effects not done yet.", ["kind"], registry=registry)
    for kind in ("bell", "delivery", "compress"):
        waiting.labels(kind).set(OutboxEntry.objects.filter(kind=kind, done_at=None).count())
    stale = Gauge("pim_listings_stale", "Products whose listings wait.", registry=registry)
    stale.set(StaleMark.objects.count())
    return registry
