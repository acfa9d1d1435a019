"""The figures of the overview that come from the product content."""

from django.db.models import Avg, Case, Count, F, FloatField, Q, Value, When

from pim.models import Completeness, Job, PlannedPublication
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
    ratio = Case(
        When(required=0, then=Value(1.0)),
        default=F("filled") * 1.0 / F("required"),
        output_field=FloatField(),
    )
    counts = {"share": Avg(ratio), "total": Count("pk")}
    counts["complete"] = Count("pk", filter=Q(filled__gte=F("required")))
    rights = context.rights
    channels = seen_channels(structure, rights)
    codes = {c for ch in channels.values() for c in seen_locales(ch.locales, rights)}
    places = {f"missing_{n}": code for n, code in enumerate(sorted(codes))}
    for name, code in places.items():
        counts[name] = Count("pk", filter=Q(missing__contains=f',"{code}"]'))
    held = Completeness.objects.all()
    if not rights.unlimited:
        held = held.filter(product__in=seen.order_by().values("pk"))
    rows = held.values("channel__code").annotate(**counts)
    found = {row["channel__code"]: row for row in rows}
    names = {code: name for name, code in places.items()}
    return [
        _channel_row(channel, label_of(channel, context.locale), found.get(code, {}), names)
        for code, channel in channels.items()
    ]


def _channel_row(channel, label, row, names) -> dict:
    total = row.get("total", 0)
    return {
        "code": channel.code,
        "label": label,
        "percent": int((row.get("share") or 0) * 100),
        "complete": row.get("complete", 0),
        "total": total,
        "locales": [
            {
                "code": locale,
                "percent": (total - row[names[locale]]) * 100 // total if total else 0,
            }
            for locale in channel.locales
            if locale in names
        ],
    }
