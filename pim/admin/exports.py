"""Export profiles on the desk: what goes into which file, run, download, duplicate."""

import json

from django.contrib import admin, messages
from django.contrib.admin import display
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from pim.actions.exports import delete_profile, duplicate_profile, queue_profile, save_profile
from pim.content.refusals import Conflict, Refused
from pim.content.seen import seen_structure
from pim.exporting.settings import PLACES
from pim.models import ExportProfile
from pim.queries.profiles import seen_profiles
from pim.queries.structure import load_structure
from pim.tasks import ring_jobs

from .base import PimModelAdmin, actor_of, chip
from .building import vocabulary
from .context import label_of
from .limits import rights_of_request

TEXTS = ("name", "folder", "cadence", "time_zone")
FLAGS = ("media", "associations", "labels", "decimal_comma", "gzip")
CHOICES = ("content", "format", "audience", "state", "separator", "header_locale")
TONES = {"done": "good", "failed": "bad", "stopped": "warn"}
SEPARATORS = [(";", ";"), (",", ","), ("\t", _("Tab")), ("|", "|")]


@admin.register(ExportProfile)
class ExportProfileAdmin(PimModelAdmin):
    """Export profiles."""

    list_display = ("title_cell", "form_words", "clock", "last_run", "run_cell")
    list_display_links = None
    list_select_related = ("last_job",)
    search_fields = ("code", "name")

    def get_urls(self):
        wrap = self.admin_site.admin_view
        mine = [
            path(
                f"<int:pk>/{name}/",
                wrap(getattr(self, f"{name}_view")),
                name=f"pim_exportprofile_{name}",
            )
            for name in ("run", "duplicate")
        ]
        return mine + super().get_urls()

    def get_actions(self, request):
        return {}

    def get_queryset(self, request):
        return seen_profiles(super().get_queryset(request), rights_of_request(request))

    def _seen(self, request):
        return seen_profiles(ExportProfile.objects.all(), rights_of_request(request))

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        new = ExportProfile(selection={"all": True}, settings={})
        profile = get_object_or_404(self._seen(request), pk=object_id) if object_id else new
        if not (self.has_view_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        return (
            self._save(request, profile)
            if request.method == "POST"
            else self._page(request, profile)
        )

    def delete_model(self, request, obj):
        delete_profile(obj, actor=actor_of(request), at=timezone.now())

    def run_view(self, request, pk):
        """Run the profile; its job's page gives the file."""
        if request.method != "POST" or not self.has_view_permission(request):
            raise PermissionDenied
        job = queue_profile(get_object_or_404(self._seen(request), pk=pk), user=request.user)
        ring_jobs(job.pk)
        return HttpResponseRedirect(reverse("admin:pim_job_change", args=[job.pk]))

    def duplicate_view(self, request, pk):
        """Make a copy and show it."""
        if request.method != "POST" or not self.has_add_permission(request):
            raise PermissionDenied
        profile = get_object_or_404(self._seen(request), pk=pk)
        copy = duplicate_profile(
            profile, actor=actor_of(request), at=timezone.now(), user=request.user
        )
        return self._to(copy)

    def _to(self, profile: ExportProfile) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:pim_exportprofile_change", args=[profile.pk]))

    def _save(self, request, profile: ExportProfile):
        may = self.has_change_permission if profile.pk else self.has_add_permission
        if not may(request):
            raise PermissionDenied
        fields, code = _fields(request), profile.code or request.POST.get("code", "").strip()
        seen = request.POST.get("row_version", "")
        try:
            saved, _outcome = save_profile(
                code,
                fields,
                actor=actor_of(request),
                at=timezone.now(),
                expected=int(seen) if seen.isdigit() else 0,
                user=request.user,
            )
        except Refused as refusal:
            error = refusal.say(translate)
            if isinstance(refusal, Conflict) and not profile.pk:
                error = translate("There is an export profile with this code already.")
            profile.code = code
            for name, value in fields.items():
                setattr(profile, name, value)
            return self._page(request, profile, error=error)
        messages.success(request, translate("The export profile is saved."))
        return self.run_view(request, saved.pk) if "run" in request.POST else self._to(saved)

    def _page(self, request, profile: ExportProfile, *, error: str = ""):
        known, settings = vocabulary(request), profile.settings or {}
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": str(profile) if profile.pk else translate("New export profile"),
            "profile": profile,
            "settings": {"format": "csv", "associations": True, **settings},
            "selection": json.dumps(profile.selection),
            "columns": _columns(request, known["locale"], settings.get("columns") or ()),
            "locales": [code for code, _label in known["locales"]],
            "channels": known["channels"],
            "separators": SEPARATORS,
            "vocabulary": known,
            "error": error,
            "may_save": (self.has_change_permission if profile.pk else self.has_add_permission)(
                request
            ),
            "may_delete": profile.pk and self.has_delete_permission(request),
        }
        return TemplateResponse(request, "admin/pim/export.html", context)

    @display(description=_("profile"), ordering="name")
    def title_cell(self, obj):
        return format_html(
            '<a class="pm-title" href="{}/change/"><strong dir="auto">{}</strong>'
            "<small>{}</small></a>",
            obj.pk,
            str(obj),
            obj.code,
        )

    @display(description=_("file"))
    def form_words(self, obj):
        settings = obj.settings or {}
        people = settings.get("audience") == "people"
        return format_html(
            "{} {}",
            chip(settings.get("format", "csv").upper(), "info"),
            translate("for people") if people else translate("for machines"),
        )

    @display(description=_("runs"), ordering="cadence")
    def clock(self, obj):
        return chip(obj.cadence, "info") if obj.cadence else chip(translate("by hand"))

    @display(description=_("last run"), ordering="last_job__created_at")
    def last_run(self, obj):
        job = obj.last_job
        if job is None:
            return "–"
        name = "result" if job.result else "change"
        return format_html(
            '<a class="pm-link" href="{}">{}</a> {}',
            reverse(f"admin:pim_job_{name}", args=[job.pk]),
            translate("Download") if job.result else translate("Job"),
            chip(job.get_state_display(), TONES.get(job.state, "quiet")),
        )

    @display(description="")
    def run_cell(self, obj):
        return format_html('<a class="pm-link" href="{}/change/">{}</a>', obj.pk, translate("Open"))


def _columns(request, locale: str, chosen) -> list[dict]:
    """Return the columns to choose from: those chosen first, in their order."""
    structure = seen_structure(load_structure(), rights_of_request(request))
    labels = {name: name.replace("_", " ") for name in ("role", *PLACES)}
    ordered = sorted(structure.attributes.values(), key=lambda a: (a.sort, a.code))
    labels |= {a.code: label_of(a, locale) for a in ordered}
    rest = [code for code in labels if code not in chosen]
    return [
        {"code": code, "label": labels.get(code, code), "chosen": code in chosen}
        for code in (*chosen, *rest)
    ]


def _fields(request) -> dict:
    post = request.POST
    settings: dict = {name: post[name] for name in CHOICES if post.get(name)}
    settings |= {name: name in post for name in FLAGS}
    columns = [code.strip() for code in post.get("columns", "").split(",") if code.strip()]
    settings |= {
        "columns": columns,
        "locales": post.getlist("locales"),
        "channels": post.getlist("channels"),
    }
    try:
        selection = json.loads(post.get("selection", ""))
    except ValueError:
        selection = None
    fields = {name: post.get(name, "").strip() for name in TEXTS}
    return {**fields, "settings": settings, "selection": selection}
