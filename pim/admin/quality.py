"""The pages of quality: the board over time, and the rules that content is judged by."""

from datetime import timedelta

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import display
from django.core.exceptions import PermissionDenied
from django.db.models import Avg, Count, Q
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from pim.actions.quality import delete_quality_rule, save_quality_rule
from pim.content.quality import grade
from pim.content.refusals import Refused
from pim.models import ROLES, Quality, QualityDay, QualityRule
from pim.queries.quality import days
from pim.queries.seen_quality import seen_days, seen_scores
from pim.queries.structure import load_structure

from .base import PimModelAdmin, ReadOnly, chip
from .context import context_locales, label_of, working_context
from .limits import actor_of, seen_channels, shown_categories
from .localized import LocalizedField, enabled_locales

SPAN = 60
TONES = {"A": "good", "B": "good", "C": "warn", "D": "warn", "E": "bad"}
WORST = 12


@admin.register(Quality)
class QualityAdmin(ReadOnly, PimModelAdmin):
    """The board: how good the content is now, by what, and how it was."""

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


class QualityRuleForm(forms.Form):
    """A rule with the parameters of its kind."""

    code = forms.CharField(label=_("Code"), max_length=100, widget=UnfoldAdminTextInputWidget)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=QualityRule._meta.get_field("kind").choices,
        widget=forms.Select(attrs={"class": "pm-select"}),
    )  # fmt: skip
    weight = forms.IntegerField(
        label=_("Weight"), min_value=1, max_value=1000, initial=10,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=_("How much of the score depends on it, beside the weights of the others."),
    )  # fmt: skip
    enabled = forms.BooleanField(
        label=_("Enabled"), required=False, initial=True, widget=UnfoldBooleanSwitchWidget
    )
    channels = forms.MultipleChoiceField(required=False, label=_("Only in these channels"))
    locales = forms.MultipleChoiceField(required=False, label=_("Only in these locales"))
    families = forms.MultipleChoiceField(required=False, label=_("Only these families"))
    roles = forms.MultipleChoiceField(
        required=False, label=_("Attributes of these semantic roles"), choices=ROLES
    )
    attributes = forms.MultipleChoiceField(required=False, label=_("These attributes"))
    min = forms.IntegerField(
        label=_("At least … characters"), required=False, min_value=0,
        widget=UnfoldAdminIntegerFieldWidget,
    )  # fmt: skip
    max = forms.IntegerField(
        label=_("At most … characters"), required=False, min_value=0,
        widget=UnfoldAdminIntegerFieldWidget,
    )  # fmt: skip
    mm = forms.DecimalField(
        label=_("Printed size in millimetres"), required=False, min_value=1,
        widget=UnfoldAdminDecimalFieldWidget,
    )  # fmt: skip
    dpi = forms.IntegerField(
        label=_("Dots per inch"), required=False, min_value=1,
        widget=UnfoldAdminIntegerFieldWidget,
    )  # fmt: skip

    LISTS = ("families", "roles", "attributes")
    PARAMS = {"length": ("min", "max"), "image_resolution": ("mm", "dpi"),
              "forbidden_words": ("words",)}  # fmt: skip

    def __init__(self, *args, row: QualityRule | None, structure, locale: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.row = row
        choices = {
            "channels": structure.channels,
            "families": structure.families,
            "attributes": structure.attributes,
        }
        for name, known in choices.items():
            self.fields[name].choices = [(c, label_of(d, locale)) for c, d in known.items()]
        self.fields["locales"].choices = [(c, c) for c in enabled_locales()]
        for name in (*choices, "locales", "roles"):
            self.fields[name].widget = forms.CheckboxSelectMultiple(
                attrs={"class": "pm-checks"}, choices=self.fields[name].choices
            )
        self.fields["labels"] = LocalizedField(
            locales=enabled_locales(), compact="yes", label=_("Name")
        )
        self.fields["words"] = LocalizedField(
            locales=enabled_locales(), rows=2, label=_("Forbidden words"),
            help_text=_("Separated by commas."),
        )  # fmt: skip
        if row:
            self.fields["code"].disabled = self.fields["kind"].disabled = True
            self.initial = _initial(row)
            for kind, names in self.PARAMS.items():
                for name in names if kind != row.kind else ():
                    del self.fields[name]
        self.order_fields(["code", "labels", "kind", "weight", "enabled"])

    def parts(self) -> list[dict]:
        """Return the fields as the page shows them: long lists folded, with how many are ticked."""
        return [
            {
                "field": field,
                "folded": field.name in self.LISTS,
                "ticked": len(field.value() or ()) if field.name in self.LISTS else 0,
            }
            for field in self
        ]

    def document(self) -> dict:
        """Return the fields of the rule as its action takes them."""
        given = self.cleaned_data
        params = {n: given[n] for n in self.PARAMS.get(given["kind"], ()) if given.get(n)}
        if "words" in params:
            params["words"] = {
                locale: words
                for locale, text in params["words"].items()
                if (words := [w.strip() for w in text.replace("\n", ",").split(",") if w.strip()])
            }
        if "mm" in params:
            params["mm"] = float(params["mm"])
        names = ("kind", "weight", "enabled", "channels", "locales", "families", "roles",
                 "attributes")  # fmt: skip
        return {n: given[n] for n in names} | {"labels": given["labels"] or {}, "params": params}


def _initial(row: QualityRule) -> dict:
    names = ("code", "labels", "kind", "weight", "enabled", "channels", "locales", "families",
             "roles", "attributes")  # fmt: skip
    params = {k: v for k, v in row.params.items() if k != "words"}
    words = {loc: ", ".join(held) for loc, held in (row.params.get("words") or {}).items()}
    return {name: getattr(row, name) for name in names} | params | {"words": words}


@admin.register(QualityRule)
class QualityRuleAdmin(PimModelAdmin):
    """What content is judged by."""

    list_display = ("title", "kind_chip", "weight", "where", "state")
    list_display_links = None
    list_filter = ("kind", "enabled")
    search_fields = ("code", "labels")

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        row = self.get_object(request, object_id) if object_id else None
        may = self.has_change_permission(request, row) if row else self.has_add_permission(request)
        readable = may or (row and self.has_view_permission(request, row))
        if (object_id and row is None) or not readable or (request.method == "POST" and not may):
            raise PermissionDenied
        structure = load_structure()
        locale = working_context(request, structure).locale
        form = QualityRuleForm(request.POST or None, row=row, structure=structure, locale=locale)
        if request.method == "POST" and form.is_valid() and self._saved(request, form):
            return HttpResponseRedirect(reverse("admin:pim_qualityrule_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": row.label() if row else translate("New quality rule"),
            "row": row,
            "form": form,
            "may_save": may,
            "may_delete": bool(row) and self.has_delete_permission(request, row),
        }
        return TemplateResponse(request, "admin/pim/quality_rule.html", context)

    def _saved(self, request, form) -> bool:
        try:
            save_quality_rule(
                form.cleaned_data["code"],
                actor=actor_of(request),
                at=timezone.now(),
                **form.document(),
            )
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None,
                           refused.say(translate))  # fmt: skip
            return False
        words = translate("The rule is saved; scores follow within a minute or two.")
        messages.success(request, words)
        return True

    def delete_model(self, request, obj):
        delete_quality_rule(obj, actor=actor_of(request), at=timezone.now())

    def delete_queryset(self, request, queryset):
        for obj in queryset:
            self.delete_model(request, obj)

    @display(description=_("rule"), ordering="code")
    def title(self, obj):
        href = reverse("admin:pim_qualityrule_change", args=[obj.pk])
        template = '<a class="pm-title" href="{}"><strong>{}</strong><small>{}</small></a>'
        return format_html(template, href, obj.label(), obj.code)

    @display(description=_("kind"), ordering="kind")
    def kind_chip(self, obj):
        return chip(obj.get_kind_display())

    @display(description=_("only in"))
    def where(self, obj):
        return ", ".join([*obj.channels, *obj.locales, *obj.families]) or translate("everywhere")

    @display(description=_("state"), ordering="enabled")
    def state(self, obj):
        return chip(_("on"), "good") if obj.enabled else chip(_("off"))
