"""Import profiles on the desk: where files come from, what their columns mean, try, run."""

from django.contrib import admin, messages
from django.contrib.admin import display
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from pim.actions.import_preview import preview_import
from pim.actions.import_profiles import duplicate_profile, options_of, queue_profile, save_profile
from pim.actions.import_samples import fetch_sample, sample_of, suggested_columns
from pim.actions.import_sources import ENDINGS, allowed_folder
from pim.content.actor import Actor
from pim.content.refusals import Refused
from pim.content.rights import NotAllowed
from pim.content.seen import seen_structure
from pim.importing.operations import CASES, DATES, OPERATIONS
from pim.importing.source import open_source
from pim.models import ImportProfile
from pim.models.imports import FOLDER, URL
from pim.outbound import OutboundFailed
from pim.queries.profiles import refuse_hidden_profile, seen_profiles
from pim.queries.rights import rights_of
from pim.queries.structure import load_structure
from pim.tasks import ring_jobs

from .base import PimModelAdmin, chip
from .context import working_context
from .differences import difference_rows, words_for
from .import_profile_form import EMPTY_WORDS, MODE_WORDS, ROW_KINDS, ProfileForm
from .import_targets import target_columns
from .jobs import TONES
from .limits import rights_of_request, say_refusal

LARGEST = 50 * 1024**2


