"""The page of a bulk edit: which products, what to do, preview, run."""

import json

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as translate

from pim.actions.bulk_edit import queue_bulk_edit
from pim.actions.jobs import publishes
from pim.content.refusals import Refused
from pim.queries.selection import describe, select
from pim.tasks import ring_jobs

from ..building import vocabulary
from ..limits import rights_of_request
from .publishing import may_publish
from .selecting import selection_of

START = {
    "publish": [{"op": "publish"}],
    "withdraw": [{"op": "withdraw"}],
    "edit": [{"op": "set"}],
}


def ask_bulk_edit(model_admin, request, queryset, *, start: str):
    """Show the page for the rows that were ticked, or for all that the list finds."""
    across = request.POST.get("select_across") == "1"
    selection = selection_of(request, queryset, across=across)
    if selection is None:
        messages.error(
            request,
            translate("These filters find too many products to name them one by one: use fewer."),
        )
        return None
    return _page(model_admin, request, selection, START[start])


def bulk_view(model_admin, request):
    """Queue what the page asks for, or its preview; show the page again where that cannot be."""
    if request.method != "POST" or not _may(model_admin, request):
        raise PermissionDenied
    selection, operations = (_read(request, name) for name in ("selection", "operations"))
    if publishes({"operations": operations}) and not may_publish(request):
        raise PermissionDenied
    try:
        job = queue_bulk_edit(
            selection, operations, user=request.user, dry_run="preview" in request.POST
        )
    except Refused as refusal:
        return _page(model_admin, request, selection, operations, error=refusal.say(translate))
    ring_jobs(job.pk)
    return HttpResponseRedirect(reverse("admin:pim_job_change", args=[job.pk]))


def _may(model_admin, request) -> bool:
    return model_admin.has_change_permission(request) or may_publish(request)


def _read(request, name: str):
    try:
        return json.loads(request.POST.get(name, ""))
    except ValueError:
        return None


def _page(model_admin, request, selection, operations, *, error: str = ""):
    if not _may(model_admin, request):
        raise PermissionDenied
    known = vocabulary(request)
    count, words = 0, ""
    try:
        count = select(selection, rights=rights_of_request(request)).count()
        words = describe(selection, locale=known["locale"])
    except Refused as refusal:
        error = error or refusal.say(translate)
    changing = model_admin.has_change_permission(request)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": translate("Edit in bulk"),
        "count": count,
        "words": words,
        "selection": json.dumps(selection),
        "operations": json.dumps(operations),
        "vocabulary": known,
        "without": _without(changing=changing, publishing=may_publish(request)),
        "error": error,
    }
    return TemplateResponse(request, "admin/pim/product/bulk.html", context)


def _without(*, changing: bool, publishing: bool) -> str:
    """Return the operations that the person may not use."""
    from pim.content.operations import OPERATIONS

    out = [] if publishing else ["publish", "withdraw"]
    return " ".join(out + ([] if changing else list(OPERATIONS)))
