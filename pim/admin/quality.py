"""The board of quality: how good the content is, by what, and how it was."""

from datetime import timedelta

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Avg, Count, Q
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as translate

from pim.content.quality import grade
from pim.content.seen import shown_categories
from pim.models import Quality, QualityDay
from pim.queries.quality import days
from pim.queries.seen_quality import seen_days, seen_scores
from pim.queries.structure import load_structure

from .base import PimModelAdmin, ReadOnly
from .context import context_locales, label_of, working_context
from .limits import seen_channels

SPAN = 60
TONES = {"A": "good", "B": "good", "C": "warn", "D": "warn", "E": "bad"}
WORST = 12


@admin.register(Quality)
class QualityAdmin(ReadOnly, PimModelAdmin):
    """The board: how good the content is now, by what, and how it was."""

    def get_object(self, request, object_id, from_field=None):
        """A score has no page of its own, where its findings would stand unmasked."""
        return None

    def changelist_view(self, request, extra_context=None):
        """Show the working channel and locale; the list of products is a click away."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        structure = load_structure()
        context = working_context(request, structure)
        return TemplateResponse(
            request,
            "admin/pim/quality.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": translate("Quality"),
                "working": context,
                "channels": [
                    (code, label_of(c, context.locale))
                    for code, c in seen_channels(structure, context.rights).items()
                ],
                "locales": context_locales(structure, context.channel, context.rights),
                **board(request, structure, context),
            },
        )


def board(request, structure, context) -> dict:
    """Return the figures of a channel and locale: now from the scores, earlier from the days."""
    rows = seen_scores(Quality.objects.all(), context.rights, structure)
    kept = seen_days(QualityDay.objects.all(), context.rights, structure)
    here = rows.filter(channel__code=context.channel, locale=context.locale)
    past = {
        by: days(
            kept, channel=context.channel, locale=context.locale, by=by, until=_today(), span=SPAN
        )
        for by in ("all", "family", "category")
    }
    shown = shown_categories(structure, context.rights)
    return {
        "now": _figures(here),
        "line": sparkline(past["all"].get("", [])),
        "families": _families(here, past["family"], structure, context),
        "categories": [
            _past_row(code, label_of(structure.categories[code], context.locale), held)
            for code, held in past["category"].items()
            if code in shown and code in structure.categories
        ],
        "contexts": _contexts(rows, structure, context),
        "worst": here.filter(score__lt=100)
        .select_related("product")
        .order_by("score", "pk")[:WORST],
        "any": rows.exists(),
    }


def tone(score: int) -> str:
    """Return the colour that a score is shown in."""
    return TONES[grade(score)]


def _today():
    return timezone.localdate()


def _figures(rows) -> dict:
    found = rows.aggregate(
        average=Avg("score"), total=Count("pk"), flawless=Count("pk", filter=Q(score=100))
    )
    score = int(found["average"] or 0)
    return {**found, "score": score, "grade": grade(score), "tone": tone(score)}


def _families(rows, past, structure, context) -> list[dict]:
    counted = (
        rows.order_by()
        .values("product__family__code")
        .annotate(
            average=Avg("score"), total=Count("pk"), flawless=Count("pk", filter=Q(score=100))
        )
    )
    found = []
    for row in counted.order_by("average"):
        code = row["product__family__code"] or ""
        family = structure.families.get(code)
        label = label_of(family, context.locale) if family else translate("(without family)")
        link = f"{reverse('admin:pim_product_changelist')}?family={code or '-'}"
        found.append(_row(label, row, past.get(code, []), link))
    return found


def _row(label, row, held, link="") -> dict:
    score = int(row["average"] or 0)
    figures = {"label": label, "score": score, "grade": grade(score), "tone": tone(score)}
    return figures | {
        "total": row["total"],
        "flawless": row["flawless"],
        "line": sparkline(held),
        "link": link,
    }


def _past_row(code, label, held) -> dict:
    last = held[-1]
    row = {"average": last.score, "total": last.products, "flawless": last.flawless}
    link = f"{reverse('admin:pim_product_changelist')}?category={code}"
    return _row(label, row, held, link)


def _contexts(rows, structure, context) -> list[dict]:
    """Return the averages of every visible channel and locale, for the table of all of them."""
    counted = rows.order_by().values("channel__code", "locale").annotate(average=Avg("score"))
    held = {(r["channel__code"], r["locale"]): int(r["average"]) for r in counted}
    return [
        {
            "label": label_of(channel, context.locale),
            "cells": [
                {"locale": loc, "channel": code, "score": held[code, loc],
                 "tone": tone(held[code, loc])}
                for loc in context_locales(structure, code, context.rights)
                if (code, loc) in held
            ],
        }
        for code, channel in seen_channels(structure, context.rights).items()
    ]  # fmt: skip


def sparkline(held) -> dict | None:
    """Return the points of a line of days in a box of 120 × 28, None for fewer than two days."""
    if len(held) < 2:
        return None
    last = held[-1].day
    steps = [((SPAN - (last - row.day).days) / SPAN * 120, 27 - float(row.score) * 26 / 100)
             for row in held]  # fmt: skip
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in steps)
    change = float(held[-1].score - held[0].score)
    return {"points": points, "change": f"{change:+.1f}", "since": last - timedelta(days=SPAN)}
