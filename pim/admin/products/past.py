"""A product at a moment of the past, beside what it is now; and the way back to it."""

from datetime import datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from pim.actions.rewinding import queue_rewind, rewind_title
from pim.content.diff import diff
from pim.content.masks import visible_keys
from pim.content.refusals import Refused
from pim.models import Product
from pim.queries.rights import rights_of, rights_on, visible_products
from pim.queries.structure import load_structure
from pim.queries.timetravel import drafts_as_of, versions_as_of
from pim.tasks import ring_jobs

from ..base import actor_of
from ..context import working_context
from ..differences import difference_rows, words_for


class MomentForm(forms.Form):
    """When to look, and at what."""

    moment = forms.DateTimeField(
        label=_("Moment"),
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "class": "pm-input"}, format="%Y-%m-%dT%H:%M"
        ),
    )
    what = forms.ChoiceField(
        label=_("What"),
        choices=[("draft", _("Draft")), ("published", _("Published"))],
        widget=forms.Select(attrs={"class": "pm-select"}),
    )


def past_view(model_admin, request, pk):
    """Show how the product was; POST queues the preview of going back to it."""
    if not model_admin.has_view_or_change_permission(request):
        raise PermissionDenied
    rights = rights_of(request.user)
    product = get_object_or_404(visible_products(Product.objects.all(), rights), pk=pk)
    given = request.POST if request.method == "POST" else request.GET
    form = MomentForm(given) if "moment" in given else MomentForm(initial=_default())
    moment = form.cleaned_data["moment"] if form.is_bound and form.is_valid() else None
    if request.method == "POST" and moment:
        return _go_back(model_admin, request, product, moment)
    rows, trouble = _rows(request, product, moment, form) if moment else ([], "")
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": f"{product.identifier} · {translate('Time travel')}",
        "product": product,
        "form": form,
        "moment": moment,
        "rows": rows,
        "trouble": trouble,
        "may_go_back": model_admin.has_change_permission(request)
        and form.is_bound
        and form.data.get("what") == "draft",
    }
    return TemplateResponse(request, "admin/pim/product/past.html", context)


def _default() -> dict:
    day = timezone.localtime() - timezone.timedelta(days=1)
    return {"moment": day.replace(second=0, microsecond=0), "what": "draft"}


def _rows(request, product, moment: datetime, form) -> tuple[list[dict], str]:
    """Return (rows then → now, why there are none)."""
    try:
        then, now = _pair(product.pk, moment, published=form.cleaned_data["what"] == "published")
    except Refused as refusal:
        return [], refusal.say(translate)
    if then is None:
        return [], translate("It was not there, or not to be seen, at that moment.")
    structure = load_structure()
    holding = rights_on([product.pk], rights_of(request.user))[product.pk]
    shown = visible_keys(diff(then, now), holding, structure)
    context = working_context(request, structure)
    return difference_rows(shown, words_for([shown], structure, context.locale)), ""


def _pair(pk: int, moment: datetime, *, published: bool) -> tuple[dict | None, dict | None]:
    """Return the product then and now, as draft or as published."""
    now = timezone.now()
    if not published:
        return drafts_as_of([pk], moment)[pk], drafts_as_of([pk], now)[pk]
    past, present = versions_as_of([pk], moment).get(pk), versions_as_of([pk], now).get(pk)
    return past and past.snapshot, present and present.snapshot


def _go_back(model_admin, request, product, moment: datetime):
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    try:
        job = queue_rewind(
            {"ids": [product.pk]},
            moment=moment,
            title=rewind_title(moment, what=product.identifier),
            user=request.user,
            actor=actor_of(request),
            at=timezone.now(),
        )
    except Refused as refusal:
        messages.error(request, refusal.say(translate))
        return HttpResponseRedirect(request.path)
    ring_jobs(job.pk)
    messages.info(request, translate("This is a preview: nothing is changed until you say so."))
    return HttpResponseRedirect(reverse("admin:pim_job_change", args=[job.pk]))
