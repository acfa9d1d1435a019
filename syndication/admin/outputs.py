"""The pages of outputs: settings, buttons, editions, deliveries."""

from django.contrib import admin, messages
from django.contrib.admin import display
from django.core.exceptions import PermissionDenied
from django.db.models import F, OuterRef, Subquery
from django.http import JsonResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timesince import timesince
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.views import ChangeList

from pim.cadence import ON_CHANGE
from syndication.actions.editions import hold_output, issue_edition, release_output, roll_back
from syndication.actions.editions.nothing_new import ACTION as NOTHING_NEW
from syndication.actions.previews import previewable
from syndication.actions.schedule import arm_cadence
from syndication.actions.served import wake_for
from syndication.models import Edition, Output, Pointer
from syndication.queries.reach import Level, seen_outputs
from syndication.refusals import Refused

from .base import TONES, DeskAdmin, channel_choices, chip, kind_label, perform
from .deliveries import DeliveryInline, DeliveryPages, log_of
from .limits import holds, output_for, outputs_of_request, rights_of_request
from .output_form import GUARD, OutputForm, dynamic_fields, option_sets, troubles_of
from .previews import output_preview
from .slots import next_slots

RECENT, QUIET = 12, 3
MANY_LOCALES = 8
TIMING = {"cadence", "time_zone", "enabled"}


class OutputChangeList(ChangeList):
    """A list whose rows know the label of their channel, read once for all of them."""

    def get_results(self, request):
        super().get_results(request)
        labels = dict(channel_choices())
        for row in self.result_list:
            row.channel_label = labels.get(row.channel, row.channel)