@admin.register(ImportProfile)
class ImportProfileAdmin(PimModelAdmin):
    """Profiles with their last run."""

    list_display = ("name_text", "source_text", "cadence_text", "last", "enabled")
    list_filter = ("source", "enabled")
    search_fields = ("code", "name", "location")
    list_select_related = ("last_job",)

    def get_urls(self):
        wrap = self.admin_site.admin_view
        mine = [
            path(f"<int:pk>/{name}/", wrap(getattr(self, name)), name=f"pim_importprofile_{name}")
            for name in ("preview", "run", "duplicate")
        ]
        return mine + super().get_urls()

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self._page(request, ImportProfile(options={"fetch": True}))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return self._page(request, self._profile(request, object_id))

    def _page(self, request, profile: ImportProfile):
        form = ProfileForm(request.POST or None, request.FILES or None, instance=profile)
        if request.method == "POST":
            if not self.has_change_permission(request):
                raise PermissionDenied
            taken = ImportProfile.objects.exclude(pk=profile.pk).filter(code=form.data.get("code"))
            try:
                refuse_hidden_profile(taken.first(), rights_of(request.user))
            except NotAllowed as refusal:
                return say_refusal(request, refusal, request.path)
            if form.is_valid() and self._save(request, form):
                name = "preview" if "preview" in request.POST else "change"
                return self._to(profile, name)
        return TemplateResponse(
            request, "admin/pim/import_profile.html", self._context(request, form, profile)
        )

    def _save(self, request, form: ProfileForm) -> bool:
        profile = form.filled()
        try:
            if form.files or self._fetched(request, form, profile):
                # The file must lie where it is read.
                save_profile(profile, at=timezone.now(), user=request.user)
            sample = sample_of(profile)
            if sample.header:
                profile.header = sample.header
                if not profile.mapping:
                    columns = [{**c} for c in suggested_columns(profile, sample)]
                    kind = form.cleaned_data["kind"] or "products"
                    profile.mapping = {"kind": kind, "columns": columns}
            save_profile(profile, at=timezone.now(), user=request.user)
        except Refused as refusal:
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, refusal.say(translate))
            return False
        messages.success(request, translate("The profile is saved."))
        return True

    def _fetched(self, request, form: ProfileForm, profile: ImportProfile) -> bool:
        """Fetch the example of an address: for the first time, or when asked for."""
        asked = form.cleaned_data["fetch_now"]
        if profile.source != URL or form.files or (profile.sample and not asked):
            return False
        try:
            fetch_sample(profile)
        except OutboundFailed as refusal:
            if asked:
                raise
            messages.warning(request, refusal.say(translate))
        return bool(profile.sample)

    def _context(self, request, form: ProfileForm, profile: ImportProfile) -> dict:
        sample = sample_of(profile) if profile.pk else None
        columns = suggested_columns(profile, sample) if sample and sample.header else []
        places = {title: place for place, title in enumerate(sample.header)} if sample else {}
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": profile.name if profile.pk else translate("New import profile"),
            "form": form,
            "profile": profile,
            "options": {"mode": "upsert", "empty": "clear", **profile.options},
            "kind": profile.mapping.get("kind", "products"),
            "modes": MODE_WORDS.items(),
            "empties": EMPTY_WORDS.items(),
            "kinds": ROW_KINDS,
            "sample": sample,
            "columns": [
                {**column, "samples": _examples(sample, places, column), "data": column}
                for column in columns
            ],
            "targets": target_columns(self._structure(request)),
            "operations": {"names": list(OPERATIONS), "cases": list(CASES), "dates": list(DATES)},
            "may_change": self.has_change_permission(request),
            "endings": ",".join(ENDINGS),
        }

    def preview(self, request, pk):
        """Show what the first rows of the example would do."""
        profile = self._profile(request, pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": translate("Preview: %s") % profile.name,
            "profile": profile,
        }
        try:
            context |= self._preview(request, profile)
        except Refused as refusal:
            context["problem"] = refusal.say(translate)
        return TemplateResponse(request, "admin/pim/import_preview.html", context)

    def _preview(self, request, profile: ImportProfile) -> dict:
        if profile.sample:
            place, alone = profile.sample.path, True
            if profile.sample.size > LARGEST:
                large = translate("The file is too large for a quick look: run it as a preview.")
                return {"problem": large}
        elif profile.source == FOLDER:
            place, alone = allowed_folder(profile.location), False
        else:
            return {"problem": translate("Upload an example first.")}
        actor = Actor(request.user.get_username(), "import", rights_of(request.user))
        with open_source(place, alone=alone) as source:
            found = preview_import(
                source, options=options_of(profile), actor=actor, at=timezone.now()
            )
        structure = load_structure()
        locale = working_context(request, structure).locale
        words = words_for((row.differences for row in found.rows), structure, locale)
        rows = [(row, difference_rows(row.differences, words)) for row in found.rows]
        return {"rows": rows, "counts": found.counts(), "notes": found.notes}

    def run(self, request, pk):
        """Queue an import by the profile, or its preview over the whole file."""
        if request.method != "POST" or not request.user.has_perm("pim.add_job"):
            raise PermissionDenied
        profile = self._profile(request, pk)
        try:
            job = queue_profile(
                profile,
                user=request.user,
                upload=request.FILES.get("file"),
                dry_run="dry_run" in request.POST,
            )
        except Refused as refusal:
            messages.error(request, refusal.say(translate))
            return self._to(profile, "change")
        ring_jobs(job.pk)
        return HttpResponseRedirect(reverse("admin:pim_job_change", args=[job.pk]))

    def duplicate(self, request, pk):
        """Make a copy."""
        if request.method != "POST" or not self.has_add_permission(request):
            raise PermissionDenied
        profile = self._profile(request, pk)
        try:
            copy = duplicate_profile(profile, user=request.user, at=timezone.now())
        except Refused as refusal:
            messages.error(request, refusal.say(translate))
            return self._to(profile, "change")
        return self._to(copy, "change")

    def _profile(self, request, pk) -> ImportProfile:
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = ImportProfile.objects.select_related("last_job")
        return get_object_or_404(seen_profiles(rows, rights_of_request(request)), pk=pk)

    def get_queryset(self, request):
        return seen_profiles(super().get_queryset(request), rights_of_request(request))

    def _structure(self, request):
        return seen_structure(load_structure(), rights_of_request(request))

    def _to(self, profile: ImportProfile, name: str) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse(f"admin:pim_importprofile_{name}", args=[profile.pk]))

    @display(description=_("name"), ordering="name")
    def name_text(self, obj):
        return str(obj)

    @display(description=_("source"), ordering="source")
    def source_text(self, obj):
        return obj.location or obj.get_source_display()

    @display(description=_("cadence"), ordering="cadence")
    def cadence_text(self, obj):
        return obj.cadence or translate("by hand")

    @display(description=_("last run"))
    def last(self, obj):
        job = obj.last_job
        return chip(job.get_state_display(), TONES[job.state]) if job else "–"


def _examples(sample, places: dict[str, int], column: dict) -> list[str]:
    """Return the first different cells of a column."""
    place = places.get(column["from"][0]) if column["from"] else None
    if place is None:
        return []
    cells = (row[place].strip() for row in sample.rows if place < len(row))
    return [cell[:60] for cell in list(dict.fromkeys(filter(None, cells)))[:3]]
