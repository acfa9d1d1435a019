"""Publishing from the desk: now, in part, at a date; withdrawing; going back to a version."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as translate

from pim.actions.publishing import (
    cancel_publication,
    plan_publication,
    publish_products,
    restore_product,
    withdraw_products,
)
from pim.content.diff import diff
from pim.content.masks import visible_keys
from pim.content.refusals import Conflict, Refused
from pim.content.snapshot import unpack
from pim.models import PlannedPublication, Version
from pim.queries.drafts import read_drafts
from pim.queries.rights import rights_on
from pim.queries.structure import load_structure
from pim.queries.titles import reason_of, versions_with_titles

from ..context import working_context
from ..differences import difference_rows, words_for
from ..limits import actor_of, rights_of_request, seen_products

PUBLISH = "pim.publish_product"


def may_publish(request) -> bool:
    """Return whether the person may publish."""
    return request.user.has_perm(PUBLISH)


def publish_now(request, product_id, *, slices, reason=""):
    """Publish one product and say what came of it."""
    if not may_publish(request):
        raise PermissionDenied
    result = publish_products(
        [product_id], slices=slices, actor=actor_of(request), at=timezone.now(), reason=reason
    )
    if result.published:
        messages.success(request, translate("Published."))
    elif result.refused:
        messages.warning(request, translate("Your roles do not let you publish what differs."))
    else:
        messages.info(request, translate("Nothing differs from the published version."))


def publish_view(request, pk):
    """Publish the ticked slices now, or plan them for a date."""
    if request.method != "POST" or not may_publish(request):
        raise PermissionDenied
    product = get_object_or_404(seen_products(request), pk=pk)
    chosen = [value.split("|", 1) for value in request.POST.getlist("slice")]
    slices = None if "all" in request.POST.getlist("slice") or not chosen else chosen
    due = request.POST.get("due_at")
    try:
        if due:
            _plan(request, product, slices, due)
        else:
            publish_now(request, pk, slices=slices, reason=request.POST.get("reason", ""))
    except Refused as refused:
        messages.error(request, refused.say(translate))
    return _back(pk, request)


def _plan(request, product, slices, due):
    due_at = timezone.make_aware(datetime.fromisoformat(due))
    plan_publication(
        product.pk,
        slices=slices,
        due_at=due_at,
        actor=actor_of(request),
        at=timezone.now(),
        reason=request.POST.get("reason", ""),
    )
    messages.success(request, translate("The publication is planned."))


def cancel_plan_view(request, pk):
    """Cancel a planned publication."""
    if request.method != "POST" or not may_publish(request):
        raise PermissionDenied
    get_object_or_404(seen_products(request), pk=pk)
    plan = get_object_or_404(PlannedPublication, product_id=pk, pk=request.POST.get("plan") or 0)
    try:
        cancel_publication(plan.pk, actor=actor_of(request), at=timezone.now())
        messages.success(request, translate("The planned publication is cancelled."))
    except Refused as refused:
        messages.error(request, refused.say(translate))
    return _back(pk, request)


def withdraw_view(request, pk):
    """Withdraw a product from all outputs."""
    if request.method != "POST" or not may_publish(request):
        raise PermissionDenied
    get_object_or_404(seen_products(request), pk=pk)
    try:
        withdraw_products([pk], actor=actor_of(request), at=timezone.now())
        messages.success(request, translate("Withdrawn. Its listings will be removed."))
    except Refused as refused:
        messages.error(request, refused.say(translate))
    return _back(pk, request)


def version_view(model_admin, request, pk, number):
    """Show one version beside the draft or another version; restore it."""
    if not model_admin.has_view_or_change_permission(request):
        raise PermissionDenied
    product = get_object_or_404(seen_products(request), pk=pk)
    versions = versions_with_titles(Version.objects.filter(product=product))
    version = get_object_or_404(versions, number=number)
    if request.method == "POST":
        return _restore(request, product, number)
    structure = load_structure()
    context = working_context(request, structure)
    against, other = _other(request, product)
    holding = rights_on([pk], rights_of_request(request))[pk]
    found = visible_keys(diff(unpack(bytes(version.snapshot)), other), holding, structure)
    rows = difference_rows(found, words_for([found], structure, context.locale))
    return TemplateResponse(
        request,
        "admin/pim/product/version.html",
        {
            **model_admin.admin_site.each_context(request),
            "opts": model_admin.opts,
            "title": f"{product.identifier} · {translate('Version')} {number}",
            "product": product,
            "version": version,
            "why": reason_of(version),
            "rows": rows,
            "against": against,
            "numbers": list(product.versions.values_list("number", flat=True)[:100]),
            "overwrite": "overwrite" in request.GET,
            "may_restore": may_publish(request) and model_admin.has_change_permission(request),
        },
    )


def _other(request, product):
    """Return (name, snapshot) of what the version is compared with: the draft, or ?with=N."""
    number = request.GET.get("with", "")
    if not number.isdigit():
        return "", read_drafts([product.pk])[product.pk].snapshot()
    other = Version.objects.filter(product=product, number=int(number)).first()
    if other is None:
        raise Http404
    return number, unpack(bytes(other.snapshot))


def _restore(request, product, number):
    """Restore; unpublished edits that would be lost are asked about first."""
    if not may_publish(request):
        raise PermissionDenied
    who, at = actor_of(request), timezone.now()
    overwrite = "overwrite" in request.POST
    try:
        restore_product(product.pk, number=number, actor=who, at=at, overwrite=overwrite)
        messages.success(request, translate("Version %d is restored.") % number)
    except Conflict as conflict:
        messages.warning(request, conflict.say(translate))
        again = reverse("admin:pim_product_version", args=[product.pk, number])
        return HttpResponseRedirect(f"{again}?overwrite=1")
    except Refused as refused:
        messages.error(request, refused.say(translate))
    return _back(product.pk, request)


def _back(pk, request):
    tab = request.POST.get("tab", "")
    return HttpResponseRedirect(f"{reverse('admin:pim_product_change', args=[pk])}#{tab}")
