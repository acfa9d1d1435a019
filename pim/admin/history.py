"""Read-only pages of what happened: changes, versions, planned publications, the log."""

from django.contrib import admin
from django.contrib.admin import display
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateTimeFilter

from pim.content.masks import visible_definition, visible_keys
from pim.models import Change, Job, LogEntry, PlannedPublication
from pim.queries.rights import rights_on
from pim.queries.structure import load_structure
from pim.queries.titles import reason_of, title_of_job, with_titles

from .base import PimModelAdmin, ReadOnly, chip
from .differences import difference_table, words_for
from .limits import rights_of_request, seen_by_product, seen_changes
from .shown import SlicesChangeList, hides, mask_slices
from .words import action_word, source_word

PLAN_TONES = {"waiting": "info", "done": "good", "cancelled": "quiet"}


def product_link(product_id, text):
    """Return a link to a product's page, or the bare text when it is gone."""
    if not product_id:
        return text
    return format_html(
        '<a class="pm-link" href="{}">{}</a>',
        reverse("admin:pim_product_change", args=[product_id]),
        text,
    )


class JobFilter(admin.SimpleListFilter):
    """Changes of one job: that job's page links here, only then is there a choice."""

    title = _("job")
    parameter_name = "job"

    def lookups(self, request, model_admin):
        chosen = request.GET.get("job", "")
        jobs = Job.objects.filter(pk=chosen) if chosen.isdigit() else ()
        return [(str(job.pk), title_of_job(job)) for job in jobs]

    def queryset(self, request, queryset):
        chosen = self.value() or ""
        return queryset.filter(job_id=int(chosen)) if chosen.isdigit() else queryset


@admin.register(Change)
class ChangeAdmin(ReadOnly, PimModelAdmin):
    """Who changed what, when, why and from where."""

    list_display = ("at", "actor", "source_chip", "done", "subject_link", "size", "why")
    list_filter = ("source", "action", ("at", RangeDateTimeFilter), JobFilter)
    list_filter_submit = True
    search_fields = ("subject", "actor")
    fields = ("at", "actor", "source_chip", "done", "subject", "why", "differences")
    readonly_fields = ("source_chip", "done", "why", "differences")
    list_per_page = 100

    def get_queryset(self, request):
        """Changes of what may be seen; of roles, to the unlimited."""
        return with_titles(seen_changes(request, super().get_queryset(request)))

    def get_list_display(self, request):
        """How many values a change has is told to who may see them all."""
        shown = super().get_list_display(request)
        whole = rights_of_request(request).unlimited
        return shown if whole else tuple(name for name in shown if name != "size")

    def get_object(self, request, object_id, from_field=None):
        """The change without what the person may not see of it."""
        change = super().get_object(request, object_id, from_field)
        rights = rights_of_request(request)
        if change is not None and not change.product_id and not rights.unlimited:
            change.detail = visible_definition(change.detail or {}, hides(request, "locale"))
        if change is not None and change.product_id:
            holding = rights_on([change.product_id], rights)
            change.detail = visible_keys(
                change.detail or {}, holding[change.product_id], load_structure()
            )
        return change

    @display(description=_("source"), ordering="source")
    def source_chip(self, obj):
        return chip(source_word(obj.source))

    @display(description=_("what was done"), ordering="action")
    def done(self, obj):
        return action_word(obj.action)

    @display(description=_("subject"), ordering="subject")
    def subject_link(self, obj):
        return product_link(obj.product_id, obj.subject)

    @display(description=_("values"))
    def size(self, obj):
        return len(obj.detail or {})

    @display(description=_("why"), ordering="reason")
    def why(self, obj):
        return reason_of(obj)

    @display(description=_("differences"))
    def differences(self, obj):
        detail = obj.detail or {}
        return difference_table(
            detail, words_for([detail], load_structure(), get_language() or "en")
        )


@admin.register(PlannedPublication)
class PlannedPublicationAdmin(ReadOnly, PimModelAdmin):
    """What will be published when."""

    list_display = ("due_at", "link", "state_chip", "slices_text", "actor", "reason")
    list_filter = ("state",)
    list_select_related = ("product",)
    search_fields = ("product__identifier",)
    fields = ("due_at", "product", "state", "slices_text", "actor", "reason")

    def get_queryset(self, request):
        return seen_by_product(request, super().get_queryset(request))

    def get_changelist(self, request, **kwargs):
        return SlicesChangeList

    def get_object(self, request, object_id, from_field=None):
        found = super().get_object(request, object_id, from_field)
        return found and mask_slices([found], request)[0]

    @display(description=_("product"))
    def link(self, obj):
        return product_link(obj.product_id, obj.product.identifier)

    @display(description=_("state"), ordering="state")
    def state_chip(self, obj):
        return chip(obj.get_state_display(), PLAN_TONES[obj.state])

    @display(description=_("slices"))
    def slices_text(self, obj):
        if obj.slices is None:
            return _("all")
        return ", ".join(f"{group} {locale}".strip() for group, locale in obj.slices) or "–"


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnly, PimModelAdmin):
    """The publication log, in commit order."""

    ordering = ("-seq",)
    list_display = ("seq", "at", "kind_chip", "link", "scope_text")
    list_filter = ("kind",)
    list_select_related = ("product",)
    search_fields = ("product__identifier", "scope")
    fields = ("seq", "at", "kind", "product", "scope_text")

    def get_queryset(self, request):
        """The entries of products that may be seen; those of structure to who sees all of it."""
        rows = super().get_queryset(request)
        if rights_of_request(request).unlimited:
            return rows
        return seen_by_product(request, rows)

    @display(description=_("kind"), ordering="kind")
    def kind_chip(self, obj):
        tones = {"published": "good", "withdrawn": "warn", "structure": "info"}
        return chip(obj.kind, tones.get(obj.kind, "quiet"))

    @display(description=_("product"))
    def link(self, obj):
        return product_link(obj.product_id, obj.product.identifier if obj.product else "–")

    @display(description=_("about"))
    def scope_text(self, obj):
        scope = obj.scope or {}
        codes = ", ".join(str(code) for code in scope.get("codes", [])[:6])
        return f"{scope.get('kind', '')} {codes}".strip() or "–"
