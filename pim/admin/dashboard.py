"""The figures of the overview that come from the product content."""

from django.db.models import Avg, Case, Count, F, FloatField, Max, Min, Q, Value, When

from pim.models import Completeness, Job, PlannedPublication, Product
from pim.queries.drafts import unpublished
from pim.queries.structure import load_structure
from pim.queries.titles import title_of_job

from .context import label_of, working_context
from .limits import (
    seen_by_product,
    seen_channels,
    seen_jobs,
    seen_locales,
    seen_media,
    seen_products,
)
from .recent import recent_changes
from .work import waiting_for

SAMPLE = 1000  # products that the figures by locale are read from, where there are more
MANY_LOCALES = 12  # of more, those with most left to do are shown at once


def content_figures(request) -> dict:
    """Return what the overview shows of the content, in a handful of queries."""
    structure = load_structure()
    context = working_context(request, structure)
    seen = seen_products(request)
    return {
        "products": seen.aggregate(
            total=Count("pk"),
            items=Count("pk", filter=Q(role="item")),
            models=Count("pk", filter=Q(role="model")),
            never=Count("pk", filter=Q(version=None)),
        ),
        "unpublished": unpublished(seen).count(),
        "assets": seen_media(request).count(),
        "completeness": _completeness(structure, context, seen),
        "waiting": waiting_for(request),
        "jobs": [
            (job, title_of_job(job))
            for job in seen_jobs(request, Job.objects.select_related("created_by"))[:4]
        ],
        "changes": recent_changes(request),
        "planned": seen_by_product(
            request, PlannedPublication.objects.filter(state=PlannedPublication.WAITING)
        ).count(),
    }


def _completeness(structure, context, seen) -> list[dict]:
    """Return per channel the share of filled values and how many products are complete."""
    rights = context.rights
    held = Completeness.objects.all()
    if not rights.unlimited:
        held = held.filter(product__in=seen.order_by().values("pk"))
    channels = seen_channels(structure, rights)
    codes = {c for ch in channels.values() for c in seen_locales(ch.locales, rights)}
    found = _by_channel(held, _figures())
    about = any(row["total"] > SAMPLE for row in found.values())
    places = {code: f"missing_{n}" for n, code in enumerate(sorted(codes))}
    lacking = _by_channel(_spread(held) if about else held, _lacking(places))
    return [
        {
            **_channel_row(channel, label_of(channel, context.locale), found.get(code, {})),
            "about": about,
            **_locale_row(channel, lacking.get(code, {}), places),
        }
        for code, channel in channels.items()
    ]


def _by_channel(rows, counts) -> dict[str, dict]:
    return {row["channel__code"]: row for row in rows.values("channel__code").annotate(**counts)}


def _figures() -> dict:
    ratio = Case(
        When(required=0, then=Value(1.0)),
        default=F("filled") * 1.0 / F("required"),
        output_field=FloatField(),
    )
    complete = Count("pk", filter=Q(filled__gte=F("required")))
    return {"share": Avg(ratio), "total": Count("pk"), "complete": complete}


def _lacking(places: dict[str, str]) -> dict:
    """Return the counts of products that lack something, by locale; they read every document."""
    counts = {
        name: Count("pk", filter=Q(missing__contains=f',"{code}"]'))
        for code, name in places.items()
    }
    return {"total": Count("pk"), **counts}


def _spread(rows):
    """Return the rows of about SAMPLE products, spread evenly over all of them.

    With a million products in forty languages no page could read what each of them lacks.
    """
    ends = Product.objects.aggregate(first=Min("pk"), last=Max("pk"))
    step = max((ends["last"] - ends["first"]) // SAMPLE, 1)
    return rows.filter(product__in=list(range(ends["first"], ends["last"] + 1, step)))


def _channel_row(channel, label, row) -> dict:
    return {
        "code": channel.code,
        "label": label,
        "percent": int((row.get("share") or 0) * 100),
        "complete": row.get("complete", 0),
        "total": row.get("total", 0),
    }


def _locale_row(channel, row, places) -> dict[str, list[dict]]:
    """Return the share of products that lack nothing in each locale; of many the lowest first."""
    total = row.get("total", 0)
    held = [
        {
            "code": code,
            "percent": (total - row[places[code]]) * 100 // total if total else 0,
        }
        for code in channel.locales
        if code in places
    ]
    if len(held) > MANY_LOCALES:
        held.sort(key=lambda one: one["percent"])
    return {"locales": held[:MANY_LOCALES], "more_locales": held[MANY_LOCALES:]}
