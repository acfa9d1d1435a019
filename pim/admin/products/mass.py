"""Actions on many products at once: enable, disable, put into or take out of a category."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from pim.actions.products import ProductWrite, write_products
from pim.content.rights import Level
from pim.queries.drafts import read_drafts
from pim.queries.structure import load_structure

from ..context import label_of, working_context
from ..limits import actor_of, rights_of_request

BATCH = 500


def enable_selected(model_admin, request, queryset):
    """Enable every selected product."""
    _write_all(model_admin, request, queryset, lambda draft: {"enabled": True})


def disable_selected(model_admin, request, queryset):
    """Disable every selected product."""
    _write_all(model_admin, request, queryset, lambda draft: {"enabled": False})


def assign_category(model_admin, request, queryset):
    """Ask for a category, then put every selected product into it or take it out."""
    structure = load_structure()
    code = request.POST.get("category_code")
    if code not in structure.categories:
        return _ask(model_admin, request, queryset, structure)
    if request.POST.get("way") == "remove":
        _write_all(
            model_admin,
            request,
            queryset,
            lambda draft: {"categories": [c for c in draft.categories if c != code]},
        )
        return None
    _write_all(
        model_admin,
        request,
        queryset,
        lambda draft: {"categories": sorted({*draft.categories, code})},
    )
    return None


def _ask(model_admin, request, queryset, structure):
    locale = working_context(request, structure).locale
    choices = sorted(
        (" › ".join(label_of(structure.categories[step], locale) for step in c.path), code)
        for code, c in structure.categories.items()
        if rights_of_request(request).category(code, structure) >= Level.OWN
    )
    return TemplateResponse(
        request,
        "admin/pim/product/mass_category.html",
        {
            **model_admin.admin_site.each_context(request),
            "opts": model_admin.opts,
            "title": translate("Assign a category"),
            "count": queryset.count(),
            "choices": choices,
            "posted": [(k, v) for k in request.POST for v in request.POST.getlist(k)],
        },
    )


def _write_all(model_admin, request, queryset, change):
    """Write to all of them in batches through the one write path; say what was refused."""
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    ids = list(queryset.order_by("pk").values_list("pk", flat=True))
    changed, refused = 0, []
    for start in range(0, len(ids), BATCH):
        drafts = read_drafts(ids[start : start + BATCH]).values()
        writes = [ProductWrite(identifier=d.identifier, **change(d)) for d in drafts]
        for result in write_products(writes, actor=actor_of(request), at=timezone.now()):
            changed += result.outcome == "changed"
            if result.outcome == "refused":
                refused.append(f"{result.identifier}: {result.refusals[0].say(translate)}")
    words = ngettext("%d product was changed.", "%d products were changed.", changed) % changed
    messages.success(request, words)
    if refused:
        messages.error(request, "; ".join(refused[:5]))


enable_selected.short_description = _("Enable")
disable_selected.short_description = _("Disable")
assign_category.short_description = _("Assign a category…")
