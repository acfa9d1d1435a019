"""Creating a product: family, then identifier and role, then the axes of a variant."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as translate

from pim.actions.products import ProductWrite, save_product
from pim.content.address import Address
from pim.content.refusals import Refused
from pim.content.seen import seen_structure
from pim.models import ITEM, MODEL
from pim.queries.structure import load_structure

from ..context import label_of, told_apart, working_context
from ..limits import actor_of, seen_products
from .controls import control, read_raw
from .state import load_states


def create_view(model_admin, request):
    """Create an item or a model of a family, or a variant of ?parent=."""
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    parent_id = request.POST.get("parent") or request.GET.get("parent")
    if parent_id:
        return _Variant(model_admin, request, parent_id).answer()
    return _Root(model_admin, request).answer()


class _Step:
    """What both ways of creating share."""

    template = ""

    def __init__(self, model_admin, request):
        self.admin, self.request = model_admin, request
        self.structure = load_structure()
        self.context = working_context(request, self.structure)
        self.error = None

    def answer(self):
        if self.request.method == "POST":
            try:
                how = {"actor": actor_of(self.request), "at": timezone.now()}
                result = save_product(self.write(), mode="create", **how)
            except Refused as refused:
                self.error = refused.say(translate)
            else:
                return self._created(result)
        return TemplateResponse(
            self.request,
            self.template,
            {
                **self.admin.admin_site.each_context(self.request),
                "opts": self.admin.opts,
                "title": translate("New product"),
                "error": self.error,
                "posted": self.request.POST,
                **self.extra(),
            },
        )

    def _created(self, result):
        messages.success(self.request, translate("%s is created.") % result.identifier)
        back = reverse("admin:pim_product_change", args=[result.product_id])
        return HttpResponseRedirect(back)

    def identifier(self) -> str:
        """Return the identifier typed; whether it is free is seen when it is written."""
        identifier = self.request.POST.get("identifier", "").strip()
        if not identifier:
            raise Refused("An identifier is needed.", field="identifier")
        return identifier


class _Root(_Step):
    template = "admin/pim/product/create.html"

    def write(self):
        post = self.request.POST
        family, variant = post.get("family") or None, post.get("family_variant") or None
        return ProductWrite(
            identifier=self.identifier(),
            family=family,
            role=MODEL if variant else ITEM,
            family_variant=variant,
        )

    def extra(self):
        locale = self.context.locale
        seen = seen_structure(self.structure, self.context.rights)
        held = seen.families
        labels = {code: label_of(family, locale) for code, family in held.items()}
        families = [(code, name, len(held[code].attributes)) for code, name in told_apart(labels)]
        return {
            "families": families,
            "variants": [
                {
                    "code": code,
                    "family": v.family,
                    "label": label_of(v, locale),
                    "axes": self._axes(v),
                }
                for code, v in seen.family_variants.items()
            ],
        }

    def _axes(self, variant) -> str:
        codes = [code for level in sorted(variant.axes) for code in variant.axes[level]]
        known = self.structure.attributes
        return ", ".join(label_of(known[c], self.context.locale) for c in codes if c in known)


class _Variant(_Step):
    template = "admin/pim/product/create_variant.html"

    def __init__(self, model_admin, request, parent_id):
        super().__init__(model_admin, request)
        self.parent = get_object_or_404(seen_products(request), pk=parent_id)
        states = load_states([self.parent.pk], self.structure, self.context.rights)
        self.state = states[self.parent.pk]
        self.level = self.parent.level + 1
        axes = self.state.variant.axes.get(self.level, ()) if self.state.variant else ()
        seen = seen_structure(self.structure, self.context.rights).attributes
        self.axes = [self.structure.attributes[code] for code in axes if code in seen]

    def write(self):
        deepest = self.level >= (self.state.variant.depth if self.state.variant else 1)
        values = {
            Address(axis.code, "", ""): read_raw(self.request.POST, axis) for axis in self.axes
        }
        return ProductWrite(
            identifier=self.identifier(),
            parent=self.parent.identifier,
            role=ITEM if deepest else MODEL,
            family=self.state.family.code if self.state.family else None,
            family_variant=self.state.variant.code if self.state.variant else None,
            values=values,
        )

    def extra(self):
        return {
            "title": translate("New variant of %s") % self.parent.identifier,
            "parent": self.parent,
            "axes": [
                {
                    "label": label_of(axis, self.context.locale),
                    "control": control(
                        axis,
                        read_raw(self.request.POST, axis) if self.request.POST else None,
                        structure=self.structure,
                        channel=self.context.channel,
                        locale=self.context.locale,
                    ),
                }
                for axis in self.axes
            ],
        }
