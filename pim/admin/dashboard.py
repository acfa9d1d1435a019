"""The figures of the overview that come from the product content."""

from django.db.models import Avg, Case, Count, F, FloatField, Q, Value, When

from pim.models import Asset, Change, Completeness, Job, PlannedPublication, Product
from pim.queries.drafts import unpublished
from pim.queries.structure import load_structure

from .context import label_of, working_context

SHOWN = 8


def content_figures(request) -> dict:
    """Return what the overview shows of the content, in a handful of queries."""
    structure = load_structure()
    context = working_context(request, structure)
    return {
        "products": Product.objects.aggregate(
            total=Count("pk"),
            items=Count("pk", filter=Q(role="item")),
            models=Count("pk", filter=Q(role="model")),
            never=Count("pk", filter=Q(version=None)),
        ),
        "unpublished": unpublished().count(),
        "assets": Asset.objects.count(),
        "completeness": _completeness(structure, context),
        "jobs": list(Job.objects.select_related("created_by")[:4]),
        "changes": list(Change.objects.defer("detail")[:SHOWN]),
        "planned": PlannedPublication.objects.filter(state=PlannedPublication.WAITING).count(),
    }


def _completeness(structure, context) -> list[dict]:
    """Return per channel the share of filled values and how many products are complete."""
    ratio = Case(
        When(required=0, then=Value(1.0)),
        default=F("filled") * 1.0 / F("required"),
        output_field=FloatField(),
    )
    counts = {"share": Avg(ratio), "total": Count("pk")}
    counts["complete"] = Count("pk", filter=Q(filled__gte=F("required")))
    codes = {c for channel in structure.channels.values() for c in channel.locales}
    places = {f"missing_{n}": code for n, code in enumerate(sorted(codes))}
    for name, code in places.items():
        counts[name] = Count("pk", filter=Q(missing__contains=f',"{code}"]'))
    rows = Completeness.objects.values("channel__code").annotate(**counts)
    found = {row["channel__code"]: row for row in rows}
    names = {code: name for name, code in places.items()}
    return [
        _channel_row(channel, label_of(channel, context.locale), found.get(code, {}), names)
        for code, channel in structure.channels.items()
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
        ],
    }
