"""The import page: upload, preview by a dry run, run in the background, read the report."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import display
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldBooleanSwitchWidget

from pim.actions.imports import queue_import, report_lines
from pim.importing.report import write_csv
from pim.models import ImportRun
from pim.tasks import ring_imports

from .base import PimModelAdmin, chip

TONES = {"queued": "quiet", "running": "info", "done": "good", "failed": "bad"}
LARGEST = 2 * 1024**3
LINES_SHOWN = 100
ENDINGS = (".zip", ".csv", ".csv.gz", ".xlsx", ".ods", ".tsv", ".txt")


class ImportForm(forms.Form):
    """What to import and whether only to look."""

    upload = forms.FileField(
        label=_("File"),
        help_text=_("A CSV or spreadsheet, or a zip of several with the pictures they name."),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(ENDINGS)}),
    )
    dry_run = forms.BooleanField(
        label=_("Only preview"),
        required=False,
        initial=True,
        help_text=_("Reads and checks everything, writes nothing."),
        widget=UnfoldBooleanSwitchWidget,
    )

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        if not upload.name.lower().endswith(ENDINGS):
            raise forms.ValidationError(_("Upload one of: %s.") % ", ".join(ENDINGS))
        if upload.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 2 GB."))
        return upload


@admin.register(ImportRun)
class ImportRunAdmin(PimModelAdmin):
    """Imports with their progress and what they refused."""

    list_display = (
        "source", "state_chip", "preview_chip", "summary", "created_by", "created_at",
    )  # fmt: skip
    list_filter = ("state", "dry_run")
    list_select_related = ("created_by",)
    search_fields = ("source",)

    def get_urls(self):
        wrap = self.admin_site.admin_view
        mine = [
            path("<int:pk>/repeat/", wrap(self.repeat), name="pim_importrun_repeat"),
            path("<int:pk>/report/", wrap(self.report), name="pim_importrun_report"),
        ]
        return mine + super().get_urls()

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def add_view(self, request, form_url="", extra_context=None):
        """Ask for a file; queue its preview or its import."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ImportForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            run = queue_import(
                form.cleaned_data["upload"],
                user=request.user,
                dry_run=form.cleaned_data["dry_run"],
            )
            ring_imports(run.pk)
            ring_imports(run.pk)
            return HttpResponseRedirect(reverse("admin:pim_importrun_change", args=[run.pk]))
        return self._page(
            request, "admin/pim/import_new.html", form=form, title=translate("Import a file")
        )

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show a run: progress while it runs, then counts and the lines it refused."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        run = get_object_or_404(ImportRun.objects.select_related("created_by"), pk=object_id)
        lines = run.lines.all()
        if outcome := request.GET.get("outcome"):
            lines = lines.filter(outcome=outcome)
        if words := request.GET.get("q"):
            lines = lines.filter(message__icontains=words) | lines.filter(subject__icontains=words)
        page = Paginator(lines, LINES_SHOWN).get_page(request.GET.get("p"))
        return self._page(
            request,
            "admin/pim/import_run.html",
            title=run.source,
            run=run,
            counts=_counts(run),
            page=page,
            running=run.state in ("queued", "running"),
            outcome=outcome or "",
            q=words or "",
            may_repeat=run.dry_run and run.upload and self.has_add_permission(request),
        )

    def report(self, request, pk):
        """Give the whole report as a CSV file that a spreadsheet opens safely."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        run = get_object_or_404(ImportRun, pk=pk)
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="import-{run.pk}.csv"'
        response.write("\ufeff")  # spreadsheets take a file without it for another encoding
        write_csv(report_lines(run), response)
        return response

    def repeat(self, request, pk):
        """Import for good what a preview has read."""
        if request.method != "POST" or not self.has_add_permission(request):
            raise PermissionDenied
        seen = get_object_or_404(ImportRun, pk=pk, dry_run=True)
        run = ImportRun.objects.create(
            created_by=request.user, source=seen.source, upload=seen.upload.name
        )
        ring_imports(run.pk)
        ring_imports(run.pk)
        messages.success(request, translate("The import is queued."))
        return HttpResponseRedirect(reverse("admin:pim_importrun_change", args=[run.pk]))

    def _page(self, request, template, **context):
        return TemplateResponse(
            request,
            template,
            {**self.admin_site.each_context(request), "opts": self.opts, **context},
        )

    @display(description=_("state"), ordering="state")
    def state_chip(self, obj):
        return chip(obj.get_state_display(), TONES[obj.state])

    @display(description=_("kind"), ordering="dry_run")
    def preview_chip(self, obj):
        return chip(_("preview"), "info") if obj.dry_run else chip(_("import"))

    @display(description=_("result"))
    def summary(self, obj):
        totals: dict[str, int] = {}
        for row in _counts(obj):
            for outcome in ("created", "changed", "refused"):
                totals[outcome] = totals.get(outcome, 0) + row[outcome]
        words = {"created": _("new"), "changed": _("changed"), "refused": _("refused")}
        parts = [f"{number} {words[name]}" for name, number in totals.items() if number]
        return ", ".join(parts) or obj.cause[:80] or "–"


def _counts(run) -> list[dict]:
    """Return one row per kind of table with its outcomes."""
    outcomes = ("created", "changed", "unchanged", "refused", "noted")
    return [
        {"kind": kind, **{name: held.get(name, 0) for name in outcomes}}
        for kind, held in (run.counts or {}).items()
        if isinstance(held, dict)
    ]
