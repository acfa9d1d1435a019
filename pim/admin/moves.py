"""The page that moves in from a running system: a preview, or for good, as a job."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldBooleanSwitchWidget

from pim.actions.migrations import configured_url, queue_migration
from pim.content.refusals import Refused
from pim.tasks import ring_jobs


class MoveForm(forms.Form):
    """Whether only to look, and whether what comes is published."""

    dry_run = forms.BooleanField(
        label=_("Only preview"),
        required=False,
        initial=True,
        help_text=_("Reads and checks everything, writes nothing."),
        widget=UnfoldBooleanSwitchWidget,
    )
    publish = forms.BooleanField(
        label=_("Publish what comes"),
        required=False,
        help_text=_("Otherwise everything comes as drafts, to be looked at first."),
        widget=UnfoldBooleanSwitchWidget,
    )


def move_page(job_admin, request):
    """Show which system is read, and queue the move from it."""
    if not job_admin.has_add_permission(request):
        raise PermissionDenied
    form = MoveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wish = form.cleaned_data
        if wish["publish"] and not request.user.has_perm("pim.publish_product"):
            raise PermissionDenied
        try:
            job = queue_migration(user=request.user, **wish)
        except Refused as refusal:
            form.add_error(None, refusal.say(translate))
        else:
            ring_jobs(job.pk)
            return HttpResponseRedirect(reverse("admin:pim_job_change", args=[job.pk]))
    context = {
        **job_admin.admin_site.each_context(request),
        "opts": job_admin.opts,
        "form": form,
        "url": configured_url(),
        "title": translate("Move in from another system"),
    }
    return TemplateResponse(request, "admin/pim/move.html", context)
