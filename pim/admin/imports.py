"""The import page: upload a file, preview it by a dry run, run it in the background."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldBooleanSwitchWidget

from pim.actions.import_options import ImportOptions
from pim.actions.import_profiles import queue_profile
from pim.actions.import_sources import ENDINGS
from pim.actions.imports import queue_import
from pim.content.refusals import Refused
from pim.models import ImportProfile
from pim.tasks import ring_jobs

LARGEST = 2 * 1024**3


class ImportForm(forms.Form):
    """What to import and whether only to look."""

    upload = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV, spreadsheet, JSON lines or XML (BMEcat, Icecat), exports of Shopify and "
            "WooCommerce, or a zip of several with the pictures they name."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(ENDINGS)}),
    )
    profile = forms.ModelChoiceField(
        ImportProfile.objects.all(),
        label=_("Profile"),
        required=False,
        empty_label=_("by the columns of the file"),
        help_text=_("A profile says what the columns of a supplier's file mean."),
        widget=UnfoldAdminSelectWidget,
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

    def queue(self, user):
        """Queue the import and return its job."""
        upload, dry_run = self.cleaned_data["upload"], self.cleaned_data["dry_run"]
        if profile := self.cleaned_data["profile"]:
            return queue_profile(profile, user=user, upload=upload, dry_run=dry_run)
        options = ImportOptions(match=True)
        return queue_import(upload, user=user, dry_run=dry_run, options=options)


def import_page(job_admin, request):
    """Ask for a file; queue its preview or its import."""
    if not job_admin.has_add_permission(request):
        raise PermissionDenied
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            job = form.queue(request.user)
        except Refused as refusal:
            form.add_error(None, refusal.say(translate))
        else:
            ring_jobs(job.pk)
            return HttpResponseRedirect(reverse("admin:pim_job_change", args=[job.pk]))
    context = {
        **job_admin.admin_site.each_context(request),
        "opts": job_admin.opts,
        "form": form,
        "title": translate("Import a file"),
        "profiles": ImportProfile.objects.exists(),
    }
    return TemplateResponse(request, "admin/pim/import_new.html", context)
