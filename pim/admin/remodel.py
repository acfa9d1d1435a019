"""The page that changes the model: choose what to do, say with what, look at the preview, do it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from pim.actions.remodel import OPERATIONS, queue_remodel
from pim.content.refusals import Refused
from pim.queries.structure import load_structure
from pim.tasks import ring_jobs

from .base import actor_of
from .remodel_form import RemodelForm

PERMISSIONS = ("pim.add_job", "pim.change_attribute", "pim.change_product")
CARDS = {
    "rename": (
        "drive_file_rename_outline",
        _("An attribute, option, family, category … by its code."),
    ),
    "rename_products": ("sell", _("New article numbers; the old ones stay understood.")),
    "merge_options": ("call_merge", _("Two spellings of one colour become one.")),
    "convert": ("swap_horiz", _("Free text becomes a choice, a number, a date …")),
    "move_level": ("device_hub", _("From the model to its variants, or back.")),
    "remove_from_family": ("remove_circle", _("The family's products lose their values of it.")),
    "delete_attribute": ("delete", _("With every value that products have of it.")),
}


def may_remodel(request) -> bool:
    """Return whether the person may change the model at all."""
    return request.user.has_perms(PERMISSIONS)


def remodel_page(job_admin, request):
    """Show the operations, or the form of one; a filled form queues its preview."""
    if not may_remodel(request):
        raise PermissionDenied
    given = request.POST if request.method == "POST" else request.GET
    operation = given.get("operation", "")
    form = None
    if operation in OPERATIONS:
        form = _form(operation, request)
        ready = request.method == "POST" and not form.waiting and form.is_valid()
        if ready and (answer := _queue(operation, form, request)):
            return answer
    context = {
        **job_admin.admin_site.each_context(request),
        "opts": job_admin.opts,
        "title": translate("Change the model"),
        "cards": [(code, *CARDS[code], OPERATIONS[code].label) for code in OPERATIONS],
        "operation": operation,
        "label": OPERATIONS[operation].label if form else "",
        "form": form,
    }
    return TemplateResponse(request, "admin/pim/remodel.html", context)


def _form(operation: str, request) -> RemodelForm:
    """Return the form; a step towards it (`more`) shows what is asked next and no errors."""
    structure = load_structure()
    if request.method == "POST" and "more" not in request.POST:
        form = RemodelForm(operation, request.POST, structure=structure)
        if not form.waiting:
            return form
    given = request.POST if request.method == "POST" else request.GET
    initial = {name: given.get(name) for name in OPERATIONS[operation].asks if given.get(name)}
    return RemodelForm(operation, initial=initial, structure=structure)


def _queue(operation: str, form: RemodelForm, request) -> HttpResponseRedirect | None:
    try:
        job = queue_remodel(
            operation, form.params(), user=request.user, actor=actor_of(request), dry_run=True
        )
    except Refused as refusal:
        field = refusal.field if refusal.field in form.fields else None
        form.add_error(field, refusal.say(translate))
        return None
    ring_jobs(job.pk)
    messages.info(request, translate("This is a preview: nothing is changed until you say so."))
    return HttpResponseRedirect(reverse("admin:pim_job_change", args=[job.pk]))