@admin.register(Output)
class OutputAdmin(DeliveryPages, DeskAdmin):
    """Outputs: what a channel is rendered to, when, and what became of it."""

    form = OutputForm
    change_form_outer_before_template = "admin/syndication/output_head.html"
    change_form_outer_after_template = "admin/syndication/output_deliveries.html"
    list_display = (
        "title", "kind_text", "channel_text", "locales_text", "cadence_text", "latest", "served",
        "states",
    )  # fmt: skip
    list_filter = ("kind", "channel", "held", "enabled")
    search_fields = ("code", "name")
    inlines = (DeliveryInline,)
    list_display_links = None

    def get_changelist(self, request, **kwargs):
        return OutputChangeList

    def get_queryset(self, request):
        newest = Edition.objects.filter(output=OuterRef("pk")).order_by("-id")
        served = Pointer.objects.filter(output=OuterRef("pk")).order_by("moved_at")
        return seen_outputs(rights_of_request(request), super().get_queryset(request)).annotate(
            last_state=Subquery(newest.values("state")[:1]),
            last_edition=Subquery(newest.values("pk")[:1]),
            last_number=Subquery(newest.values("number")[:1]),
            served_at=Subquery(served.values("moved_at")[:1]),
        )

    def has_add_permission(self, request):
        """New outputs are made by who owns those that have no grant of their own."""
        owns = rights_of_request(request).rest("output") >= Level.OWN
        return super().has_add_permission(request) and owns

    def has_change_permission(self, request, obj=None):
        held = obj is None or holds(request, obj, Level.EDIT)
        return super().has_change_permission(request, obj) and held

    def has_delete_permission(self, request, obj=None):
        held = obj is None or holds(request, obj, Level.OWN)
        return super().has_delete_permission(request, obj) and held

    def get_urls(self):
        wrap = self.admin_site.admin_view
        preview = wrap(require_POST(self.preview))
        mine = [
            path("slots/", wrap(self.slots), name="syndication_output_slots"),
            path("<int:pk>/issue/", wrap(self.issue), name="syndication_output_issue"),
            path(
                "<int:pk>/preview/",
                preview,
                name="syndication_output_preview",
            ),
            path("<int:pk>/hold/", wrap(self.hold), name="syndication_output_hold"),
            path("<int:pk>/roll-back/", wrap(self.roll_back), name="syndication_output_roll_back"),
        ]
        return mine + self.delivery_urls() + super().get_urls()

    def get_form(self, request, obj=None, change=False, **kwargs):
        own = {**dynamic_fields(obj), "rights": rights_of_request(request)}
        kwargs["form"] = type("OutputForm", (OutputForm,), own)
        return super().get_form(request, obj, change=change, **kwargs)

    def get_readonly_fields(self, request, obj=None):
        return ("code", "kind_text") if obj else ()

    def get_fieldsets(self, request, obj=None):
        dynamic = dynamic_fields(obj)
        guard = [name for name in dynamic if name.startswith(GUARD)]
        sets = [
            (None, {"fields": ["code", "name", "kind_text" if obj else "kind", "enabled"]}),
            (_("For whom"), {"fields": ["channel", "audience", "locales", "combined", "brand"]}),
            (_("When"), {"fields": ["cadence", "time_zone", "only_if_changed", "keep_days"]}),
        ]
        if obj:
            sets += option_sets(obj, title=kind_label(obj.kind))
        picks = ["select_families", "select_categories", "select_identifiers"]
        sets.append((_("Selection"), {"fields": picks}))
        return [*sets, (_("Safety"), {"fields": ["needs_approval", "strict", *guard]})]

    def save_model(self, request, obj, form, change):
        if change and form.has_changed():
            obj.row_version = F("row_version") + 1
        super().save_model(request, obj, form, change)
        if TIMING & set(form.changed_data):
            arm_cadence(obj, at=timezone.now())
        if change:
            obj.refresh_from_db(fields=["row_version"])

    def change_view(self, request, object_id, form_url="", extra_context=None):
        seen = outputs_of_request(request)
        output = seen.filter(pk=object_id).first() if str(object_id).isdigit() else None
        context = _head(output) | {"deliveries_log": log_of(output)} if output else {}
        context["previewed"] = output and previewable(output)
        if context["previewed"] and request.method == "GET":
            wake_for(output.kind, output.locales[0])
        for trouble in troubles_of(output) if output and request.method == "GET" else ():
            messages.warning(request, trouble)
        context["may_issue"] = output and self._may_issue(request, output)
        return super().change_view(
            request, object_id, form_url, {**(extra_context or {}), **context}
        )

    def slots(self, request):
        """Answer the next slots of ?cadence= in ?zone=, or why it is none."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        zone = request.GET.get("zone", "UTC")
        try:
            found = next_slots(request.GET.get("cadence", ""), zone=zone, after=timezone.now())
        except Refused as refused:
            return JsonResponse({"error": refused.say(translate)})
        return JsonResponse({"slots": [date_format(s, "DATETIME_FORMAT") for s in found]})

    def preview(self, request, pk):
        """Answer a page of the output as the posted form would have it; nothing is saved."""
        output = output_for(request, pk, Level.VIEW)
        if not self.has_view_permission(request, output):
            raise PermissionDenied
        form = self.get_form(request, output, change=True)(request.POST, instance=output)
        return output_preview(request, output, form)

    def issue(self, request, pk):
        """Issue now: all locales, or the one posted."""
        output = self._allowed(request, pk)
        return perform(
            request,
            lambda: issue_edition(
                output,
                actor=request.user.get_username(),
                at=timezone.now(),
                locale=request.POST.get("locale") or None,
            ),
            done=translate("The edition is queued."),
            back=self._back(pk),
        )

    def hold(self, request, pk):
        """Hold the output, or release it."""
        output = self._allowed(request, pk)
        act = release_output if output.held else hold_output
        return perform(
            request,
            lambda: act(output, actor=request.user.get_username(), at=timezone.now()),
            done=translate("Released.") if output.held else translate("Held: slots are skipped."),
            back=self._back(pk),
        )

    def roll_back(self, request, pk):
        """Serve an earlier edition again; this holds the output."""
        output = self._allowed(request, pk)
        number, locale = request.POST.get("number", ""), request.POST.get("locale")
        return perform(
            request,
            lambda: roll_back(
                output,
                actor=request.user.get_username(),
                at=timezone.now(),
                locale=locale,
                number=int(number) if number.isdigit() else None,
            ),
            done=translate("Rolled back; the output is held until you release it."),
            back=self._back(pk),
        )

    def _allowed(self, request, pk):
        if not self.has_change_permission(request):
            raise PermissionDenied
        return output_for(request, pk, Level.PUBLISH)

    def _may_issue(self, request, output) -> bool:
        changes = super().has_change_permission(request, output)
        return changes and holds(request, output, Level.PUBLISH)

    def _back(self, pk):
        return reverse("admin:syndication_output_change", args=[pk])

    @display(description=_("output"), ordering="name")
    def title(self, obj):
        return format_html(
            '<a class="pm-title" href="{}"><strong>{}</strong><small>{}</small></a>',
            self._back(obj.pk),
            obj.name,
            obj.code,
        )

    @display(description=_("kind"), ordering="kind")
    def kind_text(self, obj):
        return chip(kind_label(obj.kind))

    @display(description=_("locales"))
    def locales_text(self, obj):
        shown, rest = obj.locales[:MANY_LOCALES], obj.locales[MANY_LOCALES:]
        words = ", ".join(shown)
        if not rest:
            return words
        return format_html('{} <span title="{}">+{}</span>', words, ", ".join(rest), len(rest))

    @display(description=_("cadence"), ordering="cadence")
    def cadence_text(self, obj):
        words = {"": translate("by hand"), ON_CHANGE: translate("on change")}
        return words.get(obj.cadence, obj.cadence)

    @display(description=_("channel"), ordering="channel")
    def channel_text(self, obj):
        return obj.channel_label

    @display(description=_("latest edition"))
    def latest(self, obj):
        if not obj.last_edition:
            return translate("never issued")
        states = dict(Edition._meta.get_field("state").choices)
        return format_html(
            '<a href="{}">{}</a> #{}',
            reverse("admin:syndication_edition_change", args=[obj.last_edition]),
            chip(states[obj.last_state], TONES[obj.last_state]),
            obj.last_number,
        )

    @display(description=_("served since"))
    def served(self, obj):
        return timesince(obj.served_at) if obj.served_at else "–"

    @display(description=_("state"))
    def states(self, obj):
        if not obj.enabled:
            return chip(_("disabled"))
        return chip(_("held"), "bad") if obj.held else chip(_("on"), "good")


def _head(output: Output) -> dict:
    """Return what stands above the settings: what is served, the latest editions."""
    editions = list(output.editions.prefetch_related("artefacts__artefact")[:RECENT])
    return {
        "output": output,
        "pointers": list(output.pointers.select_related("edition").order_by("locale")),
        "editions": [(edition, TONES[edition.state]) for edition in editions],
        "quiet_slots": list(output.audit.filter(action=NOTHING_NEW)[:QUIET]),
        "running": any(e.state in ("queued", "running", "verifying") for e in editions),
        "slots": [
            f"{date_format(slot, 'DATETIME_FORMAT')} ({output.time_zone})"
            for slot in next_slots(output.cadence, zone=output.time_zone, after=timezone.now())
        ],
    }
