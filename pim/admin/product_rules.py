"""Rules on the desk: a list with what came of them, and an editor without a line of JSON."""

import json

from django.contrib import admin, messages
from django.contrib.admin import display
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.timesince import timesince
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from unfold.views import ChangeList

from pim.actions.rules import delete_rule, queue_rules, save_rule
from pim.content.refusals import Conflict, Refused
from pim.content.structure import Structure
from pim.models import Rule
from pim.queries.operations import title_of
from pim.queries.selection import describe, select
from pim.queries.structure import load_structure
from pim.queries.titles import say_title
from pim.tasks import ring_jobs

from .base import PimModelAdmin, actor_of, chip
from .building import vocabulary
from .context import working_context
from .limits import UnlimitedOnly

FLAGS = ("enabled", "on_save", "on_import")
TEXTS = ("name", "cadence", "time_zone")
TONES = {"done": "good", "failed": "bad", "stopped": "warn"}


class RuleChangeList(ChangeList):
    """A change list whose rows carry their `words`: when, and then."""

    def get_results(self, request):
        super().get_results(request)
        structure = load_structure()
        locale = working_context(request, structure).locale
        self.result_list = list(self.result_list)
        for rule in self.result_list:
            then = say_title(title_of(rule.actions), structure)
            rule.words = (_when(rule, locale, structure), then)


def _when(rule: Rule, locale: str, structure: Structure):
    try:
        return describe(rule.when, locale=locale, structure=structure)
    except Refused as refusal:
        return chip(refusal.say(translate)[:80], "bad")


@admin.register(Rule)
class RuleAdmin(UnlimitedOnly, PimModelAdmin):
    """Rules: when a product is so, then do this."""

    list_display = ("title_cell", "when_words", "then_words", "triggers", "last_run")
    list_display_links = None
    list_select_related = ("last_job",)
    list_filter = ("enabled", "on_save", "on_import")
    search_fields = ("code", "name")
    actions = ("run_selected",)

    def get_urls(self):
        wrap = self.admin_site.admin_view
        mine = [
            path(f"<int:pk>/{name}/", wrap(getattr(self, f"{name}_view")), name=f"pim_rule_{name}")
            for name in ("run", "preview")
        ]
        return mine + super().get_urls()

    def get_actions(self, request):
        found = super().get_actions(request)
        found.pop("delete_selected", None)
        return found if self.has_change_permission(request) else {}

    def get_changelist(self, request, **kwargs):
        return RuleChangeList

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        rule = get_object_or_404(Rule, pk=object_id) if object_id else Rule(when={"search": {}})
        if not (self.has_view_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        if request.method == "POST":
            return self._save(request, rule)
        return self._page(request, rule)

    def delete_model(self, request, obj):
        delete_rule(obj, actor=actor_of(request), at=timezone.now())

    def run_view(self, request, pk):
        """Run the rule on all that it is about."""
        return self._queue(request, [get_object_or_404(Rule, pk=pk)], dry_run=False)

    def preview_view(self, request, pk):
        """Say what running the rule would change."""
        return self._queue(request, [get_object_or_404(Rule, pk=pk)], dry_run=True)

    @admin.action(description=_("Run now"))
    def run_selected(self, request, queryset):
        return self._queue(request, list(queryset), dry_run=False)

    def _queue(self, request, rules, *, dry_run: bool):
        if request.method != "POST" or not self.has_change_permission(request):
            raise PermissionDenied
        job = queue_rules(rules, user=request.user, dry_run=dry_run)
        ring_jobs(job.pk)
        return HttpResponseRedirect(reverse("admin:pim_job_change", args=[job.pk]))

    def _save(self, request, rule: Rule):
        may = self.has_change_permission if rule.pk else self.has_add_permission
        if not may(request):
            raise PermissionDenied
        fields, code = _fields(request), rule.code or request.POST.get("code", "").strip()
        expected = request.POST.get("row_version", "")
        try:
            saved = save_rule(
                code,
                fields,
                actor=actor_of(request),
                at=timezone.now(),
                expected=int(expected) if expected.isdigit() else 0,
            )
        except Refused as refusal:
            _take(rule, code, fields)
            error = refusal.say(translate)
            if isinstance(refusal, Conflict) and not rule.pk:
                error = translate("There is a rule with this code already.")
            return self._page(request, rule, error=error)
        messages.success(request, translate("The rule is saved."))
        if "preview" in request.POST:
            return self._queue(request, [saved.rule], dry_run=True)
        return HttpResponseRedirect(reverse("admin:pim_rule_change", args=[saved.rule.pk]))

    def _page(self, request, rule: Rule, *, error: str = ""):
        known = vocabulary(request)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": str(rule) if rule.pk else translate("New rule"),
            "rule": rule,
            "when": json.dumps(rule.when),
            "actions_json": json.dumps(rule.actions),
            "count": _count(rule),
            "vocabulary": known,
            "error": error,
            "may_save": (self.has_change_permission if rule.pk else self.has_add_permission)(
                request
            ),
            "may_delete": rule.pk and self.has_delete_permission(request),
        }
        return TemplateResponse(request, "admin/pim/rule.html", context)

    @display(description=_("rule"), ordering="name")
    def title_cell(self, obj):
        return format_html(
            '<a class="pm-title" href="{}/change/"><strong dir="auto">{}</strong>'
            "<small>{}</small></a>",
            obj.pk,
            str(obj),
            obj.code,
        )

    @display(description=_("when"))
    def when_words(self, obj):
        return obj.words[0]

    @display(description=_("then"))
    def then_words(self, obj):
        return obj.words[1]

    @display(description=_("runs"), ordering="on_save")
    def triggers(self, obj):
        found = [] if obj.enabled else [(_("switched off"), "warn")]
        found += [(_("on save"), "info")] if obj.on_save else []
        found += [(_("on import"), "info")] if obj.on_import else []
        found += [(obj.cadence, "info")] if obj.cadence else []
        chips = [chip(text, tone) for text, tone in found or [(_("by hand"), "quiet")]]
        return format_html_join(" ", "{}", ((one,) for one in chips))

    @display(description=_("last run"), ordering="last_job__created_at")
    def last_run(self, obj):
        job = obj.last_job
        if job is None:
            return "–"
        changed = sum(counts.get("changed", 0) for counts in (job.counts or {}).values())
        return format_html(
            '<a class="pm-link" href="{}">{}</a> {}',
            reverse("admin:pim_job_change", args=[job.pk]),
            translate("%(changed)s changed, %(age)s ago")
            % {"changed": changed, "age": timesince(job.created_at, depth=1)},
            chip(job.get_state_display(), TONES.get(job.state, "quiet")),
        )


def _fields(request) -> dict:
    """Return what the form says; what cannot be read is left for the check to refuse."""
    fields: dict = {name: request.POST.get(name, "").strip() for name in TEXTS}
    fields |= {name: name in request.POST for name in FLAGS}
    order = request.POST.get("sort_order", "0").strip()
    fields["sort_order"] = int(order) if order.lstrip("-").isdigit() and len(order) < 9 else 0
    for name, posted in (("when", "when"), ("actions", "actions")):
        try:
            fields[name] = json.loads(request.POST.get(posted, ""))
        except ValueError:
            fields[name] = None
    return fields


def _take(rule: Rule, code: str, fields: dict) -> None:
    rule.code = code
    for name, value in fields.items():
        setattr(rule, name, value)


def _count(rule: Rule) -> int | None:
    """Return how many products the rule is about now."""
    try:
        return select(rule.when).count() if rule.pk else None
    except Refused:
        return None
