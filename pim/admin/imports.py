"""The import page: upload a file, preview it by a dry run, run it in the background."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldBooleanSwitchWidget

from pim.actions.imports import queue_import
from pim.tasks import ring_jobs

LARGEST = 2 * 1024**3
ENDINGS = (
    ".zip", ".csv", ".csv.gz", ".xlsx", ".ods", ".tsv", ".txt", ".jsonl", ".ndjson", ".jsonl.gz",
    ".ndjson.gz", ".xml", ".xml.gz",
)  # fmt: skip


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


def import_page(job_admin, request):
    """Ask for a file; queue its preview or its import."""
    if not job_admin.has_add_permission(request):
        raise PermissionDenied
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        job = queue_import(
            form.cleaned_data["upload"], user=request.user, dry_run=form.cleaned_data["dry_run"]
        )
        ring_jobs(job.pk)
        return HttpResponseRedirect(reverse("admin:pim_job_change", args=[job.pk]))
    context = {
        **job_admin.admin_site.each_context(request),
        "opts": job_admin.opts,
        "form": form,
        "title": translate("Import a file"),
    }
    return TemplateResponse(request, "admin/pim/import_new.html", context)
