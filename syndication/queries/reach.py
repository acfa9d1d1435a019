"""What a person of the desk may know of outputs and listings; feeds and keys do not come here."""

from collections.abc import Mapping

from django.db.models import QuerySet

from pim.published import AttributeDef, Level, Rights, rights_of, visible_product_ids
from syndication.models import Output

__all__ = ["Level", "output_level", "rights_of", "seen_listings", "seen_outputs", "visible_reasons"]


def output_level(rights: Rights, output: Output) -> Level:
    """Return what somebody may do with an output; one of a hidden channel is hidden."""
    return rights.output(output.code) if rights.channel(output.channel) else Level.NONE


def seen_outputs(rights: Rights, queryset: QuerySet | None = None) -> QuerySet:
    """Return the outputs that may be seen."""
    outputs = Output.objects.all() if queryset is None else queryset
    if rights.unlimited:
        return outputs
    rows = Output.objects.only("code", "channel")
    return outputs.filter(pk__in=[o.pk for o in rows if output_level(rights, o)])


def seen_listings(rights: Rights, queryset: QuerySet) -> QuerySet:
    """Return the listings of products, channels and locales that may be seen."""
    if rights.unlimited:
        return queryset
    channels = [c for c in _distinct(queryset, "channel") if rights.channel(c)]
    locales = [c for c in _distinct(queryset, "locale") if rights.locale(c)]
    rows = queryset.filter(channel__in=channels, locale__in=locales)
    return rows.filter(product_id__in=visible_product_ids(rights))


def visible_reasons(
    reasons, *, channel: str, rights: Rights, attributes: Mapping[str, AttributeDef]
) -> list[dict]:
    """Return the reasons for being withheld that name no value which may not be seen."""
    if rights.unlimited:
        return list(reasons or [])
    return [
        reason
        for reason in reasons or []
        if not reason.get("attribute")
        or rights.value(
            attribute := attributes.get(reason["attribute"]),
            channel if attribute and attribute.scopable else "",
            reason.get("locale") or "",
        )
    ]


def _distinct(queryset: QuerySet, name: str) -> list[str]:
    return list(queryset.order_by().values_list(name, flat=True).distinct())
